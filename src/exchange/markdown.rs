//! A directory of contacts as Markdown (CommonMark).

use std::io::{self, Write};

use super::ContactWriter;
use super::directory::{self, Is, Words};
use super::json::ContactOut;

/// Writes the text. Contacts must come in the order of their names.
pub struct Writer<W: Write> {
    out: W,
    words: Words,
    begun: bool,
    initial: String,
}

impl<W: Write> Writer<W> {
    /// Writes to `out`.
    pub const fn new(out: W, words: Words) -> Self {
        Self { out, words, begun: false, initial: String::new() }
    }

    fn begin(&mut self) -> io::Result<()> {
        if std::mem::replace(&mut self.begun, true) {
            return Ok(());
        }
        writeln!(self.out, "# {}", escaped(&self.words.title))
    }
}

impl<W: Write> ContactWriter for Writer<W> {
    fn write(&mut self, contact: &ContactOut) -> io::Result<()> {
        self.begin()?;
        let name = directory::name(contact);
        let initial = directory::initial(&name);
        if self.initial != initial {
            write!(self.out, "\n## {}\n", escaped(&initial))?;
            self.initial = initial;
        }
        let mut text = format!("\n### {}\n\n", escaped(&name));
        let position = directory::position(contact);
        if !position.is_empty() && position != name {
            text.push_str(&format!("{}\n\n", escaped(&position)));
        }
        for (called, value, is) in directory::lines(contact, &self.words) {
            let plain = |c: char| c.is_ascii_alphanumeric() || "@.-_+:/?&=%~#".contains(c);
            let links = match is {
                Is::Email => value.contains('@'),
                Is::Url => value.starts_with("https://") || value.starts_with("http://"),
                _ => false,
            };
            let value =
                if links && value.chars().all(plain) { format!("<{value}>") } else { escaped(&value) };
            text.push_str(&format!("- **{}**: {value}\n", escaped(&called)));
        }
        self.out.write_all(text.as_bytes())
    }

    fn finish(&mut self) -> io::Result<()> {
        self.begin()?;
        self.out.flush()
    }
}

/// As text that stays text within a list: what Markdown would take for its own has a backslash before it, line breaks stay
/// in their item.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    for (at, line) in lines.enumerate() {
        if at > 0 {
            out.push_str("\\\n  ");
        }
        for (place, c) in line.chars().enumerate() {
            let list = place == 0 && matches!(c, '+' | '-' | '=');
            let number =
                matches!(c, '.' | ')') && place < 10 && line.starts_with(|c: char| c.is_ascii_digit());
            match c {
                '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => continue,
                c if c.is_control() => continue,
                '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '~' | '&' | '!' | '$' | '{'
                | '}' => {
                    out.push('\\');
                }
                _ if list || number => out.push('\\'),
                _ => {}
            }
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::json::MethodOut;
    use crate::exchange::testing::write_all;

    #[test]
    fn a_directory_reads_as_text_and_nothing_in_it_is_markup() {
        let method =
            |value: &str| MethodOut { value: value.into(), label: "work".into(), ..MethodOut::default() };
        let list = [
            ContactOut {
                name: "Ann *Lee*".into(),
                title: "VP".into(),
                emails: vec![method("ann@x.example"), method("a <b>@x")],
                note: "1. one\n# two\n- three | [x](y) <script>".into(),
                ..ContactOut::default()
            },
            ContactOut { name: "王伟".into(), ..ContactOut::default() },
        ];
        let terms = [("work".to_owned(), "工作".to_owned())].into_iter().collect();
        let words = Words { language: "zh-CN".into(), title: "通讯录".into(), terms };
        let mut out = Vec::new();
        write_all(&mut Writer::new(&mut out, words), &list);
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "# 通讯录\n\n## A\n\n### Ann \\*Lee\\*\n\nVP\n\n- **工作**: <ann@x.example>\n- **工作**: a \\<b\\>@x\n\
             - **note**: 1\\. one\\\n  \\# two\\\n  \\- three \\| \\[x\\](y) \\<script\\>\n\n## W\n\n### 王伟\n\n"
        );
    }
}
