//! Content lines: RFC 6350 section 3.3, RFC 2426, and vCard 2.1 with its quoted-printable, bare types and charsets.
//!
//! A value is carried as it is written in vCard 3 and 4 (backslash escapes, unfolded), whatever the file had.

use std::borrow::Cow;

use super::charset::Charsets;

/// One property of a card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line<'a> {
    /// The line of the file that it begins at, from 1.
    pub no: u64,
    /// The group before the name, or empty.
    pub group: &'a str,
    pub name: &'a str,
    /// Everything between the name's `;` and the value's `:`, as written; transfer encodings that were undone are gone.
    pub params: Cow<'a, str>,
    /// As vCard 4 writes it: escaped, on one line.
    pub value: Cow<'a, str>,
    /// There is a `:`.
    pub has_value: bool,
}

impl Line<'_> {
    /// The name with its group.
    pub(crate) fn full_name(&self) -> String {
        if self.group.is_empty() { self.name.to_owned() } else { format!("{}.{}", self.group, self.name) }
    }

    /// Whether the name is this one, in any case.
    pub(crate) fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }
}

/// The longest end of a line.
pub(crate) const LONGEST_END: usize = 3;

/// How long the end of a line is that begins with a LF or CR: LF, CR LF, CR alone, or CR CR LF, which a file gets whose
/// CR LF was taken for a line break of the program's own and written as CR LF once more.
pub(crate) fn end_len(bytes: &[u8]) -> usize {
    match bytes {
        [b'\r', b'\r', b'\n', ..] => LONGEST_END,
        [b'\r', b'\n', ..] => 2,
        _ => 1,
    }
}

/// The end of the physical line that begins at `at`: where its text ends, and where the next one begins.
fn physical(bytes: &[u8], at: usize) -> (usize, usize) {
    match memchr::memchr2(b'\n', b'\r', &bytes[at..]) {
        None => (bytes.len(), bytes.len()),
        Some(found) => (at + found, at + found + end_len(&bytes[at + found..])),
    }
}

/// Where the value of an unfolded line begins: after the first `:` that no quoted parameter holds.
fn colon(line: &[u8]) -> Option<usize> {
    let first = memchr::memchr(b':', line)?;
    if memchr::memchr(b'"', &line[..first]).is_none() {
        return Some(first);
    }
    let mut quoted = false;
    let real = line.iter().position(|byte| {
        quoted ^= *byte == b'"';
        *byte == b':' && !quoted
    });
    // A quote that is never closed hides nothing.
    Some(real.unwrap_or(first))
}

fn contains(text: &[u8], word: &[u8]) -> bool {
    text.len() >= word.len() && text.windows(word.len()).any(|part| part.eq_ignore_ascii_case(word))
}

/// A card's text, unfolded: each property's bytes with the line that it begins at.
pub(crate) struct Unfold<'a> {
    bytes: &'a [u8],
    at: usize,
    no: u64,
    /// vCard 2.1 keeps the space that a line is folded at.
    old: bool,
}

impl<'a> Unfold<'a> {
    /// `no` is the number of the first line.
    pub(crate) fn new(bytes: &'a [u8], no: u64) -> Self {
        Self { bytes, at: 0, no, old: false }
    }

    fn peek(&self) -> Option<(usize, usize)> {
        (self.at < self.bytes.len()).then(|| physical(self.bytes, self.at))
    }

    fn pass(&mut self, next: usize) {
        self.at = next;
        self.no += 1;
    }

    /// Joins the lines that belong to the one that was just read.
    fn joined(&mut self, first: &'a [u8]) -> Cow<'a, [u8]> {
        let mut whole = Cow::Borrowed(first);
        let mut before = first.len();
        let base64 = self.old && is_base64(first);
        let quoted = is_quoted_printable(first);
        while let Some((end, next)) = self.peek() {
            let text = &self.bytes[self.at..end];
            let soft = quoted && whole.ends_with(b"=");
            if soft && !contains(&text[..text.len().min(9)], b"END:VCARD") {
                let joined = whole.to_mut();
                joined.pop();
                joined.extend_from_slice(text);
            } else if let Some(b' ' | b'\t') = text.first() {
                // Where 2.1 may fold there is a space that belongs to the text; what was cut at a fixed width has none.
                let keep = self.old && !base64 && !(72..=77).contains(&before);
                whole.to_mut().extend_from_slice(&text[usize::from(!keep)..]);
            } else if base64 && !text.is_empty() && text.iter().all(|byte| is_base64_digit(*byte)) {
                whole.to_mut().extend_from_slice(text);
            } else {
                break;
            }
            before = text.len();
            self.pass(next);
        }
        whole
    }

    /// Skips the card that an `AGENT:` without value holds, and returns its text.
    fn nested(&mut self) -> &'a [u8] {
        let from = self.at;
        let mut depth = 0usize;
        while let Some((end, next)) = self.peek() {
            let text = &self.bytes[self.at..end];
            if is_begin(text) {
                depth += 1;
            } else if is_end(text) {
                depth = depth.saturating_sub(1);
            }
            self.pass(next);
            if depth == 0 {
                break;
            }
        }
        self.bytes[from..self.at].trim_ascii_end()
    }
}

