//! Sharing the book: how it stands, who is in, and what can be done about it.

pub mod ask;
pub mod conflicts;
pub mod data;
pub mod join;
#[cfg(test)]
pub(in crate::tui) mod tests;

use super::confirm::{Confirm, Then};
use super::data::{Completing, Notice};
use super::overlay::{Cx, Step};
use crate::tui::action::{Action, Context};
use crate::tui::keymap::Key;
use crate::tui::message::{Effect, Ticket};
use crate::tui::widgets::completion::Completion;
use crate::tui::widgets::input::TextLine;
use ask::{Answer, Question};
use data::{Invitation, Member, Proposal, ShareAnswer, ShareAsk, Status};

/// What the overlay shows.
#[derive(Clone, Debug)]
pub enum Page {
    /// Nothing is known yet.
    Loading,
    /// The book isn't shared: where it could be.
    Propose(Proposal, TextLine),
    /// How sharing stands.
    Status(Box<Status>),
    /// What somebody else has to type.
    Invited(Box<Invitation>),
}

/// A line that the cursor can be on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Item {
    /// Where, and when it was synced.
    Place,
    /// A member.
    Member(usize),
    /// A device.
    Device(usize),
    /// A warning.
    Warning(usize),
}

/// The overlay.
#[derive(Clone, Debug)]
pub struct Share {
    /// What is shown.
    pub page: Page,
    /// Which item the cursor is on, or how far an invitation is scrolled.
    pub at: usize,
    /// What is asked over it.
    pub question: Option<Question>,
    /// What could complete the place.
    pub completion: Completion,
    /// What was said last: done, or what is wrong.
    pub said: Option<Notice>,
    /// The question to the worker that is open.
    asked: Option<(Ticket, ShareAsk)>,
    completing: Ticket,
}

impl Share {
    /// Asks how it stands.
    pub fn new(cx: &mut Cx<'_>) -> Self {
        let mut share = Self {
            page: Page::Loading,
            at: 0,
            question: None,
            completion: Completion::default(),
            said: None,
            asked: None,
            completing: 0,
        };
        share.ask(ShareAsk::Look, cx);
        share
    }

    /// Where its keys are looked up.
    pub fn context(&self) -> Context {
        match (&self.question, &self.page) {
            (Some(_), _) | (None, Page::Propose(..)) => Context::Prompt,
            _ => Context::Share,
        }
    }

    /// What it waits for, other than to know how it stands.
    pub fn busy(&self) -> Option<&ShareAsk> {
        self.asked.as_ref().map(|(_, ask)| ask).filter(|ask| **ask != ShareAsk::Look)
    }

    /// Hands something to the worker.
    pub fn ask(&mut self, ask: ShareAsk, cx: &mut Cx<'_>) {
        let ticket = cx.ticket();
        self.asked = Some((ticket, ask.clone()));
        cx.effects.push(Effect::Share(ticket, ask));
    }

    /// A sync ended or somebody's doing changed something: asks again, unless something is under way.
    pub fn refresh(&mut self, cx: &mut Cx<'_>) {
        if self.asked.is_none() && matches!(self.page, Page::Status(_)) {
            self.ask(ShareAsk::Look, cx);
        }
    }

    /// The lines that the cursor can be on.
    pub fn items(&self) -> Vec<Item> {
        let Page::Status(status) = &self.page else { return Vec::new() };
        let mut items = vec![Item::Place];
        // What is wrong comes before what is usual.
        items.extend((0..status.warnings.len()).map(Item::Warning));
        items.extend((0..status.members.len()).map(Item::Member));
        items.extend((0..status.devices.len()).map(Item::Device));
        items
    }

    /// The worker answered.
    pub fn answered(&mut self, ticket: Ticket, answer: Result<ShareAnswer, Notice>, cx: &mut Cx<'_>) {
        if self.asked.as_ref().is_none_or(|(asked, _)| *asked != ticket) {
            return;
        }
        self.asked = None;
        match answer {
            Err(notice) => self.said = Some(notice),
            Ok(ShareAnswer::Proposal(proposal)) => {
                let line = TextLine::new(proposal.place.clone());
                self.page = Page::Propose(proposal, line);
            }
            Ok(ShareAnswer::Status(status)) => {
                if !matches!(self.page, Page::Status(_)) {
                    self.at = 0;
                }
                self.page = Page::Status(status);
                self.at = self.at.min(self.items().len().saturating_sub(1));
            }
            Ok(ShareAnswer::Invited(invitation)) => {
                self.said = None;
                self.at = 0;
                self.page = Page::Invited(invitation);
            }
            Ok(ShareAnswer::Done(notice)) => {
                self.said = Some(notice);
                self.ask(ShareAsk::Look, cx);
            }
            Ok(ShareAnswer::Joined(_) | ShareAnswer::Moved(_)) => {}
        }
    }

    /// By what an operation is told that it is about this member.
    fn named(&self, member: &Member) -> String {
        match &self.page {
            Page::Status(status) => member.named(&status.members),
            _ => member.name.clone(),
        }
    }

    fn member(&self) -> Option<&Member> {
        let Page::Status(status) = &self.page else { return None };
        match self.items().get(self.at)? {
            Item::Member(at) => status.members.get(*at),
            _ => None,
        }
    }

    /// Takes a key.
    pub fn key(&mut self, key: Key, action: Option<Action>, cx: &mut Cx<'_>) -> Step {
        if let Some(question) = &mut self.question {
            match question.key(key, action) {
                Answer::None => {}
                Answer::Cancelled => self.question = None,
                Answer::Given(ask) => {
                    self.question = None;
                    self.said = None;
                    self.ask(ask, cx);
                }
            }
            return Step::Stay;
        }
        match self.page {
            Page::Propose(..) => self.propose_key(key, action, cx),
            Page::Invited(_) => self.invited_key(action, cx),
            Page::Loading if action == Some(Action::Back) => Step::Close,
            Page::Loading => Step::Stay,
            Page::Status(_) => self.status_key(action, cx),
        }
    }

