//! Putting text into cells: pieces in a row, wrapping, numbers.

use crate::text::{safe_line, truncate, width};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use std::ops::Range;
use unicode_segmentation::UnicodeSegmentation;

/// Writes pieces of text one after another into a row of `area`; what doesn't fit is cut. Gives back the column behind.
pub fn pieces(buffer: &mut Buffer, area: Rect, row: u16, pieces: &[(&str, Style)]) -> u16 {
    let mut x = area.x;
    let y = area.y + row;
    if row >= area.height {
        return x;
    }
    for (text, style) in pieces {
        let room = usize::from(area.right().saturating_sub(x));
        if room == 0 {
            break;
        }
        x = buffer.set_stringn(x, y, truncate(text, room), room, *style).0;
    }
    x
}

/// Writes text to the right end of a row.
pub fn right(buffer: &mut Buffer, area: Rect, row: u16, text: &str, style: Style) {
    let room = usize::from(area.width);
    let text = truncate(text, room);
    let start = area.right() - u16::try_from(width(&text)).unwrap_or(area.width);
    if row < area.height {
        buffer.set_stringn(start, area.y + row, text, room, style);
    }
}

/// Data in a column of so many cells, with what matched in another style. Gives back nothing: columns have their places.
pub fn marked(
    buffer: &mut Buffer,
    at: (u16, u16),
    columns: usize,
    data: &str,
    styles: (Style, Style),
    find: impl Fn(&str) -> Vec<Range<usize>>,
) {
    let safe = safe_line(data);
    let cut = truncate(&safe, columns);
    // The sign for what is cut off may be as long as that.
    let kept = if cut == safe { cut.len() } else { cut.len().saturating_sub('…'.len_utf8()) };
    let mut x = at.0;
    let mut from = 0;
    let end = at.0.saturating_add(u16::try_from(columns).unwrap_or(u16::MAX));
    let mut put = |range: Range<usize>, style: Style| {
        if let Some(text) = cut.get(range).filter(|text| !text.is_empty()) {
            x = buffer.set_stringn(x, at.1, text, usize::from(end.saturating_sub(x)), style).0;
        }
    };
    for range in find(&safe) {
        let range = whole(&safe, range);
        let (start, stop) = (range.start.min(kept), range.end.min(kept));
        if start >= from && stop > start {
            put(from..start, styles.0);
            put(start..stop, styles.1);
            from = stop;
        }
    }
    put(from..cut.len(), styles.0);
}

/// A range with all of the characters that it begins and ends in, as people see them: a mark without its letter would
/// have no cell to stand in.
fn whole(text: &str, range: Range<usize>) -> Range<usize> {
    let mut out = range.clone();
    for (at, grapheme) in text.grapheme_indices(true) {
        let end = at + grapheme.len();
        if at < range.start && range.start < end {
            out.start = at;
        }
        if at < range.end && range.end < end {
            out.end = end;
        }
    }
    out
}

/// Whether a word is a sign that stands behind another character.
fn is_closing(word: &str) -> bool {
    matches!(
        word,
        "。" | "，" | "、" | "；" | "：" | "！" | "？" | "）" | "」" | "』" | "】" | "》" | "”" | "’"
    )
}

/// Where the last character of a line begins, if it is a wide one with others before it.
fn last_of_two(line: &str) -> usize {
    let last = line.grapheme_indices(true).next_back().filter(|(at, last)| *at > 0 && width(last) > 1);
    last.map_or(line.len(), |(at, _)| at)
}

/// Breaks safe text into lines of at most so many columns, at spaces where there are any.
pub fn wrap(text: &str, columns: usize) -> Vec<String> {
    let columns = columns.max(2);
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        let mut line = String::new();
        let mut used = 0;
        for word in paragraph.split_word_bounds() {
            let size = width(word);
            if used + size > columns && word != " " && used > 0 && (size <= columns || used + 2 > columns) {
                // No line begins with a full stop or a comma of Chinese: the character before goes with it.
                let from = if is_closing(word) { last_of_two(&line) } else { line.len() };
                let carried = line.split_off(from);
                lines.push(line.trim_end().to_owned());
                used = width(&carried);
                line = carried;
            }
            if used + size <= columns {
                line.push_str(word);
                used += size;
                continue;
            }
            if word == " " {
                continue;
            }
            for grapheme in word.graphemes(true) {
                let size = width(grapheme);
                if used + size > columns {
                    lines.push(std::mem::take(&mut line));
                    used = 0;
                }
                line.push_str(grapheme);
                used += size;
            }
        }
        lines.push(line.trim_end().to_owned());
    }
    lines
}

