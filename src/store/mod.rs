//! The book's file: schema, the one way to write, the log, undo, and what reads.

pub mod apply;
mod blocks;
pub mod commit;
pub mod derive;
mod device;
mod error;
pub mod hays;
pub mod log;
mod migrations;
pub mod open;
pub mod read;
pub mod replay;
pub mod sql;
pub mod undo;

pub use commit::{Meta, Receipt, Store, Tx};
pub use error::{Result, StoreError};
pub use sql::Place;

#[cfg(test)]
mod tests;
