//! Cuts a stream into cards, one by one: whatever is wrong with one of them, the next `BEGIN:VCARD` begins another.

use std::io::{self, Read};

use super::line::{LONGEST_END, end_len, is_begin, is_end, opens_nested};
use crate::exchange::scan::MAX_RECORD;

/// How much is read at once.
const CHUNK: usize = 128 << 10;
/// How much text that was passed over may stay in the window.
const DROP: usize = 256 << 10;
/// How deep cards may lie in each other.
const DEEPEST: usize = 4;
/// How much is kept of a card that is too long.
const HEAD: usize = 64 << 10;

/// What stands next in a stream of cards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Piece {
    /// The line that it begins at, from 1.
    pub line: u64,
    /// What it is; the text is what `Cards::text` gives.
    pub what: What,
    from: usize,
    to: usize,
}

/// A card, or what stands in its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum What {
    Card,
    /// Another card, or the end of the file, comes before its `END:VCARD`.
    Unclosed,
    /// Longer than `MAX_RECORD`; the text is its beginning.
    TooLong,
    /// Text that no card holds.
    Stray,
}

/// Reads cards, holding little more than one.
pub(crate) struct Cards {
    input: Box<dyn Read + Send>,
    window: Vec<u8>,
    at: usize,
    end: bool,
    line: u64,
    bytes: u64,
}

impl Cards {
    pub(crate) fn new(input: Box<dyn Read + Send>) -> Self {
        Self { input, window: Vec::new(), at: 0, end: false, line: 1, bytes: 0 }
    }

    /// How many bytes were read.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The text of the piece that was just read.
    pub(crate) fn text(&self, piece: &Piece) -> &[u8] {
        &self.window[piece.from..piece.to]
    }

