//! What is asked before somebody is invited or gets another role.

use super::data::{Member, ShareAsk};
use crate::tui::action::Action;
use crate::tui::keymap::Key;
use crate::tui::widgets::input::TextLine;
use crossterm::event::KeyCode;

/// The roles, the usual one first.
pub const ROLES: [&str; 3] = ["writer", "reader", "admin"];

/// A question about a person and a role.
#[derive(Clone, Debug)]
pub struct Question {
    /// For whom; the name of a member can't be changed.
    pub name: TextLine,
    /// Which of the roles.
    pub role: usize,
    /// Whether the cursor is on the role.
    pub on_role: bool,
    /// The member, if it is about one.
    pub member: Option<String>,
    /// By what the operation is told who that is.
    meant: String,
}

/// What came of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Nothing yet.
    None,
    /// No answer.
    Cancelled,
    /// This is to be done.
    Given(ShareAsk),
}

impl Question {
    /// Who is to come in, and as what.
    pub fn invite() -> Self {
        Self { name: TextLine::default(), role: 0, on_role: false, member: None, meant: String::new() }
    }

    /// What a member may do from now on.
    pub fn role(member: &Member, meant: String) -> Self {
        let role = ROLES.iter().position(|role| *role == member.role).unwrap_or_default();
        Self { name: TextLine::default(), role, on_role: true, member: Some(member.name.clone()), meant }
    }

    /// Takes a key.
    pub fn key(&mut self, key: Key, action: Option<Action>) -> Answer {
        match action {
            Some(Action::Back) => return Answer::Cancelled,
            Some(Action::Down | Action::Up | Action::Complete) if self.member.is_none() => {
                self.on_role = !self.on_role;
            }
            Some(Action::Down) => self.turn(1),
            Some(Action::Up) => self.turn(ROLES.len() - 1),
            Some(Action::Accept) if !self.on_role => self.on_role = true,
            Some(Action::Accept) => return Answer::Given(self.given()),
            _ if self.on_role => match key.code {
                KeyCode::Right | KeyCode::Char(' ' | 'l') => self.turn(1),
                KeyCode::Left | KeyCode::Char('h') => self.turn(ROLES.len() - 1),
                _ => {}
            },
            _ => drop(self.name.key(key)),
        }
        Answer::None
    }

    const fn turn(&mut self, by: usize) {
        self.role = (self.role + by) % ROLES.len();
    }

    fn given(&self) -> ShareAsk {
        let role = ROLES[self.role].to_owned();
        match &self.member {
            Some(_) => ShareAsk::Role { name: self.meant.clone(), role },
            None => ShareAsk::Invite { name: self.name.text().trim().to_owned(), role },
        }
    }

    /// Text from the clipboard.
    pub fn paste(&mut self, text: &str) {
        if !self.on_role {
            self.name.paste(text);
        }
    }
}
