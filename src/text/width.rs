//! How many terminal columns text takes, and cutting it to fit.

use std::borrow::Cow;

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Terminal columns of a line, summed over graphemes as the screen draws them.
pub fn width(text: &str) -> usize {
    if text.is_ascii() {
        return text.len();
    }
    plain_width(text).unwrap_or_else(|| text.graphemes(true).map(UnicodeWidthStr::width).sum())
}

/// The columns of a text that is safe as it is (see `safe_line`) and in which every character is a grapheme of its own: of nearly all
/// text, told without looking at its graphemes.
pub fn plain_width(text: &str) -> Option<usize> {
    // A byte at a time without a branch, which most text needs no more than.
    if text.bytes().fold(true, |plain, byte| plain & (byte.wrapping_sub(b' ') < 0x5F)) {
        return Some(text.len());
    }
    let mut columns = 0;
    for c in text.chars() {
        columns += match c {
            ' '..='~' | '\u{A1}'..='\u{AC}' | '\u{AE}'..='\u{2AF}' => 1,
            '\u{4E00}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7A3}' => 2,
            '\u{3041}'..='\u{3096}' | '\u{30A1}'..='\u{30FA}' | '\u{FF01}'..='\u{FF5E}' => 2,
            '\u{400}'..='\u{482}'
            | '\u{48A}'..='\u{52F}'
            | '\u{1E00}'..='\u{1EFF}'
            | '\u{2010}'..='\u{2027}' => 1,
            _ => return None,
        };
    }
    Some(columns)
}

/// The text cut to at most `cols` columns, never inside a grapheme, ending with `…` if something was cut.
pub fn truncate(text: &str, cols: usize) -> Cow<'_, str> {
    if (text.len() <= cols && text.is_ascii()) || width(text) <= cols {
        return Cow::Borrowed(text);
    }
    if cols == 0 {
        return Cow::Borrowed("");
    }
    let mut kept = String::with_capacity(cols + 3);
    let mut used = 0;
    for grapheme in text.graphemes(true) {
        let columns = grapheme.width();
        if used + columns + 1 > cols {
            break;
        }
        used += columns;
        kept.push_str(grapheme);
    }
    kept.push('…');
    Cow::Owned(kept)
}

/// The text cut or filled with spaces to exactly `cols` columns.
pub fn pad(text: &str, cols: usize) -> String {
    let mut out = truncate(text, cols).into_owned();
    let missing = cols.saturating_sub(width(&out));
    out.extend(std::iter::repeat_n(' ', missing));
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn widths() {
        for (text, columns) in [
            ("", 0),
            ("Ann", 3),
            ("王伟", 4),
            ("é", 1),
            ("e\u{301}", 1),
            ("👩‍👩‍👧", 2),
            ("🇩🇪", 2),
            ("👍🏽", 2),
            ("ｱ", 1),
        ] {
            assert_eq!(width(text), columns, "{text}");
        }
    }

    #[test]
    fn characters_that_stand_alone_are_as_wide_as_their_graphemes() {
        for c in ('\0'..='\u{FFFF}').filter(|c| plain_width(&c.to_string()).is_some()) {
            for text in [c.to_string(), format!("a{c}"), format!("{c}{c}"), format!("王{c}é")] {
                let slow: usize = text.graphemes(true).map(UnicodeWidthStr::width).sum();
                assert_eq!(plain_width(&text), Some(slow), "{c:?}");
                assert_eq!(crate::text::safe_line(&text), text, "{c:?}");
            }
        }
    }

    #[test]
    fn cutting() {
        for (text, cols, cut) in [
            ("Ann Lee", 7, "Ann Lee"),
            ("Ann Lee", 5, "Ann …"),
            ("王伟王伟", 4, "王…"),
            ("王伟", 4, "王伟"),
            ("王伟", 1, "…"),
            ("王伟", 0, ""),
            ("👩‍👩‍👧👩‍👩‍👧", 3, "👩‍👩‍👧…"),
        ] {
            assert_eq!(truncate(text, cols), cut, "{text} {cols}");
        }
        assert_eq!(pad("王伟王", 4), "王… ");
    }

    proptest! {
        #[test]
        fn fits(text in any::<String>(), cols in 0usize..40) {
            prop_assert!(width(&truncate(&text, cols)) <= cols);
            prop_assert_eq!(width(&pad(&text, cols)), cols);
        }
    }
}
