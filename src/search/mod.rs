//! Finding people: the filter language, and the index in memory that answers each key typed. Pure: no SQL, no I/O.

pub mod hay;
pub mod query;

mod folding;
