//! The list pane: search bar, mistakes, contacts.

use super::text::{marked, pieces, right, wrap};
use super::{Look, has_keys, pane};
use crate::i18n::{decimal, span};
use crate::search::query::highlight;
use crate::text::{pad, safe_line, width};
use crate::tui::layout::Pane;
use crate::tui::state::State;
use crate::tui::state::data::Row;
use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

pub(super) fn draw(frame: &mut Frame<'_>, area: Rect, state: &State, look: Look) {
    let inner = pane(frame, area, &title(state, look), has_keys(state, Pane::List), look);
    search_bar(frame, inner, state, look);
    let mut list = Rect { y: inner.y + 1, height: inner.height.saturating_sub(1), ..inner };
    if let Some(taken) = mistake(frame, list, state, look) {
        list.y += taken;
        list.height -= taken;
    }
    if state.list.ids.is_empty() && state.search.shown > 0 {
        let key = if state.search.text().is_empty() { "screen-list-empty" } else { "screen-list-nothing" };
        for (row, line) in
            (0..list.height).zip(wrap(&state.words.say(key), usize::from(list.width).max(3) - 1))
        {
            pieces(frame.buffer_mut(), list, row, &[(" ", Style::new()), (&line, look.theme.dim())]);
        }
    }
    let shown = state.list.ids.iter().enumerate().skip(state.list.offset);
    for (row, (at, id)) in (0..list.height).zip(shown) {
        let here = at == state.list.cursor;
        let line = Rect { y: list.y + row, height: 1, ..list };
        draw_row(frame, line, state.list.row(*id), here, state.list.marks.contains(id), state, look);
    }
}

fn title(state: &State, look: Look) -> String {
    let list = &state.list;
    let number = |n: usize| decimal(i64::try_from(n).unwrap_or(i64::MAX));
    let mut title = state.words.say("screen-people");
    let dot = look.theme.dot();
    match list.of {
        Some(of) if list.total < of => {
            let lang = state.words.lang();
            let said =
                lang.t("screen-found-of", &[("found", number(list.total).into()), ("of", number(of).into())]);
            title.push_str(&format!(" {dot} {said}"));
        }
        Some(_) => title.push_str(&format!(" {dot} {}", number(list.total))),
        None => {}
    }
    if !list.marks.is_empty() {
        title.push_str(&format!(" {dot} {}", state.words.count("screen-marked-count", list.marks.len())));
    }
    if list.sort != Default::default() && state.search.text().is_empty() {
        title.push_str(&format!(" {dot} {}", state.words.say(list.sort.key())));
    }
    title
}

fn search_bar(frame: &mut Frame<'_>, area: Rect, state: &State, look: Look) {
    let theme = look.theme;
    let search = &state.search;
    if !search.active && search.text().is_empty() {
        let hint = state.words.say("screen-search-hint");
        pieces(frame.buffer_mut(), area, 0, &[(" / ", theme.dim()), (&hint, theme.dim())]);
        return;
    }
    let input = Rect { x: area.x + 3, width: area.width.saturating_sub(4), ..area };
    let style = if search.mistake.is_some() { theme.bad() } else { theme.accent() };
    pieces(frame.buffer_mut(), area, 0, &[(" / ", style)]);
    let cursor = line_input(frame, input, search.text(), search.input.before_cursor(), Style::new());
    if search.active && state.overlays.is_empty() {
        frame.set_cursor_position(cursor);
    }
}

/// Draws a line that is typed, scrolled so that its cursor is in sight; gives back where the cursor is.
pub(super) fn line_input(
    frame: &mut Frame<'_>,
    area: Rect,
    text: &str,
    before: &str,
    style: Style,
) -> Position {
    let room = usize::from(area.width.max(1));
    let ahead = width(&safe_line(before));
    let scroll = (ahead + 1).saturating_sub(room);
    let safe = safe_line(text);
    let mut skipped = 0;
    let mut from = 0;
    for (at, grapheme) in unicode_segmentation::UnicodeSegmentation::grapheme_indices(safe.as_ref(), true) {
        if skipped >= scroll {
            break;
        }
        skipped += width(grapheme);
        from = at + grapheme.len();
    }
    let rest = &safe[from.min(safe.len())..];
    let area = Rect { height: 1, ..area };
    frame.buffer_mut().set_stringn(area.x, area.y, rest, room, style);
    let x = u16::try_from(ahead.saturating_sub(skipped)).unwrap_or(u16::MAX);
    Position::new(area.x.saturating_add(x).min(area.right().saturating_sub(1)), area.y)
}

