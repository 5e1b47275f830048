//! Rows of cells that are filled in: what the form and the quick log are made of.

use super::data::{Completing, Notice};
use crate::text::fold;
use crate::tui::action::Action;
use crate::tui::keymap::Key;
use crate::tui::widgets::completion::{Completion, last_item};
use crate::tui::widgets::input::{TextArea, TextLine};
use crossterm::event::KeyCode;

/// How many completions are offered.
pub const OFFERED: usize = 8;

/// Where the completions of a cell come from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Source {
    /// There are none.
    #[default]
    None,
    /// The book; for a list, the last item is completed.
    Book(Completing, bool),
    /// Some usual words.
    Usual(Vec<String>),
}

/// What is filled in.
#[derive(Clone, Debug)]
pub enum Cell {
    /// A line.
    Line(TextLine, Source),
    /// Several lines.
    Area(TextArea),
    /// One of some words; the last says how their translations are keyed.
    Choice(Vec<String>, usize, &'static str),
    /// To be read only.
    Shown(String),
}

impl Cell {
    /// An empty or filled line.
    pub fn line(text: &str, source: Source) -> Self {
        Self::Line(TextLine::new(text), source)
    }

    /// A line with usual words to complete.
    pub fn usual(text: &str, words: &[&str]) -> Self {
        Self::line(text, Source::Usual(words.iter().map(|word| (*word).to_owned()).collect()))
    }

    /// One of `words`, the first being the usual one; what isn't among them is put behind.
    pub fn choice(text: &str, words: &[&str], prefix: &'static str) -> Self {
        let mut words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        let at = words.iter().position(|word| word == text).unwrap_or_else(|| {
            words.push(text.to_owned());
            words.len() - 1
        });
        Self::Choice(words, at, prefix)
    }

    /// What it holds, without white space around it.
    pub fn value(&self) -> String {
        match self {
            Self::Line(line, _) => line.text().trim().to_owned(),
            Self::Area(area) => area.text().trim_end().to_owned(),
            Self::Choice(words, at, _) => words.get(*at).cloned().unwrap_or_default(),
            Self::Shown(text) => text.clone(),
        }
    }
}

/// A row: a label and what is filled in.
#[derive(Clone, Debug)]
pub struct FieldRow<W> {
    /// What it is about.
    pub what: W,
    /// Never empty.
    pub cells: Vec<Cell>,
    /// Shown though it is empty.
    pub basic: bool,
    /// The one of its kind to use first.
    pub preferred: bool,
    /// What is odd about it.
    pub warning: Option<Notice>,
}

impl<W> FieldRow<W> {
    /// A row that is always shown.
    pub fn basic(what: W, cells: Vec<Cell>) -> Self {
        Self { what, cells, basic: true, preferred: false, warning: None }
    }

    /// A row that is shown if it isn't empty, or when more fields are asked for.
    pub fn further(what: W, cells: Vec<Cell>) -> Self {
        Self { basic: false, ..Self::basic(what, cells) }
    }

    /// Whether its first cell holds nothing, or the first of its choices, which is what one has without choosing.
    pub fn is_empty(&self) -> bool {
        match self.cells.first() {
            Some(Cell::Choice(_, at, _)) => *at == 0,
            Some(cell) => cell.value().is_empty(),
            None => true,
        }
    }

    fn is_fixed(&self) -> bool {
        matches!(self.cells.first(), Some(Cell::Shown(_)))
    }
}

/// What a key came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Filled {
    /// Nothing here takes it.
    Ignored,
    /// The cursor moved.
    Moved,
    /// The text of the cell changed; these completions of it are wanted from the book.
    Changed(Option<(Completing, String)>),
    /// Enter in the last row.
    Done,
}

/// All rows, and where the cursor is.
#[derive(Clone, Debug)]
pub struct Fields<W> {
    /// The rows.
    pub rows: Vec<FieldRow<W>>,
    /// The row that the cursor is in.
    pub at: usize,
    /// The cell that the cursor is in.
    pub cell: usize,
    /// Whether further fields are shown.
    pub more: bool,
    /// What could complete the cell.
    pub completion: Completion,
}

impl<W> Default for Fields<W> {
    fn default() -> Self {
        Self { rows: Vec::new(), at: 0, cell: 0, more: false, completion: Completion::default() }
    }
}

impl<W> Fields<W> {
    /// With the cursor in the first row that can be filled in.
    pub fn new(rows: Vec<FieldRow<W>>) -> Self {
        let mut fields = Self { rows, ..Self::default() };
        fields.at = (0..fields.rows.len()).find(|at| fields.can_enter(*at)).unwrap_or_default();
        fields
    }

