//! What the screen knows: messages in, effects out. It knows neither the book nor how things are drawn.

pub mod bin;
pub mod confirm;
pub mod data;
pub mod fields;
pub mod first_start;
pub mod form;
mod form_rows;
pub mod help;
pub mod import;
mod keys;
pub mod list;
pub mod overlay;
pub mod palette;
pub mod pane;
pub mod quick_log;
pub mod search;
pub mod share;
pub mod tag_prompt;
#[cfg(test)]
pub(in crate::tui) mod tests;
pub mod you;

use super::keymap::Keymap;
use super::layout::{self, Pane};
use super::message::{Effect, Found, Message, Ticket, Written};
use super::words::Words;
use data::{Mistake, Notice, Tone};
use first_start::FirstStart;
use form::{Form, UnsavedContact};
use list::List;
use overlay::{Cx, Overlay};
use pane::{Detail, Timeline};
use quick_log::{QuickLog, UnsavedLog};
use search::Search;
use share::data::{Phase, ShareAnswer, Sharing};
use you::Who;

/// What was typed and is not saved.
#[derive(Clone, Debug, PartialEq)]
pub enum Unsaved {
    /// Into the form.
    Contact(Box<UnsavedContact>),
    /// Into the quick log.
    Log(UnsavedLog),
}

/// The whole state of the screen.
#[derive(Debug)]
pub struct State {
    /// The list pane.
    pub list: List,
    /// The contact pane.
    pub detail: Detail,
    /// The timeline pane.
    pub timeline: Timeline,
    /// The search bar.
    pub search: Search,
    /// The pane that has the keys.
    pub focus: Pane,
    /// What lies over the panes; the last has the keys.
    pub overlays: Vec<Overlay>,
    /// The last thing that was done or went wrong.
    pub notice: Option<Notice>,
    /// What undo would take back.
    pub undoable: Option<Notice>,
    /// How sharing stands; nothing if the book isn't shared.
    pub sharing: Option<Sharing>,
    /// The book's name.
    pub book: String,
    /// Who works with it.
    pub who: Who,
    /// What an earlier screen was left with; it opens again.
    pub resume: Option<Unsaved>,
    /// Columns and rows of the terminal.
    pub size: (u16, u16),
    /// What is said, and in which language.
    pub words: Words,
    keymap: Keymap,
    tickets: Ticket,
    rows_asked: Option<(Ticket, Vec<i64>)>,
    writing: Option<Ticket>,
    /// How far a change of many contacts is.
    pub bulk: Option<(usize, usize)>,
    /// Whether the index has been loaded.
    pub ready: bool,
    known: bool,
}

impl State {
    /// A screen of this size for a book of this name.
    pub fn new(book: String, size: (u16, u16), words: Words) -> Self {
        Self {
            list: List::default(),
            detail: Detail::default(),
            timeline: Timeline::default(),
            search: Search::default(),
            focus: Pane::default(),
            overlays: Vec::new(),
            notice: None,
            undoable: None,
            sharing: None,
            book,
            who: Who::default(),
            resume: None,
            size,
            words,
            keymap: Keymap::standard(),
            tickets: 0,
            rows_asked: None,
            writing: None,
            bulk: None,
            ready: false,
            known: false,
        }
    }

    /// What is to be done when the screen opens.
    pub fn begin(&mut self) -> Vec<Effect> {
        let mut effects = Vec::new();
        self.ask(&mut effects);
        match self.resume.take() {
            Some(Unsaved::Contact(unsaved)) => {
                let ticket = self.ticket();
                // It needs the custom fields alone: the contact may have changed since, or be gone.
                effects.push(Effect::Draft(ticket, None));
                self.overlays.push(Overlay::Form(Box::new(Form::resuming(*unsaved, ticket))));
            }
            Some(Unsaved::Log(unsaved)) => {
                self.overlays.push(Overlay::QuickLog(Box::new(QuickLog::resuming(unsaved))));
            }
            None => {}
        }
        effects
    }

    /// What would be lost if everything ended now.
    pub fn unsaved(&self) -> Option<Unsaved> {
        self.overlays.iter().find_map(|overlay| match overlay {
            Overlay::Form(form) => form.unsaved().map(|unsaved| Unsaved::Contact(Box::new(unsaved))),
            Overlay::QuickLog(log) => log.unsaved().map(Unsaved::Log),
            _ => None,
        })
    }

    /// Whether the first answers came, so that there is something to show.
    pub const fn knows_book(&self) -> bool {
        self.known
    }

