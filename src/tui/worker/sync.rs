//! The thread that shares the book: it syncs by itself, and does what is asked about sharing. Whatever the place does, nobody
//! else waits for this thread.

use super::convert::failed_with_hint;
use super::schedule::Schedule;
use super::share;
use super::watch::Watch;
use super::{Inbox, Out, search};
use crate::ops::{Book, OpError, Role, ShareGlance, SyncError, SyncReport, role_named};
use crate::tui::message::{Message, Ticket};
use crate::tui::state::data::Notice;
use crate::tui::state::share::data::{Phase, ShareAnswer, ShareAsk, Sharing};
use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;
use std::time::{Duration, Instant};

/// The first sync doesn't wait longer than this for the search to be ready.
const START: Duration = Duration::from_secs(10);

/// What came for the thread.
#[derive(Debug, Default)]
pub(super) struct Requests {
    /// What was asked for, in that order.
    pub(super) asks: VecDeque<(Ticket, ShareAsk)>,
    /// The screen has what it needs: the first sync can begin.
    pub(super) ready: bool,
    /// The screen changed the book.
    pub(super) edited: bool,
    /// Somebody changed it.
    pub(super) changed: bool,
    /// Something changed in the shared place.
    pub(super) arrived: bool,
    /// The screen is left: what others lack is sent, then this is told.
    pub(super) leave: Option<Sender<()>>,
    pub(super) stop: bool,
}

impl Requests {
    fn is_ready(&self) -> bool {
        !self.asks.is_empty()
            || self.ready
            || self.edited
            || self.changed
            || self.arrived
            || self.leave.is_some()
            || self.stop
    }
}

/// What other threads go by.
pub(super) struct Marks {
    /// Leaving may have something to send.
    pub(super) owes: Arc<AtomicBool>,
    /// A book is coming to be that nobody else may touch yet.
    pub(super) joining: Arc<AtomicBool>,
}

pub(super) struct Syncer {
    book: Book,
    inbox: Arc<Inbox<Requests>>,
    search: Arc<Inbox<search::Requests>>,
    marks: Marks,
    out: Out,
    /// Where books of one's own lie.
    books: PathBuf,
    schedule: Schedule,
    watch: Option<Watch>,
    phase: Phase,
    told: Option<Option<Sharing>>,
}

impl Syncer {
    pub(super) fn new(
        book: Book,
        inbox: Arc<Inbox<Requests>>,
        search: Arc<Inbox<search::Requests>>,
        marks: Marks,
        out: Out,
        books: PathBuf,
    ) -> Self {
        Self {
            book,
            inbox,
            search,
            marks,
            out,
            books,
            schedule: Schedule::default(),
            watch: None,
            phase: Phase::Rest,
            told: None,
        }
    }

    pub(super) fn run(mut self) {
        let shared = self.look().is_some();
        if !shared && self.book.is_carried_about() {
            self.out.send(Message::CarriedAbout);
        }
        let began = Instant::now();
        let mut started = false;
        loop {
            let due = if started { self.schedule.due() } else { Some(began + START) };
            let patience = due.map(|due| due.saturating_duration_since(Instant::now()));
            let came = self.inbox.take(Requests::is_ready, patience);
            if came.stop {
                return;
            }
            let now = Instant::now();
            if came.edited || came.changed {
                let owed = self.look().is_some_and(|glance| glance.unsent > 0);
                // What only came from others needs no sync.
                if owed {
                    self.schedule.edited(now);
                }
            }
            if came.arrived {
                self.schedule.arrived(now);
            }
            for (ticket, ask) in came.asks {
                let answer = self.ask(ask);
                self.out.send(Message::Shared(ticket, Box::new(answer)));
            }
            if let Some(done) = came.leave {
                if self.look().is_some_and(|glance| glance.unsent > 0) {
                    let _ = self.sync();
                }
                // Whoever waited may have left meanwhile.
                let _ = done.send(());
                return;
            }
            if !started && (came.ready || began.elapsed() >= START) {
                started = true;
                if self.look().is_some() {
                    self.schedule.at_once(now);
                }
            }
            if started && self.schedule.due().is_some_and(|due| due <= Instant::now()) {
                let _ = self.sync();
            }
        }
    }

    /// Tells how sharing stands by what is known here, and sees to it that the place is watched.
    fn look(&mut self) -> Option<ShareGlance> {
        // A book that is busy for a moment is looked at again soon.
        let Ok(glance) = self.book.share_glance() else { return None };
        self.marks.owes.store(glance.as_ref().is_some_and(|glance| glance.unsent > 0), Ordering::Relaxed);
        let Some(found) = &glance else {
            self.watch = None;
            self.schedule.stop();
            self.phase = Phase::Rest;
            self.tell(None);
            return None;
        };
        if self.watch.as_ref().is_none_or(|watch| watch.place != found.place) {
            let inbox = self.inbox.clone();
            self.watch = Watch::new(&found.place, move || inbox.put(|came| came.arrived = true));
        }
        self.tell(Some(Sharing {
            phase: self.phase.clone(),
            last: found.last_sync,
            unsent: found.unsent,
            waiting: found.waiting,
            conflicts: found.conflicts,
        }));
        glance
    }

