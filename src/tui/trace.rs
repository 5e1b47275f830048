//! Times for measuring, appended to a file: `first_frame_us N`, `search_ready_us N`, `key_us N`.

use super::message::Ticket;
use std::collections::VecDeque;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// Where the times go.
#[derive(Debug)]
pub struct Trace {
    began: Instant,
    inner: Mutex<Inner>,
}

#[derive(Debug)]
struct Inner {
    file: File,
    /// Keys that were read and not yet taken.
    read: VecDeque<Instant>,
    /// Keys that search, by ticket, until a frame shows what they found.
    searching: Vec<(Ticket, Instant)>,
    first: bool,
}

impl Trace {
    /// Appends to this file; without it nothing is measured.
    pub fn open(path: &Path, began: Instant) -> Option<Self> {
        let file = OpenOptions::new().create(true).append(true).open(path).ok()?;
        let inner = Inner { file, read: VecDeque::new(), searching: Vec::new(), first: true };
        Some(Self { began, inner: Mutex::new(inner) })
    }

    fn with(&self, change: impl FnOnce(&mut Inner)) {
        change(&mut self.inner.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// A key was read from the terminal.
    pub fn key_read(&self) {
        let now = Instant::now();
        self.with(|inner| inner.read.push_back(now));
    }

    /// The oldest key was taken; it may have asked a question.
    pub fn key(&self, ticket: Option<Ticket>) {
        self.with(|inner| {
            if let (Some(at), Some(ticket)) = (inner.read.pop_front(), ticket) {
                inner.searching.push((ticket, at));
            }
        });
    }

    /// A frame was flushed that shows the answer to this question.
    pub fn drawn(&self, shown: Ticket) {
        let now = Instant::now();
        self.with(|inner| {
            if std::mem::take(&mut inner.first) {
                inner.line("first_frame_us", now - self.began);
            }
            let keys = std::mem::take(&mut inner.searching);
            for (ticket, at) in keys {
                if ticket <= shown {
                    inner.line("key_us", now - at);
                } else {
                    inner.searching.push((ticket, at));
                }
            }
        });
    }

    /// The index answers.
    pub fn search_ready(&self) {
        let took = self.began.elapsed();
        self.with(|inner| inner.line("search_ready_us", took));
    }
}

impl Inner {
    /// A lost line of a measurement is no reason to fail.
    fn line(&mut self, name: &str, took: std::time::Duration) {
        let _ = writeln!(self.file, "{name} {}", took.as_micros());
    }
}
