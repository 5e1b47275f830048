//! The filter language: what is typed into the search bar is what `list`, `export`, bulk edits and views take.
//!
//! ```text
//! or    := and ("or" and)*
//! and   := unary ("and"? unary)*
//! unary := ("not" | "-") unary | "(" or ")" | phrase | compare | word
//! compare := field (":" | "=" | "<" | "<=" | ">" | ">=") value | ("has" | "no") ":" field
//! value := arg | arg? ".." arg?
//! ```
//!
//! Times and numbers stay text here, lightly checked: what `today` means is known only when the query runs.

mod check;
mod display;
mod error;
mod fields;
mod parse;
#[cfg(test)]
mod tests;

pub use super::highlight::highlight;
pub use check::KINDS;
pub use error::{QueryError, QueryErrorKind};
pub use fields::{CustomType, FieldRef, Fields, Known, Special, ValueType};
pub use parse::{MAX_BYTES, MAX_DEPTH, parse};

use std::ops::Range;

/// Where a node stands in the source, in bytes. All spans are equal, so that queries compare by meaning.
#[derive(Clone, Copy, Debug, Default, Eq)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl PartialEq for Span {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Span {
    /// As a range.
    pub const fn range(self) -> Range<usize> {
        self.start..self.end
    }
}

/// A word or phrase to be found in the search text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// As typed, not folded.
    pub text: String,
    /// Matches as a run of text only: phrases, and the words of commands that write.
    pub exact: bool,
    /// Where it was typed.
    pub span: Span,
}

impl Term {
    /// A word that matches fuzzily.
    pub fn fuzzy(text: impl Into<String>) -> Self {
        Self { text: text.into(), exact: false, span: Span::default() }
    }

    /// A run of text that matches exactly, apart from case, diacritics and width.
    pub fn exact(text: impl Into<String>) -> Self {
        Self { text: text.into(), exact: true, span: Span::default() }
    }
}

/// One value in a comparison, unquoted, as typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arg {
    /// Never blank.
    pub text: String,
    /// Where it stands, quotes included.
    pub span: Span,
}

/// How `<`, `<=`, `>` and `>=` compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Order {
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// What a field is held against.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Test {
    /// `field:x`: text contains it; a day lies in it; a number or flag equals it.
    Contains(Arg),
    /// `field=x`.
    Equals(Arg),
    /// `field:a..b`, both ends included; at least one is there.
    Range(Option<Arg>, Option<Arg>),
    /// `field<x` and its like.
    Order(Order, Arg),
}

/// A field and what it is held against.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compare {
    /// Which field.
    pub field: FieldRef,
    /// Against what.
    pub test: Test,
    /// From the field's name to the end of the value.
    pub span: Span,
}

/// A part of a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expr {
    /// Everything: the empty query.
    All,
    /// All of them; at least two, none an `And`.
    And(Vec<Expr>),
    /// Any of them; at least two, none an `Or`.
    Or(Vec<Expr>),
    /// The opposite.
    Not(Box<Expr>, Span),
    /// A word, or a phrase if it is exact.
    Word(Term),
    /// A comparison.
    Compare(Compare),
    /// `has:x`.
    Has(FieldRef, Span),
    /// `no:x`.
    No(FieldRef, Span),
}

impl Expr {
    /// The bytes of the source that it was read from.
    pub fn span(&self) -> Span {
        match self {
            Self::All => Span::default(),
            Self::And(parts) | Self::Or(parts) => match (parts.first(), parts.last()) {
                (Some(first), Some(last)) => Span { start: first.span().start, end: last.span().end },
                _ => Span::default(),
            },
            Self::Not(_, span) | Self::Has(_, span) | Self::No(_, span) => *span,
            Self::Word(term) => term.span,
            Self::Compare(compare) => compare.span,
        }
    }

    /// All of the parts, flattened: nothing is `All`, one is itself.
    pub fn and(parts: Vec<Self>) -> Self {
        let flat = parts.into_iter().flat_map(|part| match part {
            Self::And(inner) => inner,
            Self::All => Vec::new(),
            other => vec![other],
        });
        let mut flat: Vec<Self> = flat.collect();
        match flat.len() {
            0 => Self::All,
            1 => flat.remove(0),
            _ => Self::And(flat),
        }
    }

    /// Any of the parts, flattened; one is itself.
    fn or(parts: Vec<Self>) -> Self {
        let mut flat: Vec<Self> = Vec::with_capacity(parts.len());
        for part in parts {
            match part {
                Self::Or(inner) => flat.extend(inner),
                other => flat.push(other),
            }
        }
        if flat.len() == 1 { flat.remove(0) } else { Self::Or(flat) }
    }

    fn conjuncts(&self) -> &[Self] {
        match self {
            Self::And(parts) => parts,
            Self::All => &[],
            other => std::slice::from_ref(other),
        }
    }

    fn each_word<'a>(&'a self, found: &mut Vec<&'a Term>) {
        match self {
            Self::And(parts) | Self::Or(parts) => parts.iter().for_each(|part| part.each_word(found)),
            Self::Word(term) => found.push(term),
            _ => {}
        }
    }

    fn make_exact(&mut self) {
        match self {
            Self::And(parts) | Self::Or(parts) => parts.iter_mut().for_each(Self::make_exact),
            Self::Not(inner, _) => inner.make_exact(),
            Self::Word(term) => term.exact = true,
            _ => {}
        }
    }
}

/// A parsed query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// The whole of it.
    pub root: Expr,
}

impl Query {
    /// The query that everything matches.
    pub const fn all() -> Self {
        Self { root: Expr::All }
    }

    /// Words and phrases that every match must have: the index searches, ranks and narrows by them.
    pub fn words(&self) -> Vec<&Term> {
        let words = self.root.conjuncts().iter().filter_map(|part| match part {
            Expr::Word(term) => Some(term),
            _ => None,
        });
        words.collect()
    }

    /// What is left to check on a contact that has all `words`.
    pub fn rest(&self) -> Expr {
        let rest = self.root.conjuncts().iter().filter(|part| !matches!(part, Expr::Word(_)));
        Expr::and(rest.cloned().collect())
    }

    /// Every word that is not negated, also those inside an `or`: what to highlight.
    pub fn positive_words(&self) -> Vec<&Term> {
        let mut found = Vec::new();
        self.root.each_word(&mut found);
        found
    }

    /// Makes every word match exactly, as in commands that write.
    pub fn make_exact(&mut self) {
        self.root.make_exact();
    }
}
