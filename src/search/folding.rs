//! The one door to `text`'s folding.

use crate::text::fold;

/// Folded text in one line: white space runs and control characters become one space, none at the ends.
pub(crate) fn clean(text: &str) -> String {
    let folded = fold(text);
    let mut line = String::with_capacity(folded.len());
    for part in folded.split(|c: char| c.is_whitespace() || c.is_control()).filter(|part| !part.is_empty()) {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(part);
    }
    line
}
