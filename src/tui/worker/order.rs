//! The thread that reads much: the search index, and the order of all contacts.

use super::search;
use super::{Inbox, Out};
use crate::ops::{Book, Find, Sort as By};
use crate::search::query::Query;
use crate::tui::state::data::Sort;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// What is wanted next.
#[derive(Debug, Default)]
pub(super) struct Requests {
    pub(super) index: bool,
    pub(super) order: Option<Sort>,
    pub(super) stop: bool,
}

pub(super) struct Loader {
    book: Book,
    inbox: Arc<Inbox<Requests>>,
    search: Arc<Inbox<search::Requests>>,
    out: Out,
}

impl Loader {
    pub(super) fn new(
        book: Book,
        inbox: Arc<Inbox<Requests>>,
        search: Arc<Inbox<search::Requests>>,
        out: Out,
    ) -> Self {
        Self { book, inbox, search, out }
    }

    pub(super) fn run(mut self) {
        loop {
            let wanted =
                self.inbox.take(|wanted| wanted.index || wanted.order.is_some() || wanted.stop, None);
            if wanted.stop {
                return;
            }
            if wanted.index || wanted.order.is_some() {
                self.refresh();
            }
            if let Some(sort) = wanted.order {
                match self.order(sort) {
                    Ok(ids) => self.search.put(|inbox| inbox.order = Some((sort, Arc::new(ids)))),
                    Err(error) => self.out.failed(error),
                }
            }
            if wanted.index {
                match self.book.load_index(&AtomicBool::new(false)) {
                    Ok(index) => self.search.put(|inbox| inbox.index = Some(index)),
                    Err(error) => self.out.failed(error),
                }
            }
        }
    }

    /// A book that was not there yet may have come to be.
    fn refresh(&mut self) {
        if let Ok(book) = self.book.reopen() {
            self.book = book;
        }
    }

    fn order(&self, sort: Sort) -> crate::ops::Result<Vec<i64>> {
        let field = match sort {
            Sort::Name => return self.book.order(),
            Sort::Last => "last",
            Sort::Created => "created",
        };
        let how = Find { sort: Some(By { field: field.to_owned(), descending: true }), ..Find::default() };
        Ok(self.book.find(&Query::all(), &how)?.ids)
    }
}
