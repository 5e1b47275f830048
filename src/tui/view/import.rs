//! The import: which file, what would happen, how far it is, what came of it.

use super::list::line_input;
use super::text::{pieces, wrap};
use super::{Look, fields, popup};
use crate::i18n::{bytes, decimal};
use crate::text::{pad, safe_line, width};
use crate::tui::state::State;
use crate::tui::state::data::{Progress, Report};
use crate::tui::state::import::{Import, Stage};
use crate::tui::state::overlay::Overlay;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;

pub(super) fn draw(frame: &mut Frame<'_>, import: &Import, state: &State, look: Look) {
    let title = state.words.say("screen-import-title");
    match &import.stage {
        Stage::Path => path(frame, import, &title, state, look),
        Stage::Trial(progress) => {
            running(frame, import, progress, "screen-import-reading", &title, state, look)
        }
        Stage::Running(progress) => {
            running(frame, import, progress, "screen-import-running", &title, state, look)
        }
        Stage::Cancelling => {
            let inner = popup(frame, (64, 5), &title, look);
            pieces(
                frame.buffer_mut(),
                inner,
                0,
                &[(" ", Style::new()), (&state.words.say("screen-import-cancelling"), look.theme.warning())],
            );
        }
        Stage::Plan(report) => summary(frame, import, report, true, &title, state, look),
        Stage::Done(report) => summary(frame, import, report, false, &title, state, look),
    }
}

