//! The thread that answers the search bar, and keeps index and order fresh.

use super::convert::{mistake, row};
use super::{Inbox, Out, POLL, order, sync, writer};
use crate::ops::{Book, Changes, Find, Index, OpError, Result, SearchRequest, SearchSession};
use crate::search::query::{Expr, Query, Term};
use crate::tui::message::{Found, Message, Ticket};
use crate::tui::state::data::{Mistake, Sort};
use crate::tui::trace::Trace;
use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;
use std::time::Instant;

/// A question.
#[derive(Clone, Debug)]
pub(super) struct Request {
    pub(super) ticket: Ticket,
    pub(super) text: String,
    pub(super) sort: Sort,
    pub(super) rows: usize,
    pub(super) limit: usize,
}

/// What came for the thread.
#[derive(Debug, Default)]
pub(super) struct Requests {
    pub(super) search: Option<Request>,
    pub(super) index: Option<Index>,
    pub(super) order: Option<(Sort, Arc<Vec<i64>>)>,
    pub(super) poke: bool,
    pub(super) stop: bool,
}

impl Requests {
    const fn is_ready(&self) -> bool {
        self.search.is_some() || self.index.is_some() || self.order.is_some() || self.poke || self.stop
    }
}

/// The set of contacts that a filter lets through, kept while words are typed behind it.
struct Filtered {
    rest: Expr,
    set: Arc<HashSet<i64>>,
}

/// What is to be listed.
struct Listed {
    ids: Arc<Vec<i64>>,
    total: usize,
    /// Contacts are among them that lists leave out unless they are asked for.
    beyond: bool,
}

pub(super) struct Searcher {
    book: Book,
    inbox: Arc<Inbox<Requests>>,
    loader: Arc<Inbox<order::Requests>>,
    writer: Sender<writer::Job>,
    sync: Arc<Inbox<sync::Requests>>,
    /// A book is coming to be that nobody else may touch yet.
    joining: Arc<AtomicBool>,
    cancel: Arc<AtomicBool>,
    out: Out,
    trace: Option<Arc<Trace>>,
    index: Option<Index>,
    session: SearchSession,
    order: Option<(Sort, Arc<Vec<i64>>)>,
    order_asked: Option<Sort>,
    filtered: Option<Filtered>,
    last: Option<Request>,
    /// The last question waits for the order of all contacts.
    waiting: bool,
}

impl Searcher {
    pub(super) fn new(
        book: Book,
        inbox: Arc<Inbox<Requests>>,
        loader: Arc<Inbox<order::Requests>>,
        (writer, sync, joining): (Sender<writer::Job>, Arc<Inbox<sync::Requests>>, Arc<AtomicBool>),
        cancel: Arc<AtomicBool>,
        out: Out,
        trace: Option<Arc<Trace>>,
    ) -> Self {
        Self {
            book,
            inbox,
            loader,
            writer,
            sync,
            joining,
            cancel,
            out,
            trace,
            index: None,
            session: SearchSession::new(),
            order: None,
            order_asked: None,
            filtered: None,
            last: None,
            waiting: false,
        }
    }

    pub(super) fn run(mut self) {
        // What is asked first sets the mark that later changes are counted from, so it comes before the index.
        if let Err(error) = self.book.changed() {
            self.out.failed(error);
        }
        self.loader.put(|wanted| wanted.index = true);
        let mut looked = Instant::now();
        loop {
            let patience = POLL.saturating_sub(looked.elapsed());
            let came = self.inbox.take(Requests::is_ready, Some(patience));
            if came.stop {
                self.loader.put(|wanted| wanted.stop = true);
                return;
            }
            if let Some(index) = came.index {
                self.take_index(index);
            }
            if let Some((sort, ids)) = came.order {
                self.take_order(sort, ids);
            }
            if let Some(request) = came.search {
                self.last = Some(request);
                self.answer();
            }
            if came.poke || looked.elapsed() >= POLL {
                self.poll();
                looked = Instant::now();
            }
        }
    }

    fn take_index(&mut self, index: Index) {
        let first = self.index.is_none();
        self.index = Some(index);
        self.session = SearchSession::new();
        if first {
            if let Some(trace) = &self.trace {
                trace.search_ready();
            }
            self.out.send(Message::Ready);
            self.sync.put(|came| came.ready = true);
        }
    }

    fn take_order(&mut self, sort: Sort, ids: Arc<Vec<i64>>) {
        self.order = Some((sort, ids));
        if self.order_asked == Some(sort) {
            self.order_asked = None;
        }
        self.waiting = false;
        self.answer();
    }

    fn ask_order(&mut self, sort: Sort) {
        self.order_asked = Some(sort);
        self.loader.put(|wanted| wanted.order = Some(sort));
    }

    /// Looks for changes, whoever made them.
    fn poll(&mut self) {
        if self.joining.load(Ordering::Relaxed) {
            return;
        }
        let changes = match self.book.changed() {
            Ok(None) => return,
            Ok(Some(changes)) => changes,
            // Busy for a moment: the next look will see it.
            Err(_) => return,
        };
        if changes.all {
            // A book that has just come to be has no mark yet that later changes are counted from. It is set before
            // anything is read again, so that nothing falls between.
            let _ = self.book.changed();
        }
        self.filtered = None;
        self.refresh(&changes);
        let sort = self.last.as_ref().map(|last| last.sort).unwrap_or_default();
        self.ask_order(sort);
        let _ = self.writer.send(writer::Job::Undoable);
        self.sync.put(|came| came.changed = true);
        if let Ok(empty) = self.book.is_empty() {
            self.out.send(Message::Empty(empty));
        }
        self.out.send(Message::Changed((!changes.all).then_some(changes.contacts)));
    }