    /// Whether a row is on the screen.
    pub fn is_shown(&self, at: usize) -> bool {
        self.rows.get(at).is_some_and(|row| row.basic || self.more || !row.is_empty() || at == self.at)
    }

    fn can_enter(&self, at: usize) -> bool {
        self.is_shown(at) && !self.rows[at].is_fixed()
    }

    /// The cell that the cursor is in.
    pub fn current(&self) -> Option<&Cell> {
        self.rows.get(self.at).and_then(|row| row.cells.get(self.cell))
    }

    fn current_mut(&mut self) -> Option<&mut Cell> {
        self.rows.get_mut(self.at).and_then(|row| row.cells.get_mut(self.cell))
    }

    /// One row down or up; whether there was one.
    pub fn step(&mut self, down: bool) -> bool {
        self.completion.close();
        let next = if down {
            (self.at + 1..self.rows.len()).find(|at| self.can_enter(*at))
        } else {
            (0..self.at).rev().find(|at| self.can_enter(*at))
        };
        let Some(next) = next else { return false };
        self.at = next;
        self.cell = 0;
        true
    }

    /// One cell on or back; labels of empty rows are passed over.
    pub fn step_cell(&mut self, on: bool) -> bool {
        self.completion.close();
        let Some(row) = self.rows.get(self.at) else { return false };
        if on && self.cell + 1 < row.cells.len() && !row.is_empty() {
            self.cell += 1;
            return true;
        }
        if !on && self.cell > 0 {
            self.cell -= 1;
            return true;
        }
        let moved = self.step(on);
        if moved && !on && !self.rows[self.at].is_empty() {
            self.cell = self.rows[self.at].cells.len() - 1;
        }
        moved
    }

    /// Takes a key and what it means here.
    pub fn key(&mut self, key: Key, action: Option<Action>) -> Filled {
        let open = self.completion.is_open();
        match action {
            Some(Action::Back) if open => self.completion.close(),
            Some(Action::Down) if open => self.completion.down(),
            Some(Action::Up) if open => self.completion.up(),
            Some(Action::Accept | Action::NextCell) if open && self.completion.chosen.is_some() => {
                self.take_completion();
                return Filled::Changed(None);
            }
            Some(Action::Accept) => match self.current_mut() {
                Some(Cell::Area(area)) => {
                    area.newline();
                    return Filled::Changed(None);
                }
                _ => {
                    return if self.step_cell(true) { Filled::Moved } else { Filled::Done };
                }
            },
            Some(Action::NextCell) => {
                self.step_cell(true);
            }
            Some(Action::PreviousCell) => {
                self.step_cell(false);
            }
            Some(Action::Down | Action::Up) => {
                let down = action == Some(Action::Down);
                let inside = match self.current_mut() {
                    Some(Cell::Area(area)) => {
                        if down {
                            area.down()
                        } else {
                            area.up()
                        }
                    }
                    _ => false,
                };
                if !inside {
                    self.step(down);
                }
            }
            Some(Action::PageDown | Action::PageUp) => {
                for _ in 0..OFFERED {
                    self.step(action == Some(Action::PageDown));
                }
            }
            _ => return self.edit(key),
        }
        Filled::Moved
    }

    fn edit(&mut self, key: Key) -> Filled {
        let taken = match self.current_mut() {
            Some(Cell::Line(line, _)) => {
                let before = line.text().to_owned();
                let taken = line.key(key);
                if taken && line.text() != before {
                    return Filled::Changed(self.wish());
                }
                taken
            }
            Some(Cell::Area(area)) => {
                let before = area.text();
                let taken = area.key(key);
                if taken && area.text() != before {
                    return Filled::Changed(None);
                }
                taken
            }
            Some(Cell::Choice(words, at, _)) => match choose(key, words, *at) {
                Some(next) => {
                    *at = next;
                    return Filled::Changed(None);
                }
                None => false,
            },
            _ => false,
        };
        if taken { Filled::Moved } else { Filled::Ignored }
    }

    /// Text from the clipboard.
    pub fn paste(&mut self, text: &str) -> Filled {
        match self.current_mut() {
            Some(Cell::Line(line, _)) => line.paste(text),
            Some(Cell::Area(area)) => area.paste(text),
            _ => return Filled::Ignored,
        }
        Filled::Changed(self.wish())
    }