fn path(frame: &mut Frame<'_>, import: &Import, title: &str, state: &State, look: Look) {
    let theme = look.theme;
    let (said, style) = match &import.error {
        Some(error) => (state.words.notice(error), theme.bad()),
        None => (state.words.say("screen-import-hint"), theme.dim()),
    };
    let lines = wrap(&said, usize::from(frame.area().width.min(76)).saturating_sub(4));
    let tall = u16::try_from(lines.len()).unwrap_or(3).min(8) + 3;
    let inner = popup(frame, (76, tall), title, look);
    pieces(frame.buffer_mut(), inner, 0, &[(" > ", theme.accent())]);
    let input = Rect { x: inner.x + 3, width: inner.width.saturating_sub(4), ..inner };
    let cursor = line_input(frame, input, import.input.text(), import.input.before_cursor(), Style::new());
    for (row, line) in (1..inner.height).zip(&lines) {
        pieces(frame.buffer_mut(), inner, row, &[(" ", Style::new()), (line, style)]);
    }
    if matches!(state.overlays.last(), Some(Overlay::Import(_))) {
        frame.set_cursor_position(cursor);
        // A mistake must not hide behind what could be typed instead.
        if import.error.is_none() {
            fields::completion(frame, cursor, inner, 0, &import.completion, look);
        }
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
    let inner = popup(frame, (64, 6), title, look);
    let lang = state.words.lang();
    let name = safe_line(import.input.text()).into_owned();
    pieces(
        frame.buffer_mut(),
        inner,
        0,
        &[(" ", Style::new()), (&lang.t(key, &[("file", name.into())]), Style::new())],
    );
    let share = progress
        .total
        .filter(|total| *total > 0)
        .map(|total| (progress.bytes as f64 / total as f64).min(1.0));
    if let Some(share) = share {
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
    let rate = if progress.seconds > 0.0 { progress.read as f64 / progress.seconds } else { 0.0 };
    let left = share
        .filter(|share| *share > 0.01)
        .map(|share| (progress.seconds * (1.0 - share) / share).ceil() as i64);
    let count = decimal(i64::try_from(progress.read).unwrap_or(i64::MAX));
    let mut line =
        lang.t("screen-import-count", &[("count", count.into()), ("rate", decimal(rate as i64).into())]);
    if let Some(left) = left.filter(|_| progress.seconds > 0.3) {
        line =
            format!("{line} {} {}", theme.dot(), lang.t("screen-import-left", &[("seconds", left.into())]));
    }
    if progress.bytes > 0 {
        line = format!("{line} {} {}", theme.dot(), bytes(progress.bytes));
    }
    pieces(frame.buffer_mut(), inner, 2, &[(" ", Style::new()), (&line, Style::new())]);
    pieces(
        frame.buffer_mut(),
        inner,
        3,
        &[(" ", Style::new()), (&state.words.say("screen-import-esc"), theme.dim())],
    );
}

fn summary(
    frame: &mut Frame<'_>,
    import: &Import,
    report: &Report,
    plan: bool,
    title: &str,
    state: &State,
    look: Look,
) {
    let theme = look.theme;
    let columns = usize::from(frame.area().width.min(76)).saturating_sub(4);
    let mut lines: Vec<(String, Style)> = Vec::new();
    let head = if plan { "screen-import-plan" } else { "screen-import-report" };
    let name = safe_line(import.input.text()).into_owned();
    for line in wrap(&state.words.lang().t(head, &[("file", name.into())]), columns) {
        lines.push((line, theme.heading()));
    }
    let counts = [
        ("read", report.read),
        ("created", report.created),
        ("updated", report.updated),
        ("unchanged", report.unchanged),
        ("skipped", report.skipped),
        ("rejected", report.rejected),
        ("doubtful", report.doubtful),
    ];
    let label = |what: &str| state.words.say(&format!("screen-import-{what}"));
    let widest = counts.iter().map(|(what, _)| width(&label(what))).max().unwrap_or(0);
    let widest = widest.min(columns.saturating_sub(9));
    for (what, count) in counts {
        if count > 0 || matches!(what, "read" | "created" | "rejected") {
            let style = if matches!(what, "rejected" | "doubtful") && count > 0 {
                theme.warning()
            } else {
                Style::new()
            };
            let label = pad(&label(what), widest);
            let count = decimal(i64::try_from(count).unwrap_or(i64::MAX));
            lines.push((format!("  {label} {count:>8}"), style));
        }
    }
    if plan && !report.columns.is_empty() {
        lines.push((state.words.say("screen-import-columns"), theme.heading()));
        let widest = report
            .columns
            .iter()
            .map(|(name, _)| width(&safe_line(name)))
            .max()
            .unwrap_or(0)
            .min(columns / 2);
        for (name, field) in &report.columns {
            let arrow = if theme.ascii { "->" } else { "→" };
            let field = if field.is_empty() {
                state.words.say("screen-import-kept")
            } else {
                safe_line(field).into_owned()
            };
            lines.push((format!("  {} {arrow} {field}", pad(&safe_line(name), widest)), Style::new()));
        }
    }
    if !report.warnings.is_empty() {
        lines.push((state.words.count("screen-import-warnings", report.warnings.len()), theme.heading()));
    }
    for (line, warning) in &report.warnings {
        let said = state.words.notice(warning);
        let said = if *line > 0 {
            state.words.lang().t(
                "screen-import-line",
                &[("line", i64::try_from(*line).unwrap_or(0).into()), ("what", said.into())],
            )
        } else {
            said
        };
        for line in wrap(&said, columns.saturating_sub(2)) {
            lines.push((format!("  {line}"), theme.warning()));
        }
    }
    let ask = state.words.say(if plan { "screen-import-go" } else { "screen-import-undo" });
    let ask = wrap(&ask, columns);
    let tall = u16::try_from(lines.len() + ask.len() + 3).unwrap_or(u16::MAX);
    let inner = popup(frame, (76, tall), title, look);
    let room = usize::from(inner.height).saturating_sub(ask.len());
    let from = import.offset.min(lines.len().saturating_sub(room));
    for (row, (line, style)) in (0..).zip(lines.iter().skip(from).take(room)) {
        pieces(frame.buffer_mut(), inner, row, &[(" ", Style::new()), (line, *style)]);
    }
    if from + room < lines.len() && room > 0 {
        super::text::right(
            frame.buffer_mut(),
            inner,
            u16::try_from(room - 1).unwrap_or(0),
            theme.more(),
            theme.dim(),
        );
    }
    for (row, line) in (inner.height.saturating_sub(u16::try_from(ask.len()).unwrap_or(1))..).zip(&ask) {
        pieces(frame.buffer_mut(), inner, row, &[(" ", Style::new()), (line, theme.accent())]);
    }
}
