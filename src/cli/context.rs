//! What every command has at hand: settings, language, output, and the way to ask.

use super::fail::{Fail, Result};
use crate::config::{Color, Settings};
use crate::i18n::{Arg, Lang, candidates_more, label};
use crate::ops::{Book, Candidates, Label, OpError, Receipt, Session, StoreError};
use crate::search::query::Query;
use crate::text::safe_line;
use std::io::{self, BufRead, BufWriter, IsTerminal, StdoutLock, Write};

/// How data is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
#[allow(missing_docs)]
pub enum Format {
    #[default]
    Table,
    Json,
    Jsonl,
    Csv,
    Tsv,
}

/// What is a terminal.
#[derive(Clone, Copy, Debug)]
pub struct Terminal {
    /// Questions can be asked and answered.
    pub asks: bool,
    /// Data is read by a person.
    pub out: bool,
    /// Progress can be shown.
    pub err: bool,
}

impl Terminal {
    /// What this process is attached to.
    pub fn find() -> Self {
        let (input, out, err) =
            (io::stdin().is_terminal(), io::stdout().is_terminal(), io::stderr().is_terminal());
        Self { asks: input && err, out, err }
    }
}

/// What every command has at hand.
pub struct Ctx {
    /// The settings that hold.
    pub settings: Settings,
    /// Messages.
    pub lang: Lang,
    /// How to write data.
    pub format: Format,
    /// Say nothing that is no error.
    pub quiet: bool,
    /// Say more.
    pub verbose: bool,
    /// Answer every question with yes.
    pub yes: bool,
    /// What is a terminal.
    pub term: Terminal,
    /// Standard output.
    pub out: BufWriter<StdoutLock<'static>>,
}

/// How wide a terminal is that says so; one that says nothing is as wide as most.
fn columns_of(said: u16) -> usize {
    if said == 0 { 80 } else { usize::from(said.max(20)) }
}

impl Ctx {
    /// Opens the book.
    pub fn book(&self) -> Result<Book> {
        let mut book = self.open(&self.settings.book)?;
        if !self.json() && !self.quiet && book.is_carried_about() {
            self.say("book-carried-about", &[("path", book.path().display().to_string().as_str().into())]);
        }
        Ok(book)
    }

    /// Opens the book, which must be there if it was named: a mistyped name is no empty book.
    pub fn named_book(&self) -> Result<Book> {
        let book = self.book()?;
        if self.settings.named_book && !book.exists() {
            return Err(OpError::Store(StoreError::Missing(book.path().to_owned())).into());
        }
        Ok(book)
    }

    /// Opens the book at a path.
    pub fn open(&self, path: &std::path::Path) -> Result<Book> {
        if Book::is_behind(path) {
            self.say("book-behind", &[]);
        }
        Ok(Book::open(path, self.session())?)
    }

    /// Who works, from where.
    pub fn session(&self) -> Session {
        Session {
            author: self.settings.author.clone(),
            origin: "cli",
            clock: self.settings.clock,
            state_dir: self.settings.folders.state.clone(),
            country: self.settings.country.clone(),
            device: self.settings.host.clone(),
        }
    }

    /// Whether data goes out as JSON of either kind.
    pub const fn json(&self) -> bool {
        matches!(self.format, Format::Json | Format::Jsonl)
    }

