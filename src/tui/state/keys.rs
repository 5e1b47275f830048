//! Keys and what they do.

use super::State;
use super::bin::Bin;
use super::confirm::{Confirm, Then};
use super::data::Notice;
use super::form::Form;
use super::help::Help;
use super::import::Import;
use super::overlay::{Overlay, Step};
use super::palette::Palette;
use super::quick_log::QuickLog;
use super::share::Share;
use super::share::conflicts::Conflicts;
use super::share::data::ShareAsk;
use super::share::join::Join;
use super::tag_prompt::TagPrompt;
use super::you::You;
use crate::tui::action::{Action, Context};
use crate::tui::keymap::Key;
use crate::tui::layout::{Pane, People};
use crate::tui::message::{Effect, Write};
use crossterm::event::{KeyCode, KeyModifiers};
use std::path::PathBuf;

impl State {
    /// Where keys are looked up now.
    pub fn context(&self) -> Context {
        match self.overlays.last() {
            Some(overlay) => overlay.context(),
            None if self.search.active => Context::Search,
            None => Context::People,
        }
    }

    pub(super) fn key(&mut self, key: Key, effects: &mut Vec<Effect>) {
        self.notice = None;
        let context = self.context();
        let action = self.keymap.action(context, key);
        // Esc and a letter soon after it come as Alt and the letter; where text is typed Alt has a meaning of its own.
        let typing = matches!(context, Context::Form | Context::Prompt | Context::Search);
        if let (None, KeyCode::Char(_), KeyModifiers::ALT, false) = (action, key.code, key.mods, typing) {
            self.key(Key { code: KeyCode::Esc, mods: KeyModifiers::NONE }, effects);
            return self.key(Key { mods: KeyModifiers::NONE, ..key }, effects);
        }
        match action {
            Some(Action::Interrupt) if self.overlays.is_empty() && !self.search.text().is_empty() => {
                return self.clear_search(effects);
            }
            Some(Action::Interrupt) => return self.quit(effects),
            Some(Action::Suspend) => return effects.push(Effect::Suspend),
            Some(Action::Redraw) => return effects.push(Effect::Clear),
            Some(Action::Help) if !matches!(self.overlays.last(), Some(Overlay::Help(_))) => {
                return self.help();
            }
            _ => {}
        }
        if !self.overlays.is_empty() {
            let (mut cx, top) = self.cx(effects);
            let step = top.map_or(Step::Stay, |top| top.key(key, action, &mut cx));
            self.step(step, effects);
        } else if self.search.active {
            self.search_key(key, action, effects);
        } else if let Some(action) = action {
            self.act(action, effects);
        }
    }

    pub(super) fn paste(&mut self, text: &str, effects: &mut Vec<Effect>) {
        if !self.overlays.is_empty() {
            let (mut cx, top) = self.cx(effects);
            let step = top.map_or(Step::Stay, |top| top.paste(text, &mut cx));
            self.step(step, effects);
        } else {
            // Whatever is pasted onto the list is searched, never taken for commands.
            self.search.active = true;
            self.search.input.paste(text);
            self.typed(effects);
        }
    }

    fn step(&mut self, step: Step, effects: &mut Vec<Effect>) {
        match step {
            Step::Stay => {}
            Step::Close => drop(self.overlays.pop()),
            Step::Act(action) => {
                // The first start stays below, until the book has someone in it.
                if !matches!(self.overlays.last(), Some(Overlay::FirstStart(_))) {
                    self.overlays.pop();
                }
                self.act(action, effects);
            }
            Step::Write(write) => {
                self.overlays.pop();
                self.write(*write, effects);
            }
            Step::Ask(confirm) => self.overlays.push(Overlay::Confirm(*confirm)),
            Step::AskDiscard => self.overlays.push(Overlay::Confirm(Confirm {
                question: Notice::warning("screen-ask-discard"),
                then: Then::Discard,
            })),
            Step::Confirmed(then) => {
                self.overlays.pop();
                match *then {
                    Then::Write(write) => self.write(write, effects),
                    Then::Share(ask) => {
                        let (mut cx, top) = self.cx(effects);
                        if let Some(Overlay::Share(share)) = top {
                            share.said = None;
                            share.ask(ask, &mut cx);
                        }
                    }
                    Then::Discard => drop(self.overlays.pop()),
                    Then::Quit => effects.push(Effect::Quit),
                }
            }
            Step::Import(path) => self.import(path, effects),
            Step::Help => self.help(),
            Step::Conflicts => self.conflicts(effects),
            Step::Join => {
                let name = self.who.name.clone();
                let (mut cx, _) = self.cx(effects);
                let join = Join::new(&name, &mut cx);
                self.overlays.push(Overlay::Join(Box::new(join)));
            }
            Step::You => self.overlays.push(Overlay::You(Box::new(You::new(&self.who)))),
            Step::Language => self.switch_language(effects),
        }
    }