    fn tell(&mut self, sharing: Option<Sharing>) {
        self.told = Some(sharing.clone());
        self.out.send(Message::Sharing(sharing.map(Box::new)));
    }

    fn phase(&mut self, phase: Phase) {
        self.phase = phase;
        if let Some(Some(sharing)) = self.told.clone() {
            self.tell(Some(Sharing { phase: self.phase.clone(), ..sharing }));
        }
    }

    /// Syncs, and tells how that went.
    fn sync(&mut self) -> Result<SyncReport, Notice> {
        self.phase(Phase::Syncing);
        let done = self.book.share_sync();
        self.settle(done)
    }

    /// After anything that synced: when the next one is due, what is told, who must look at the book again.
    fn settle(&mut self, done: Result<SyncReport, OpError>) -> Result<SyncReport, Notice> {
        let now = Instant::now();
        self.phase = Phase::Rest;
        self.schedule.done(now);
        let done = match done {
            Ok(report) => {
                if report.received > 0 {
                    self.search.put(|inbox| inbox.poke = true);
                }
                Ok(report)
            }
            Err(error) => {
                let kind = Trouble::of(&error);
                let why = failed_with_hint(error);
                match kind {
                    Trouble::Busy => self.schedule.busy(now),
                    Trouble::Person => {}
                    Trouble::Offline | Trouble::Other => {
                        // What was watched may have gone away; it is looked for anew.
                        self.watch = None;
                        let why = why.clone();
                        self.phase =
                            if kind == Trouble::Offline { Phase::Offline(why) } else { Phase::Failed(why) };
                    }
                }
                Err(why)
            }
        };
        self.look();
        done
    }

    fn ask(&mut self, ask: ShareAsk) -> Result<ShareAnswer, Notice> {
        let done = |notice| Ok(ShareAnswer::Done(notice));
        match ask {
            ShareAsk::Look => share::look(&mut self.book).map_err(failed_with_hint),
            ShareAsk::Sync => done(share::synced(&self.sync()?)),
            ShareAsk::Init(place) => {
                let place = share::within(&self.book, &place);
                let made = self.book.share_init(&place);
                self.settle(made)?;
                done(share::made(&place))
            }
            ShareAsk::Invite { name, role } => {
                let made = share::invite(&mut self.book, &name, &role).map_err(failed_with_hint)?;
                Ok(ShareAnswer::Invited(Box::new(made)))
            }
            ShareAsk::Role { name, role } => {
                let called = self.change(&name, role_named(&role))?;
                done(share::said("share-role-changed", &called))
            }
            ShareAsk::Remove(name) => {
                let called = self.change(&name, None)?;
                done(share::said("share-removed", &called))
            }
            ShareAsk::Leave => {
                self.phase(Phase::Syncing);
                let left = self.book.share_leave();
                self.phase = Phase::Rest;
                self.look();
                left.map_err(failed_with_hint)?;
                done(share::said("share-left", ""))
            }
            ShareAsk::Join { place, code, name } => {
                // The first write of another thread would make the book another one than it is to be.
                self.marks.joining.store(true, Ordering::Relaxed);
                let joined = share::join(&self.book, &place, &code, &name);
                self.marks.joining.store(joined.is_ok(), Ordering::Relaxed);
                joined?;
                Ok(ShareAnswer::Joined(name))
            }
            ShareAsk::Move => {
                let moved = share::move_out(&mut self.book, &self.books);
                Ok(ShareAnswer::Moved(moved.map_err(failed_with_hint)?))
            }
        }
    }

    /// Gives a member another role, or takes them out; says what they are called.
    fn change(&mut self, name: &str, role: Option<Role>) -> Result<String, Notice> {
        self.phase(Phase::Syncing);
        let mut whom = String::new();
        let changed = self.book.share_change(name, role).map(|(called, report)| {
            whom = called;
            report
        });
        self.settle(changed)?;
        Ok(whom)
    }
}

/// What a failure says about the place.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Trouble {
    /// It is out of reach.
    Offline,
    /// Another process syncs just now.
    Busy,
    /// Nothing: it is about who asked for what.
    Person,
    /// What lies there can't be used.
    Other,
}

impl Trouble {
    const fn of(error: &OpError) -> Self {
        match error {
            OpError::Sync(SyncError::NotShared(_) | SyncError::Io { .. }) | OpError::Io { .. } => {
                Self::Offline
            }
            OpError::SyncRuns => Self::Busy,
            OpError::Sync(SyncError::NotAllowed | SyncError::NotAdmitted | SyncError::LastAdmin)
            | OpError::NotFound { .. }
            | OpError::NotShared
            | OpError::Shared
            | OpError::PlaceTaken(_) => Self::Person,
            _ => Self::Other,
        }
    }
}
