//! What can be wrong with a query, and the caret under it.

use std::ops::Range;

use unicode_width::UnicodeWidthChar;

/// A mistake in a query.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{kind:?} at byte {}", span.start)]
pub struct QueryError {
    /// Where, in bytes of the source; empty at the very end.
    pub span: Range<usize>,
    /// What.
    pub kind: QueryErrorKind,
}

/// Kinds of mistakes, with what a message needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum QueryErrorKind {
    /// No field is called so.
    UnknownField {
        /// As typed.
        name: String,
        /// A field with a similar name.
        nearest: Option<String>,
    },
    /// A quotation mark without its other half.
    UnclosedQuote,
    /// `(` without `)`.
    UnclosedParen,
    /// `)` without `(`.
    UnopenedParen,
    /// A field and an operator without a value.
    ExpectedValue {
        /// The field.
        field: String,
    },
    /// `has:` or `no:` without a field's name.
    ExpectedField,
    /// Nothing after `or`, `not` or `(`, or empty quotes.
    ExpectedTerm,
    /// Not a number.
    BadNumber(String),
    /// Not a date, a time or a span.
    BadDate(String),
    /// Not a span such as `90d`.
    BadSpan(String),
    /// Not `yes` or `no`.
    BadFlag(String),
    /// Not `person` or `company`.
    BadKind(String),
    /// The field has no order, so neither ranges nor `<`.
    NoOrder {
        /// The field.
        field: String,
    },
    /// More nested than `MAX_DEPTH`.
    TooDeep,
    /// Longer than `MAX_BYTES`.
    TooLong,
}

impl QueryError {
    pub(super) fn new(start: usize, end: usize, kind: QueryErrorKind) -> Self {
        Self { span: start..end, kind }
    }

    /// Two lines: the source on one line, and carets under the mistake, aligned by display width.
    pub fn caret(&self, source: &str) -> String {
        let mut line = String::with_capacity(source.len() * 2);
        let (mut before, mut under) = (0, 0);
        for (at, c) in source.char_indices() {
            // Characters that move the cursor or have no width would shift the carets.
            let c = match c.width() {
                Some(width) if width > 0 => c,
                _ => ' ',
            };
            line.push(c);
            let width = c.width().unwrap_or(1);
            if at < self.span.start {
                before += width;
            } else if at < self.span.end {
                under += width;
            }
        }
        format!("{line}\n{}{}", " ".repeat(before), "^".repeat(under.max(1)))
    }
}
