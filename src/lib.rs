//! rolo: a local-first contact manager for the terminal.

pub mod clock;
pub mod exchange;
pub mod model;
pub mod ops;
pub mod search;
pub mod store;
pub mod text;
