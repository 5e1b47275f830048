//! Joins a book that others share: where it lies, the code that was given, and one's own name.

use super::data::{ShareAnswer, ShareAsk};
use crate::tui::action::Action;
use crate::tui::keymap::Key;
use crate::tui::message::{Effect, Ticket};
use crate::tui::state::data::{Completing, Notice};
use crate::tui::state::overlay::{Cx, Step};
use crate::tui::widgets::completion::Completion;
use crate::tui::widgets::input::TextLine;

/// The three questions.
#[derive(Clone, Debug)]
pub struct Join {
    /// Place, code, name, as typed.
    pub lines: [TextLine; 3],
    /// Which one the cursor is on.
    pub at: usize,
    /// What could complete the place.
    pub completion: Completion,
    /// What is wrong.
    pub error: Option<Notice>,
    asked: Option<Ticket>,
    completing: Ticket,
}

impl Join {
    /// With the name that is known; places that lie about are offered.
    pub fn new(name: &str, cx: &mut Cx<'_>) -> Self {
        let lines = [TextLine::default(), TextLine::default(), TextLine::new(name)];
        let mut join =
            Self { lines, at: 0, completion: Completion::default(), error: None, asked: None, completing: 0 };
        join.complete(cx);
        join
    }

    /// Whether it is under way.
    pub const fn is_joining(&self) -> bool {
        self.asked.is_some()
    }

    /// Whether something typed would be lost.
    pub fn is_changed(&self) -> bool {
        self.lines[..2].iter().any(|line| !line.text().is_empty())
    }

    fn complete(&mut self, cx: &mut Cx<'_>) {
        self.completing = cx.ticket();
        let text = self.lines[0].text().to_owned();
        cx.effects.push(Effect::Complete(self.completing, Completing::Shared, text));
    }

    /// Takes a key.
    pub fn key(&mut self, key: Key, action: Option<Action>, cx: &mut Cx<'_>) -> Step {
        if self.is_joining() {
            return Step::Stay;
        }
        match action {
            Some(Action::Back) if self.completion.chosen.is_some() => self.completion.close(),
            Some(Action::Back) if self.is_changed() => return Step::AskDiscard,
            Some(Action::Back) => return Step::Close,
            Some(Action::Down) if self.at == 0 && self.completion.is_open() => self.completion.down(),
            Some(Action::Up) if self.at == 0 && self.completion.chosen.is_some() => self.completion.up(),
            Some(Action::Complete) if self.at == 0 && self.completion.is_open() => self.take(true, cx),
            Some(Action::Accept) if self.at == 0 && self.completion.chosen.is_some() => self.take(false, cx),
            Some(Action::Down | Action::Complete) => self.go((self.at + 1) % 3),
            Some(Action::Up) => self.go((self.at + 2) % 3),
            Some(Action::Accept) if self.at < 2 => self.go(self.at + 1),
            Some(Action::Accept) => self.join(cx),
            _ => {
                if self.lines[self.at].key(key) {
                    self.error = None;
                    if self.at == 0 {
                        self.complete(cx);
                    }
                }
            }
        }
        Step::Stay
    }

    fn go(&mut self, at: usize) {
        self.at = at;
        self.completion.close();
    }

    fn take(&mut self, more: bool, cx: &mut Cx<'_>) {
        let Some(item) = self.completion.best().map(str::to_owned) else { return };
        self.lines[0].set(item);
        self.completion.close();
        if more {
            self.complete(cx);
        }
    }

    fn join(&mut self, cx: &mut Cx<'_>) {
        let [place, code, name] = [0, 1, 2].map(|at| self.lines[at].text().trim().to_owned());
        let missing = [
            ("screen-join-no-place", &place),
            ("screen-join-no-code", &code),
            ("screen-join-no-name", &name),
        ];
        if let Some(at) = missing.iter().position(|(_, text)| text.is_empty()) {
            self.error = Some(Notice::warning(missing[at].0));
            self.at = at;
            return;
        }
        let ticket = cx.ticket();
        self.asked = Some(ticket);
        self.error = None;
        cx.effects.push(Effect::Share(ticket, ShareAsk::Join { place, code, name }));
    }

    /// The worker answered; what was wrong stays to be mended.
    pub fn answered(&mut self, ticket: Ticket, answer: &Result<ShareAnswer, Notice>) {
        if self.asked == Some(ticket) {
            self.asked = None;
            self.error = answer.as_ref().err().cloned();
        }
    }

    /// Completions came.
    pub fn offer(&mut self, ticket: Ticket, items: Vec<String>) {
        if ticket == self.completing && self.at == 0 {
            self.completion.offer(items, self.lines[0].text());
        }
    }

    /// Text from the clipboard.
    pub fn paste(&mut self, text: &str, cx: &mut Cx<'_>) -> Step {
        self.lines[self.at].paste(text);
        self.error = None;
        if self.at == 0 {
            self.complete(cx);
        }
        Step::Stay
    }
}
