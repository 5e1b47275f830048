//! The terminal screen: message -> update -> effects -> draw.
//!
//! `state` takes messages and gives back effects, `view` draws it, `worker` does what takes time. The loop here waits for
//! messages, takes all that are there, and then draws once. It never waits for the book.

pub mod action;
mod careful;
mod drafts;
pub mod keymap;
pub mod layout;
pub mod message;
pub mod state;
mod terminal;
pub mod theme;
mod trace;
pub mod view;
pub mod widgets;
pub mod words;
mod worker;

use crate::config::{self, Color, Dates, Language, Settings};
use crate::i18n::{self, Lang};
use crate::ops::{Book, Exit, OpError, Session};
use drafts::Drafts;
use message::{Effect, Message};
use state::State;
use state::data::Notice;
use state::you::Who;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};
use terminal::Screen;
use theme::Theme;
use trace::Trace;
use view::Look;
use words::Words;
use worker::{Setup, Workers};

/// A frame waits so long for an answer that is on its way, so that it shows it: less than a frame of most screens.
const PATIENCE: Duration = Duration::from_millis(6);
/// The first frame waits so long for the first page.
const FIRST_PATIENCE: Duration = Duration::from_millis(25);
/// What nobody waits for, such as progress, is drawn at most so often.
const FRAME: Duration = Duration::from_millis(16);

/// How the screen starts.
#[derive(Clone, Debug)]
pub struct Start {
    /// The book.
    pub book: PathBuf,
    /// Who works with it.
    pub session: Session,
    /// The language to begin with.
    pub language: Language,
    /// How days are written.
    pub dates: Dates,
    /// Whether there are colours.
    pub colour: bool,
    /// Only ASCII for borders and signs.
    pub ascii: bool,
    /// The file of settings.
    pub config: PathBuf,
    /// Where mappings of imports lie.
    pub mappings: PathBuf,
    /// Where the user's own profiles of systems lie.
    pub profiles: PathBuf,
    /// Where books of one's own lie.
    pub books: PathBuf,
    /// Where times are appended to, for measuring, and what they are counted from.
    pub trace: Option<(PathBuf, Instant)>,
}

impl Start {
    /// By the settings, on this book.
    pub fn new(settings: &Settings, book: &Path) -> Self {
        Self {
            book: book.to_owned(),
            session: Session {
                author: settings.author.clone(),
                origin: "tui",
                clock: settings.clock,
                state_dir: settings.folders.state.clone(),
                country: settings.country.clone(),
                device: settings.host.clone(),
            },
            language: settings.lang,
            dates: settings.dates,
            colour: settings.color != Color::Never,
            ascii: !settings.utf8 || settings.dumb,
            config: crate::config::config_path(&settings.folders),
            mappings: crate::config::mappings_folder(&settings.folders),
            profiles: crate::config::profiles_folder(&settings.folders),
            books: crate::config::books_folder(&settings.folders),
            trace: settings.trace.clone(),
        }
    }
}

