//! A back end for text that terminals measure in their own ways: a row that holds such text, or held it, is written anew
//! from its first cell when anything in it changes. What is only patched would leave stray letters where the terminal's
//! columns and ours have drifted apart.

use crossterm::cursor::MoveTo;
use crossterm::queue;
use crossterm::terminal::{Clear, ClearType as Part};
use ratatui::backend::{Backend, ClearType, WindowSize};
use ratatui::buffer::{Cell, CellWidth};
use ratatui::layout::{Position, Size};
use std::collections::BTreeSet;
use std::io::{Error, Result, Write};

/// The back end, and what it has written.
pub struct Careful<B> {
    inner: B,
    /// By row and column; what was never written is blank.
    shown: Vec<Vec<Cell>>,
}

/// Whether terminals disagree on how many columns this takes: clusters of several characters (joined emoji, conjuncts,
/// combining marks, variation selectors) and halves of flags.
fn is_risky(symbol: &str) -> bool {
    let mut chars = symbol.chars();
    let first = chars.next();
    chars.next().is_some() || first.is_some_and(|c| matches!(c, '\u{1f1e6}'..='\u{1f1ff}'))
}

/// How many columns we take it to cover.
fn columns(cell: &Cell) -> usize {
    usize::from(cell.cell_width()).max(1)
}

impl<B> Careful<B> {
    pub const fn new(inner: B) -> Self {
        Self { inner, shown: Vec::new() }
    }

    /// What it writes to.
    pub const fn inner_mut(&mut self) -> &mut B {
        &mut self.inner
    }

    fn is_risky_row(&self, y: u16) -> bool {
        let row = self.shown.get(usize::from(y));
        row.is_some_and(|row| row.iter().any(|cell| is_risky(cell.symbol())))
    }

    fn keep(&mut self, x: u16, y: u16, cell: &Cell) {
        let (x, y) = (usize::from(x), usize::from(y));
        if self.shown.len() <= y {
            self.shown.resize(y + 1, Vec::new());
        }
        let row = &mut self.shown[y];
        let end = x + columns(cell);
        if row.len() < end {
            row.resize(end, Cell::EMPTY);
        }
        row[x] = cell.clone();
        // What a wide character covers is gone; nobody tells when it comes to light again as a blank.
        row[x + 1..end].fill(Cell::EMPTY);
    }
}

impl<B: Backend<Error = Error> + Write> Careful<B> {
    /// Writes a row from its first cell. Behind each cluster that may have been measured otherwise the cursor is put where
    /// the next cell belongs.
    fn rewrite(&mut self, y: u16) -> Result<()> {
        let Some(row) = self.shown.get(usize::from(y)) else { return Ok(()) };
        queue!(self.inner, MoveTo(0, y), Clear(Part::CurrentLine))?;
        let mut run: Vec<(u16, u16, &Cell)> = Vec::new();
        let mut next = 0;
        for (x, cell) in (0u16..).zip(row) {
            // A wide character covers the cell behind it.
            if x < next {
                continue;
            }
            next = x.saturating_add(u16::try_from(columns(cell)).unwrap_or(1));
            run.push((x, y, cell));
            if is_risky(cell.symbol()) {
                self.inner.draw(std::mem::take(&mut run).into_iter())?;
            }
        }
        self.inner.draw(run.into_iter())
    }
}

impl<B: Backend<Error = Error> + Write> Backend for Careful<B> {
    type Error = Error;

