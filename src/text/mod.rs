//! Text as people write it and terminals show it: folding for search, display width, safety, pinyin, names, sort keys.

mod fold;
pub mod hay;
mod names;
mod pinyin;
mod safe;
mod similar;
mod sort;
mod surnames;
mod width;

pub use fold::{fold, fold_into, fold_map, is_cjk, is_han, separate_cjk};
pub use names::{NameParts, display_name, split_name};
pub use pinyin::{pinyin_best, pinyin_keys, pinyin_likely};
pub use safe::{is_visible, safe_line, safe_text};
pub use similar::{edit_distance, similar_names};
pub use sort::sort_key;
pub use width::{pad, plain_width, truncate, width};
