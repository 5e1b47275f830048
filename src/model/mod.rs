//! Pure types: what a book holds and what can be done to it. No I/O.

pub mod draft;
pub mod edit;
pub mod ids;
pub mod schema;
pub mod value;