    fn draw<'a, I>(&mut self, content: I) -> Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        let changed: Vec<(u16, u16, &Cell)> = content.collect();
        let rows: BTreeSet<u16> = changed.iter().map(|(_, y, _)| *y).collect();
        let before: BTreeSet<u16> = rows.iter().copied().filter(|y| self.is_risky_row(*y)).collect();
        for (x, y, cell) in &changed {
            self.keep(*x, *y, cell);
        }
        let anew: BTreeSet<u16> =
            rows.into_iter().filter(|y| before.contains(y) || self.is_risky_row(*y)).collect();
        self.inner.draw(changed.into_iter().filter(|(_, y, _)| !anew.contains(y)))?;
        anew.into_iter().try_for_each(|y| self.rewrite(y))
    }

    fn hide_cursor(&mut self) -> Result<()> {
        self.inner.hide_cursor()
    }

    fn show_cursor(&mut self) -> Result<()> {
        self.inner.show_cursor()
    }

    fn get_cursor_position(&mut self) -> Result<Position> {
        self.inner.get_cursor_position()
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> Result<()> {
        self.inner.set_cursor_position(position)
    }

    fn clear(&mut self) -> Result<()> {
        self.shown.clear();
        self.inner.clear()
    }

    fn clear_region(&mut self, region: ClearType) -> Result<()> {
        if region == ClearType::All {
            self.shown.clear();
        }
        self.inner.clear_region(region)
    }

    fn size(&self) -> Result<Size> {
        self.inner.size()
    }

    fn window_size(&mut self) -> Result<WindowSize> {
        self.inner.window_size()
    }

    fn flush(&mut self) -> Result<()> {
        Backend::flush(&mut self.inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ratatui::backend::CrosstermBackend;
    use ratatui::layout::Rect;
    use ratatui::style::Style;
    use ratatui::{Terminal, TerminalOptions, Viewport};
    use std::cell::RefCell;
    use std::rc::Rc;

    /// What was written, for the test to see.
    #[derive(Clone, Default)]
    struct Written(Rc<RefCell<Vec<u8>>>);

    impl Write for Written {
        fn write(&mut self, bytes: &[u8]) -> Result<usize> {
            self.0.borrow_mut().write(bytes)
        }

        fn flush(&mut self) -> Result<()> {
            Ok(())
        }
    }

    /// Draws rows of text one after another; what the last frame wrote.
    fn last(frames: &[&str]) -> String {
        let written = Written::default();
        let backend = Careful::new(CrosstermBackend::new(written.clone()));
        let viewport = Viewport::Fixed(Rect::new(0, 0, 20, 2));
        let mut terminal = Terminal::with_options(backend, TerminalOptions { viewport }).unwrap();
        for text in frames {
            written.0.borrow_mut().clear();
            terminal
                .draw(|frame| {
                    frame.buffer_mut().set_string(0, 0, text, Style::new());
                    frame.buffer_mut().set_string(0, 1, "plain", Style::new());
                })
                .unwrap();
        }
        String::from_utf8(written.0.borrow().clone()).unwrap()
    }

    const ANEW: &str = "\u{1b}[1;1H\u{1b}[2K";

    #[test]
    fn a_row_with_clusters_is_written_anew_and_others_are_patched() {
        let family = "👩\u{200d}👩\u{200d}👧 Family x";
        let written = last(&[family, "👩\u{200d}👩\u{200d}👧 Family y"]);
        assert!(written.contains(ANEW) && written.contains("Family y"), "{written:?}");
        // The cursor goes where the cell behind the cluster belongs, whatever the terminal took it for.
        let behind = written.find("\u{1b}[1;3H").unwrap();
        assert!(behind > written.find("👧").unwrap(), "{written:?}");
        assert!(!written.contains("plain"), "{written:?}");
        // It stays risky until it has gone from the screen.
        assert!(last(&[family, "Ann"]).contains(ANEW));
        for (frames, expected) in [(["Ann x", "Ann y"], "y"), (["王伟 x", "王伟 y"], "y")] {
            let written = last(&frames);
            assert!(!written.contains(ANEW) && written.contains(expected), "{written:?}");
        }
    }

    #[test]
    fn what_a_wide_cluster_had_covered_does_not_come_back() {
        // The blanks are no change to whoever compares frames: the second letter of each was covered in between.
        let family = "👩\u{200d}👩\u{200d}👧";
        let written = last(&["abcdefgh", &format!("{family}{family}"), "x"]);
        assert!(written.contains(ANEW), "{written:?}");
        assert!(!written.contains(['b', 'd']), "{written:?}");
    }

    #[test]
    fn what_is_measured_in_several_ways() {
        for risky in ["👩\u{200d}👧", "🇨🇭", "🇨", "न्द्रे", "e\u{308}", "☎\u{fe0f}"]
        {
            assert!(is_risky(risky), "{risky}");
        }
        for plain in ["", "a", "é", "王", "☎", "👩"] {
            assert!(!is_risky(plain), "{plain}");
        }
    }
}