/// The caret under a mistake, and what it is; gives back how many lines that took.
fn mistake(frame: &mut Frame<'_>, area: Rect, state: &State, look: Look) -> Option<u16> {
    let mistake = state.search.mistake.as_ref()?;
    let text = state.search.text();
    let before = text.get(..mistake.start).unwrap_or(text);
    let under = text.get(mistake.start..mistake.end).unwrap_or_default();
    let room = usize::from(area.width.saturating_sub(4));
    let start = width(&safe_line(before)).min(room.saturating_sub(1));
    let carets = "^".repeat(width(&safe_line(under)).clamp(1, room.saturating_sub(start).max(1)));
    let indent = " ".repeat(3 + start);
    pieces(frame.buffer_mut(), area, 0, &[(&indent, Style::new()), (&carets, look.theme.bad())]);
    let said = wrap(&state.words.notice(&mistake.notice), usize::from(area.width).max(4) - 2);
    let lines = said.len().min(2);
    for (row, line) in (1..).zip(&said[..lines]) {
        pieces(frame.buffer_mut(), area, row, &[(" ", Style::new()), (line, look.theme.warning())]);
    }
    Some(u16::try_from(lines + 1).unwrap_or(1).min(area.height))
}

fn draw_row(
    frame: &mut Frame<'_>,
    line: Rect,
    row: Option<&Row>,
    here: bool,
    is_marked: bool,
    state: &State,
    look: Look,
) {
    let theme = look.theme;
    let buffer = frame.buffer_mut();
    let base = match (here, has_keys(state, Pane::List)) {
        (true, true) => theme.cursor(),
        (true, false) => theme.cursor_away(),
        _ => Style::new(),
    };
    buffer.set_style(line, base);
    let sign = if is_marked {
        theme.mark()
    } else if here {
        theme.pointer()
    } else {
        " "
    };
    pieces(buffer, line, 0, &[(sign, base.patch(theme.accent()))]);
    let Some(row) = row else {
        pieces(
            buffer,
            Rect { x: line.x + 1, width: line.width - 1, ..line },
            0,
            &[(theme.more(), theme.dim())],
        );
        return;
    };
    let mut columns = Columns::of(usize::from(line.width));
    if row.company.is_empty() && row.email.is_empty() && columns.company > 0 {
        // Where nothing stands beside it, a long name has the room.
        columns = Columns { name: columns.name + 1 + columns.company, company: 0 };
    }
    let style = if row.archived { base.patch(theme.dim()) } else { base };
    let found = base.patch(theme.matched());
    let find = |text: &str| {
        if state.list.terms.is_empty() { Vec::new() } else { highlight(text, &state.list.terms) }
    };
    let x = line.x + 1;
    let place = |offset: usize| (x + u16::try_from(offset).unwrap_or(0), line.y);
    if row.name.is_empty() {
        let name = state.words.say("screen-nameless");
        marked(buffer, place(0), columns.name, &name, (base.patch(theme.dim()), found), |_| Vec::new());
    } else {
        marked(buffer, place(0), columns.name, &row.name, (style, found), find);
    }
    if columns.company > 0 {
        // What was searched for may stand in the e-mail alone: then that is shown.
        let company_fits = state.list.terms.is_empty() || !find(&row.company).is_empty();
        let mail = !company_fits && find(&row.name).is_empty() && !find(&row.email).is_empty();
        let about = if mail || row.company.is_empty() { &row.email } else { &row.company };
        let dim = if row.company.is_empty() || mail { base.patch(theme.dim()) } else { style };
        marked(buffer, place(columns.name + 1), columns.company, about, (dim, found), find);
    }
    let last = row
        .last
        .map_or_else(|| theme.none().to_owned(), |at| span(state.words.lang(), look.clock.millis() - at));
    let star = if row.starred { theme.starred() } else { " " };
    let flag = if row.overdue { "!" } else { " " };
    let tail = Rect { x: line.right().saturating_sub(4), width: 4, ..line };
    pieces(
        buffer,
        tail,
        0,
        &[(" ", base), (star, base.patch(theme.star())), (flag, base.patch(theme.bad()))],
    );
    let last_area = Rect { x: line.x, width: line.width.saturating_sub(4), ..line };
    right(buffer, last_area, 0, &pad(&last, width(&last)), base.patch(theme.dim()));
}

/// How wide the columns are; one cell in front for the pointer, 4 behind for signs, 6 for the span.
struct Columns {
    name: usize,
    company: usize,
}

impl Columns {
    fn of(width: usize) -> Self {
        let room = width.saturating_sub(1 + 4 + 6 + 1);
        if room < 22 {
            return Self { name: room, company: 0 };
        }
        let name = room * 11 / 20;
        Self { name, company: room - name - 1 }
    }
}
