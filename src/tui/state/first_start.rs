//! An empty book: how to begin.

use super::data::Offer;
use super::overlay::{Cx, Step};
use crate::tui::action::Action;
use crate::tui::keymap::Key;
use crate::tui::message::Effect;
use crossterm::event::KeyCode;
use std::path::PathBuf;

/// A way to begin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
    /// With the first contact.
    Add,
    /// With this file.
    File(PathBuf, u64),
    /// With some other file.
    OtherFile,
    /// With what others share.
    Join,
    /// With sample people.
    Demo,
    /// In the other language.
    Language,
    /// With another name, or in another country.
    You,
    /// Not now.
    Quit,
}

/// The list of ways to begin.
#[derive(Clone, Debug)]
pub struct FirstStart {
    /// In the order shown.
    pub choices: Vec<Choice>,
    /// Which one the cursor is on.
    pub at: usize,
}

impl Default for FirstStart {
    fn default() -> Self {
        Self {
            choices: vec![
                Choice::Add,
                Choice::OtherFile,
                Choice::Join,
                Choice::Demo,
                Choice::Language,
                Choice::You,
                Choice::Quit,
            ],
            at: 0,
        }
    }
}

impl FirstStart {
    /// Files that lie about come before the others; the cursor stays on its choice.
    pub fn offer(&mut self, offers: Vec<Offer>) {
        let chosen = self.choices.get(self.at).cloned();
        self.choices.retain(|choice| !matches!(choice, Choice::File(..)));
        let at = self.choices.iter().position(|choice| *choice == Choice::OtherFile).unwrap_or_default();
        self.choices.splice(at..at, offers.into_iter().map(|offer| Choice::File(offer.path, offer.size)));
        self.at = self.choices.iter().position(|choice| Some(choice) == chosen.as_ref()).unwrap_or_default();
    }

    /// Takes a key.
    pub fn key(&mut self, key: Key, action: Option<Action>, cx: &mut Cx<'_>) -> Step {
        let last = self.choices.len() - 1;
        match (action, key.code) {
            (Some(Action::Down), _) | (_, KeyCode::Char('j') | KeyCode::Tab) => {
                self.at = if self.at < last { self.at + 1 } else { 0 };
            }
            (Some(Action::Up), _) | (_, KeyCode::Char('k')) => {
                self.at = self.at.checked_sub(1).unwrap_or(last)
            }
            (Some(Action::Top | Action::PageUp), _) => self.at = 0,
            (Some(Action::Bottom | Action::PageDown), _) => self.at = last,
            (Some(Action::Accept), _) => return self.choose(cx),
            (_, KeyCode::Char('a')) => return Step::Act(Action::Add),
            (_, KeyCode::Char('I')) => return Step::Import(None),
            (_, KeyCode::Char('P')) => return Step::Join,
            (_, KeyCode::Char('L')) => return Step::Language,
            (_, KeyCode::Char('q')) => return Step::Act(Action::Quit),
            (_, KeyCode::Char('?')) => return Step::Help,
            (Some(Action::Back), _) => return Step::Close,
            _ => {}
        }
        Step::Stay
    }

    fn choose(&self, cx: &mut Cx<'_>) -> Step {
        match self.choices.get(self.at) {
            Some(Choice::Add) => Step::Act(Action::Add),
            Some(Choice::File(path, _)) => Step::Import(Some(path.clone())),
            Some(Choice::OtherFile) => Step::Import(None),
            Some(Choice::Join) => Step::Join,
            Some(Choice::Demo) => {
                cx.effects.push(Effect::Demo);
                Step::Stay
            }
            Some(Choice::Language) => Step::Language,
            Some(Choice::You) => Step::You,
            Some(Choice::Quit) => Step::Act(Action::Quit),
            None => Step::Stay,
        }
    }
}
