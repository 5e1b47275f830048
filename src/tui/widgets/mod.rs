//! Parts that panes and overlays are made of.

pub mod completion;
pub mod input;
pub mod scroll;