fn is_base64_digit(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=')
}

fn head_of(line: &[u8]) -> &[u8] {
    &line[..colon(line).unwrap_or(0)]
}

fn is_base64(line: &[u8]) -> bool {
    let head = head_of(line);
    contains(head, b"BASE64") || contains(head, b"ENCODING=B")
}

fn is_quoted_printable(line: &[u8]) -> bool {
    memchr::memchr(b'=', line).is_some() && contains(head_of(line), b"QUOTED-PRINTABLE")
}

/// Whether a line begins a card. One that begins with white space goes on with the line before it.
pub(crate) fn is_begin(line: &[u8]) -> bool {
    is_mark(line, b"BEGIN:VCARD")
}

/// Whether a line ends a card.
pub(crate) fn is_end(line: &[u8]) -> bool {
    is_mark(line, b"END:VCARD")
}

fn is_mark(line: &[u8], mark: &[u8]) -> bool {
    let line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line).trim_ascii_end();
    line.len() == mark.len() && line.eq_ignore_ascii_case(mark)
}

/// Whether a line opens a nested card: `AGENT:` with nothing behind it.
pub(crate) fn opens_nested(line: &[u8]) -> bool {
    let line = line.trim_ascii_end();
    line.last() == Some(&b':')
        && line.len() >= 6
        && line[..5].eq_ignore_ascii_case(b"AGENT")
        && matches!(line[5], b':' | b';')
}

impl<'a> Iterator for Unfold<'a> {
    type Item = (u64, Cow<'a, [u8]>);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let (end, next) = self.peek()?;
            let (no, text) = (self.no, &self.bytes[self.at..end]);
            self.pass(next);
            if text.trim_ascii().is_empty() {
                continue;
            }
            if text.eq_ignore_ascii_case(b"VERSION:2.1") {
                self.old = true;
            }
            if opens_nested(text) && self.peek().is_some_and(|(end, _)| is_begin(&self.bytes[self.at..end])) {
                let mut whole = text.trim_ascii_end().to_vec();
                for byte in self.nested() {
                    match byte {
                        b'\r' => {}
                        b'\n' => whole.extend_from_slice(b"\\n"),
                        b'\\' | b',' | b';' => whole.extend_from_slice(&[b'\\', *byte]),
                        _ => whole.push(*byte),
                    }
                }
                return Some((no, Cow::Owned(whole)));
            }
            return Some((no, self.joined(text)));
        }
    }
}

/// Reads an unfolded line; `None` if it is no property.
pub(crate) fn parse(no: u64, text: &str) -> Option<Line<'_>> {
    let at = colon(text.as_bytes());
    let (head, value) = at.map_or((text, ""), |at| (&text[..at], &text[at + 1..]));
    let (path, params) = head.split_once(';').unwrap_or((head, ""));
    let (group, name) = path.rsplit_once('.').unwrap_or(("", path));
    if !is_name(name) || !(group.is_empty() || group.split('.').all(is_name)) {
        return None;
    }
    Some(Line { no, group, name, params: params.into(), value: value.into(), has_value: at.is_some() })
}

/// Whether it can be a property's, a parameter's or a group's name.
pub(crate) fn is_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

/// A parameter as it is written: `TYPE=work`, or `WORK` alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Param<'a> {
    /// `TYPE`, `ENCODING` or `VALUE` where vCard 2.1 leaves it out.
    pub name: &'a str,
    /// As written, quotes and all.
    pub value: &'a str,
    /// The name is left out.
    pub bare: bool,
}

impl<'a> Param<'a> {
    /// Whether the name is this one, in any case.
    pub(crate) fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    /// Its values, without quotes; a quoted list counts as a list.
    pub(crate) fn values(&self) -> impl Iterator<Item = &'a str> {
        self.value.split(',').map(|value| value.trim_matches('"').trim()).filter(|value| !value.is_empty())
    }

    /// Its only value, RFC 6868 undone.
    pub(crate) fn text(&self) -> Cow<'a, str> {
        let bare = self.value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        let text = bare.unwrap_or(self.value);
        if !text.contains('^') {
            return text.into();
        }
        let mut out = String::with_capacity(text.len());
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            let decoded = match (c, chars.peek()) {
                ('^', Some('n')) => Some('\n'),
                ('^', Some('^')) => Some('^'),
                ('^', Some('\'')) => Some('"'),
                _ => None,
            };
            out.push(decoded.unwrap_or(c));
            if decoded.is_some() {
                chars.next();
            }
        }
        out.into()
    }
}

