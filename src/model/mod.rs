//! Pure types: what a book holds and what can be done to it. No I/O.

pub mod country;
pub mod draft;
pub mod edit;
pub mod email;
pub mod guard;
pub mod ids;
pub mod phone;
pub mod progress;
pub mod resolve;
pub mod row;
#[cfg(feature = "simulation")]
#[doc(hidden)]
pub mod sabotage;
pub mod schema;
pub mod value;
pub mod when;
