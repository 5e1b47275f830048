//! The import wizard: each step in a box of its own, with what the keys do at its foot.

mod report;
mod steps;
#[cfg(test)]
mod tests;

use super::list::line_input;
use super::text::{pieces, right, scrolled, wrap};
use super::{Look, fields, popup};
use crate::i18n::{bytes, decimal};
use crate::model::progress::Progress;
use crate::text::{safe_line, truncate, width};
use crate::tui::state::State;
use crate::tui::state::fields::OFFERED;
use crate::tui::state::import::prompt::{Ask, Prompt};
use crate::tui::state::import::{Import, Stage};
use crate::tui::state::overlay::Overlay;
use crate::tui::widgets::scroll::Scroll;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;

/// Lines within which a step's keys are not all told.
const SMALL: u16 = 12;
/// How large a step is where there is room.
const SIZE: (u16, u16) = (110, 40);

pub(super) fn draw(frame: &mut Frame<'_>, import: &Import, state: &State, look: Look) {
    let title = title(import, state);
    match &import.stage {
        Stage::Path => path(frame, import, &title, state, look),
        Stage::Past(found) => steps::past(frame, import, found.as_deref(), &title, state, look),
        Stage::Opening => {
            let progress = Progress::default();
            running(frame, import, &progress, "screen-import-reading", &title, state, look);
        }
        Stage::Trial(progress) => {
            running(frame, import, progress, "screen-import-reading", &title, state, look)
        }
        Stage::Running(progress) => {
            running(frame, import, progress, "screen-import-running", &title, state, look)
        }
        Stage::Cancelling => {
            let inner = popup(frame, (64, 5), &title, look);
            let said = state.words.say("screen-import-cancelling");
            pieces(frame.buffer_mut(), inner, 0, &[(" ", Style::new()), (&said, look.theme.warning())]);
        }
        Stage::About => steps::about(frame, import, &title, state, look),
        Stage::Columns => steps::columns(frame, import, &title, state, look),
        Stage::Options => steps::options(frame, import, &title, state, look),
        Stage::Plan(found) => report::draw(frame, import, found, true, &title, state, look),
        Stage::Done(found) => report::draw(frame, import, found, false, &title, state, look),
    }
    if let Some(asked) = &import.prompt {
        prompt(frame, asked, state, look);
    }
}

fn title(import: &Import, state: &State) -> String {
    let step = match import.stage {
        Stage::Path | Stage::Opening => "file",
        Stage::Past(_) => "past",
        Stage::About => "about",
        Stage::Columns => "columns",
        Stage::Options => "options",
        Stage::Trial(_) | Stage::Plan(_) => "rehearsal",
        Stage::Running(_) | Stage::Cancelling => "run",
        Stage::Done(_) => "report",
    };
    let step = state.words.say(&format!("screen-import-step-{step}"));
    format!("{} · {step}", state.words.say("screen-import-title"))
}

/// How many columns a step's lines have.
fn room(frame: &Frame<'_>) -> usize {
    usize::from(frame.area().width.min(SIZE.0)).saturating_sub(5)
}

/// A step's box, as tall as so many lines ask for: gives back where they go, having written what went wrong and what the
/// keys do at its foot.
fn step(
    frame: &mut Frame<'_>,
    import: &Import,
    (title, wanted): (&str, usize),
    state: &State,
    look: Look,
) -> Rect {
    let theme = look.theme;
    let columns = room(frame);
    let mut foot: Vec<(String, Style)> = Vec::new();
    if let Some(error) = &import.error {
        foot.extend(wrap(&state.words.notice(error), columns).into_iter().map(|line| (line, theme.bad())));
    } else if let Some(note) = &import.note {
        foot.extend(wrap(&state.words.notice(note), columns).into_iter().map(|line| (line, theme.good())));
    }
    let tall = u16::try_from(wanted + foot.len() + 6).unwrap_or(u16::MAX).clamp(16, SIZE.1);
    let inner = popup(frame, (SIZE.0, tall), title, look);
    let keys: Vec<String> = import.keys().into_iter().map(|key| state.words.say(key)).collect();
    let all = keys.join(" · ");
    let mut keys = wrap(&all, columns);
    // Where there is little room, the step itself needs it most.
    if inner.height < SMALL && keys.len() > 2 {
        let mut first = String::new();
        for part in all.split(" · ") {
            let longer = if first.is_empty() { part.to_owned() } else { format!("{first} · {part}") };
            if width(&longer) > columns {
                break;
            }
            first = longer;
        }
        keys = vec![first, state.words.say("screen-import-keys-all")];
    }
    foot.extend(keys.into_iter().map(|line| (line, theme.accent())));
    let most = usize::from(inner.height) / 2;
    let cut = foot.len().saturating_sub(most);
    let foot = &foot[cut..];
    let tall = u16::try_from(foot.len()).unwrap_or(0);
    let from = inner.height.saturating_sub(tall);
    for (row, (line, style)) in (from..).zip(foot) {
        pieces(frame.buffer_mut(), inner, row, &[(" ", Style::new()), (line, *style)]);
    }
    Rect { height: from, ..inner }
}

