//! A line to type into, with a list to choose from: targets, names, paths.

use crate::text::fold;
use crate::tui::action::Action;
use crate::tui::keymap::Key;
use crate::tui::widgets::input::TextLine;

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ask {
    /// What these columns are; several are joined.
    Target(Vec<String>),
    /// How this column is split.
    Split(String),
    /// What kind of file it is.
    Kind,
    /// Its encoding.
    Encoding,
    /// What separates its cells.
    Separator,
    /// Which row has the names of its columns.
    Header,
    /// Which sheet is read.
    Sheet,
    /// `field=value` for all rows.
    Set,
    /// Tags for every contact.
    Tags,
    /// A name for the mapping.
    Save,
    /// Where the refused rows go.
    Rejects,
}

/// Ways to split that are offered.
pub const SPLITS: [&str; 6] = [
    "split name",
    "split given, family",
    "split family, given",
    "split address.city, address.region",
    "split address.city, address.region, address.postcode",
    "split address.street, address.city, address.region, address.postcode, address.country",
];

/// A question.
#[derive(Clone, Debug)]
pub struct Prompt {
    /// What is asked.
    pub ask: Ask,
    /// What is typed.
    pub input: TextLine,
    /// What fits, best first.
    pub found: Vec<String>,
    /// Which one the cursor is on; none: what is typed counts.
    pub at: Option<usize>,
    all: Vec<String>,
    /// What each of them is called beside, and the same folded; empty where there is nothing.
    called: Vec<(String, String)>,
}

/// What came of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Nothing yet.
    None,
    /// No answer.
    Cancelled,
    /// This.
    Given(String),
}

impl Prompt {
    /// With a text to begin with, and what there is to choose from.
    pub fn new(ask: Ask, text: &str, all: Vec<String>) -> Self {
        let mut prompt = Self {
            ask,
            input: TextLine::new(text.to_owned()),
            found: Vec::new(),
            at: None,
            all,
            called: Vec::new(),
        };
        prompt.search();
        prompt
    }

    /// With what each of its items is called beside, to be found by.
    pub fn called(mut self, words: impl Fn(&str) -> Option<String>) -> Self {
        let called = self.all.iter().map(|item| words(item).unwrap_or_default());
        self.called = called.map(|words| (words.clone(), fold(&words))).collect();
        self.search();
        self
    }

    /// What an item is called beside; empty if there is nothing.
    pub fn label(&self, item: &str) -> &str {
        let at = self.all.iter().position(|other| other == item);
        at.and_then(|at| self.called.get(at)).map_or("", |(words, _)| words)
    }

    /// Whether there is something to choose from.
    pub fn lists(&self) -> bool {
        !self.all.is_empty()
    }

    fn search(&mut self) {
        let typed = fold(self.input.text().trim());
        let mut found: Vec<(u8, &String)> = self
            .all
            .iter()
            .enumerate()
            .map(|(at, item)| (fold(item), self.called.get(at), item))
            .filter(|(folded, words, _)| {
                folded.contains(&typed) || words.is_some_and(|(_, words)| words.contains(&typed))
            })
            .map(|(folded, _, item)| {
                (if folded == typed { 0 } else { 2 - u8::from(folded.starts_with(&typed)) }, item)
            })
            .collect();
        found.sort_by_key(|(distance, _)| *distance);
        self.found = found.into_iter().map(|(_, item)| item.clone()).collect();
        self.at = (!self.found.is_empty()).then_some(0);
    }

    /// Takes a key.
    pub fn key(&mut self, key: Key, action: Option<Action>) -> Answer {
        let last = self.found.len().saturating_sub(1);
        match action {
            Some(Action::Back) => return Answer::Cancelled,
            Some(Action::Accept) => {
                let typed = self.input.text().trim().to_owned();
                let chosen = self.at.and_then(|at| self.found.get(at)).cloned();
                return Answer::Given(chosen.unwrap_or(typed));
            }
            Some(Action::Complete) => {
                if let Some(item) = self.at.and_then(|at| self.found.get(at)).cloned() {
                    self.input.set(item);
                    self.search();
                }
            }
            Some(Action::Down) if !self.found.is_empty() => {
                self.at = Some(self.at.map_or(0, |at| (at + 1).min(last)));
            }
            Some(Action::Down) => {}
            // Above the first, what is typed counts as it stands.
            Some(Action::Up) => self.at = self.at.and_then(|at| at.checked_sub(1)),
            _ => {
                let before = self.input.text().to_owned();
                if self.input.key(key) && self.input.text() != before {
                    self.search();
                }
            }
        }
        Answer::None
    }

    /// Text from the clipboard.
    pub fn paste(&mut self, text: &str) {
        self.input.paste(text);
        self.search();
    }
}