    /// Whether to write colours to stdout.
    pub const fn colored(&self) -> bool {
        match self.settings.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => self.term.out && !self.settings.dumb,
        }
    }

    /// The columns of the terminal; nothing if data goes elsewhere and is not to be cut.
    pub fn width(&self) -> Option<usize> {
        self.term.out.then(|| crossterm::terminal::size().map_or(80, |(columns, _)| columns_of(columns)))
    }

    /// A message in the user's language.
    pub fn t(&self, key: &str, args: &[(&str, Arg<'_>)]) -> String {
        self.lang.t(key, args)
    }

    /// Says something on stderr, unless `-q`.
    pub fn say(&self, key: &str, args: &[(&str, Arg<'_>)]) {
        if !self.quiet {
            self.line(&self.t(key, args));
        }
    }

    /// Says that nobody is in the book, or that there is none where one was named.
    pub fn say_empty(&self, book: &Book) {
        if !book.exists() && self.settings.named_book {
            let path = book.path().to_string_lossy();
            self.say("no-book-yet", &[("path", path.as_ref().into())]);
        } else {
            self.say("book-empty", &[]);
        }
    }

    /// Writes a line to stderr, unless `-q`.
    pub fn line(&self, text: &str) {
        if !self.quiet {
            let _ = writeln!(io::stderr().lock(), "{text}");
        }
    }

    /// Says what was done and how to take it back; as JSON, which batch of the history that is.
    pub fn done(&mut self, what: &Label, receipt: &Receipt) -> Result<()> {
        let batch = (receipt.batch > 0).then_some(receipt.batch);
        let text = label(&self.lang, what);
        if self.json() {
            self.json_out(&serde_json::json!({ "batch": batch, "label": text, "edits": receipt.edits }))?;
        }
        match batch {
            Some(_) => self.done_text(&text),
            None => self.say("nothing-changed", &[]),
        }
        Ok(())
    }

    /// The same with words of one's own.
    pub fn done_text(&self, text: &str) {
        if !self.quiet {
            let undo = self.t("undo-with", &[]);
            self.line(&format!("{text} · {undo}"));
        }
    }

    /// Writes one value as JSON: pretty, or on one line for `jsonl`.
    pub fn json_out(&mut self, value: &impl serde::Serialize) -> Result<()> {
        match self.format {
            Format::Jsonl => serde_json::to_writer(&mut self.out, value)?,
            _ => serde_json::to_writer_pretty(&mut self.out, value)?,
        }
        Ok(writeln!(self.out)?)
    }

    /// Writes many values: an array, or one a line for `jsonl`.
    pub fn json_all<T: serde::Serialize>(&mut self, values: &[T]) -> Result<()> {
        if self.format != Format::Jsonl {
            return self.json_out(&values);
        }
        values.iter().try_for_each(|value| self.json_out(value))
    }

    /// Parses the words of a command line as one query.
    pub fn query(&self, book: &Book, words: &[String]) -> Result<Query> {
        Ok(book.parse(&words.join(" "))?)
    }

    /// A mistake in how the command was called.
    pub fn usage(&self, key: &str, args: &[(&str, Arg<'_>)]) -> Fail {
        Fail::Usage(self.t(key, args), None)
    }

    /// Asks a yes-or-no question; without a terminal, `--yes` must have been given.
    pub fn confirm(&self, question: &str) -> Result<()> {
        if self.yes {
            self.line(question);
            return Ok(());
        }
        if !self.term.asks {
            return Err(Fail::Usage(question.to_owned(), Some(self.t("hint-yes", &[]))));
        }
        if self.agrees(question)? {
            return Ok(());
        }
        self.say("nothing-changed", &[]);
        Err(Fail::Quiet(crate::ops::Exit::Nothing))
    }

    /// Asks on the terminal.
    pub fn agrees(&self, question: &str) -> Result<bool> {
        let answer = self.prompt(&format!("{question} {} ", self.t("ask-yes-no", &[])))?;
        let answer = answer.trim().to_lowercase();
        Ok(["y", "yes", "j", "是", "好"].contains(&answer.as_str()))
    }

    /// Shows how many contacts a command would change, and asks if it is more than one.
    pub fn confirm_many(&self, key: &str, count: usize) -> Result<()> {
        if count <= 1 { Ok(()) } else { self.confirm(&self.t(key, &[("n", count.into())])) }
    }

    /// Reads one line from the terminal.
    pub fn prompt(&self, text: &str) -> Result<String> {
        let mut err = io::stderr().lock();
        let _ = write!(err, "{text}");
        let _ = err.flush();
        let mut line = String::new();
        if io::stdin().lock().read_line(&mut line)? == 0 {
            return Err(Fail::Interrupted);
        }
        Ok(line)
    }

    /// The one contact that is meant; on a terminal, the user picks among several.
    pub fn resolve(&self, book: &Book, who: &str) -> Result<i64> {
        match book.resolve_named(who) {
            Err(OpError::Ambiguous { candidates, .. }) if self.term.asks && !candidates.named.is_empty() => {
                Ok(book.resolve(&self.pick(who, &candidates)?)?)
            }
            other => Ok(other?),
        }
    }

    fn pick(&self, who: &str, candidates: &Candidates) -> Result<String> {
        let mut err = io::stderr().lock();
        let _ = writeln!(err, "{}", self.t("pick-which", &[("who", who.into())]));
        for (at, found) in candidates.named.iter().enumerate() {
            let about = safe_line(&found.about);
            let _ = writeln!(err, "{:>3}  {}  {}  {about}", at + 1, found.handle, safe_line(&found.name));
        }
        if let Some(more) = candidates_more(&self.lang, candidates) {
            let _ = writeln!(err, "{more}");
        }
        drop(err);
        let answer = self.prompt("> ")?;
        let chosen =
            answer.trim().parse::<usize>().ok().and_then(|n| candidates.named.get(n.checked_sub(1)?));
        chosen.map(|found| found.handle.clone()).ok_or_else(|| self.usage("pick-none", &[]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_that_does_not_know_its_width_has_80_columns() {
        assert_eq!([0, 5, 120].map(columns_of), [80, 20, 120]);
    }
}
