//! Parts that panes and overlays are made of.

pub mod completion;
pub mod cursor;
pub mod input;
pub mod scroll;