/// Lines that are scrolled, and a sign where more follow.
fn lines(frame: &mut Frame<'_>, area: Rect, scroll: &Scroll, lines: &[(String, Style)], look: Look) {
    let room = usize::from(area.height);
    let from = scroll.from(lines.len(), room);
    for (row, (line, style)) in (0..area.height).zip(lines.iter().skip(from)) {
        pieces(frame.buffer_mut(), area, row, &[(" ", Style::new()), (line, *style)]);
    }
    if from + room < lines.len() && room > 0 {
        right(frame.buffer_mut(), area, area.height - 1, look.theme.more(), look.theme.dim());
    }
}

fn path(frame: &mut Frame<'_>, import: &Import, title: &str, state: &State, look: Look) {
    let theme = look.theme;
    let all = frame.area();
    let columns = usize::from(all.width.min(76)).saturating_sub(4);
    let (hint, wrong) = match &import.error {
        Some(error) => (Vec::new(), wrap(&state.words.notice(error), columns)),
        // Where there is little room, what could be typed needs it most.
        None if all.height < 16 => (Vec::new(), Vec::new()),
        None => (wrap(&state.words.say("screen-import-hint"), columns), Vec::new()),
    };
    let count = |lines: &[String]| u16::try_from(lines.len()).unwrap_or(3).min(8);
    // What completes it opens below, so that it hides nothing that is to be read; a mistake must not hide behind it.
    let offered = if import.error.is_some() { 0 } else { u16::try_from(OFFERED).unwrap_or(8) };
    let inner = popup(frame, (76, count(&hint) + count(&wrong) + offered + 3), title, look);
    for (row, line) in (0..count(&hint)).zip(&hint) {
        pieces(frame.buffer_mut(), inner, row, &[(" ", Style::new()), (line, theme.dim())]);
    }
    let at = count(&hint);
    pieces(frame.buffer_mut(), inner, at, &[(" > ", theme.accent())]);
    let input = Rect { x: inner.x + 3, y: inner.y + at, width: inner.width.saturating_sub(4), height: 1 };
    let cursor = line_input(frame, input, import.input.text(), import.input.before_cursor(), Style::new());
    for (row, line) in (at + 1..inner.height).zip(&wrong) {
        pieces(frame.buffer_mut(), inner, row, &[(" ", Style::new()), (line, theme.bad())]);
    }
    if matches!(state.overlays.last(), Some(Overlay::Import(_))) {
        frame.set_cursor_position(cursor);
        if import.error.is_none() {
            fields::completion(frame, cursor, inner, 0, &import.completion, look);
        }
    }
}

