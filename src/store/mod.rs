//! The book's file: schema, the one way to write, the log, undo, and what reads.

pub mod apply;
pub mod aside;
mod blocks;
mod bulk;
mod change;
pub mod commit;
pub mod derive;
#[cfg(not(feature = "simulation"))]
mod device;
#[cfg(feature = "simulation")]
#[doc(hidden)]
pub mod device;
pub mod entropy;
mod erased;
mod error;
mod foreign;
mod gather;
pub mod hays;
mod joined;
pub mod known;
pub mod lines;
mod local;
pub mod log;
mod migrations;
pub mod open;
mod packed;
pub mod read;
pub mod receive;
pub mod reissue;
pub mod replay;
mod rewrite;
pub mod sql;
mod tx;
pub mod undo;
pub mod version;
mod words;

pub use commit::{Meta, Receipt, Store};
pub use error::{Result, StoreError};
pub use sql::Place;
pub use tx::Tx;

#[cfg(test)]
mod tests;
