//! The contact pane.

use super::text::{pieces, scrolled, wrap};
use super::{Look, has_keys, more_below, pane};
use crate::i18n::{consent, day, stored_span};
use crate::text::{pad, safe_line, safe_text, truncate, width};
use crate::tui::layout::Pane;
use crate::tui::state::State;
use crate::tui::state::data::{Detail, Label, Line, Reads};
use crate::tui::theme::Theme;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;

const LABEL_MAX: usize = 16;

pub(super) fn draw(frame: &mut Frame<'_>, area: Rect, state: &State, look: Look) {
    let here = has_keys(state, Pane::Detail);
    let current = state.list.current();
    let contact = state.detail.shown.as_ref().filter(|contact| Some(contact.id) == current);
    let row = current.and_then(|id| state.list.row(id));
    let name = contact.map(|contact| contact.name.as_str()).or(row.map(|row| row.name.as_str()));
    let inner = pane(frame, area, &safe_line(name.unwrap_or_default()), here, look);
    let Some(contact) = contact else {
        if current.is_none() && state.search.shown > 0 {
            let said = state.words.say("screen-detail-none");
            for (row, line) in (0..inner.height).zip(wrap(&said, usize::from(inner.width).max(3) - 1)) {
                pieces(frame.buffer_mut(), inner, row, &[(" ", Style::new()), (&line, look.theme.dim())]);
            }
        }
        return;
    };
    let taken = header(frame, inner, contact, state, look);
    let body = Rect { y: inner.y + taken, height: inner.height.saturating_sub(taken), ..inner };
    lines(frame, body, contact, here, state, look);
}

/// The whole name, if the border cuts it; what they do, a star. Gives back how many lines that took.
fn header(frame: &mut Frame<'_>, area: Rect, contact: &Detail, state: &State, look: Look) -> u16 {
    let theme = look.theme;
    let star = if contact.starred { format!(" {} ", theme.starred()) } else { String::new() };
    let archived =
        if contact.archived { format!(" [{}] ", state.words.say("screen-archived")) } else { String::new() };
    let columns = usize::from(area.width);
    let name = safe_line(&contact.name);
    let mut lines = if width(&name) + 2 > columns { wrap(&name, columns - 1) } else { Vec::new() };
    // What is known of them needs room, too.
    lines.truncate(usize::from(area.height) / 3);
    let above = lines.len();
    let signs = width(&star) + width(&archived);
    let room = columns.saturating_sub(signs + 1);
    if !(contact.about.is_empty() && signs == 0) {
        let most = (usize::from(area.height) / 3).max(1);
        let mut about = wrap(&safe_line(&contact.about), room);
        if about.len() > most {
            about.truncate(most);
            if let Some(last) = about.last_mut() {
                *last = format!("{}…", truncate(last, room.saturating_sub(1)).trim_end_matches('…'));
            }
        }
        lines.extend(about);
    }
    for (row, line) in (0..area.height).zip(&lines) {
        let signed = usize::from(row) == above;
        let line = if signed { pad(line, room) } else { line.clone() };
        let (archived, star) = if signed { (&*archived, &*star) } else { ("", "") };
        let parts =
            [(" ", Style::new()), (&*line, theme.heading()), (archived, theme.dim()), (star, theme.star())];
        pieces(frame.buffer_mut(), area, row, &parts);
    }
    u16::try_from(lines.len()).unwrap_or(1).min(area.height)
}

fn label(line: &Line, state: &State) -> String {
    match &line.label {
        Label::Field(name) => state.words.term("screen-field-", name),
        Label::Own(name) => safe_line(name).into_owned(),
    }
}

fn value(line: &Line, state: &State) -> String {
    let lang = state.words.lang();
    match &line.reads {
        Reads::Text => line.value.clone(),
        Reads::Day => day(lang, &line.value),
        Reads::Span => stored_span(lang, &line.value),
        Reads::Consent { at, expires, about } => {
            let said = consent(lang, &line.value, at, expires);
            std::iter::once(&said).chain(about).map(String::as_str).collect::<Vec<_>>().join(" · ")
        }
    }
}