/// Why the screen ended.
#[derive(Debug, thiserror::Error)]
pub enum ScreenError {
    /// The book can't be opened.
    #[error(transparent)]
    Book(#[from] OpError),
    /// The terminal can't be used.
    #[error("the terminal can't be used: {0}")]
    Terminal(#[from] std::io::Error),
}

/// What the loop ended with.
enum Leave {
    Quit,
    Demo,
    /// The same with somebody else.
    Again(Who),
    /// The book came from where it is shared, and this person joined it.
    Joined(String),
    /// The book lies elsewhere now.
    Moved(PathBuf),
}

/// Shows the screen until it is left.
pub fn run(start: Start) -> Result<Exit, ScreenError> {
    let (messages, inbox) = channel();
    let trace = start.trace.as_ref().and_then(|(path, began)| Trace::open(path, *began)).map(Arc::new);
    // The book comes first: a message about one that can't be opened belongs on the plain terminal.
    let book = Book::open(&start.book, start.session.clone())?;
    let mut screen = Screen::open()?;
    terminal::watch_signals(&messages)?;
    let mut words = Words::new(start.language, start.dates);
    let mut shown =
        Shown { start, words: &mut words, trace, messages, inbox, listening: false, notice: None };
    let mut book = book;
    let mut demo = None;
    loop {
        match shown.show(&mut screen, &book)? {
            Leave::Quit => break,
            Leave::Again(who) => {
                let session = &mut shown.start.session;
                session.author = who.name;
                session.country = Some(who.country.clone()).filter(|country| !country.is_empty());
                book = Book::open(book.path(), session.clone())?;
                // A new book takes the country from the session; one that is there has its own.
                if book.exists() && !who.country.is_empty() {
                    book.set_setting("country", &who.country)?;
                }
            }
            Leave::Joined(name) => {
                shown.start.session.author = name;
                book = Book::open(book.path(), shown.start.session.clone())?;
                shown.notice = Some(Notice::good("screen-join-joined"));
            }
            Leave::Moved(path) => {
                // Else the next start would look for the book where only what is shared lies.
                let followed = config::follow_book(&shown.start.config, book.path(), &path);
                book = Book::open(&path, shown.start.session.clone())?;
                let (name, path) = (name_of(&path), path.display().to_string());
                shown.notice = Some(match followed {
                    Ok(()) => Notice::good("screen-share-moved").text("path", path).text("name", name),
                    Err(error) => {
                        let said = move |lang: &Lang| i18n::describe_config(lang, &error).message;
                        Notice::warning("screen-failed").said("what", said)
                    }
                });
            }
            Leave::Demo => {
                // The folder goes when the screen does.
                let folder = tempfile::Builder::new().prefix("rolo-demo").tempdir()?;
                book = Book::open(&folder.path().join("demo.rolo"), shown.start.session.clone())?;
                book.add_demo()?;
                demo = Some(folder);
            }
        }
    }
    drop(screen);
    drop(demo);
    Ok(Exit::Done)
}

/// All that the loop holds.
struct Shown<'a> {
    start: Start,
    words: &'a mut Words,
    trace: Option<Arc<Trace>>,
    messages: Sender<Message>,
    inbox: Receiver<Message>,
    listening: bool,
    /// What the next screen begins with.
    notice: Option<Notice>,
}

impl Shown<'_> {
    fn show(&mut self, screen: &mut Screen, book: &Book) -> Result<Leave, ScreenError> {
        let size = screen.size()?;
        let look =
            Look { theme: Theme::new(self.start.colour, self.start.ascii), clock: self.start.session.clock };
        let mut state = State::new(name_of(book.path()), size, self.words.clone());
        let Start { config, mappings, profiles, books, dates, .. } = self.start.clone();
        let country = book.setting("country").ok().flatten().or_else(|| self.start.session.country.clone());
        state.who = Who { name: self.start.session.author.clone(), country: country.unwrap_or_default() };
        state.notice = self.notice.take();
        let mut drafts = Drafts::new(&self.start.session.state_dir, book.path());
        state.resume = drafts.take();
        let (rows, setup) = (usize::from(size.1) * 2, Setup { mappings, profiles, books, dates });
        let workers = Workers::start(book, self.messages.clone(), rows, setup, self.trace.clone());
        if !self.listening {
            terminal::listen(self.messages.clone(), self.trace.clone())?;
            self.listening = true;
        }
        let trace = self.trace.as_deref();
        let mut turn = Turn {
            state: &mut state,
            workers: &workers,
            screen,
            trace,
            config: &config,
            drafts,
            terminated: false,
            leave: None,
        };
        let effects = turn.state.begin();
        turn.effects(effects)?;
        let left = turn.run(&self.inbox, look);
        match &left {
            Ok(_) if turn.terminated => {}
            // Whatever is left unsaved now is so because somebody said so.
            Ok(_) => turn.drafts.watch(None),
            // The terminal may be gone before the signal that says so has come.
            Err(_) => drafts::rescue(),
        }
        *self.words = state.words.clone();
        left
    }
}

/// One screen's loop.
struct Turn<'a> {
    state: &'a mut State,
    workers: &'a Workers,
    screen: &'a mut Screen,
    trace: Option<&'a Trace>,
    /// The file of settings.
    config: &'a Path,
    drafts: Drafts,
    /// A signal asked to end.
    terminated: bool,
    leave: Option<Leave>,
}