    /// Whether an answer is on its way that the next frame should show.
    pub fn awaits(&self) -> bool {
        self.search.asked != self.search.shown
            || self.detail.is_awaited()
            || self.rows_asked.is_some()
            || self.is_writing()
    }

    /// Whether a change is on its way into the book.
    pub const fn is_writing(&self) -> bool {
        self.writing.is_some()
    }

    /// Where panes stand.
    pub fn layout(&self) -> layout::People {
        layout::people(self.size.0, self.size.1, self.focus)
    }

    fn list_rows(&self) -> usize {
        // A list that isn't shown keeps a page, so that it is ready when it comes back.
        match self.layout().list_rows() {
            0 => usize::from(self.size.1.saturating_sub(5)),
            rows => rows,
        }
    }

    fn ticket(&mut self) -> Ticket {
        self.tickets += 1;
        self.tickets
    }

    /// Takes a message.
    pub fn update(&mut self, message: Message) -> Vec<Effect> {
        let mut effects = Vec::new();
        match message {
            Message::Key(key) if self.bulk.is_some() && key.code == crossterm::event::KeyCode::Esc => {
                effects.push(Effect::CancelWrite);
            }
            Message::Key(key) => self.key(key, &mut effects),
            Message::Paste(text) => self.paste(&text, &mut effects),
            Message::Resize(width, height) => {
                self.size = (width, height);
                effects.push(Effect::Clear);
            }
            Message::Redraw => effects.push(Effect::Clear),
            Message::Terminate => effects.push(Effect::Quit),
            other => self.answer(other, &mut effects),
        }
        self.settle(&mut effects);
        let written = effects.iter().rev().find_map(|effect| match effect {
            Effect::Write(ticket, _) => Some(*ticket),
            _ => None,
        });
        self.writing = written.or(self.writing);
        effects
    }

    fn answer(&mut self, message: Message, effects: &mut Vec<Effect>) {
        match message {
            Message::FirstPage(rows) if self.search.shown == 0 => {
                self.list.ids = rows.iter().map(|row| row.id).collect::<Vec<_>>().into();
                self.list.keep(rows);
            }
            Message::Empty(empty) => {
                self.known = true;
                self.empty(empty, effects);
            }
            Message::Ready => self.ready = true,
            Message::Found(ticket, found) if ticket == self.search.asked => self.found(found, effects),
            Message::Rows(ticket, rows)
                if self.rows_asked.as_ref().is_some_and(|(asked, _)| *asked == ticket) =>
            {
                self.rows_asked = None;
                self.list.keep(rows);
            }
            Message::Detail(ticket, answer) => self.show(ticket, answer.map(|answer| *answer)),
            Message::Draft(ticket, draft, custom) => {
                // The help may lie over the form by now.
                let form = self.overlays.iter_mut().find_map(|overlay| match overlay {
                    Overlay::Form(form) if form.loading == Some(ticket) => Some(form),
                    _ => None,
                });
                let Some(form) = form else { return };
                form.load(*draft, &custom);
                for key in std::mem::take(&mut form.early) {
                    self.key(key, effects);
                }
            }
            Message::Completions(ticket, items) => {
                if let Some(top) = self.overlays.last_mut() {
                    top.offer(ticket, items);
                }
            }
            Message::Bin(ticket, rows) => {
                for overlay in &mut self.overlays {
                    if let Overlay::Bin(bin) = overlay {
                        bin.load(ticket, rows.clone());
                    }
                }
            }
            Message::Written(ticket, result) => self.written(ticket, result, effects),
            Message::Changed(ids) => self.changed(ids, effects),
            Message::Undoable(label) => self.undoable = label,
            Message::Bulk(done, all) => self.bulk = self.writing.map(|_| (done, all)),
            Message::Progress(ticket, progress) => {
                self.imports().for_each(|import| import.progress(ticket, progress));
            }
            Message::Imported(ticket, result) => {
                let mut notice = None;
                for import in self.imports() {
                    notice = notice.or(import.done(ticket, result.clone()));
                }
                self.notice = notice.or(self.notice.take());
            }
            Message::Inspected(ticket, result) => {
                for import in self.imports() {
                    import.inspected(ticket, result.clone().map(|plan| *plan));
                }
            }
            Message::Past(ticket, found) => {
                self.imports().for_each(|import| import.past_came(ticket, found.clone()));
            }
            Message::Kept(ticket, result) => {
                self.imports().for_each(|import| import.kept(ticket, result.clone()));
            }
            Message::Offers(offers) => {
                for overlay in &mut self.overlays {
                    if let Overlay::FirstStart(first) = overlay {
                        first.offer(offers.clone());
                    }
                }
            }
            Message::Conflicts(ticket, rows) => {
                for overlay in &mut self.overlays {
                    if let Overlay::Conflicts(conflicts) = overlay {
                        conflicts.load(ticket, rows.clone());
                    }
                }
            }
            Message::Sharing(sharing) => self.share_stands(sharing.map(|sharing| *sharing), effects),
            Message::Shared(ticket, answer) => self.shared(ticket, *answer, effects),
            Message::CarriedAbout if self.overlays.is_empty() => self.share(effects),
            Message::Failed(notice) => self.notice = Some(notice),
            _ => {}
        }
    }

