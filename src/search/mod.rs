//! Finding people: the filter language, and the index in memory that answers each key typed. Pure: no SQL, no I/O.
//!
//! A word matches a field of a haystack that contains it, or whose words begin with its letters (`al`: Ann Lee), or,
//! from three letters on, one in which its letters follow each other closely from the start of a word. Phone digits
//! match without their separators and zeros in front. Every word must match somewhere.

pub mod hay;
pub mod highlight;
pub mod index;
pub mod matcher;
pub mod query;

mod folding;
mod layout;
mod plain;
mod session;
#[cfg(test)]
mod tests;
mod top;

pub use highlight::highlight;
pub use index::{CandidateSet, Hit, Hits, Index, IndexBuilder, SearchRequest};
pub use matcher::{Matcher, Rank, filter_hay};
pub use plain::{PlainMatcher, matches_plain};
pub use query::Term;
pub use session::Session;
pub use top::StreamSearch;
