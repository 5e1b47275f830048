//! The timeline pane, by months.

use super::text::{pieces, scrolled, wrap};
use super::{Look, has_keys, more_below, pane};
use crate::i18n::{amount, data, day, duration};
use crate::text::{safe_line, safe_text, truncate, width};
use crate::tui::layout::Pane;
use crate::tui::state::State;
use crate::tui::state::data::Event;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;

/// So many lines of an event's text are shown unless the cursor is on it.
const BRIEF: usize = 2;
/// So many names are shown unless the cursor is on it.
const NAMES: usize = 3;

enum Shown {
    Month(String),
    Head(usize, String, String),
    /// What of a head had no room in its first line.
    More(usize, String),
    Text(usize, String),
}

impl Shown {
    const fn event(&self) -> Option<usize> {
        match self {
            Self::Month(_) => None,
            Self::Head(at, ..) | Self::More(at, _) | Self::Text(at, _) => Some(*at),
        }
    }
}

pub(super) fn draw(frame: &mut Frame<'_>, area: Rect, state: &State, look: Look) {
    let here = has_keys(state, Pane::Timeline);
    let theme = look.theme;
    let inner = pane(frame, area, &state.words.say("screen-timeline"), here, look);
    let current = state.list.current();
    let fits = state.detail.shown.as_ref().map(|contact| contact.id) == current;
    if !fits || current.is_none() {
        return;
    }
    if state.timeline.events.is_empty() {
        let said = state.words.say("screen-timeline-empty");
        for (row, line) in (0..inner.height).zip(wrap(&said, usize::from(inner.width).max(3) - 1)) {
            pieces(frame.buffer_mut(), inner, row, &[(" ", Style::new()), (&line, theme.dim())]);
        }
        return;
    }
    let rows = rows(state, usize::from(inner.width), here, look);
    let at = state.timeline.cursor.at();
    let first = rows.iter().position(|row| row.event() == Some(at)).unwrap_or(0);
    let tall = rows.iter().filter(|row| row.event() == Some(at)).count().max(1);
    // The month above the first event comes into sight with it.
    let (first, tall) = if first == 1 { (0, tall + 1) } else { (first, tall) };
    let height = usize::from(inner.height);
    let from = scrolled(first + state.timeline.cursor.above(tall, height), tall, rows.len(), height);
    for (y, row) in (0..inner.height).zip(&rows[from.min(rows.len())..]) {
        let base = if here && row.event() == Some(at) { theme.cursor() } else { Style::new() };
        let line = Rect { y: inner.y + y, height: 1, ..inner };
        frame.buffer_mut().set_style(line, base);
        match row {
            Shown::Month(name) => {
                pieces(frame.buffer_mut(), line, 0, &[(" ", base), (name, theme.heading())])
            }
            Shown::Head(_, date, text) => pieces(
                frame.buffer_mut(),
                line,
                0,
                &[(" ", base), (date, base.patch(theme.accent())), (text, base)],
            ),
            Shown::More(_, text) => pieces(frame.buffer_mut(), line, 0, &[("     ", base), (text, base)]),
            Shown::Text(_, text) => {
                pieces(frame.buffer_mut(), line, 0, &[("      ", base), (text, base.patch(theme.dim()))])
            }
        };
    }
    more_below(frame, inner, from + height < rows.len(), theme);
}

fn rows(state: &State, columns: usize, here: bool, look: Look) -> Vec<Shown> {
    let mut out = Vec::new();
    let mut last_month = String::new();
    for (at, event) in state.timeline.events.iter().enumerate() {
        let local = look.clock.local(event.at);
        let month = day(state.words.lang(), &local.format("%Y-%m").to_string());
        if month != last_month {
            out.push(Shown::Month(month.clone()));
            last_month = month;
        }
        let whole = here && at == state.timeline.cursor.at();
        let date = format!("{:>2}  ", local.format("%-d"));
        if whole {
            // Where the cursor is, all of it can be read, and at what time it was.
            let head = format!("{} {}", local.format("%H:%M"), head(event, usize::MAX, state, look));
            let mut lines = wrap(&head, columns.saturating_sub(6)).into_iter();
            out.push(Shown::Head(at, date, lines.next().unwrap_or_default()));
            out.extend(lines.map(|line| Shown::More(at, line)));
        } else {
            out.push(Shown::Head(at, date, head(event, NAMES, state, look)));
        }
        let text = body(event, whole);
        let lines = wrap(&text, columns.saturating_sub(7));
        let shown = if whole { lines.len() } else { lines.len().min(BRIEF) };
        for (n, line) in lines.iter().take(shown).enumerate().filter(|(_, line)| !line.is_empty() || whole) {
            let cut = n + 1 == shown && shown < lines.len();
            let room = columns.saturating_sub(8);
            let line = match cut {
                // What is too wide ends with a sign of its own.
                true if width(line) > room => truncate(line, room).into_owned(),
                true => format!("{}{}", line.trim_end_matches(['…', '.', ' ']), look.theme.more()),
                false => line.clone(),
            };
            out.push(Shown::Text(at, line));
        }
    }
    out
}

fn body(event: &Event, whole: bool) -> String {
    let parts = [&event.subject, &event.body, &event.outcome];
    let parts: Vec<_> =
        parts.into_iter().filter(|part| !part.trim().is_empty()).map(|part| safe_text(part.trim())).collect();
    if parts.is_empty() {
        return String::new();
    }
    parts.join(if whole { "\n" } else { " — " })
}

/// What it was, with whom (so many names) and by whom.
fn head(event: &Event, names: usize, state: &State, look: Look) -> String {
    let mut parts = vec![format!(
        "{} {}",
        look.theme.kind(&event.kind),
        state.words.term("screen-event-", &safe_line(&event.kind))
    )];
    if let Some(minutes) = event.duration {
        parts.push(duration(state.words.lang(), minutes));
    }
    if !event.direction.is_empty() {
        parts.push(state.words.term("screen-direction-", &event.direction));
    }
    if !event.amount.is_empty() {
        parts.push(safe_line(&amount(&event.amount, "")).into_owned());
    }
    if !event.people.is_empty() {
        let names: Vec<String> =
            event.people.iter().take(names).map(|name| format!("@{}", safe_line(name))).collect();
        let more = event.people.len() - names.len();
        let more = if more > 0 { format!(" +{more}") } else { String::new() };
        parts.push(format!("{}{more}", names.join(" ")));
    }
    // One's own doing needs no name.
    if !event.author.is_empty() && event.author != state.who.name {
        parts.push(state.words.lang().t("screen-event-by", &[("author", data(&event.author))]));
    }
    parts.join(", ")
}
