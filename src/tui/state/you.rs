//! Who works with the book, and in which country: guessed, and said better by whoever knows.

use super::data::Notice;
use super::overlay::{Cx, Step};
use crate::model::country::country_code;
use crate::tui::action::Action;
use crate::tui::keymap::Key;
use crate::tui::message::Effect;
use crate::tui::widgets::input::TextLine;

/// What is known of whoever sits there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Who {
    /// As the history names them.
    pub name: String,
    /// ISO 3166-1 alpha-2: national phone numbers are read by it. May be empty.
    pub country: String,
}

/// The two questions.
#[derive(Clone, Debug)]
pub struct You {
    /// The name and the country, as typed.
    pub lines: [TextLine; 2],
    /// Which one the cursor is on.
    pub at: usize,
    /// What is wrong.
    pub error: Option<Notice>,
}

impl You {
    /// With what is known.
    pub fn new(who: &Who) -> Self {
        let lines = [&who.name, &who.country].map(|text| TextLine::new(text.clone()));
        Self { lines, at: 0, error: None }
    }

    /// Takes a key.
    pub fn key(&mut self, key: Key, action: Option<Action>, cx: &mut Cx<'_>) -> Step {
        match action {
            Some(Action::Back) => return Step::Close,
            Some(Action::Down | Action::Up | Action::Complete) => self.at = 1 - self.at,
            Some(Action::Accept) if self.at == 0 => self.at = 1,
            Some(Action::Accept) => return self.save(cx),
            _ => {
                if self.lines[self.at].key(key) {
                    self.error = None;
                }
            }
        }
        Step::Stay
    }

    fn save(&mut self, cx: &mut Cx<'_>) -> Step {
        let [name, country] = [0, 1].map(|at| self.lines[at].text().trim().to_owned());
        let country = match country_code(&country) {
            Some(code) => code.to_owned(),
            None if country.is_empty() => country,
            None => {
                self.error = Some(Notice::bad("screen-you-country-unknown").text("what", country));
                return Step::Stay;
            }
        };
        cx.effects.push(Effect::Introduce(Who { name, country }));
        Step::Close
    }

    /// Text from the clipboard.
    pub fn paste(&mut self, text: &str) -> Step {
        self.lines[self.at].paste(text);
        Step::Stay
    }
}
