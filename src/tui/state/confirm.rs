//! A question with yes and no.

use super::data::Notice;
use super::overlay::Step;
use super::share::data::ShareAsk;
use crate::tui::action::Action;
use crate::tui::message::Write;

/// What happens after a yes.
#[derive(Clone, Debug, PartialEq)]
pub enum Then {
    /// A change.
    Write(Write),
    /// Something about sharing; the overlay below waits for it.
    Share(ShareAsk),
    /// What lies below goes, with what was typed.
    Discard,
    /// All is left.
    Quit,
}

/// The question.
#[derive(Clone, Debug, PartialEq)]
pub struct Confirm {
    /// What is asked.
    pub question: Notice,
    /// What happens after a yes.
    pub then: Then,
}

impl Confirm {
    /// Takes a key.
    pub fn key(&self, action: Option<Action>) -> Step {
        match action {
            Some(Action::Yes) => Step::Confirmed(Box::new(self.then.clone())),
            Some(Action::No) => Step::Close,
            _ => Step::Stay,
        }
    }
}
