//! All commands by name, fuzzily.

use super::overlay::{Cx, Step};
use crate::text::fold;
use crate::tui::action::{Action, Entry, TABLE};
use crate::tui::keymap::Key;
use crate::tui::widgets::input::TextLine;
use crate::tui::words::Words;
use fuzzy_matcher::FuzzyMatcher;
use fuzzy_matcher::skim::SkimMatcherV2;

/// The palette.
#[derive(Clone, Debug)]
pub struct Palette {
    /// What is typed.
    pub input: TextLine,
    /// What fits, best first.
    pub found: Vec<&'static Entry>,
    /// Which one the cursor is on.
    pub at: usize,
}

impl Palette {
    /// With all commands.
    pub fn new(words: &Words) -> Self {
        let mut palette = Self { input: TextLine::default(), found: Vec::new(), at: 0 };
        palette.search(words);
        palette
    }

    fn search(&mut self, words: &Words) {
        let typed = fold(self.input.text().trim());
        let matcher = SkimMatcherV2::default().ignore_case();
        let mut found: Vec<(i64, &'static Entry)> = TABLE
            .iter()
            .filter(|entry| entry.offered)
            .filter_map(|entry| {
                let doc = fold(&words.say(entry.doc));
                let by_name = matcher.fuzzy_match(entry.name, &typed).map(|score| score + 10);
                let score = by_name.into_iter().chain(matcher.fuzzy_match(&doc, &typed)).max()?;
                Some((score, entry))
            })
            .collect();
        if !typed.is_empty() {
            found.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
        }
        self.found = found.into_iter().map(|(_, entry)| entry).collect();
        self.at = 0;
    }

    /// Takes a key.
    pub fn key(&mut self, key: Key, action: Option<Action>, cx: &mut Cx<'_>) -> Step {
        let last = self.found.len().saturating_sub(1);
        match action {
            Some(Action::Back) => return Step::Close,
            Some(Action::Accept) => {
                return self.found.get(self.at).map_or(Step::Close, |entry| Step::Act(entry.action));
            }
            Some(Action::Down) => self.at = if self.at < last { self.at + 1 } else { 0 },
            Some(Action::Up) => self.at = self.at.checked_sub(1).unwrap_or(last),
            Some(Action::PageDown) => self.at = (self.at + 10).min(last),
            Some(Action::PageUp) => self.at = self.at.saturating_sub(10),
            _ => {
                if self.input.key(key) {
                    self.search(cx.words);
                }
            }
        }
        Step::Stay
    }

    /// Text from the clipboard.
    pub fn paste(&mut self, text: &str, words: &Words) -> Step {
        self.input.paste(text);
        self.search(words);
        Step::Stay
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Dates, Language};

    #[test]
    fn commands_are_found_by_name_and_by_description_in_either_language() {
        let found = |language, text: &str| {
            let words = &Words::new(language, Dates::Words);
            let mut palette = Palette::new(words);
            palette.paste(text, words);
            palette.found.first().map(|entry| entry.action)
        };
        assert_eq!(found(Language::En, "imp"), Some(Action::Import));
        assert_eq!(found(Language::En, "undo"), Some(Action::Undo));
        assert_eq!(found(Language::ZhCn, "标签"), Some(Action::Tag));
        assert_eq!(found(Language::ZhCn, "import"), Some(Action::Import));
        assert_eq!(found(Language::En, "zzzz"), None);
    }
}
