//! Text formats that go by lines: one line ahead, and what is to be said about those that were read.

use std::io;

use super::scan::{Found, MAX_RECORD, Scanner};

/// Lines of a text, without their ends and without NUL characters.
pub(crate) struct Lines {
    scanner: Scanner,
    ahead: Option<(String, Found)>,
}

/// The lines that belong to one record.
#[derive(Debug, Default)]
pub(crate) struct Block {
    /// What was found, and where it begins; `bad` if a line was too long to hold.
    pub found: Found,
    /// The lines as they stand there, each with its end.
    pub raw: String,
    begun: bool,
}

impl Lines {
    pub(crate) const fn new(scanner: Scanner) -> Self {
        Self { scanner, ahead: None }
    }

    pub(crate) fn scanner(&self) -> &Scanner {
        &self.scanner
    }

    /// The next line, left where it is.
    pub(crate) fn peek(&mut self) -> io::Result<Option<&str>> {
        if self.ahead.is_none() {
            self.ahead = self.scanner.read_line()?.map(clean);
        }
        Ok(self.ahead.as_ref().map(|(line, _)| line.as_str()))
    }

    /// The next line and its number.
    pub(crate) fn next(&mut self) -> io::Result<Option<(String, Found)>> {
        match self.ahead.take() {
            Some(line) => Ok(Some(line)),
            None => Ok(self.scanner.read_line()?.map(clean)),
        }
    }
}

fn clean((text, mut found): (String, Found)) -> (String, Found) {
    if memchr::memchr(0, text.as_bytes()).is_none() {
        return (text, found);
    }
    let clean = text.replace('\0', "");
    found.nul += text.len() - clean.len();
    (clean, found)
}

impl Block {
    /// Takes note of a line. What goes beyond the longest record is dropped; `is_whole` tells.
    pub(crate) fn add(&mut self, line: &str, found: &Found) {
        if !self.begun {
            self.begun = true;
            self.found.line = found.line;
        }
        self.found.nul += found.nul;
        self.found.malformed += found.malformed;
        if found.bad.is_some() || self.raw.len() + line.len() > MAX_RECORD {
            self.found.bad = Some(super::Reason::TooLong { limit: MAX_RECORD });
        } else if self.is_whole() {
            self.raw.push_str(line);
            self.raw.push('\n');
        }
    }

    /// Whether every line could be held.
    pub(crate) fn is_whole(&self) -> bool {
        self.found.bad.is_none()
    }
}