/// The parameters of a line, in order.
pub(crate) fn params(text: &str) -> impl Iterator<Item = Param<'_>> {
    let mut rest = text;
    // Asked once: a line may have as many parameters as it likes.
    let quotes = text.contains('"');
    std::iter::from_fn(move || {
        while !rest.is_empty() {
            let end = if quotes {
                let mut quoted = false;
                rest.bytes().position(|byte| {
                    quoted ^= byte == b'"';
                    byte == b';' && !quoted
                })
            } else {
                rest.find(';')
            };
            let one = &rest[..end.unwrap_or(rest.len())];
            rest = end.map_or("", |end| &rest[end + 1..]);
            let one = one.trim();
            if one.is_empty() {
                continue;
            }
            return Some(match one.split_once('=') {
                Some((name, value)) => Param { name: name.trim(), value: value.trim(), bare: false },
                None => Param { name: implied(one), value: one, bare: true },
            });
        }
        None
    })
}

/// What a value that stands alone is a value of.
fn implied(value: &str) -> &'static str {
    let is = |list: &[&str]| list.iter().any(|word| word.eq_ignore_ascii_case(value));
    if is(&["QUOTED-PRINTABLE", "BASE64", "8BIT", "7BIT", "B"]) {
        "ENCODING"
    } else if is(&["INLINE", "URL", "CONTENT-ID", "CID"]) {
        "VALUE"
    } else {
        "TYPE"
    }
}

/// The bytes that a quoted-printable text stands for; what is no escape stays.
fn unquote(text: &[u8]) -> Vec<u8> {
    let hex = |byte: u8| char::from(byte).to_digit(16).map(|digit| digit as u8);
    let mut out = Vec::with_capacity(text.len());
    let mut at = 0;
    while at < text.len() {
        let pair = (text.get(at + 1).copied().and_then(hex), text.get(at + 2).copied().and_then(hex));
        match (text[at], pair) {
            (b'=', (Some(high), Some(low))) => {
                out.push(high * 16 + low);
                at += 3;
            }
            // A soft line break with nothing after it.
            (b'=', _) if at + 1 == text.len() => at += 1,
            (byte, _) => {
                out.push(byte);
                at += 1;
            }
        }
    }
    out
}

/// Undoes quoted-printable and the charset of a value.
pub(crate) fn decoded<'a>(line: &'a [u8], charsets: &mut Charsets) -> (Cow<'a, str>, usize) {
    let Some(at) = colon(line) else { return charsets.text(line, None) };
    let head = &line[..at];
    let plain = !contains(head, b"CHARSET=") && !contains(head, b"QUOTED-PRINTABLE");
    if plain {
        return charsets.text(line, None);
    }
    let (head, mut bad) = charsets.text(head, None);
    let (path, text) = head.split_once(';').unwrap_or((&head, ""));
    let (mut charset, mut quoted) = (None, false);
    let mut out = path.to_owned();
    for param in params(text) {
        if param.is("CHARSET") {
            charset = Some(param.value.trim_matches('"'));
        } else if param.is("ENCODING") && param.value.eq_ignore_ascii_case("QUOTED-PRINTABLE") {
            quoted = true;
        } else {
            out.push(';');
            if !param.bare {
                out.push_str(param.name);
                out.push('=');
            }
            out.push_str(param.value);
        }
    }
    out.push(':');
    let value = &line[at + 1..];
    let bytes = if quoted { Cow::Owned(unquote(value)) } else { Cow::Borrowed(value) };
    let (text, more) = charsets.text(&bytes, charset);
    bad += more;
    if quoted {
        as_written(&text, &mut out)
    } else {
        out.push_str(&text)
    }
    (Cow::Owned(out), bad)
}

/// Writes what quoted-printable held as vCard 3 would: line breaks and lone backslashes escaped.
fn as_written(text: &str, out: &mut String) {
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' => {
                if chars.peek() != Some(&'\n') {
                    out.push_str("\\n");
                }
            }
            '\n' => out.push_str("\\n"),
            '\\' => {
                out.push('\\');
                match chars.peek() {
                    Some(next @ (';' | ',' | ':' | '\\')) => {
                        out.push(*next);
                        chars.next();
                    }
                    _ => out.push('\\'),
                }
            }
            c => out.push(c),
        }
    }
}

/// A text value as people read it.
pub(crate) fn unescape(value: &str) -> Cow<'_, str> {
    let Some(first) = value.find('\\') else { return value.into() };
    let mut out = String::with_capacity(value.len());
    out.push_str(&value[..first]);
    let mut chars = value[first..].chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('n' | 'N') => out.push('\n'),
            Some(c @ (',' | ';' | ':' | '\\' | '"')) => out.push(c),
            Some(c) => out.extend(['\\', c]),
            None => out.push('\\'),
        }
    }
    out.into()
}

/// The parts of a structured value or a list, still escaped.
pub(crate) fn split(value: &str, separator: char) -> impl Iterator<Item = &str> {
    let mut rest = Some(value);
    std::iter::from_fn(move || {
        let text = rest?;
        let mut escaped = false;
        let end = text.bytes().position(|byte| {
            let found = byte == separator as u8 && !escaped;
            escaped = byte == b'\\' && !escaped;
            found
        });
        rest = end.map(|end| &text[end + 1..]);
        Some(&text[..end.unwrap_or(text.len())])
    })
}