    fn fill(&mut self) -> io::Result<()> {
        let before = self.window.len();
        self.window.resize(before + CHUNK, 0);
        let read = loop {
            match self.input.read(&mut self.window[before..]) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                read => break read,
            }
        };
        let count = *read.as_ref().unwrap_or(&0);
        self.window.truncate(before + count);
        self.bytes += count as u64;
        self.end = read? == 0;
        Ok(())
    }

    /// The line at `from`: where its text ends and where the next one begins; `None` at the end of the file, or where
    /// more than a card's worth has no end of line.
    fn line(&mut self, from: usize) -> io::Result<Option<(usize, usize)>> {
        let mut seen = from;
        loop {
            let found = memchr::memchr2(b'\n', b'\r', &self.window[seen..]).map(|at| seen + at);
            match found {
                Some(at) if self.window[at] == b'\n' => return Ok(Some((at, at + 1))),
                Some(at) if at + LONGEST_END <= self.window.len() || self.end => {
                    return Ok(Some((at, at + end_len(&self.window[at..]))));
                }
                None if self.end => {
                    let len = self.window.len();
                    return Ok((from < len).then_some((len, len)));
                }
                found => {
                    seen = found.unwrap_or(self.window.len());
                    if seen - self.at > MAX_RECORD {
                        return Ok(None);
                    }
                    self.fill()?;
                }
            }
        }
    }

    /// Reads the next card, or what stands where one should.
    pub(crate) fn next(&mut self) -> io::Result<Option<Piece>> {
        if self.at > DROP {
            self.window.drain(..self.at);
            self.at = 0;
        }
        loop {
            let Some((end, next)) = self.line(self.at)? else {
                let more = !self.end;
                return if more { self.too_long(self.at, self.line).map(Some) } else { Ok(None) };
            };
            let text = &self.window[self.at..end];
            if is_begin(text.trim_ascii_start()) {
                return self.card(next).map(Some);
            }
            if !text.trim_ascii().is_empty() {
                return self.stray().map(Some);
            }
            self.at = next;
            self.line += 1;
        }
    }

    fn done(&mut self, to: usize, lines: u64, what: What) -> Piece {
        let piece = Piece { line: self.line, what, from: self.at, to };
        self.at = to;
        self.line += lines;
        piece
    }

    /// The card whose first line ends before `next`.
    fn card(&mut self, mut next: usize) -> io::Result<Piece> {
        let (mut lines, mut depth, mut nests) = (1, 0usize, false);
        // Where the first card within this one begins: if this one never ends, that one may all the same.
        let mut inner = None;
        // Where the first line is set in, so are all; elsewhere such a line goes on with the one before it.
        let set_in = self.window[self.at].is_ascii_whitespace();
        loop {
            if next - self.at > MAX_RECORD {
                return self.too_long(next, self.line + lines);
            }
            let Some((end, after)) = self.line(next)? else {
                if !self.end {
                    return self.too_long(next, self.line + lines);
                }
                let (to, lines) = inner.unwrap_or((next, lines));
                return Ok(self.done(to, lines, What::Unclosed));
            };
            let text = &self.window[next..end];
            let text = if set_in { text.trim_ascii_start() } else { text };
            match text.first() {
                Some(b'B' | b'b' | 0xef) if is_begin(text) => {
                    if !nests {
                        return Ok(self.done(next, lines, What::Unclosed));
                    }
                    let (to, before) = *inner.get_or_insert((next, lines));
                    if depth == DEEPEST {
                        return Ok(self.done(to, before, What::Unclosed));
                    }
                    depth += 1;
                    nests = false;
                }
                Some(b'E' | b'e') if is_end(text) => {
                    if depth == 0 {
                        return Ok(self.done(after, lines + 1, What::Card));
                    }
                    depth -= 1;
                    nests = false;
                }
                Some(b'A' | b'a') => nests = opens_nested(text),
                Some(_) => nests = false,
                None => {}
            }
            lines += 1;
            next = after;
        }
    }

    /// Lines that no card holds, up to the next one.
    fn stray(&mut self) -> io::Result<Piece> {
        let (mut next, mut lines) = (self.at, 0);
        while let Some((end, after)) = self.line(next)? {
            if next - self.at > HEAD || is_begin(self.window[next..end].trim_ascii_start()) {
                break;
            }
            lines += 1;
            next = after;
        }
        if next == self.at {
            return self.too_long(next, self.line);
        }
        Ok(self.done(next, lines, What::Stray))
    }

    /// Passes over a card that doesn't fit. `from` is where its unread lines begin, `line` the number of the first.
    fn too_long(&mut self, from: usize, line: u64) -> io::Result<Piece> {
        let start = self.line;
        let head = self.window[self.at..].iter().take(HEAD).copied().collect::<Vec<_>>();
        self.at = from;
        self.line = line;
        let mut within = false;
        loop {
            let found = memchr::memchr2(b'\n', b'\r', &self.window[self.at..]).map(|at| self.at + at);
            match found {
                None => {
                    // What may be the beginning of a mark stays.
                    let rest = self.window.len() - self.at;
                    if rest > CHUNK {
                        within = true;
                        self.window.clear();
                        self.at = 0;
                    }
                    if self.end {
                        self.at = self.window.len();
                        break;
                    }
                    self.fill()?;
                }
                // Its end may go on in what is still to come.
                Some(end) if end + LONGEST_END > self.window.len() && !self.end => self.fill()?,
                Some(end) => {
                    let text = &self.window[self.at..end];
                    if !within && is_begin(text) {
                        break;
                    }
                    let last = !within && is_end(text);
                    self.at = end + end_len(&self.window[end..]);
                    self.line += 1;
                    within = false;
                    if last {
                        break;
                    }
                }
            }
            if self.at > DROP {
                self.window.drain(..self.at);
                self.at = 0;
            }
        }
        // The beginning is put before what comes next, for `text` to find.
        self.window.drain(..self.at);
        self.window.splice(0..0, head.iter().copied());
        self.at = head.len();
        Ok(Piece { line: start, what: What::TooLong, from: 0, to: head.len() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Vec<(u64, What, String)> {
        let mut cards = Cards::new(Box::new(io::Cursor::new(text.as_bytes().to_vec())));
        let mut all = Vec::new();
        while let Some(piece) = cards.next().unwrap() {
            all.push((piece.line, piece.what, String::from_utf8_lossy(cards.text(&piece)).into_owned()));
        }
        all
    }

    #[test]
    fn each_card_is_cut_out_with_its_line_whatever_stands_before_it() {
        let text = "\u{feff}BEGIN:VCARD\r\nFN:a\r\nEND:VCARD\r\n\r\nbegin:vcard\nFN:b\nBEGIN:VCARD\rFN:c\rEND:VCARD\rjunk\nmore\n\
            BEGIN:VCARD\nAGENT:\nBEGIN:VCARD\nFN:n\nEND:VCARD\nFN:d\nEND:VCARD\nBEGIN:VCARD\nFN:e";
        let found = cut(text);
        let short: Vec<_> = found.iter().map(|(line, what, _)| (*line, *what)).collect();
        assert_eq!(
            short,
            [
                (1, What::Card),
                (5, What::Unclosed),
                (7, What::Card),
                (10, What::Stray),
                (12, What::Card),
                (19, What::Unclosed),
            ]
        );
        assert_eq!(found[1].2, "begin:vcard\nFN:b\n");
        assert!(found[4].2.ends_with("FN:d\nEND:VCARD\n"));
    }

    #[test]
    fn a_folded_line_neither_ends_a_card_nor_begins_one() {
        let folded = "BEGIN:VCARD\nFN:a\nNOTE:it says\n END:VCARD\n BEGIN:VCARD\n\tEND:VCARD\nEND:VCARD\n";
        assert_eq!(cut(folded), [(1, What::Card, folded.to_owned())]);
        let set_in = "  BEGIN:VCARD\n  FN:a\n  END:VCARD\n";
        assert_eq!(cut(set_in), [(1, What::Card, set_in.to_owned())]);
    }

    #[test]
    fn a_card_that_is_too_long_is_passed_over_and_the_next_one_read() {
        for (broken, what) in [
            (format!("BEGIN:VCARD\nNOTE:{}\nEND:VCARD\n", "x".repeat(MAX_RECORD + CHUNK)), "a line"),
            (format!("BEGIN:VCARD\n{}END:VCARD\n", "NOTE:x\n".repeat(MAX_RECORD / 6)), "many lines"),
            (format!("BEGIN:VCARD\n{}", "NOTE:x\n".repeat(MAX_RECORD / 6)), "no end"),
            ("x".repeat(MAX_RECORD + CHUNK * 3) + "\n", "no card"),
        ] {
            let lines = broken.lines().count() as u64;
            let found = cut(&format!("{broken}BEGIN:VCARD\nFN:a\nEND:VCARD\n"));
            assert_eq!(found.len(), 2, "{what}");
            assert_eq!((found[0].0, found[0].1), (1, What::TooLong), "{what}");
            assert_eq!((found[1].0, found[1].1), (lines + 1, What::Card), "{what}");
        }
    }
}
