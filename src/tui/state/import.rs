//! A file is imported: which one, what would happen, how far it is, what came of it.

use super::data::{Completing, Notice, Progress, Report};
use super::overlay::{Cx, Step};
use crate::tui::action::{Action, Context};
use crate::tui::keymap::Key;
use crate::tui::message::{Effect, Ticket};
use crate::tui::widgets::completion::Completion;
use crate::tui::widgets::input::TextLine;
use crossterm::event::KeyCode;
use std::path::PathBuf;

/// How far it is.
#[derive(Clone, Debug, PartialEq)]
pub enum Stage {
    /// The file is chosen.
    Path,
    /// The file is read; nothing is written.
    Trial(Progress),
    /// What would happen.
    Plan(Report),
    /// It goes on.
    Running(Progress),
    /// It ends without a change.
    Cancelling,
    /// It is done.
    Done(Report),
}

/// The import.
#[derive(Clone, Debug)]
pub struct Import {
    /// The file, as typed.
    pub input: TextLine,
    /// Files that could be meant.
    pub completion: Completion,
    /// How far it is.
    pub stage: Stage,
    /// What is wrong.
    pub error: Option<Notice>,
    /// The first line shown of plan or report.
    pub offset: usize,
    completing: Ticket,
    ticket: Ticket,
    trial: bool,
}

impl Import {
    /// With this file, or with a question for one.
    pub fn new(path: Option<PathBuf>, cx: &mut Cx<'_>) -> Self {
        let text = path.as_ref().map(|path| path.display().to_string()).unwrap_or_default();
        let mut import = Self {
            input: TextLine::new(text),
            completion: Completion::default(),
            stage: Stage::Path,
            error: None,
            offset: 0,
            completing: 0,
            ticket: 0,
            trial: true,
        };
        match path {
            Some(path) => import.start(path, true, cx),
            None => import.wish(cx),
        }
        import
    }

    /// Where its keys are looked up.
    pub fn context(&self) -> Context {
        if self.stage == Stage::Path { Context::Prompt } else { Context::Menu }
    }

    /// Whether it is under way.
    pub fn is_running(&self) -> bool {
        !self.trial && matches!(self.stage, Stage::Running(_) | Stage::Cancelling)
    }

    fn start(&mut self, path: PathBuf, trial: bool, cx: &mut Cx<'_>) {
        self.completion.close();
        self.error = None;
        self.offset = 0;
        self.ticket = cx.ticket();
        self.trial = trial;
        self.stage =
            if trial { Stage::Trial(Progress::default()) } else { Stage::Running(Progress::default()) };
        cx.effects.push(Effect::Import { ticket: self.ticket, path, trial });
    }

    fn path(&self) -> PathBuf {
        // Terminals quote the paths of files that are dropped on them.
        let text = self.input.text().trim();
        let unquoted = text.strip_prefix('\'').and_then(|text| text.strip_suffix('\''));
        let unquoted = unquoted.or_else(|| text.strip_prefix('"').and_then(|text| text.strip_suffix('"')));
        PathBuf::from(unquoted.unwrap_or(text))
    }

    fn wish(&mut self, cx: &mut Cx<'_>) {
        self.completing = cx.ticket();
        cx.effects.push(Effect::Complete(
            self.completing,
            Completing::Path,
            self.input.text().trim_start().into(),
        ));
    }

    /// Takes a key.
    pub fn key(&mut self, key: Key, action: Option<Action>, cx: &mut Cx<'_>) -> Step {
        match &self.stage {
            Stage::Path => return self.path_key(key, action, cx),
            Stage::Trial(_) | Stage::Running(_) if action == Some(Action::Back) => {
                cx.effects.push(Effect::CancelImport);
                self.stage = Stage::Cancelling;
            }
            Stage::Plan(_) => match (action, key.code) {
                (Some(Action::Accept), _) => self.start(self.path(), false, cx),
                (Some(Action::Back), _) => self.stage = Stage::Path,
                (action, code) => self.scroll(action, code),
            },
            Stage::Done(_) => match (action, key.code) {
                (Some(Action::Accept | Action::Back), _) | (_, KeyCode::Char('q')) => return Step::Close,
                (_, KeyCode::Char('u')) => return Step::Act(Action::Undo),
                (action, code) => self.scroll(action, code),
            },
            _ => {}
        }
        Step::Stay
    }