    fn refresh(&mut self, changes: &Changes) {
        if changes.all {
            self.loader.put(|wanted| wanted.index = true);
            return;
        }
        if let Some(index) = &mut self.index
            && let Err(error) = self.book.refresh_index(index, changes)
        {
            self.out.failed(error);
            self.loader.put(|wanted| wanted.index = true);
        }
    }

    /// Answers the last question, unless another one came or it has to wait.
    fn answer(&mut self) {
        let Some(request) = self.last.clone() else { return };
        self.cancel.store(false, Ordering::Relaxed);
        match self.find(&request) {
            Ok(Some(found)) => self.out.send(Message::Found(request.ticket, Ok(found))),
            Ok(None) => {}
            Err(OpError::Query { error, source_text }) => {
                let mistake = mistake(error, source_text);
                self.out.send(Message::Found(request.ticket, Err(mistake)));
            }
            Err(error) => {
                let notice = super::failed(error);
                let mistake = Mistake { start: 0, end: 0, notice };
                self.out.send(Message::Found(request.ticket, Err(mistake)));
            }
        }
    }

    fn find(&mut self, request: &Request) -> Result<Option<Found>> {
        let query = self.book.parse(&request.text)?;
        let words: Vec<Term> = query.words().into_iter().cloned().collect();
        let rest = query.rest();
        let Listed { ids, total, beyond } = if words.is_empty() && rest == Expr::All {
            match self.everything(request.sort) {
                Some(ids) => Listed { total: ids.len(), ids, beyond: false },
                None => return Ok(None),
            }
        } else if words.is_empty() {
            let Some(all) = self.everything(request.sort) else { return Ok(None) };
            let set = self.filter(&query, &rest)?;
            let ids: Vec<i64> = all.iter().copied().filter(|id| set.contains(id)).collect();
            if ids.len() == set.len() {
                Listed { total: ids.len(), ids: Arc::new(ids), beyond: false }
            } else {
                Listed { beyond: true, ..self.slowly(&query, request)? }
            }
        } else {
            match self.ranked(&query, &words, &rest, request)? {
                Some(found) => found,
                None => return Ok(None),
            }
        };
        let first = &ids[..ids.len().min(request.rows)];
        let now = self.book.now();
        let rows = self.book.rows(first)?.into_iter().map(|found| row(found, now)).collect();
        // What lists leave out unless it is asked for is no part of those that the book is said to have.
        let of = if beyond { Some(total) } else { self.order.as_ref().map(|(_, ids)| ids.len()) };
        let terms = query.positive_words().into_iter().cloned().collect();
        Ok(Some(Found { ids, rows, total, of, terms }))
    }

    /// All contacts in order, if they are there in that order; else they are sent for.
    fn everything(&mut self, sort: Sort) -> Option<Arc<Vec<i64>>> {
        if let Some((have, ids)) = &self.order
            && *have == sort
        {
            return Some(ids.clone());
        }
        self.waiting = true;
        if self.order_asked != Some(sort) {
            self.ask_order(sort);
        }
        None
    }

    fn filter(&mut self, query: &Query, rest: &Expr) -> Result<Arc<HashSet<i64>>> {
        if let Some(filtered) = &self.filtered
            && filtered.rest == *rest
        {
            return Ok(filtered.set.clone());
        }
        let only = Query { root: rest.clone() };
        let set = Arc::new(self.book.filter(&only)?.unwrap_or_default());
        let _ = query;
        self.filtered = Some(Filtered { rest: rest.clone(), set: set.clone() });
        Ok(set)
    }

    /// Contacts that have the words, best first; nothing if a newer question came meanwhile.
    fn ranked(
        &mut self,
        query: &Query,
        words: &[Term],
        rest: &Expr,
        request: &Request,
    ) -> Result<Option<Listed>> {
        if self.index.is_none() {
            return self.slowly(query, request).map(Some);
        }
        let set = if *rest == Expr::All { None } else { Some(self.filter(query, rest)?) };
        let Some(index) = &self.index else { return Ok(None) };
        let hits = match set {
            None => self.session.search(index, words, request.limit, &self.cancel),
            Some(set) => {
                let within = index.candidates(set.iter().copied());
                if within.len() < set.len() {
                    // Contacts that lists hide unless asked for are not in the index.
                    return Ok(Some(Listed { beyond: true, ..self.slowly(query, request)? }));
                }
                let search = SearchRequest {
                    words,
                    limit: request.limit,
                    within: Some(&within),
                    cancel: &self.cancel,
                };
                index.search(&search)
            }
        };
        Ok(hits.map(|hits| {
            let ids = Arc::new(hits.top.iter().map(|hit| hit.id).collect());
            Listed { ids, total: hits.total, beyond: false }
        }))
    }

    /// As the command line finds: while the index is loading, and for what is not in it.
    fn slowly(&self, query: &Query, request: &Request) -> Result<Listed> {
        let found = self.book.find(query, &Find { limit: Some(request.limit), ..Find::default() })?;
        Ok(Listed { ids: Arc::new(found.ids), total: found.total, beyond: false })
    }
}