impl Turn<'_> {
    fn run(&mut self, inbox: &Receiver<Message>, look: Look) -> Result<Leave, ScreenError> {
        // The first page is a few milliseconds away: a frame without it would only flicker.
        self.wait(inbox, FIRST_PATIENCE, |state| !state.knows_book(), false)?;
        let mut drawn: Option<Instant> = None;
        let mut urgent = true;
        loop {
            while let Ok(message) = inbox.try_recv() {
                urgent |= self.take(message)?;
            }
            urgent |= self.wait(inbox, PATIENCE, State::awaits, false)?;
            if let (false, Some(last)) = (urgent, drawn) {
                let rest = FRAME.saturating_sub(last.elapsed());
                self.wait(inbox, rest, |_| true, true)?;
            }
            if let Some(leave) = self.leave.take() {
                self.workers.leave();
                return Ok(leave);
            }
            let state = &*self.state;
            self.screen.draw(|frame| view::draw(frame, state, look))?;
            if drawn.is_none() {
                self.workers.drawn();
            }
            drawn = Some(Instant::now());
            if let Some(trace) = self.trace {
                trace.drawn(state.search.shown);
            }
            match inbox.recv() {
                Ok(message) => urgent = self.take(message)?,
                Err(_) => return Ok(Leave::Quit),
            }
        }
    }

    /// Takes messages while the state waits for an answer, at most so long; whether one of them asks for a frame at once.
    fn wait(
        &mut self,
        inbox: &Receiver<Message>,
        patience: Duration,
        waits: impl Fn(&State) -> bool,
        stop_if_urgent: bool,
    ) -> Result<bool, ScreenError> {
        let began = Instant::now();
        let mut urgent = false;
        while self.leave.is_none() && waits(self.state) && !(stop_if_urgent && urgent) {
            let Some(rest) = patience.checked_sub(began.elapsed()) else { break };
            match inbox.recv_timeout(rest) {
                Ok(message) => urgent |= self.take(message)?,
                Err(_) => break,
            }
        }
        Ok(urgent)
    }

    /// Takes one message; whether people wait for what it changes.
    fn take(&mut self, message: Message) -> Result<bool, ScreenError> {
        let urgent = matches!(
            message,
            Message::Key(_)
                | Message::Paste(_)
                | Message::Found(..)
                | Message::Detail(..)
                | Message::Rows(..)
        );
        let typed = matches!(message, Message::Key(_));
        if message == Message::Terminate {
            drafts::rescue();
            self.terminated = true;
        }
        let effects = self.state.update(message);
        if !self.terminated {
            self.drafts.watch(self.state.unsaved());
        }
        if let (true, Some(trace)) = (typed, self.trace) {
            let ticket = effects.iter().find_map(|effect| match effect {
                Effect::Search { ticket, .. } => Some(*ticket),
                _ => None,
            });
            trace.key(ticket);
        }
        self.effects(effects)?;
        Ok(urgent)
    }

    fn effects(&mut self, effects: Vec<Effect>) -> Result<(), ScreenError> {
        for effect in effects {
            match self.workers.run(effect) {
                None => {}
                Some(Effect::Copy(text)) => {
                    if let Err(error) = self.screen.copy(&text) {
                        self.state.notice =
                            Some(Notice::bad("screen-failed").text("what", error.to_string()));
                    }
                }
                Some(Effect::Clear) => {
                    #[cfg(debug_assertions)]
                    panic_if_asked();
                    self.screen.redraw()?;
                }
                Some(Effect::Introduce(who)) => {
                    let name = Some(who.name.as_str()).filter(|name| !name.is_empty());
                    if who.name != self.state.who.name {
                        self.keep("author", name);
                    }
                    self.leave = Some(Leave::Again(who));
                }
                Some(Effect::Joined(name)) => {
                    self.keep("author", Some(name.as_str()));
                    self.leave = Some(Leave::Joined(name));
                }
                Some(Effect::Moved(path)) => self.leave = Some(Leave::Moved(path)),
                // A line in a small file, and done before the screen can be left.
                Some(Effect::KeepLanguage(lang)) => {
                    self.keep("lang", Some(lang.tag()));
                }
                Some(Effect::Suspend) => self.screen.suspend()?,
                Some(Effect::Demo) => self.leave = Some(Leave::Demo),
                Some(_) => self.leave = Some(Leave::Quit),
            }
        }
        Ok(())
    }
}

impl Turn<'_> {
    /// Puts a setting into the file of settings.
    fn keep(&mut self, key: &str, value: Option<&str>) {
        if let Err(error) = config::write(self.config, key, value) {
            let said = move |lang: &Lang| i18n::describe_config(lang, &error).message;
            self.state.notice = Some(Notice::warning("screen-failed").said("what", said));
        }
    }
}

/// Lets a test see what a panic leaves of the terminal; not in what people run.
#[cfg(debug_assertions)]
#[allow(clippy::panic)]
fn panic_if_asked() {
    if std::env::var_os("ROLO_TEST_PANIC").is_some() {
        panic!("asked for by a test");
    }
}

fn name_of(path: &Path) -> String {
    path.file_stem().and_then(OsStr::to_str).unwrap_or("rolo").to_owned()
}
