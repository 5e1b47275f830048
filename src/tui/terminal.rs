//! The terminal: taken over, and given back whatever happens.

use super::careful::Careful;
use super::keymap::Key;
use super::message::Message;
use super::trace::Trace;
use crossterm::event::{DisableBracketedPaste, EnableBracketedPaste, Event, KeyEventKind, read};
use crossterm::terminal::{EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode};
use crossterm::{cursor, execute};
use ratatui::backend::CrosstermBackend;
use ratatui::{Frame, Terminal};
use std::fs::File;
use std::io::{BufWriter, Result, Write, stdout};
use std::sync::Arc;
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;

/// Whether the terminal is ours now.
static TAKEN: AtomicBool = AtomicBool::new(false);
static HOOK: Once = Once::new();

/// Standard output, past its lock: whoever holds that must not keep a signal or a panic from giving the terminal back.
#[cfg(unix)]
fn output() -> Result<File> {
    use std::os::fd::AsFd;
    Ok(stdout().as_fd().try_clone_to_owned()?.into())
}

/// Standard output, past its lock.
#[cfg(windows)]
fn output() -> Result<File> {
    use std::os::windows::io::AsHandle;
    Ok(stdout().as_handle().try_clone_to_owned()?.into())
}

fn take() -> Result<()> {
    enable_raw_mode()?;
    TAKEN.store(true, Ordering::SeqCst);
    execute!(output()?, EnterAlternateScreen, EnableBracketedPaste)
}

/// Gives the terminal back; does nothing if it is back already.
fn give_back() {
    if TAKEN.swap(false, Ordering::SeqCst) {
        // A terminal that is gone needs no restoring.
        let _ = output()
            .and_then(|mut out| execute!(out, DisableBracketedPaste, LeaveAlternateScreen, cursor::Show));
        let _ = disable_raw_mode();
    }
}

/// The terminal while it is ours.
pub struct Screen {
    terminal: Terminal<Careful<CrosstermBackend<BufWriter<File>>>>,
}

impl Screen {
    /// Takes the terminal over, until this is dropped or the process panics.
    pub fn open() -> Result<Self> {
        HOOK.call_once(|| {
            let before = std::panic::take_hook();
            std::panic::set_hook(Box::new(move |info| {
                if crate::model::guard::is_guarded() {
                    return;
                }
                let ours = TAKEN.load(Ordering::SeqCst);
                give_back();
                super::drafts::rescue();
                before(info);
                if ours {
                    // A screen without one of its threads would only seem to work.
                    std::process::exit(crate::ops::Exit::Bug as i32);
                }
            }));
        });
        take()?;
        let backend = Careful::new(CrosstermBackend::new(BufWriter::with_capacity(1 << 16, output()?)));
        match Terminal::new(backend) {
            Ok(terminal) => Ok(Self { terminal }),
            Err(error) => {
                give_back();
                Err(error)
            }
        }
    }

    /// Columns and rows.
    pub fn size(&self) -> Result<(u16, u16)> {
        self.terminal.size().map(|size| (size.width, size.height))
    }

    /// Draws a frame.
    pub fn draw(&mut self, draw: impl FnOnce(&mut Frame<'_>)) -> Result<()> {
        self.terminal.draw(draw).map(drop)
    }

    /// The next frame draws everything.
    pub fn redraw(&mut self) -> Result<()> {
        // `Terminal::clear` would ask the terminal where its cursor is, and the answer would wait behind our own reading.
        let size = self.terminal.size()?;
        self.terminal.resize(ratatui::layout::Rect::new(0, 0, size.width, size.height))
    }

    /// To the clipboard of the terminal, which may be on another machine.
    pub fn copy(&mut self, text: &str) -> Result<()> {
        let backend = self.terminal.backend_mut().inner_mut();
        execute!(backend, crossterm::clipboard::CopyToClipboard::to_clipboard_from(text))
    }

    /// Leaves the terminal to the shell until it says `fg`.
    pub fn suspend(&mut self) -> Result<()> {
        give_back();
        stop();
        take()?;
        self.redraw()
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        let _ = self.terminal.backend_mut().inner_mut().flush();
        give_back();
    }
}

#[cfg(unix)]
fn stop() {
    // Only a wrong number could fail.
    let _ = signal_hook::low_level::emulate_default_handler(signal_hook::consts::SIGTSTP);
}

#[cfg(not(unix))]
fn stop() {}

/// Turns signals into messages.
#[cfg(unix)]
pub fn watch_signals(messages: &Sender<Message>) -> Result<()> {
    use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGTERM, SIGTSTP};
    let mut signals = signal_hook::iterator::Signals::new([SIGTERM, SIGHUP, SIGINT, SIGTSTP, SIGCONT])?;
    let messages = messages.clone();
    std::thread::Builder::new().name("signals".to_owned()).spawn(move || {
        for signal in signals.forever() {
            let message = match signal {
                SIGCONT => {
                    // The shell may have set the terminal up for itself while we were stopped.
                    if TAKEN.load(Ordering::SeqCst) {
                        let _ = disable_raw_mode();
                        let _ = take();
                    }
                    Message::Redraw
                }
                SIGTSTP => match Key::parse("ctrl-z") {
                    Some(key) => Message::Key(key),
                    None => continue,
                },
                _ => Message::Terminate,
            };
            if messages.send(message).is_err() {
                return;
            }
        }
    })?;
    Ok(())
}

/// Turns signals into messages; there are none here.
#[cfg(not(unix))]
pub fn watch_signals(_messages: &Sender<Message>) -> Result<()> {
    Ok(())
}

/// Turns what the terminal sends into messages, on a thread of its own.
pub fn listen(messages: Sender<Message>, trace: Option<Arc<Trace>>) -> Result<()> {
    std::thread::Builder::new().name("input".to_owned()).spawn(move || {
        loop {
            let message = match read() {
                Ok(Event::Key(key)) if key.kind != KeyEventKind::Release => {
                    if let Some(trace) = &trace {
                        trace.key_read();
                    }
                    Message::Key(Key::of(&key))
                }
                Ok(Event::Paste(text)) => Message::Paste(text),
                Ok(Event::Resize(width, height)) => Message::Resize(width, height),
                Ok(_) => continue,
                // The terminal is gone.
                Err(_) => Message::Terminate,
            };
            let last = message == Message::Terminate;
            if messages.send(message).is_err() || last {
                return;
            }
        }
    })?;
    Ok(())
}