    /// How sharing stands has changed; who looks at it sees that once nothing is under way.
    fn share_stands(&mut self, sharing: Option<Sharing>, effects: &mut Vec<Effect>) {
        let is_syncing = |sharing: &Option<Sharing>| {
            sharing.as_ref().is_some_and(|sharing| sharing.phase == Phase::Syncing)
        };
        let settled = !is_syncing(&sharing) && self.sharing != sharing;
        self.sharing = sharing;
        let mut cx = Cx { tickets: &mut self.tickets, effects, words: &self.words };
        for overlay in &mut self.overlays {
            match overlay {
                Overlay::Share(share) if settled => share.refresh(&mut cx),
                _ => {}
            }
        }
    }

    fn shared(&mut self, ticket: Ticket, answer: Result<ShareAnswer, Notice>, effects: &mut Vec<Effect>) {
        match &answer {
            Ok(ShareAnswer::Joined(name)) => return effects.push(Effect::Joined(name.clone())),
            Ok(ShareAnswer::Moved(path)) => return effects.push(Effect::Moved(path.clone())),
            _ => {}
        }
        let mut cx = Cx { tickets: &mut self.tickets, effects, words: &self.words };
        let mut seen = false;
        for overlay in &mut self.overlays {
            match overlay {
                Overlay::Share(share) => {
                    share.answered(ticket, answer.clone(), &mut cx);
                    seen = true;
                }
                Overlay::Join(join) => {
                    join.answered(ticket, &answer);
                    seen = true;
                }
                _ => {}
            }
        }
        if !seen {
            // Asked for by a key, or the overlay has been closed meanwhile.
            match answer {
                Ok(ShareAnswer::Done(notice)) | Err(notice) => self.notice = Some(notice),
                Ok(_) => {}
            }
        }
    }

    fn imports(&mut self) -> impl Iterator<Item = &mut import::Import> {
        self.overlays.iter_mut().filter_map(|overlay| match overlay {
            Overlay::Import(import) => Some(&mut **import),
            _ => None,
        })
    }

    fn empty(&mut self, empty: bool, effects: &mut Vec<Effect>) {
        let at = self.overlays.iter().position(|overlay| matches!(overlay, Overlay::FirstStart(_)));
        match at {
            None if empty && self.overlays.is_empty() => {
                self.overlays.push(Overlay::FirstStart(FirstStart::default()));
                effects.push(Effect::FindOffers);
            }
            Some(at) if !empty => drop(self.overlays.remove(at)),
            _ => {}
        }
    }

    fn found(&mut self, found: Result<Found, Mistake>, effects: &mut Vec<Effect>) {
        self.search.shown = self.search.asked;
        match found {
            Ok(found) => {
                self.search.mistake = None;
                self.list.total = found.total;
                self.list.of = found.of.or(self.list.of);
                self.list.terms = found.terms;
                self.list.keep(found.rows);
                let to_top = self.search.typed && !self.list.held;
                self.search.typed = false;
                self.list.replace(found.ids, to_top);
                if self.search.text().is_empty() && self.list.ids.len() >= self.list.total {
                    self.list.forget_gone();
                }
                if self.list.mark_all_found && self.list.ids.len() >= self.list.total {
                    self.list.mark_all();
                    self.notice = Some(Notice::good("screen-marked").number("count", self.list.marks.len()));
                }
                self.list.mark_all_found &= self.list.ids.len() < self.list.total;
            }
            Err(mistake) => {
                if std::mem::take(&mut self.list.mark_all_found) {
                    self.notice = Some(Notice::warning("screen-mark-mistake"));
                }
                self.search.mistake = Some(mistake);
            }
        }
        if self.search.stale {
            self.ask(effects);
        }
    }