    fn search_key(&mut self, key: Key, action: Option<Action>, effects: &mut Vec<Effect>) {
        match action {
            Some(Action::Accept) => self.search.active = false,
            Some(Action::Back) => {
                if self.search.text().is_empty() {
                    self.search.active = false;
                } else {
                    self.clear_search(effects);
                }
            }
            Some(action @ (Action::Down | Action::Up | Action::PageDown | Action::PageUp)) => {
                self.focus = Pane::List;
                self.travel(action);
            }
            _ => {
                let before = self.search.text().to_owned();
                if self.search.input.key(key) && self.search.text() != before {
                    self.typed(effects);
                }
            }
        }
    }

    /// All keys, those of what is on top first.
    fn help(&mut self) {
        let own = self.overlays.last().map(Overlay::keys).unwrap_or_default();
        self.overlays.push(Overlay::Help(Help::new(self.context(), own)));
    }

    /// The other language, from now on and the next time.
    fn switch_language(&mut self, effects: &mut Vec<Effect>) {
        self.words.switch();
        effects.push(Effect::KeepLanguage(self.words.lang().language()));
    }

    fn clear_search(&mut self, effects: &mut Vec<Effect>) {
        self.search.clear();
        self.list.limit = super::list::FIRST_LIMIT;
        self.ask(effects);
    }

    /// Does what a key, the palette or the first start asks for.
    pub(super) fn act(&mut self, action: Action, effects: &mut Vec<Effect>) {
        match action {
            Action::Down | Action::Up | Action::PageDown | Action::PageUp | Action::Top | Action::Bottom => {
                self.travel(action);
            }
            Action::Left => self.focus = if self.focus == Pane::Timeline { Pane::Detail } else { Pane::List },
            Action::Right => {
                self.focus = if self.focus == Pane::List { Pane::Detail } else { Pane::Timeline }
            }
            Action::NextPane => self.focus = self.focus.next(),
            Action::PreviousPane => self.focus = self.focus.previous(),
            Action::Open => self.focus = if self.focus == Pane::List { Pane::Detail } else { Pane::Timeline },
            Action::Back => self.back(effects),
            Action::Quit => {
                if self.overlays.is_empty() && self.focus != Pane::List {
                    self.focus = Pane::List;
                } else if self.overlays.is_empty() && !self.search.text().is_empty() {
                    self.clear_search(effects);
                } else {
                    self.quit(effects);
                }
            }
            Action::Search => {
                self.focus = Pane::List;
                self.search.active = true;
                self.list.held = false;
            }
            Action::Mark => self.list.mark(),
            Action::MarkAll => self.mark_all(effects),
            Action::Sort => {
                self.list.sort = self.list.sort.next();
                self.notice = Some(Notice::good(self.list.sort.key()));
                self.ask(effects);
            }
            Action::Language => self.switch_language(effects),
            Action::Palette => self.overlays.push(Overlay::Palette(Palette::new(&self.words))),
            Action::Help => self.help(),
            Action::Copy => self.copy(effects),
            Action::Bin => {
                let (mut cx, _) = self.cx(effects);
                let bin = Bin::new(&mut cx);
                self.overlays.push(Overlay::Bin(bin));
            }
            Action::Import => self.import(None, effects),
            Action::Share => self.share(effects),
            Action::Conflicts => self.conflicts(effects),
            Action::Sync => {
                if self.sharing.is_some() {
                    let ticket = self.ticket();
                    effects.push(Effect::Share(ticket, ShareAsk::Sync));
                } else {
                    self.notice = Some(Notice::warning("screen-share-not"));
                }
            }
            Action::Undo => self.write(Write::Undo, effects),
            Action::Redo => self.write(Write::Redo, effects),
            Action::Add => self.form(None, effects),
            Action::Edit | Action::Delete if self.focus == Pane::Timeline => {
                self.act_on_event(action, effects);
            }
            Action::Edit => match self.list.targets()[..] {
                [id] => self.form(Some(id), effects),
                // A form shows one contact: it must not look as if it were about all of them.
                [_, ..] => self.notice = Some(Notice::warning("screen-edit-one")),
                [] => self.notice = Some(Notice::warning("screen-nobody")),
            },
            Action::Log | Action::Tag | Action::Star | Action::Archive | Action::Delete => {
                self.act_on_targets(action, effects);
            }
            _ => {}
        }
    }

