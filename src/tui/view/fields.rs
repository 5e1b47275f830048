//! The form and the quick log: labelled rows of cells.

use super::list::line_input;
use super::text::{pieces, right, scrolled};
use super::{Look, popup};
use crate::text::{pad, safe_line, truncate, width};
use crate::tui::state::State;
use crate::tui::state::data::Notice;
use crate::tui::state::fields::{Cell, FieldRow, Fields, OFFERED};
use crate::tui::state::form::{Form, What};
use crate::tui::state::quick_log::QuickLog;
use crate::tui::widgets::completion::Completion;
use ratatui::Frame;
use ratatui::layout::{Position, Rect};
use ratatui::style::{Modifier, Style};

/// Lines that a text of several lines takes at the least and at the most.
const AREA_LINES: (usize, usize) = (2, 8);

pub(super) fn form(frame: &mut Frame<'_>, form: &Form, state: &State, look: Look) {
    let key = if form.id.is_some() { "screen-form-edit" } else { "screen-form-add" };
    let size = (84, frame.area().height.saturating_sub(if frame.area().height > 30 { 4 } else { 1 }));
    let inner = popup(frame, size, &state.words.say(key), look);
    if form.loading.is_some() {
        pieces(frame.buffer_mut(), inner, 0, &[(" ", Style::new()), (look.theme.more(), look.theme.dim())]);
        return;
    }
    let name = |row: &FieldRow<What>| form_label(&row.what, state);
    let here =
        state.overlays.last().is_some_and(|top| matches!(top, crate::tui::state::overlay::Overlay::Form(_)));
    rows(frame, inner, &form.fields, &name, form.error.as_ref(), here, state, look);
}

pub(super) fn quick_log(frame: &mut Frame<'_>, log: &QuickLog, state: &State, look: Look) {
    let who = match log.ids.len() {
        1 => log.name.clone(),
        count => state.words.count("screen-contacts", count),
    };
    let title = match log.event {
        Some(_) => state.words.say("screen-log-edit"),
        None => state.words.lang().t("screen-log-title", &[("who", crate::i18n::data(&who))]),
    };
    let inner = popup(frame, (64, 14), &title, look);
    let name = |row: &FieldRow<&'static str>| state.words.term("screen-log-", row.what);
    let here = state
        .overlays
        .last()
        .is_some_and(|top| matches!(top, crate::tui::state::overlay::Overlay::QuickLog(_)));
    rows(frame, inner, &log.fields, &name, log.error.as_ref(), here, state, look);
}

fn form_label(what: &What, state: &State) -> String {
    match what {
        What::Kind => state.words.say("screen-field-kind"),
        What::Scalar(field) => state.words.term("screen-field-", field),
        What::Company => state.words.say("screen-field-company"),
        What::Method(kind, _) => state.words.term("screen-field-", kind),
        What::Address(_, part) => state.words.term("screen-field-", part),
        What::Date(_) => state.words.say("screen-field-date"),
        What::Tags => state.words.say("screen-field-tags"),
        What::Custom(_, name) => safe_line(name).into_owned(),
        What::Link(relation) => state.words.term("screen-label-", &safe_line(relation)),
    }
}

fn height<W>(row: &FieldRow<W>) -> usize {
    let cell = match row.cells.first() {
        Some(Cell::Area(area)) => area.lines().len().clamp(AREA_LINES.0, AREA_LINES.1),
        _ => 1,
    };
    cell + usize::from(row.warning.is_some())
}

