//! The only room of the screen that calls the book: threads that take effects and answer with messages.

mod convert;
mod files;
mod import;
mod order;
mod reader;
mod schedule;
mod search;
mod share;
mod sync;
mod watch;
mod writer;

use super::message::{Effect, Message};
use super::trace::Trace;
use crate::config::Dates;
use crate::ops::{Book, Session};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

pub(super) use convert::failed;

/// Who leaves waits at most so long for the last changes to be sent: they go with the next start, too.
const LEAVE: Duration = Duration::from_millis(1500);

/// How often other processes' changes are looked for.
const POLL: Duration = Duration::from_millis(300);

/// A place where the latest request wins: what is put in before the thread comes to it replaces what was there.
#[derive(Debug, Default)]
struct Inbox<T> {
    content: Mutex<T>,
    bell: Condvar,
}

impl<T: Default> Inbox<T> {
    fn lock(&self) -> MutexGuard<'_, T> {
        // A thread that panicked took the content out before it began to work, so what is there is whole.
        self.content.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the content and wakes the thread.
    fn put(&self, change: impl FnOnce(&mut T)) {
        change(&mut self.lock());
        self.bell.notify_all();
    }

    /// Takes the content once `ready`, or as it is after the time.
    fn take(&self, ready: impl Fn(&T) -> bool, patience: Option<Duration>) -> T {
        let guard = self.lock();
        let mut guard = match patience {
            Some(time) => {
                let waited = self.bell.wait_timeout_while(guard, time, |content| !ready(content));
                waited.unwrap_or_else(PoisonError::into_inner).0
            }
            None => {
                let waited = self.bell.wait_while(guard, |content| !ready(content));
                waited.unwrap_or_else(PoisonError::into_inner)
            }
        };
        std::mem::take(&mut *guard)
    }
}

/// Where all threads send what they found.
#[derive(Clone)]
struct Out {
    messages: Sender<Message>,
}

impl Out {
    /// Nobody listens any more once the screen is gone, which is no error.
    fn send(&self, message: Message) {
        let _ = self.messages.send(message);
    }

    fn failed(&self, error: crate::ops::OpError) {
        self.send(Message::Failed(failed(error)));
    }
}

/// What the threads know of the settings.
#[derive(Clone, Debug)]
pub struct Setup {
    /// Where mappings of imports lie.
    pub mappings: PathBuf,
    /// Where the user's own profiles of systems lie.
    pub profiles: PathBuf,
    /// Where books of one's own lie.
    pub books: PathBuf,
    /// How days are written.
    pub dates: Dates,
}

/// The threads.
pub struct Workers {
    search: Arc<Inbox<search::Requests>>,
    reader: Arc<Inbox<reader::Requests>>,
    sync: Arc<Inbox<sync::Requests>>,
    /// Whether others may lack something of this device.
    owes: Arc<AtomicBool>,
    writer: Sender<writer::Job>,
    cancel_import: Arc<AtomicBool>,
    cancel_write: Arc<AtomicBool>,
    cancel_search: Arc<AtomicBool>,
    gate: Gate,
}

impl Workers {
    /// Starts the threads on a book.
    pub fn start(
        book: &Book,
        messages: Sender<Message>,
        first_rows: usize,
        setup: Setup,
        trace: Option<Arc<Trace>>,
    ) -> Self {
        let out = Out { messages };
        let search_inbox: Arc<Inbox<search::Requests>> = Arc::default();
        let reader_inbox: Arc<Inbox<reader::Requests>> = Arc::default();
        let order_inbox: Arc<Inbox<order::Requests>> = Arc::default();
        let sync_inbox: Arc<Inbox<sync::Requests>> = Arc::default();
        let owes = Arc::new(AtomicBool::new(false));
        let joining = Arc::new(AtomicBool::new(false));
        let cancel_import = Arc::new(AtomicBool::new(false));
        let cancel_write = Arc::new(AtomicBool::new(false));
        let cancel_search = Arc::new(AtomicBool::new(false));
        let (writer, jobs): (Sender<writer::Job>, Receiver<writer::Job>) = std::sync::mpsc::channel();

        // Each thread opens the book for itself, the one that the first frame waits for before all others.
        let open = Opener {
            path: book.path().to_owned(),
            session: book.session().clone(),
            out: out.clone(),
            gate: Gate::default(),
        };
        let (inbox, sends, reading) = (reader_inbox.clone(), out.clone(), setup.clone());
        open.spawn_first("reader", move |book| {
            reader::Reader::new(book, inbox, sends, reading).run(first_rows);
        });
        let gate = open.gate.clone();
        let (inbox, orders, sends) = (search_inbox.clone(), order_inbox.clone(), out.clone());
        let others = (writer.clone(), sync_inbox.clone(), joining.clone());
        let cancel = cancel_search.clone();
        open.spawn("search", move |book| {
            search::Searcher::new(book, inbox, orders, others, cancel, sends, trace).run();
        });
        let (inbox, sends) = (search_inbox.clone(), out.clone());
        open.spawn("index", move |book| order::Loader::new(book, order_inbox, inbox, sends).run());
        let (inbox, cancel) = (search_inbox.clone(), cancel_import.clone());
        let books = setup.books.clone();
        let (sends, tells) = (out.clone(), (sync_inbox.clone(), owes.clone()));
        let stop = cancel_write.clone();
        open.spawn("writer", move |book| {
            let writer = writer::Writer::new(book, inbox, tells, cancel, sends, setup);
            writer.telling(stop).run(&jobs);
        });
        let (inbox, search) = (sync_inbox.clone(), search_inbox.clone());
        let marks = sync::Marks { owes: owes.clone(), joining };
        open.spawn("sync", move |book| sync::Syncer::new(book, inbox, search, marks, out, books).run());
        Self {
            search: search_inbox,
            reader: reader_inbox,
            sync: sync_inbox,
            owes,
            writer,
            cancel_import,
            cancel_write,
            cancel_search,
            gate,
        }
    }