    fn act_on_targets(&mut self, action: Action, effects: &mut Vec<Effect>) {
        let ids = self.list.targets();
        if ids.is_empty() {
            self.notice = Some(Notice::warning("screen-nobody"));
            return;
        }
        let row = |id: &i64| self.list.row(*id);
        match action {
            Action::Log => {
                let name = row(&ids[0]).map(|row| row.name.clone()).unwrap_or_default();
                self.overlays.push(Overlay::QuickLog(Box::new(QuickLog::new(ids, name))));
            }
            Action::Tag => {
                let (mut cx, _) = self.cx(effects);
                let prompt = TagPrompt::new(ids, &mut cx);
                self.overlays.push(Overlay::Tag(prompt));
            }
            Action::Star => {
                let on = !ids.iter().all(|id| row(id).is_some_and(|row| row.starred));
                self.write(Write::Star(ids, on), effects);
            }
            Action::Archive => {
                let on = !ids.iter().all(|id| row(id).is_some_and(|row| row.archived));
                self.write(Write::Archive(ids, on), effects);
            }
            Action::Delete if ids.len() == 1 => self.write(Write::Delete(ids), effects),
            _ => self.overlays.push(Overlay::Confirm(Confirm {
                question: Notice::warning("screen-ask-delete").number("count", ids.len()),
                then: Then::Write(Write::Delete(ids)),
            })),
        }
    }

    /// Edits or deletes what the cursor of the timeline is on.
    fn act_on_event(&mut self, action: Action, effects: &mut Vec<Effect>) {
        let shown = self.detail.shown.as_ref().map(|contact| contact.id);
        let event =
            self.timeline.events.get(self.timeline.cursor.at()).filter(|_| shown == self.list.current());
        match event {
            None => self.notice = Some(Notice::warning("screen-no-event")),
            Some(event) if action == Action::Edit => {
                self.overlays.push(Overlay::QuickLog(Box::new(QuickLog::of(event))));
            }
            Some(event) => self.write(Write::DeleteEvent(event.id), effects),
        }
    }

    fn mark_all(&mut self, effects: &mut Vec<Effect>) {
        if self.search.mistake.is_some() {
            self.notice = Some(Notice::warning("screen-mark-mistake"));
            return;
        }
        // What is listed may be what was found before the last key.
        if self.list.ids.len() < self.list.total || self.search.asked != self.search.shown {
            self.list.mark_all_found = true;
            self.list.limit = usize::MAX;
            self.ask(effects);
        } else {
            self.list.mark_all();
            self.notice = Some(Notice::good("screen-marked").number("count", self.list.marks.len()));
        }
    }

    /// One step back: out of a pane, then the search, then the marks.
    fn back(&mut self, effects: &mut Vec<Effect>) {
        if self.focus != Pane::List {
            self.focus = Pane::List;
        } else if !self.search.text().is_empty() {
            self.clear_search(effects);
        } else {
            self.list.marks.clear();
        }
    }