#[allow(clippy::too_many_arguments)]
fn rows<W>(
    frame: &mut Frame<'_>,
    area: Rect,
    fields: &Fields<W>,
    name: &dyn Fn(&FieldRow<W>) -> String,
    error: Option<&Notice>,
    here: bool,
    state: &State,
    look: Look,
) {
    let mut area = area;
    if let Some(error) = error {
        let lines = super::text::wrap(&state.words.notice(error), usize::from(area.width).max(4) - 2);
        let taken = u16::try_from(lines.len().min(3)).unwrap_or(1).min(area.height.saturating_sub(3));
        area.height -= taken;
        for (row, line) in (0..taken).zip(&lines) {
            let place = Rect { y: area.bottom() + row, height: 1, ..area };
            pieces(frame.buffer_mut(), place, 0, &[(" ", Style::new()), (line, look.theme.tone(error.tone))]);
        }
    }
    let shown: Vec<usize> = (0..fields.rows.len()).filter(|at| fields.is_shown(*at)).collect();
    let labels = shown
        .iter()
        .map(|at| width(&name(&fields.rows[*at])))
        .max()
        .unwrap_or(0)
        .min(usize::from(area.width) / 3);
    let heights: Vec<usize> = shown.iter().map(|at| height(&fields.rows[*at])).collect();
    let current = shown.iter().position(|at| *at == fields.at).unwrap_or(0);
    let above: usize = heights[..current].iter().sum();
    let tall = heights.get(current).copied().unwrap_or(1);
    let total: usize = heights.iter().sum();
    // A line of what comes next stays in sight, so that one sees that there is more.
    let tall = (tall + 1).min(total.saturating_sub(above).max(1));
    let from = scrolled(above, tall, total, usize::from(area.height));
    let mut y = 0;
    let mut cursor = None;
    for (at, size) in shown.iter().zip(&heights) {
        let top = y;
        y += size;
        if top < from || top >= from + usize::from(area.height) {
            continue;
        }
        let offset = u16::try_from(top - from).unwrap_or(0);
        let size = u16::try_from(*size).unwrap_or(1).min(area.height - offset);
        let place = Rect { y: area.y + offset, height: size, ..area };
        let active = (here && *at == fields.at).then_some(fields.cell);
        let found =
            one(frame, place, &fields.rows[*at], &name(&fields.rows[*at]), labels, active, state, look);
        cursor = found.or(cursor);
    }
    if from + usize::from(area.height) < total {
        right(frame.buffer_mut(), area, area.height.saturating_sub(1), look.theme.more(), look.theme.dim());
    }
    if let Some(cursor) = cursor {
        frame.set_cursor_position(cursor);
        completion(frame, cursor, area, labels, &fields.completion, look);
    }
}

#[allow(clippy::too_many_arguments)]
fn one<W>(
    frame: &mut Frame<'_>,
    area: Rect,
    row: &FieldRow<W>,
    name: &str,
    labels: usize,
    active: Option<usize>,
    state: &State,
    look: Look,
) -> Option<Position> {
    let theme = look.theme;
    let sign = if active.is_some() { theme.pointer() } else { " " };
    let style = if active.is_some() { theme.accent().add_modifier(Modifier::BOLD) } else { theme.accent() };
    let name = pad(&truncate(name, labels), labels);
    let preferred = if row.preferred { format!(" {}", theme.preferred()) } else { "  ".to_owned() };
    let parts = [(sign, theme.accent()), (&*name, style), (&*preferred, theme.accent()), (" ", Style::new())];
    let x = pieces(frame.buffer_mut(), area, 0, &parts);
    let cells = Rect { x, width: area.right().saturating_sub(x + 1), ..area };
    if let Some(warning) = &row.warning {
        let line = Rect { y: area.bottom().saturating_sub(1), height: 1, ..cells };
        if area.height > 1 {
            let said = state.words.notice(warning);
            pieces(frame.buffer_mut(), line, 0, &[("! ", theme.warning()), (&said, theme.warning())]);
        }
    }
    let mut cursor = None;
    let mut at = cells;
    for (n, cell) in row.cells.iter().enumerate() {
        let rest = row.cells.len() - n - 1;
        // Labels and services behind a value have a fixed width.
        let behind = u16::try_from(rest).unwrap_or(0) * 12;
        at.width = if rest > 0 {
            cells.right().saturating_sub(at.x).saturating_sub(behind).max(8)
        } else {
            cells.right().saturating_sub(at.x)
        };
        if n > 0 && row.is_empty() && active.is_none() {
            break;
        }
        let found = draw_cell(frame, at, cell, n > 0, active == Some(n), state, look);
        cursor = found.or(cursor);
        if n > 0 && active.is_some() && !row.is_empty() && cell.value().is_empty() {
            let key = if rest > 0 { "screen-form-service" } else { "screen-form-label" };
            // Else one could type into a cell that nobody sees.
            let hint = state.words.say(key);
            let style =
                if active == Some(n) { theme.dim().add_modifier(Modifier::UNDERLINED) } else { theme.dim() };
            pieces(frame.buffer_mut(), at, 0, &[(&hint, style)]);
        }
        at.x = (at.x + at.width + 1).min(cells.right());
    }
    cursor
}