    fn status_key(&mut self, action: Option<Action>, cx: &mut Cx<'_>) -> Step {
        let last = self.items().len().saturating_sub(1);
        match action {
            Some(Action::Back) => return Step::Close,
            Some(Action::Down) => self.at = (self.at + 1).min(last),
            Some(Action::Up) => self.at = self.at.saturating_sub(1),
            Some(Action::PageDown) => self.at = (self.at + 5).min(last),
            Some(Action::PageUp) => self.at = self.at.saturating_sub(5),
            Some(Action::Top) => self.at = 0,
            Some(Action::Bottom) => self.at = last,
            Some(Action::Conflicts) => return Step::Conflicts,
            // One thing at a time: what was asked for last is still under way.
            _ if self.busy().is_some() => {}
            Some(Action::Sync) => {
                self.said = None;
                self.ask(ShareAsk::Sync, cx);
            }
            Some(Action::Invite) => self.question = Some(Question::invite()),
            Some(Action::Leave) => {
                let question = Notice::warning("screen-share-leave-ask");
                return Step::Ask(Box::new(Confirm { question, then: Then::Share(ShareAsk::Leave) }));
            }
            Some(Action::Role | Action::Delete) => match self.member().cloned() {
                None => self.said = Some(Notice::warning("screen-share-choose-member")),
                Some(member) if action == Some(Action::Role) => {
                    self.question = Some(Question::role(&member, self.named(&member)));
                }
                Some(member) => {
                    let question = Notice::warning("screen-share-remove-ask").text("name", &member.name);
                    let then = Then::Share(ShareAsk::Remove(self.named(&member)));
                    return Step::Ask(Box::new(Confirm { question, then }));
                }
            },
            _ => {}
        }
        Step::Stay
    }

    fn invited_key(&mut self, action: Option<Action>, cx: &mut Cx<'_>) -> Step {
        let Page::Invited(invitation) = &self.page else { return Step::Stay };
        match action {
            Some(Action::Back) => {
                self.page = Page::Loading;
                self.at = 0;
                self.said = None;
                self.ask(ShareAsk::Look, cx);
            }
            Some(Action::Copy) => {
                let command = invitation.command();
                self.said = Some(Notice::good("screen-copied").text("value", &command));
                cx.effects.push(Effect::Copy(command));
            }
            // How long it is only the view knows; it cuts what is beyond.
            Some(Action::Down) => self.at = (self.at + 1).min(24),
            Some(Action::Up) => self.at = self.at.saturating_sub(1),
            _ => {}
        }
        Step::Stay
    }

    fn propose_key(&mut self, key: Key, action: Option<Action>, cx: &mut Cx<'_>) -> Step {
        if action == Some(Action::Back) {
            if self.completion.is_open() {
                self.completion.close();
                return Step::Stay;
            }
            return Step::Close;
        }
        if self.busy().is_some() {
            return Step::Stay;
        }
        let Page::Propose(proposal, line) = &mut self.page else { return Step::Stay };
        match action {
            Some(Action::Down) => self.completion.down(),
            Some(Action::Up) => self.completion.up(),
            Some(Action::Complete) if !self.completion.is_open() => self.complete(cx),
            Some(Action::Complete) => {
                if let Some(item) = self.completion.best() {
                    line.set(item);
                }
                self.complete(cx);
            }
            Some(Action::Accept) if self.completion.chosen.is_some() => {
                if let Some(item) = self.completion.accept() {
                    line.set(item);
                }
                self.completion.close();
            }
            Some(Action::Accept) => {
                let place = line.text().trim().to_owned();
                let ask = if proposal.carried { ShareAsk::Move } else { ShareAsk::Init(place.clone()) };
                if place.is_empty() && !proposal.carried {
                    self.said = Some(Notice::warning("screen-share-no-place"));
                } else {
                    self.completion.close();
                    self.said = None;
                    self.ask(ask, cx);
                }
            }
            _ => {
                if !proposal.carried && line.key(key) {
                    self.said = None;
                    self.completion.close();
                }
            }
        }
        Step::Stay
    }

    fn complete(&mut self, cx: &mut Cx<'_>) {
        if let Page::Propose(_, line) = &self.page {
            self.completing = cx.ticket();
            let text = line.text().to_owned();
            cx.effects.push(Effect::Complete(self.completing, Completing::Place, text));
        }
    }

    /// Completions came.
    pub fn offer(&mut self, ticket: Ticket, items: Vec<String>) {
        if let (true, Page::Propose(_, line)) = (ticket == self.completing, &self.page) {
            self.completion.offer(items, line.text());
        }
    }

    /// Text from the clipboard.
    pub fn paste(&mut self, text: &str) -> Step {
        match (&mut self.question, &mut self.page) {
            (Some(question), _) => question.paste(text),
            (None, Page::Propose(proposal, line)) if !proposal.carried => line.paste(text),
            _ => {}
        }
        Step::Stay
    }
}

impl Invitation {
    /// What does it on a command line.
    pub fn command(&self) -> String {
        let place = if self.place.contains(|c: char| c.is_whitespace() || "'\"\\$&;()*?".contains(c)) {
            format!("'{}'", self.place.replace('\'', r"'\''"))
        } else {
            self.place.clone()
        };
        format!("rolo share join {place} {}", self.code)
    }
}
