//! rolo: a local-first contact manager for the terminal.

pub mod cli;
pub mod clock;
pub mod config;
pub mod exchange;
pub mod i18n;
pub mod model;
pub mod ops;
pub mod search;
pub mod store;
pub mod text;
pub mod tui;