    /// The first frame is on the screen: now the cores are free for what reads the whole book.
    pub fn drawn(&self) {
        self.gate.open();
    }

    /// The screen is left: what others lack is sent now, unless that takes longer than anyone would wait for.
    pub fn leave(&self) {
        if !self.owes.load(Ordering::Relaxed) && !self.sync.lock().edited {
            return;
        }
        let (done, told) = std::sync::mpsc::channel();
        self.sync.put(|came| came.leave = Some(done));
        let _ = told.recv_timeout(LEAVE);
    }

    /// Hands an effect to the thread that does it; gives back what is not for the book.
    pub fn run(&self, effect: Effect) -> Option<Effect> {
        match effect {
            Effect::Search { ticket, text, sort, rows, limit } => {
                self.cancel_search.store(true, Ordering::Relaxed);
                let request = search::Request { ticket, text, sort, rows, limit };
                self.search.put(|inbox| inbox.search = Some(request));
            }
            Effect::Rows(ticket, ids) => self.reader.put(|inbox| inbox.rows = Some((ticket, ids))),
            Effect::Detail(ticket, id) => self.reader.put(|inbox| inbox.detail = Some((ticket, id))),
            Effect::Draft(ticket, id) => self.reader.put(|inbox| inbox.draft = Some((ticket, id))),
            Effect::Complete(ticket, what, text) => {
                self.reader.put(|inbox| inbox.complete = Some((ticket, what, text)));
            }
            Effect::PastImports(ticket) => self.reader.put(|inbox| inbox.past = Some(ticket)),
            Effect::FindOffers => self.reader.put(|inbox| inbox.offers = true),
            Effect::Conflicts(ticket) => self.reader.put(|inbox| inbox.conflicts = Some(ticket)),
            Effect::Share(ticket, ask) => self.sync.put(|came| came.asks.push_back((ticket, ask))),
            Effect::Bin(ticket) => self.job(writer::Job::Bin(ticket)),
            Effect::Write(ticket, write) => {
                self.cancel_write.store(false, Ordering::Relaxed);
                self.job(writer::Job::Write(ticket, write));
            }
            Effect::Import { ticket, path, trial, choices, lang } => {
                self.cancel_import.store(false, Ordering::Relaxed);
                self.job(writer::Job::Import { ticket, path, trial, choices, lang });
            }
            Effect::Inspect { ticket, path, choices } => {
                self.reader.put(|inbox| inbox.inspect = Some((ticket, path, choices)));
            }
            Effect::SaveMapping { ticket, name, columns, choices } => {
                let save = reader::Save::Mapping { name, columns, choices };
                self.reader.put(|inbox| inbox.save = Some((ticket, save)));
            }
            Effect::SaveRejects { ticket, from, to } => {
                self.reader.put(|inbox| inbox.save = Some((ticket, reader::Save::Rejects { from, to })));
            }
            Effect::CancelImport => self.cancel_import.store(true, Ordering::Relaxed),
            Effect::CancelWrite => self.cancel_write.store(true, Ordering::Relaxed),
            other => return Some(other),
        }
        None
    }

    fn job(&self, job: writer::Job) {
        // The writer ends only when all senders are gone.
        let _ = self.writer.send(job);
    }
}

impl Drop for Workers {
    fn drop(&mut self) {
        self.cancel_import.store(true, Ordering::Relaxed);
        self.cancel_search.store(true, Ordering::Relaxed);
        self.reader.put(|inbox| inbox.stop = true);
        self.search.put(|inbox| inbox.stop = true);
        self.sync.put(|came| came.stop = true);
    }
}

/// Opens the book on threads.
struct Opener {
    path: PathBuf,
    session: Session,
    out: Out,
    gate: Gate,
}

/// Keeps what reads the whole book from taking the cores before the first frame is drawn, which must not grow with the
/// book.
#[derive(Clone, Default)]
struct Gate(Arc<(Mutex<bool>, Condvar)>);

impl Gate {
    fn open(&self) {
        if let Ok(mut open) = self.0.0.lock() {
            *open = true;
        }
        self.0.1.notify_all();
    }

    /// Waits, but not for ever: a screen that does not draw must not keep the others from saying why.
    fn wait(&self) {
        if let Ok(open) = self.0.0.lock() {
            drop(self.0.1.wait_timeout_while(open, Duration::from_millis(250), |open| !*open));
        }
    }
}

impl Opener {
    fn spawn(&self, name: &str, work: impl FnOnce(Book) + Send + 'static) {
        let gate = self.gate.clone();
        self.start(name, move || gate.wait(), work);
    }

    fn spawn_first(&self, name: &str, work: impl FnOnce(Book) + Send + 'static) {
        self.start(name, || (), work);
    }

    fn start(
        &self,
        name: &str,
        before: impl FnOnce() + Send + 'static,
        work: impl FnOnce(Book) + Send + 'static,
    ) {
        let (path, session, out) = (self.path.clone(), self.session.clone(), self.out.clone());
        let thread = std::thread::Builder::new().name(name.to_owned());
        // Without the thread the screen still opens and can be left; there is no memory for anything then.
        let _ = thread.spawn(move || {
            before();
            match Book::open(&path, session) {
                Ok(book) => work(book),
                Err(error) => out.failed(error),
            }
        });
    }
}
