//! Draws the state. Reads it, and nothing else but the clock.

mod conflicts;
mod detail;
mod fields;
mod import;
mod list;
mod overlays;
mod share;
#[cfg(test)]
mod share_tests;
mod status;
#[cfg(test)]
mod tests;
mod text;
mod timeline;

use super::layout::{self, Pane};
use super::state::State;
use super::state::overlay::Overlay;
use super::theme::Theme;
use crate::clock::Clock;
use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::widgets::{Block, Clear, Widget};

/// How things are drawn.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// Colours and signs.
    pub theme: Theme,
    /// What `12d` is counted from.
    pub clock: Clock,
}

/// Draws all of the screen.
pub fn draw(frame: &mut Frame<'_>, state: &State, look: Look) {
    let area = frame.area();
    if layout::too_small(area.width, area.height) {
        let (width, height) = layout::SMALLEST;
        let said = state.words.lang().t(
            "screen-too-small",
            &[("width", i64::from(width).into()), ("height", i64::from(height).into())],
        );
        for (row, line) in text::wrap(&said, usize::from(area.width.max(1))).iter().enumerate() {
            let y = u16::try_from(row).unwrap_or(u16::MAX);
            if y < area.height {
                frame.buffer_mut().set_stringn(0, y, line, usize::from(area.width), Style::new());
            }
        }
        return;
    }
    let at = layout::people(area.width, area.height, state.focus);
    status::title(frame, at.title, state, look);
    if at.list.area() > 0 {
        list::draw(frame, at.list, state, look);
    }
    if at.detail.area() > 0 {
        detail::draw(frame, at.detail, state, look);
    }
    if at.timeline.area() > 0 {
        timeline::draw(frame, at.timeline, state, look);
    }
    for (at, overlay) in state.overlays.iter().enumerate() {
        // What the welcome led to stands in its place.
        let led = |above: &Overlay| matches!(above, Overlay::Form(_) | Overlay::Import(_) | Overlay::Join(_));
        if matches!(overlay, Overlay::FirstStart(_)) && state.overlays[at + 1..].iter().any(led) {
            continue;
        }
        draw_overlay(frame, overlay, state, look);
    }
    status::hints(frame, at.hints, state, look);
    if look.theme.ascii {
        plain(frame.buffer_mut());
    }
}

/// Signs that messages and names of keys bring along, in ASCII.
fn plain(buffer: &mut Buffer) {
    for cell in &mut buffer.content {
        let sign = match cell.symbol() {
            "·" | "—" | "–" => "-",
            "…" => "~",
            "→" => ">",
            "←" => "<",
            "↑" => "^",
            "↓" => "v",
            _ => continue,
        };
        cell.set_symbol(sign);
    }
}

fn draw_overlay(frame: &mut Frame<'_>, overlay: &Overlay, state: &State, look: Look) {
    match overlay {
        Overlay::Form(form) => fields::form(frame, form, state, look),
        Overlay::QuickLog(log) => fields::quick_log(frame, log, state, look),
        Overlay::Tag(prompt) => overlays::tag(frame, prompt, state, look),
        Overlay::Palette(palette) => overlays::palette(frame, palette, state, look),
        Overlay::Help(help) => overlays::help(frame, help, state, look),
        Overlay::Confirm(confirm) => overlays::confirm(frame, confirm, state, look),
        Overlay::Bin(bin) => overlays::bin(frame, bin, state, look),
        Overlay::FirstStart(first) => overlays::first_start(frame, first, state, look),
        Overlay::Import(import) => import::draw(frame, import, state, look),
        Overlay::You(you) => overlays::you(frame, you, state, look),
        Overlay::Share(share) => share::draw(frame, share, state, look),
        Overlay::Conflicts(conflicts) => conflicts::draw(frame, conflicts, state, look),
        Overlay::Join(join) => share::join(frame, join, state, look),
    }
}

/// A pane's border and title; gives back what is inside.
fn pane(frame: &mut Frame<'_>, area: Rect, title: &str, here: bool, look: Look) -> Rect {
    let theme = look.theme;
    let style = if here { theme.border_here() } else { theme.border() };
    let width = usize::from(area.width.saturating_sub(4));
    let title =
        if title.is_empty() { String::new() } else { format!(" {} ", crate::text::truncate(title, width)) };
    let title_style = if here { theme.heading() } else { Style::new() };
    let block = Block::bordered()
        .border_set(theme.borders(here))
        .border_style(style)
        .title(ratatui::text::Span::styled(title, title_style));
    let inner = block.inner(area);
    block.render(area, frame.buffer_mut());
    inner
}

/// A sign in the last line if there is more below.
fn more_below(frame: &mut Frame<'_>, area: Rect, more: bool, theme: Theme) {
    if more {
        text::right(frame.buffer_mut(), area, area.height.saturating_sub(1), theme.more(), theme.dim());
    }
}

/// An overlay's box in the middle above the hint line; gives back what is inside.
fn popup(frame: &mut Frame<'_>, size: (u16, u16), title: &str, look: Look) -> Rect {
    let all = frame.area();
    let area = layout::popup(all.width, all.height.saturating_sub(1), size.0, size.1);
    clear(frame, area);
    pane(frame, area, title, true, look)
}

/// Makes room for a box.
fn clear(frame: &mut Frame<'_>, area: Rect) {
    Clear.render(area, frame.buffer_mut());
    // A wide character that the box cuts in half would shift what comes behind it.
    for y in area.top()..area.bottom() {
        if area.x > 0 {
            let cell = &mut frame.buffer_mut()[(area.x - 1, y)];
            if unicode_width::UnicodeWidthStr::width(cell.symbol()) > 1 {
                cell.set_symbol(" ");
            }
        }
    }
}

/// Whether a pane has the keys.
fn has_keys(state: &State, pane: Pane) -> bool {
    state.overlays.is_empty() && state.focus == pane
}
