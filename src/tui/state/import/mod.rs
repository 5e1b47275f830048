//! The import wizard: which file, what it is, where its columns go, how contacts are matched, what would happen, how far
//! it is, what came of it.

mod about;
mod columns;
pub mod data;
pub mod prompt;

pub use columns::OPTIONS;

use super::data::{Completing, Notice, Report};
use super::overlay::{Cx, Step};
use crate::model::progress::Progress;
use crate::tui::action::{Action, Context};
use crate::tui::keymap::Key;
use crate::tui::message::{Effect, Ticket, Write};
use crate::tui::widgets::completion::Completion;
use crate::tui::widgets::input::TextLine;
use crate::tui::widgets::scroll::Scroll;
use crossterm::event::KeyCode;
use data::{Choices, Past, Plan};
use prompt::{Answer, Ask, Prompt};
use std::collections::BTreeSet;
use std::path::PathBuf;

/// How far it is.
#[derive(Clone, Debug, PartialEq)]
pub enum Stage {
    /// The file is chosen.
    Path,
    /// Earlier imports, to be taken back; nothing if they are still being looked for.
    Past(Option<Vec<Past>>),
    /// The file is opened for the first time.
    Opening,
    /// What the file is.
    About,
    /// Where its columns go.
    Columns,
    /// How contacts are matched, and what happens then.
    Options,
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
    /// What was done since.
    pub note: Option<Notice>,
    /// How far the plan or the report is scrolled.
    pub scroll: Scroll,
    /// How the file would be read.
    pub plan: Plan,
    /// What was chosen.
    pub choices: Choices,
    /// The column or the option that the cursor is on.
    pub at: usize,
    /// Columns that are to be joined.
    pub marks: BTreeSet<String>,
    /// A question over the step.
    pub prompt: Option<Prompt>,
    /// What was chosen before the last change, should that be refused.
    revert: Choices,
    /// The file that the plan and the choices are about.
    of: PathBuf,
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
            note: None,
            scroll: Scroll::default(),
            plan: Plan::default(),
            choices: Choices::default(),
            at: 0,
            marks: BTreeSet::new(),
            prompt: None,
            revert: Choices::default(),
            of: PathBuf::new(),
            completing: 0,
            ticket: 0,
            trial: true,
        };
        match path {
            Some(_) => import.open(cx),
            None => import.wish(cx),
        }
        import
    }

    /// Where its keys are looked up.
    pub fn context(&self) -> Context {
        if self.stage == Stage::Path || self.prompt.is_some() { Context::Prompt } else { Context::Menu }
    }

    /// Whether it is under way.
    pub fn is_running(&self) -> bool {
        !self.trial && matches!(self.stage, Stage::Running(_) | Stage::Cancelling)
    }

    /// Opens the file that was chosen.
    fn open(&mut self, cx: &mut Cx<'_>) {
        self.completion.close();
        self.error = None;
        self.at = 0;
        self.stage = Stage::Opening;
        // What was chosen for this file holds when somebody has gone back as far as to its name.
        let path = self.path();
        if self.of != path {
            (self.plan, self.choices, self.note) = (Plan::default(), Choices::default(), None);
            self.of = path;
        }
        self.revert = self.choices.clone();
        self.inspect(cx);
    }

    /// Has the plan made anew with what is chosen now.
    fn inspect(&mut self, cx: &mut Cx<'_>) {
        self.error = None;
        self.ticket = cx.ticket();
        let choices = Box::new(self.choices.clone());
        cx.effects.push(Effect::Inspect { ticket: self.ticket, path: self.path(), choices });
    }

    /// Tries the import, or does it.
    fn start(&mut self, trial: bool, cx: &mut Cx<'_>) {
        self.error = None;
        self.scroll.reset();
        self.ticket = cx.ticket();
        self.trial = trial;
        self.stage =
            if trial { Stage::Trial(Progress::default()) } else { Stage::Running(Progress::default()) };
        let choices = Box::new(self.choices.clone());
        let lang = cx.words.lang().language();
        cx.effects.push(Effect::Import { ticket: self.ticket, path: self.path(), trial, choices, lang });
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
        if let Some(prompt) = &mut self.prompt {
            match prompt.key(key, action) {
                Answer::None => {}
                Answer::Cancelled => self.prompt = None,
                Answer::Given(text) => self.answered(&text, cx),
            }
            return Step::Stay;
        }
        if key.code == KeyCode::Char('?') && self.stage != Stage::Path {
            return Step::Help;
        }
        let back = action == Some(Action::Back) || key.code == KeyCode::BackTab;
        let on = key.code == KeyCode::Tab;
        match &self.stage {
            Stage::Path => return self.path_key(key, action, cx),
            Stage::Past(_) if back => self.enter(Stage::Path),
            Stage::Past(_) => return self.past_key(key, action),
            Stage::Opening if back => {
                self.ticket = 0;
                self.not_opened();
            }
            Stage::Trial(_) | Stage::Running(_) if action == Some(Action::Back) => {
                cx.effects.push(Effect::CancelImport);
                self.stage = Stage::Cancelling;
            }
            Stage::About if back => self.stage = Stage::Path,
            Stage::About if on || action == Some(Action::Accept) => self.enter(self.after_about()),
            Stage::Columns if back => self.enter(Stage::About),
            Stage::Columns if on => self.enter(Stage::Options),
            Stage::Options if back => {
                let table = !self.plan.columns.is_empty();
                self.enter(if table { Stage::Columns } else { Stage::About });
            }
            Stage::Options if on => self.start(true, cx),
            Stage::About | Stage::Columns | Stage::Options if key.code == KeyCode::Char('r') => {
                self.start(true, cx);
            }
            Stage::About => self.about_key(key, action),
            Stage::Columns => self.columns_key(key, action, cx),
            Stage::Options => self.options_key(key, action, cx),
            Stage::Plan(_) if back => self.enter(Stage::Options),
            Stage::Plan(_) if action == Some(Action::Accept) => self.start(false, cx),
            Stage::Plan(_) => {
                self.scroll.key(action, key.code);
            }
            Stage::Done(_) => return self.done_key(key, action),
            _ => {}
        }
        Step::Stay
    }

    fn past_key(&mut self, key: Key, action: Option<Action>) -> Step {
        let Stage::Past(Some(found)) = &self.stage else { return Step::Stay };
        match (action, key.code) {
            (Some(Action::Down), _) | (_, KeyCode::Char('j')) => {
                self.at = (self.at + 1).min(found.len().saturating_sub(1));
            }
            (Some(Action::Up), _) | (_, KeyCode::Char('k')) => self.at = self.at.saturating_sub(1),
            (_, KeyCode::Char('u')) => {
                if let Some(past) = found.get(self.at).filter(|past| !past.undone) {
                    return Step::Write(Box::new(Write::UndoBatch(past.batch)));
                }
            }
            _ => {}
        }
        Step::Stay
    }

    /// Back to where it was opened from.
    fn not_opened(&mut self) {
        if self.plan.lines.is_empty() {
            self.stage = Stage::Path;
        } else {
            self.choices = self.revert.clone();
            self.stage = Stage::About;
        }
    }

    fn after_about(&self) -> Stage {
        if self.plan.columns.is_empty() { Stage::Options } else { Stage::Columns }
    }

    fn enter(&mut self, stage: Stage) {
        self.stage = stage;
        self.at = 0;
        self.scroll.reset();
        self.error = None;
    }

    fn answered(&mut self, text: &str, cx: &mut Cx<'_>) {
        let Some(prompt) = self.prompt.take() else { return };
        match prompt.ask.clone() {
            Ask::Target(names) if !text.is_empty() => self.change(&names, text, cx),
            Ask::Split(name) if !text.is_empty() => {
                let text = if text.to_lowercase().starts_with("split") {
                    text.to_owned()
                } else {
                    format!("split {text}")
                };
                self.change(&[name], &text, cx);
            }
            Ask::Target(_) | Ask::Split(_) => {}
            ask @ (Ask::Kind | Ask::Encoding | Ask::Separator | Ask::Header | Ask::Sheet) => {
                self.reread(&ask, text, cx);
            }
            Ask::Set => {
                let Some((field, value)) = text.split_once('=') else {
                    // What was typed stays, to be mended.
                    self.error = Some(Notice::bad("screen-import-set-how"));
                    self.prompt = Some(prompt);
                    return;
                };
                self.revert = self.choices.clone();
                self.choices.set.retain(|(other, _)| other != field.trim());
                // Without a value the field is left to the rows again.
                if !value.trim().is_empty() {
                    self.choices.set.push((field.trim().to_owned(), value.trim().to_owned()));
                }
                self.inspect(cx);
            }
            Ask::Tags => {
                let tags = text.split([',', '，', '、']).map(str::trim).filter(|tag| !tag.is_empty());
                self.choices.tags = tags.map(str::to_owned).collect();
            }
            Ask::Save => {
                self.ticket = cx.ticket();
                cx.effects.push(Effect::SaveMapping {
                    ticket: self.ticket,
                    name: text.to_owned(),
                    columns: self.plan.columns.iter().map(|column| column.name.clone()).collect(),
                    choices: Box::new(self.choices.clone()),
                });
            }
            Ask::Rejects => {
                if let Stage::Done(report) = &self.stage
                    && let Some(from) = report.more.rejects.clone()
                {
                    self.ticket = cx.ticket();
                    cx.effects.push(Effect::SaveRejects {
                        ticket: self.ticket,
                        from,
                        to: PathBuf::from(text),
                    });
                }
            }
        }
    }

    fn done_key(&mut self, key: Key, action: Option<Action>) -> Step {
        let Stage::Done(report) = &self.stage else { return Step::Stay };
        match (action, key.code) {
            (Some(Action::Accept | Action::Back), _) | (_, KeyCode::Char('q')) => return Step::Close,
            (_, KeyCode::Char('u')) if report.more.batch > 0 => {
                return Step::Write(Box::new(Write::UndoBatch(report.more.batch)));
            }
            (_, KeyCode::Char('w')) if report.more.rejects.is_some() => {
                let path = self.path();
                let stem =
                    path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
                let ending = path.extension().map(|ending| ending.to_string_lossy().into_owned());
                let ending =
                    ending.filter(|ending| ["csv", "tsv", "json", "jsonl", "txt"].contains(&ending.as_str()));
                let name = format!("{stem}-rejects.{}", ending.unwrap_or_else(|| "csv".to_owned()));
                let path = path.with_file_name(name).display().to_string();
                self.prompt = Some(Prompt::new(Ask::Rejects, &path, Vec::new()));
            }
            (_, KeyCode::Char('s')) if !self.plan.columns.is_empty() => {
                let path = self.path();
                let stem =
                    path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
                // The day or the number of an export is not what its shape is called.
                let name = stem.trim_end_matches(|c: char| c.is_ascii_digit() || "-_ ().".contains(c));
                self.prompt = Some(Prompt::new(Ask::Save, name, Vec::new()));
            }
            (action, code) => {
                self.scroll.key(action, code);
            }
        }
        Step::Stay
    }

    fn path_key(&mut self, key: Key, action: Option<Action>, cx: &mut Cx<'_>) -> Step {
        match action {
            _ if key.code == KeyCode::F(2) => {
                self.ticket = cx.ticket();
                cx.effects.push(Effect::PastImports(self.ticket));
                self.enter(Stage::Past(None));
            }
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
                    self.open(cx);
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
        if let Some(prompt) = &mut self.prompt {
            prompt.paste(text);
        } else if self.stage == Stage::Path {
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

    /// The file was looked at.
    pub fn inspected(&mut self, ticket: Ticket, result: Result<Plan, Notice>) {
        if ticket != self.ticket {
            return;
        }
        match result {
            Ok(plan) => {
                self.choices.clone_from(&plan.choices);
                self.plan = plan;
                self.at = self.at.min(self.plan.columns.len().max(OPTIONS.len()) - 1);
                if self.stage == Stage::Opening {
                    self.enter(Stage::About);
                }
            }
            Err(notice) => {
                if self.stage == Stage::Opening {
                    self.not_opened();
                } else {
                    self.choices = self.revert.clone();
                }
                self.error = Some(notice);
            }
        }
    }

    /// Earlier imports came.
    pub fn past_came(&mut self, ticket: Ticket, found: Vec<Past>) {
        if ticket == self.ticket && matches!(self.stage, Stage::Past(_)) {
            self.stage = Stage::Past(Some(found));
        }
    }

    /// Mapping or refused rows were written.
    pub fn kept(&mut self, ticket: Ticket, result: Result<Notice, Notice>) {
        if ticket == self.ticket {
            match result {
                Ok(notice) => (self.note, self.error) = (Some(notice), None),
                Err(notice) => self.error = Some(notice),
            }
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
            self.enter(Stage::Options);
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
                self.enter(Stage::Options);
                if cancelled {
                    return Some(Notice::warning("screen-import-cancelled"));
                }
                self.error = Some(notice);
                None
            }
        }
    }
}

#[cfg(test)]
pub(in crate::tui) mod tests;