    pub(super) fn quit(&mut self, effects: &mut Vec<Effect>) {
        let asked = matches!(self.overlays.last(), Some(Overlay::Confirm(Confirm { then: Then::Quit, .. })));
        if asked || !self.is_changed() {
            effects.push(Effect::Quit);
        } else {
            let question = Notice::warning("screen-ask-quit");
            self.overlays.push(Overlay::Confirm(Confirm { question, then: Then::Quit }));
        }
    }

    fn travel(&mut self, action: Action) {
        let layout = self.layout();
        let page = match self.focus {
            Pane::List => self.list_rows(),
            Pane::Detail => People::inner_rows(layout.detail),
            Pane::Timeline => People::inner_rows(layout.timeline) / 2,
        };
        let page = isize::try_from(page.max(2)).unwrap_or(isize::MAX) - 1;
        let by = match action {
            Action::Down => 1,
            Action::Up => -1,
            Action::PageDown => page,
            Action::PageUp => -page,
            Action::Top => isize::MIN / 2,
            _ => isize::MAX / 2,
        };
        let (cursor, entries) = match self.focus {
            Pane::List => return self.list.move_by(by),
            Pane::Detail => {
                let lines = self.detail.lines();
                (&mut self.detail.cursor, lines)
            }
            Pane::Timeline => (&mut self.timeline.cursor, self.timeline.events.len()),
        };
        match action {
            Action::Top | Action::Bottom => cursor.jump(action == Action::Bottom, entries),
            _ => cursor.move_by(by, entries),
        }
    }

    fn copy(&mut self, effects: &mut Vec<Effect>) {
        let contact = self.detail.shown.as_ref();
        let text = match self.focus {
            Pane::List => contact.map(|contact| {
                let email = contact.lines.iter().find(|line| line.is_field("email")).map(|line| &line.value);
                email.unwrap_or(&contact.name).clone()
            }),
            Pane::Detail => contact
                .and_then(|contact| contact.lines.get(self.detail.cursor.at()))
                .map(|line| line.value.clone()),
            Pane::Timeline => self.timeline.events.get(self.timeline.cursor.at()).map(|event| {
                let parts = [event.subject.as_str(), event.body.as_str()];
                parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n")
            }),
        };
        match text.filter(|text| !text.is_empty()) {
            Some(text) => {
                let first = text.lines().next().unwrap_or_default();
                self.notice = Some(Notice::good("screen-copied").text("value", first));
                effects.push(Effect::Copy(text));
            }
            None => self.notice = Some(Notice::warning("screen-nothing-to-copy")),
        }
    }

    fn import(&mut self, path: Option<PathBuf>, effects: &mut Vec<Effect>) {
        let (mut cx, _) = self.cx(effects);
        let import = Import::new(path, &mut cx);
        self.overlays.push(Overlay::Import(Box::new(import)));
    }

    /// With whom the book is shared, or how it could be.
    pub(super) fn share(&mut self, effects: &mut Vec<Effect>) {
        let (mut cx, _) = self.cx(effects);
        let share = Share::new(&mut cx);
        self.overlays.push(Overlay::Share(Box::new(share)));
    }

    fn conflicts(&mut self, effects: &mut Vec<Effect>) {
        let (mut cx, _) = self.cx(effects);
        let conflicts = Conflicts::new(&mut cx);
        self.overlays.push(Overlay::Conflicts(conflicts));
    }

    fn form(&mut self, id: Option<i64>, effects: &mut Vec<Effect>) {
        let ticket = self.ticket();
        effects.push(Effect::Draft(ticket, id));
        self.overlays.push(Overlay::Form(Box::new(Form::waiting(id, ticket))));
    }

    pub(super) fn write(&mut self, write: Write, effects: &mut Vec<Effect>) {
        if let Write::Delete(ids) = &write {
            self.list.marks.clear();
            self.list.wanted = self.list.wanted.filter(|wanted| !ids.contains(wanted));
        }
        let ticket = self.ticket();
        effects.push(Effect::Write(ticket, write));
    }
}