fn draw_cell(
    frame: &mut Frame<'_>,
    area: Rect,
    cell: &Cell,
    is_label: bool,
    active: bool,
    state: &State,
    look: Look,
) -> Option<Position> {
    let theme = look.theme;
    let base = if active { Style::new().add_modifier(Modifier::UNDERLINED) } else { Style::new() };
    match cell {
        Cell::Line(line, _) => {
            let text = line.text();
            if active {
                let fill = " ".repeat(usize::from(area.width));
                pieces(frame.buffer_mut(), area, 0, &[(&fill, base)]);
                return Some(line_input(frame, area, text, line.before_cursor(), base));
            }
            if is_label {
                let shown = state.words.term("screen-label-", &safe_line(text));
                pieces(frame.buffer_mut(), area, 0, &[(&shown, theme.dim())]);
            } else {
                let shown = if text.is_empty() { theme.dot() } else { text };
                let style = if text.is_empty() { theme.dim() } else { base };
                pieces(frame.buffer_mut(), area, 0, &[(&safe_line(shown), style)]);
            }
            None
        }
        Cell::Area(text) => {
            let height = usize::from(area.height);
            let from = (text.row() + 1).saturating_sub(height);
            let mut cursor = None;
            for (row, (n, line)) in (0..area.height).zip(text.lines().iter().enumerate().skip(from)) {
                let place = Rect { y: area.y + row, height: 1, ..area };
                if active && n == text.row() {
                    cursor = Some(line_input(frame, place, line.text(), line.before_cursor(), base));
                } else {
                    pieces(frame.buffer_mut(), place, 0, &[(&safe_line(line.text()), Style::new())]);
                }
            }
            if !active && text.lines().iter().all(|line| line.text().is_empty()) {
                pieces(frame.buffer_mut(), area, 0, &[(theme.dot(), theme.dim())]);
            }
            cursor
        }
        Cell::Choice(words, at, prefix) => {
            let word = words.get(*at).map_or("", String::as_str);
            let key = if word.is_empty() { "none" } else { word };
            let shown = state.words.term(prefix, &safe_line(key));
            let (open, close) = if theme.ascii { ("< ", " >") } else { ("◂ ", " ▸") };
            let parts = if active {
                [(open, theme.accent()), (&*shown, base), (close, theme.accent())]
            } else {
                [("", base), (&*shown, base), ("", base)]
            };
            let end = pieces(frame.buffer_mut(), area, 0, &parts);
            active.then(|| Position::new(end.saturating_sub(1), area.y))
        }
        Cell::Shown(text) => {
            pieces(frame.buffer_mut(), area, 0, &[(&safe_line(text), theme.dim())]);
            None
        }
    }
}

/// What could complete the cell: under the cursor, or above it where there is more room, and never beyond the box.
pub(super) fn completion(
    frame: &mut Frame<'_>,
    cursor: Position,
    within: Rect,
    indent: usize,
    list: &Completion,
    look: Look,
) {
    let wanted = u16::try_from(list.items.len().min(OFFERED)).unwrap_or(1);
    let below = within.bottom().saturating_sub(cursor.y + 1);
    let above = cursor.y.saturating_sub(within.y);
    let (y, height) = if below >= wanted || below >= above {
        (cursor.y + 1, wanted.min(below))
    } else {
        let height = wanted.min(above);
        (cursor.y - height, height)
    };
    if height == 0 {
        return;
    }
    // Whole rows: a label beside an item would read as if the item were its value.
    super::clear(frame, Rect { y, height, ..within });
    let x =
        within.x.saturating_add(u16::try_from(indent + 3).unwrap_or(0)).min(within.right().saturating_sub(8));
    let widest = list.items.iter().map(|item| width(&safe_line(item))).max().unwrap_or(0) + 2;
    let widest = u16::try_from(widest).unwrap_or(u16::MAX).min(within.right().saturating_sub(x));
    let area = Rect { x, y, width: widest, height };
    let chosen = list.chosen.unwrap_or(0);
    let from = (chosen + 1).saturating_sub(usize::from(height));
    for (row, (at, item)) in (0..height).zip(list.items.iter().enumerate().skip(from)) {
        let style = if Some(at) == list.chosen {
            look.theme.cursor()
        } else {
            look.theme.accent().add_modifier(Modifier::REVERSED | Modifier::DIM)
        };
        let text = pad(&format!(" {}", safe_line(item)), usize::from(area.width));
        pieces(frame.buffer_mut(), area, row, &[(&text, style)]);
    }
}