fn prompt(frame: &mut Frame<'_>, prompt: &Prompt, state: &State, look: Look) {
    let theme = look.theme;
    let lang = state.words.lang();
    let (key, what) = match &prompt.ask {
        Ask::Kind => ("kind", String::new()),
        Ask::Encoding => ("encoding", String::new()),
        Ask::Separator => ("separator", String::new()),
        Ask::Header => ("header", String::new()),
        Ask::Sheet => ("sheet", String::new()),
        Ask::Target(names) => ("target", names.join(" + ")),
        Ask::Split(name) => ("split", name.clone()),
        Ask::Set => ("set", String::new()),
        Ask::Tags => ("tags", String::new()),
        Ask::Save => ("save", String::new()),
        Ask::Rejects => ("rejects", String::new()),
    };
    let title = lang.t(&format!("screen-import-ask-{key}"), &[("what", what.into())]);
    let lists = prompt.lists();
    let how = state.words.say(&format!("screen-import-how-{key}"));
    let how = wrap(&how, usize::from(frame.area().width.min(64)).saturating_sub(4));
    let tall = u16::try_from(how.len()).unwrap_or(2) + 4 + if lists { 12 } else { 0 };
    let inner = popup(frame, (64, tall), &title, look);
    pieces(frame.buffer_mut(), inner, 0, &[(" > ", theme.accent())]);
    let input = Rect { x: inner.x + 3, width: inner.width.saturating_sub(4), ..inner };
    let cursor = line_input(frame, input, prompt.input.text(), prompt.input.before_cursor(), Style::new());
    frame.set_cursor_position(cursor);
    let foot =
        u16::try_from(how.len()).unwrap_or(2).min(inner.height.saturating_sub(if lists { 4 } else { 1 }));
    let list = Rect { y: inner.y + 1, height: inner.height.saturating_sub(1 + foot), ..inner };
    let at = prompt.at.unwrap_or_default();
    let from = scrolled(at, 1, prompt.found.len(), usize::from(list.height));
    for (row, (index, item)) in (0..list.height).zip(prompt.found.iter().enumerate().skip(from)) {
        let base = if prompt.at == Some(index) { theme.cursor() } else { Style::new() };
        let line = Rect { y: list.y + row, height: 1, ..list };
        frame.buffer_mut().set_style(line, base);
        let name = safe_line(prompt.label(item));
        pieces(
            frame.buffer_mut(),
            line,
            0,
            &[(" ", base), (item, base), ("  ", base), (&name, base.patch(theme.dim()))],
        );
    }
    for (row, line) in (inner.height - foot..inner.height).zip(&how) {
        pieces(frame.buffer_mut(), inner, row, &[(" ", Style::new()), (line, theme.dim())]);
    }
}

fn running(
    frame: &mut Frame<'_>,
    import: &Import,
    progress: &Progress,
    key: &str,
    title: &str,
    state: &State,
    look: Look,
) {
    let theme = look.theme;
    let told = wrap(&told(progress, state, look), usize::from(frame.area().width.min(64)).saturating_sub(4));
    let below = u16::try_from(told.len()).unwrap_or(1) + 2;
    let inner = popup(frame, (64, below + 3), title, look);
    let lang = state.words.lang();
    let name = name(import, usize::from(inner.width).saturating_sub(14));
    let said = lang.t(key, &[("file", name.into())]);
    pieces(frame.buffer_mut(), inner, 0, &[(" ", Style::new()), (&said, Style::new())]);
    if let Some(share) = progress.share() {
        let (full, rest) = theme.bar();
        let room = usize::from(inner.width).saturating_sub(8);
        let filled = (share * room as f64) as usize;
        let percent = format!(" {:>3}%", (share * 100.0) as u32);
        let bar = [
            (" ", Style::new()),
            (&*full.repeat(filled), theme.accent()),
            (&*rest.repeat(room - filled), theme.dim()),
            (&*percent, Style::new()),
        ];
        pieces(frame.buffer_mut(), inner, 1, &bar);
    }
    for (row, line) in (2..below).zip(&told) {
        pieces(frame.buffer_mut(), inner, row, &[(" ", Style::new()), (line, Style::new())]);
    }
    let esc = state.words.say("screen-import-esc");
    pieces(frame.buffer_mut(), inner, below, &[(" ", Style::new()), (&esc, theme.dim())]);
}

/// Rows, their rate, the time left, bytes.
fn told(progress: &Progress, state: &State, look: Look) -> String {
    let lang = state.words.lang();
    let number = |number: u64| decimal(i64::try_from(number).unwrap_or(i64::MAX));
    let counts = [("count", number(progress.read).into()), ("rate", number(progress.rate()).into())];
    let mut parts = vec![lang.t("screen-import-count", &counts)];
    if let Some(left) = progress.left() {
        parts.push(lang.t("screen-import-left", &[("seconds", number(left).into())]));
    }
    if progress.bytes > 0 {
        parts.push(bytes(progress.bytes));
    }
    parts.join(&format!(" {} ", look.theme.dot()))
}

/// The file's name without its folder, cut to so many columns.
fn name(import: &Import, columns: usize) -> String {
    let safe = safe_line(import.input.text().trim()).into_owned();
    let name = safe.rsplit(['/', '\\']).next().unwrap_or_default();
    truncate(name, columns.max(8)).into_owned()
}