/// The first line to show of `lines`, so that `at` (with `tall` lines) is in sight among `height`.
pub fn scrolled(at: usize, tall: usize, lines: usize, height: usize) -> usize {
    let bottom = at + tall.min(height);
    bottom.saturating_sub(height).min(lines.saturating_sub(height))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrapping_breaks_at_spaces_and_never_overflows() {
        for (text, columns, lines) in [
            ("one two three", 8, vec!["one two", "three"]),
            ("one  two", 20, vec!["one  two"]),
            ("a\n\nb", 5, vec!["a", "", "b"]),
            ("王伟王伟王", 5, vec!["王伟", "王伟", "王"]),
            ("王伟，王伟。王", 4, vec!["王", "伟，", "王", "伟。", "王"]),
            ("ab，cd", 2, vec!["ab", "，", "cd"]),
            ("abcdefghij", 4, vec!["abcd", "efgh", "ij"]),
            ("", 4, vec![""]),
        ] {
            assert_eq!(wrap(text, columns), lines, "{text}");
        }
    }

    #[test]
    fn what_is_cut_says_so_wherever_something_matched() {
        // The last letters that match lie in what is cut off, which is as long as the sign that stands for it.
        for (text, found, shown) in [
            ("Leslie Anderson", vec![7..9, 14..15], "Leslie Ander…"),
            ("Anna-Luise Heß", vec![0..3, 12..13], "Anna-Luise H…"),
            ("Leslie Anderson", vec![10..11, 13..15], "Leslie Ander…"),
        ] {
            let mut buffer = Buffer::empty(ratatui::layout::Rect::new(0, 0, 20, 1));
            let style = (Style::new(), Style::new().bold());
            marked(&mut buffer, (0, 0), 13, text, style, |_| found.clone());
            let row: String = (0..20).map(|x| buffer[(x, 0)].symbol()).collect();
            assert_eq!(row.trim_end(), shown);
        }
    }

    proptest::proptest! {
        #[test]
        fn no_line_is_wider_than_asked(text in "[a-z王 é👩]{0,60}", columns in 2usize..20) {
            for line in wrap(&text, columns) {
                assert!(width(&line) <= columns, "{line:?}");
            }
        }
    }

    #[test]
    fn a_match_keeps_the_marks_of_its_letters() {
        let name = "Zoe\u{308} A\u{30a}ngstro\u{308}m";
        let mut buffer = Buffer::empty(Rect::new(0, 0, 14, 1));
        let bold = Style::new().bold();
        marked(&mut buffer, (0, 0), 14, name, (Style::new(), bold), |_| vec![0..1, 1..3]);
        let text: String = buffer.content.iter().map(|cell| cell.symbol()).collect();
        assert_eq!(text.trim_end(), name);
        assert_eq!((buffer[(2, 0)].symbol(), buffer[(3, 0)].symbol()), ("e\u{308}", " "));
    }

    #[test]
    fn matches_beyond_the_cut_are_left_out() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 10, 1));
        let bold = Style::new().bold();
        marked(&mut buffer, (0, 0), 5, "abcdefgh", (Style::new(), bold), |_| vec![1..3, 3..8]);
        let text: String = buffer.content.iter().map(|cell| cell.symbol()).collect();
        assert_eq!(text.trim_end(), "abcd…");
        assert!(buffer[(1, 0)].modifier.contains(ratatui::style::Modifier::BOLD));
        assert!(!buffer[(4, 0)].modifier.contains(ratatui::style::Modifier::BOLD));
    }
}
