//! What lies over the panes, on a stack: keys go to the topmost.

use super::bin::Bin;
use super::confirm::Confirm;
use super::data::Notice;
use super::first_start::FirstStart;
use super::form::Form;
use super::help::Help;
use super::import::Import;
use super::palette::Palette;
use super::quick_log::QuickLog;
use super::share::Share;
use super::share::conflicts::Conflicts;
use super::share::join::Join;
use super::tag_prompt::TagPrompt;
use super::you::You;
use crate::tui::action::{Action, Context};
use crate::tui::keymap::Key;
use crate::tui::message::{Effect, Ticket};
use crate::tui::words::Words;

/// What an overlay can reach while it takes a key.
pub struct Cx<'a> {
    /// The last ticket given out.
    pub tickets: &'a mut Ticket,
    /// What is to be done.
    pub effects: &'a mut Vec<Effect>,
    /// The language that names are shown in.
    pub words: &'a Words,
}

impl Cx<'_> {
    /// A new ticket.
    pub fn ticket(&mut self) -> Ticket {
        *self.tickets += 1;
        *self.tickets
    }
}

/// What becomes of an overlay after a key.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// It stays.
    Stay,
    /// It goes.
    Close,
    /// It goes, and this is done.
    Act(Action),
    /// It goes, and this is written.
    Write(Box<crate::tui::message::Write>),
    /// It stays, and this is asked.
    Ask(Box<Confirm>),
    /// It goes if losing what was typed is confirmed.
    AskDiscard,
    /// It asked, and the answer was yes: it and the one below go, and this is done.
    Confirmed(Box<super::confirm::Then>),
    /// The import begins with this file.
    Import(Option<std::path::PathBuf>),
    /// The other language.
    Language,
    /// All keys, over it.
    Help,
    /// Who works with the book is asked.
    You,
    /// A shared book is joined.
    Join,
    /// Over it, what several people changed at once.
    Conflicts,
}

/// Something over the panes.
#[derive(Clone, Debug)]
pub enum Overlay {
    /// Adds or edits a contact.
    Form(Box<Form>),
    /// Logs an interaction.
    QuickLog(Box<QuickLog>),
    /// Tags come and go.
    Tag(TagPrompt),
    /// All commands by name.
    Palette(Palette),
    /// All keys.
    Help(Help),
    /// A question.
    Confirm(Confirm),
    /// What was deleted.
    Bin(Bin),
    /// The book is empty.
    FirstStart(FirstStart),
    /// A file is imported.
    Import(Box<Import>),
    /// Who works with the book.
    You(Box<You>),
    /// With whom the book is shared.
    Share(Box<Share>),
    /// What several people changed at once.
    Conflicts(Conflicts),
    /// A shared book is joined.
    Join(Box<Join>),
}

impl Overlay {
    /// Where its keys are looked up.
    pub fn context(&self) -> Context {
        match self {
            Self::Form(_) | Self::QuickLog(_) => Context::Form,
            Self::Tag(_) | Self::You(_) | Self::Join(_) => Context::Prompt,
            Self::Palette(_) | Self::Help(_) | Self::Bin(_) | Self::FirstStart(_) => Context::Menu,
            Self::Confirm(_) => Context::Confirm,
            Self::Import(import) => import.context(),
            Self::Share(share) => share.context(),
            Self::Conflicts(_) => Context::Conflicts,
        }
    }

    /// Takes a key and what it means here.
    pub fn key(&mut self, key: Key, action: Option<Action>, cx: &mut Cx<'_>) -> Step {
        match self {
            Self::Form(form) => form.key(key, action, cx),
            Self::QuickLog(log) => log.key(key, action, cx),
            Self::Tag(prompt) => prompt.key(key, action, cx),
            Self::Palette(palette) => palette.key(key, action, cx),
            Self::Help(help) => help.key(key, action),
            Self::Confirm(confirm) => confirm.key(action),
            Self::Bin(bin) => bin.key(key, action, cx),
            Self::FirstStart(first) => first.key(key, action, cx),
            Self::Import(import) => import.key(key, action, cx),
            Self::You(you) => you.key(key, action, cx),
            Self::Share(share) => share.key(key, action, cx),
            Self::Conflicts(conflicts) => conflicts.key(action, cx),
            Self::Join(join) => join.key(key, action, cx),
        }
    }

    /// Text from the clipboard.
    pub fn paste(&mut self, text: &str, cx: &mut Cx<'_>) -> Step {
        match self {
            Self::Form(form) => form.paste(text, cx),
            Self::QuickLog(log) => log.paste(text),
            Self::Tag(prompt) => prompt.paste(text, cx),
            Self::Palette(palette) => palette.paste(text, cx.words),
            Self::Import(import) => import.paste(text, cx),
            Self::You(you) => you.paste(text),
            Self::Share(share) => share.paste(text),
            Self::Join(join) => join.paste(text, cx),
            Self::Conflicts(_) | Self::Help(_) | Self::Confirm(_) | Self::Bin(_) | Self::FirstStart(_) => {
                Step::Stay
            }
        }
    }

    /// The messages that tell what its own keys do, where the table of actions doesn't.
    pub fn keys(&self) -> Vec<&'static str> {
        match self {
            Self::Import(import) if import.prompt.is_none() => import.keys(),
            _ => Vec::new(),
        }
    }

    /// Completions came.
    pub fn offer(&mut self, ticket: Ticket, items: Vec<String>) {
        match self {
            Self::Form(form) => form.offer(ticket, items),
            Self::Tag(prompt) => prompt.offer(ticket, items),
            Self::Import(import) => import.offer(ticket, items),
            Self::Share(share) => share.offer(ticket, items),
            Self::Join(join) => join.offer(ticket, items),
            _ => {}
        }
    }

    /// A write came to this; whether the overlay is done.
    pub fn saved(&mut self, ticket: Ticket, error: Option<&Notice>) -> bool {
        match self {
            Self::Form(form) => form.saved(ticket, error),
            Self::QuickLog(log) => log.saved(ticket, error),
            Self::Tag(prompt) => prompt.saved(ticket, error),
            _ => false,
        }
    }

    /// Whether it shows what went wrong by itself.
    pub const fn shows_errors(&self) -> bool {
        matches!(self, Self::Form(_) | Self::QuickLog(_) | Self::Tag(_))
    }

    /// Whether something typed would be lost.
    pub fn is_changed(&self) -> bool {
        match self {
            Self::Form(form) => form.is_changed(),
            Self::QuickLog(log) => log.is_changed(),
            Self::Tag(prompt) => prompt.is_changed(),
            Self::Import(import) => import.is_running(),
            Self::Join(join) => join.is_changed(),
            _ => false,
        }
    }
}