    /// The completions that the cell wants; usual words are offered at once.
    fn wish(&mut self) -> Option<(Completing, String)> {
        let Some(Cell::Line(line, source)) = self.current() else { return None };
        let text = line.text().to_owned();
        match source.clone() {
            Source::None => None,
            Source::Book(what, list) => {
                let from = if list { last_item(&text) } else { 0 };
                let word = text[from..].trim().to_owned();
                if word.is_empty() {
                    self.completion.close();
                    return None;
                }
                Some((what, word))
            }
            Source::Usual(words) => {
                let typed = fold(&text);
                let fit: Vec<String> = words
                    .into_iter()
                    .filter(|word| !typed.is_empty() && fold(word).starts_with(&typed))
                    .collect();
                self.completion.offer(fit, &text);
                None
            }
        }
    }

    /// Offers what the book completes, unless the cursor went elsewhere meanwhile.
    pub fn offer(&mut self, items: Vec<String>) {
        if let Some(Cell::Line(line, Source::Book(_, list))) = self.current() {
            let text = line.text().to_owned();
            let from = if *list { last_item(&text) } else { 0 };
            self.completion.offer(items, text[from..].trim());
        }
    }

    fn take_completion(&mut self) {
        let Some(item) = self.completion.accept().map(str::to_owned) else { return };
        self.completion.close();
        if let Some(Cell::Line(line, source)) = self.current_mut() {
            let list = matches!(source, Source::Book(_, true));
            let from = if list { last_item(line.text()) } else { 0 };
            let text = format!("{}{item}{}", &line.text()[..from], if list { ", " } else { "" });
            line.set(text);
        }
    }
}

/// Several lines that may hold something already.
pub fn area(text: Option<&str>) -> TextArea {
    TextArea::new(text.unwrap_or_default())
}

/// The word that a key goes to.
fn choose(key: Key, words: &[String], at: usize) -> Option<usize> {
    let count = words.len().max(1);
    match key.code {
        KeyCode::Right | KeyCode::Char(' ') => Some((at + 1) % count),
        KeyCode::Left => Some((at + count - 1) % count),
        _ => {
            let c = key.typed()?.to_lowercase().to_string();
            (1..=count).map(|step| (at + step) % count).find(|at| words[*at].starts_with(&c))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::action::Context;
    use crate::tui::keymap::Keymap;

    fn press(fields: &mut Fields<&'static str>, keys: &[&str]) -> Filled {
        let map = Keymap::standard();
        let mut last = Filled::Ignored;
        for text in keys {
            let key = Key::parse(text).unwrap();
            last = fields.key(key, map.action(Context::Form, key));
        }
        last
    }

    fn fields() -> Fields<&'static str> {
        Fields::new(vec![
            FieldRow::basic("link", vec![Cell::Shown("read".into())]),
            FieldRow::basic("tags", vec![Cell::line("vip", Source::Book(Completing::Tag, true))]),
            FieldRow::further("hidden", vec![Cell::line("", Source::None)]),
            FieldRow::basic("mail", vec![Cell::line("", Source::None), Cell::usual("", &["work", "home"])]),
            FieldRow::basic("kind", vec![Cell::choice("call", &["call", "email", "note"], "")]),
        ])
    }

    #[test]
    fn tab_goes_through_what_is_shown_and_labels_of_filled_rows() {
        let mut at = fields();
        assert_eq!(at.rows[at.at].what, "tags");
        press(&mut at, &["tab"]);
        assert_eq!(at.rows[at.at].what, "mail");
        press(&mut at, &["tab"]);
        assert_eq!(at.rows[at.at].what, "kind", "an empty row has no label to fill in");
        press(&mut at, &["shift-tab", "x", "tab", "w"]);
        assert_eq!((at.cell, at.completion.items.as_slice()), (1, &["work".to_string()][..]));
        press(&mut at, &["down", "enter"]);
        assert_eq!(at.rows[3].cells[1].value(), "work");
        assert_eq!(press(&mut at, &["enter", "enter"]), Filled::Done);
    }

    #[test]
    fn the_last_item_of_a_list_is_completed() {
        let mut at = fields();
        let wish = press(&mut at, &[",", "c", "o"]);
        assert_eq!(wish, Filled::Changed(Some((Completing::Tag, "co".into()))));
        at.offer(vec!["cold".into(), "cool".into()]);
        press(&mut at, &["down", "down", "enter"]);
        assert_eq!(at.rows[1].cells[0].value(), "vip,cool,");
    }

    #[test]
    fn choices_go_around_and_follow_letters() {
        let mut at = fields();
        at.at = 4;
        for (key, value) in
            [("right", "email"), ("left", "call"), ("left", "note"), ("e", "email"), ("z", "email")]
        {
            press(&mut at, &[key]);
            assert_eq!(at.rows[4].cells[0].value(), value);
        }
    }
}