    fn scroll(&mut self, action: Option<Action>, code: KeyCode) {
        match (action, code) {
            (Some(Action::Down), _) | (_, KeyCode::Char('j')) => self.offset += 1,
            (Some(Action::Up), _) | (_, KeyCode::Char('k')) => self.offset = self.offset.saturating_sub(1),
            (Some(Action::PageDown), _) => self.offset += 10,
            (Some(Action::PageUp), _) => self.offset = self.offset.saturating_sub(10),
            _ => {}
        }
        let lines = match &self.stage {
            Stage::Plan(report) | Stage::Done(report) => report.columns.len() + report.warnings.len() + 12,
            _ => 0,
        };
        self.offset = self.offset.min(lines);
    }

    fn path_key(&mut self, key: Key, action: Option<Action>, cx: &mut Cx<'_>) -> Step {
        match action {
            Some(Action::Back) if self.completion.chosen.is_some() => self.completion.chosen = None,
            Some(Action::Back) => return Step::Close,
            Some(Action::Down) => self.completion.down(),
            Some(Action::Up) => self.completion.up(),
            Some(Action::Complete) => {
                let item = self.completion.best().map(str::to_owned);
                self.take(item, cx);
            }
            Some(Action::Accept) => {
                let item = self.completion.accept().map(str::to_owned);
                let folder = item.as_ref().is_some_and(|item| item.ends_with(['/', '\\']));
                let chosen = item.is_some();
                self.take(item, cx);
                if !folder && (chosen || !self.input.text().trim().is_empty()) {
                    self.start(self.path(), true, cx);
                }
            }
            _ => {
                let before = self.input.text().to_owned();
                if self.input.key(key) && self.input.text() != before {
                    self.error = None;
                    self.wish(cx);
                }
            }
        }
        Step::Stay
    }

    fn take(&mut self, item: Option<String>, cx: &mut Cx<'_>) {
        if let Some(item) = item {
            self.input.set(item);
            self.wish(cx);
        }
    }

    /// Text from the clipboard.
    pub fn paste(&mut self, text: &str, cx: &mut Cx<'_>) -> Step {
        if self.stage == Stage::Path {
            self.input.paste(text);
            self.error = None;
            self.wish(cx);
        }
        Step::Stay
    }

    /// Completions came.
    pub fn offer(&mut self, ticket: Ticket, items: Vec<String>) {
        if ticket == self.completing && self.stage == Stage::Path {
            self.completion.offer(items, self.input.text());
        }
    }

    /// It goes on.
    pub fn progress(&mut self, ticket: Ticket, progress: Progress) {
        match &mut self.stage {
            Stage::Trial(now) | Stage::Running(now) if ticket == self.ticket => *now = progress,
            _ => {}
        }
    }

    /// The trial or the import is done; what to say in the status line.
    pub fn done(&mut self, ticket: Ticket, result: Result<Report, Notice>) -> Option<Notice> {
        if ticket != self.ticket {
            return None;
        }
        let cancelled = self.stage == Stage::Cancelling;
        if cancelled && self.trial {
            self.stage = Stage::Path;
            return None;
        }
        match (result, &self.stage) {
            (Ok(report), Stage::Trial(_)) => {
                self.stage = Stage::Plan(report);
                None
            }
            (Ok(report), _) => {
                let notice =
                    Notice::good("screen-import-done").number("count", report.created + report.updated);
                self.stage = Stage::Done(report);
                // It was too late to stop it, or it ended by itself: either way it is in the book now.
                Some(notice)
            }
            (Err(notice), _) => {
                self.stage = Stage::Path;
                if cancelled {
                    return Some(Notice::warning("screen-import-cancelled"));
                }
                self.error = Some(notice);
                None
            }
        }
    }
}