    fn show(&mut self, ticket: Ticket, answer: Option<(data::Detail, Vec<data::Event>)>) {
        if !self.detail.take(ticket) {
            return;
        }
        let (detail, events) = answer.map_or((None, Vec::new()), |(detail, events)| (Some(detail), events));
        let same =
            self.detail.shown.as_ref().map(|shown| shown.id) == detail.as_ref().map(|detail| detail.id);
        self.detail.show(detail, same);
        self.timeline.show(events, same);
    }

    fn written(&mut self, ticket: Ticket, result: Result<Written, Notice>, effects: &mut Vec<Effect>) {
        self.writing = self.writing.filter(|writing| *writing != ticket);
        self.bulk = None;
        let error = result.as_ref().err().cloned();
        let done = self.overlays.iter_mut().position(|overlay| overlay.saved(ticket, error.as_ref()));
        match result {
            Ok(written) => {
                if let Some(at) = done {
                    self.overlays.remove(at);
                }
                if let Some(id) = written.made {
                    // Somebody is there now: what is typed next must not fall to the welcome until the list says so.
                    self.empty(false, effects);
                    self.list.wanted = Some(id);
                    self.search.clear();
                    self.ask(effects);
                }
                self.list.returning = written.back;
                self.notice = Some(written.notice);
            }
            Err(notice) => {
                let shown_there = self.overlays.last().is_some_and(Overlay::shows_errors);
                if !shown_there {
                    self.notice = Some(notice);
                }
            }
        }
    }

    fn changed(&mut self, ids: Option<Vec<i64>>, effects: &mut Vec<Effect>) {
        self.rows_asked = None;
        self.list.forget(ids.as_deref());
        self.detail.forget(ids.as_deref());
        let mut cx = Cx { tickets: &mut self.tickets, effects, words: &self.words };
        for overlay in &mut self.overlays {
            match overlay {
                Overlay::Bin(bin) => bin.ask(&mut cx),
                Overlay::Conflicts(conflicts) => conflicts.ask(&mut cx),
                _ => {}
            }
        }
        self.ask(effects);
    }

    /// Searches for what stands in the search bar.
    fn ask(&mut self, effects: &mut Vec<Effect>) {
        if self.search.asked != self.search.shown && !self.search.typed {
            // One is on its way already; it is asked again once that has come, so that a busy book starves nobody.
            self.search.stale = true;
            return;
        }
        self.search.stale = false;
        self.search.asked = self.ticket();
        effects.push(Effect::Search {
            ticket: self.search.asked,
            text: self.search.text().to_owned(),
            sort: self.list.sort,
            rows: self.list_rows() * 2,
            limit: self.list.limit,
        });
    }

    /// A key was typed into the search bar.
    fn typed(&mut self, effects: &mut Vec<Effect>) {
        self.search.typed = true;
        self.list.wanted = None;
        self.list.limit = list::FIRST_LIMIT;
        self.list.held = false;
        self.ask(effects);
    }

    /// After every message: the cursor is in sight, and what is to be seen is asked for.
    fn settle(&mut self, effects: &mut Vec<Effect>) {
        let height = self.list_rows();
        self.list.scroll(height);
        if self.list.wants_more(height) {
            self.list.limit = usize::MAX;
            self.search.typed = false;
            self.ask(effects);
        }
        let missing = self.list.missing(height);
        if !missing.is_empty() && self.rows_asked.as_ref().is_none_or(|(_, asked)| *asked != missing) {
            let ticket = self.ticket();
            effects.push(Effect::Rows(ticket, missing.clone()));
            self.rows_asked = Some((ticket, missing));
        }
        let current = self.list.current();
        if self.detail.wants(current) {
            let ticket = self.ticket();
            self.detail.ask(ticket, current);
            match current {
                Some(id) => effects.push(Effect::Detail(ticket, id)),
                None => self.show(ticket, None),
            }
        }
    }

    fn cx<'a>(&'a mut self, effects: &'a mut Vec<Effect>) -> (Cx<'a>, Option<&'a mut Overlay>) {
        (Cx { tickets: &mut self.tickets, effects, words: &self.words }, self.overlays.last_mut())
    }

    /// Whether something typed would be lost by leaving now.
    fn is_changed(&self) -> bool {
        self.overlays.iter().any(Overlay::is_changed)
    }

    /// How the notice is meant, if there is one.
    pub fn tone(&self) -> Option<Tone> {
        self.notice.as_ref().map(|notice| notice.tone)
    }
}