/// One row of the pane: which line it belongs to, label, value, note, whether it is the line's first.
struct Shown {
    line: usize,
    label: String,
    value: String,
    note: String,
    preferred: bool,
    /// What else was said.
    clash: bool,
}

fn shown(contact: &Detail, columns: usize, label_width: usize, state: &State, theme: Theme) -> Vec<Shown> {
    let mut out = Vec::new();
    let mut last = String::new();
    for (at, line) in contact.lines.iter().enumerate() {
        let mut name = label(line, state);
        if name == last {
            name = String::new();
        } else {
            last.clone_from(&name);
        }
        let note = if line.note.is_empty() {
            String::new()
        } else {
            state.words.term("screen-label-", &safe_line(&line.note))
        };
        let room = columns.saturating_sub(label_width + 3);
        let extra = width(&note) + usize::from(line.preferred) * 2 + 2;
        let value = value(line, state);
        let value = safe_text(&value);
        let beside = width(&value) + extra <= room || note.is_empty();
        let wrapped = wrap(
            &value,
            if note.is_empty() { room.saturating_sub(usize::from(line.preferred) * 2) } else { room },
        );
        let count = wrapped.len();
        for (n, value) in wrapped.into_iter().enumerate() {
            let end = n + 1 == count && beside;
            out.push(Shown {
                line: at,
                label: if n == 0 { std::mem::take(&mut name) } else { String::new() },
                value,
                note: if end { note.clone() } else { String::new() },
                preferred: end && line.preferred,
                clash: false,
            });
        }
        if !beside {
            out.push(Shown {
                line: at,
                label: String::new(),
                value: String::new(),
                note,
                preferred: line.preferred,
                clash: false,
            });
        }
        for other in &line.clash {
            let said = format!("{} {}", theme.alert(), safe_line(other));
            for value in wrap(&said, room) {
                out.push(Shown {
                    line: at,
                    label: String::new(),
                    value,
                    note: String::new(),
                    preferred: false,
                    clash: true,
                });
            }
        }
    }
    out
}

fn lines(frame: &mut Frame<'_>, area: Rect, contact: &Detail, here: bool, state: &State, look: Look) {
    let theme = look.theme;
    let at = state.detail.cursor.at();
    let widest = contact.lines.iter().map(|line| width(&label(line, state))).max().unwrap_or(0);
    let label_width = widest.min(LABEL_MAX).min(usize::from(area.width) * 2 / 5);
    let rows = shown(contact, usize::from(area.width), label_width, state, theme);
    let first = rows.iter().position(|row| row.line == at).unwrap_or(0);
    let tall = rows.iter().filter(|row| row.line == at).count().max(1);
    let height = usize::from(area.height);
    let from = scrolled(first + state.detail.cursor.above(tall, height), tall, rows.len(), height);
    for (y, row) in (0..area.height).zip(&rows[from.min(rows.len())..]) {
        let base = if here && row.line == at { theme.cursor() } else { Style::new() };
        let line = Rect { y: area.y + y, height: 1, ..area };
        frame.buffer_mut().set_style(line, base);
        let gap = if row.value.is_empty() { "" } else { "  " };
        let preferred = if row.preferred { format!(" {}", theme.preferred()) } else { String::new() };
        let parts = [
            (" ", base),
            (&pad(&row.label, label_width), base.patch(theme.accent())),
            ("  ", base),
            (&row.value, if row.clash { base.patch(theme.warning()) } else { base }),
            (if row.note.is_empty() { "" } else { gap }, base),
            (&row.note, base.patch(theme.dim())),
            (&preferred, base.patch(theme.accent())),
        ];
        pieces(frame.buffer_mut(), line, 0, &parts.map(|(text, style): (&str, Style)| (text, style)));
    }
    more_below(frame, area, from + height < rows.len(), theme);
}
