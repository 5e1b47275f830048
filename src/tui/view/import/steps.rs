//! What the file is, its columns, the options.

use super::super::Look;
use super::super::text::{pieces, right, scrolled, wrap};
use super::{lines, room, step};
use crate::i18n::{inspection, instant};
use crate::text::{pad, safe_line, truncate, width};
use crate::tui::state::State;
use crate::tui::state::import::data::{Choices, Column, Past};
use crate::tui::state::import::{Import, OPTIONS};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;

pub(super) fn about(frame: &mut Frame<'_>, import: &Import, title: &str, state: &State, look: Look) {
    let columns = room(frame);
    let mut all: Vec<(String, Style)> = Vec::new();
    for (at, line) in import.plan.lines.iter().enumerate() {
        let style = if at == 0 { look.theme.heading() } else { Style::new() };
        all.extend(wrap(&state.words.notice(line), columns).into_iter().map(|line| (line, style)));
    }
    for remark in &import.plan.remarks {
        let said = wrap(&state.words.notice(remark), columns);
        all.extend(said.into_iter().map(|line| (line, look.theme.warning())));
    }
    let area = step(frame, import, (title, all.len()), state, look);
    lines(frame, area, &import.scroll, &all, look);
}

/// Imports of the past.
pub(super) fn past(
    frame: &mut Frame<'_>,
    import: &Import,
    found: Option<&[Past]>,
    title: &str,
    state: &State,
    look: Look,
) {
    let all = found.unwrap_or_default();
    let area = step(frame, import, (title, all.len() + 1), state, look);
    if all.is_empty() && found.is_some() {
        let none = state.words.say("screen-import-past-none");
        pieces(frame.buffer_mut(), area, 0, &[(" ", Style::new()), (&none, look.theme.dim())]);
    }
    let from = scrolled(import.at, 1, all.len(), usize::from(area.height));
    for (row, (at, past)) in (0..area.height).zip(all.iter().enumerate().skip(from)) {
        let base = if at == import.at { look.theme.cursor() } else { Style::new() };
        let line = Rect { y: area.y + row, height: 1, ..area };
        frame.buffer_mut().set_style(line, base);
        let when = instant(state.words.lang(), &look.clock.local(past.at));
        let what = state.words.notice(&past.what);
        let undone = if past.undone { state.words.say("screen-import-past-undone") } else { String::new() };
        let parts = [
            (" ", base),
            (&*when, base.patch(look.theme.dim())),
            (if undone.is_empty() { "" } else { "  " }, base),
            (&*undone, base.patch(look.theme.warning())),
            ("  ", base),
            (&*what, base),
        ];
        pieces(frame.buffer_mut(), line, 0, &parts);
    }
}

/// Where a column goes, in words.
fn goes(column: &Column, state: &State) -> String {
    if column.kept {
        state.words.say("import-goes-kept")
    } else if column.left_out {
        state.words.say("import-goes-nowhere")
    } else {
        let target = safe_line(&column.target);
        inspection::target_words(state.words.lang(), &target).unwrap_or_else(|| target.into_owned())
    }
}

pub(super) fn columns(frame: &mut Frame<'_>, import: &Import, title: &str, state: &State, look: Look) {
    let theme = look.theme;
    let plan = &import.plan;
    let wanted = plan.columns.len() + plan.set.len() + 4;
    let area = step(frame, import, (title, wanted), state, look);
    // The last lines tell what all rows get, and about the column under the cursor.
    let sets = u16::try_from(plan.set.len()).unwrap_or(0).min(area.height / 4);
    let list = Rect { height: area.height.saturating_sub(2 + sets), ..area };
    let total = usize::from(area.width);
    let widest = plan.columns.iter().map(|column| width(&safe_line(&column.name))).max().unwrap_or(0);
    let name_width = widest.clamp(4, if total < 60 { 15 } else { total / 4 });
    let goes_width = plan.columns.iter().map(|column| width(&goes(column, state))).max().unwrap_or(0);
    let goes_width = goes_width.clamp(6, if total < 60 { total } else { total / 3 });
    let from = scrolled(import.at, 1, plan.columns.len(), usize::from(list.height));
    let arrow = if theme.ascii { "->" } else { "→" };
    for (row, (at, column)) in (0..list.height).zip(plan.columns.iter().enumerate().skip(from)) {
        let base = if at == import.at { theme.cursor() } else { Style::new() };
        let line = Rect { y: list.y + row, height: 1, ..list };
        frame.buffer_mut().set_style(line, base);
        let mark = if import.marks.contains(&column.name) { theme.mark() } else { " " };
        let (kept, sure) = (column.kept || column.left_out, format!("{:>3}%", column.confidence));
        let sure = if column.kept { "    ".to_owned() } else { sure };
        let sure_style = match column.confidence {
            _ if kept => theme.dim(),
            0..50 => theme.warning(),
            _ => theme.good(),
        };
        let goes_style = if kept { base.patch(theme.dim()) } else { base.patch(theme.accent()) };
        let samples: Vec<_> = column.samples.iter().map(|sample| safe_line(sample)).collect();
        pieces(
            frame.buffer_mut(),
            line,
            0,
            &[
                (mark, base.patch(theme.accent())),
                (&cell(&column.name, name_width), base),
                (" ", base),
                (arrow, base),
                (" ", base),
                (&cell(&goes(column, state), goes_width), goes_style),
                (" ", base),
                (&sure, base.patch(sure_style)),
                ("  ", base),
                (&samples.join(" | "), base.patch(theme.dim())),
            ],
        );
    }
    if from + usize::from(list.height) < plan.columns.len() {
        right(frame.buffer_mut(), list, list.height.saturating_sub(1), theme.more(), theme.dim());
    }
    for (row, (field, value)) in (list.height..list.height + sets).zip(&plan.set) {
        let args = [("field", field.as_str().into()), ("value", value.as_str().into())];
        let said = state.words.lang().t("import-set", &args);
        pieces(frame.buffer_mut(), area, row, &[(" ", Style::new()), (&said, theme.accent())]);
    }
    if let Some(column) = plan.columns.get(import.at) {
        let why = state.words.say(&format!("import-reason-{}", column.why));
        let samples = column.samples.join(" | ");
        let args = [("why", why.into()), ("samples", samples.as_str().into())];
        let mut said = state.words.lang().t("screen-import-column", &args);
        // What would be typed for it, where the list says it in words.
        if !column.kept && !column.left_out && goes(column, state) != column.target {
            let args = [("target", column.target.as_str().into()), ("rest", said.into())];
            said = state.words.lang().t("screen-import-column-target", &args);
        }
        for (row, line) in (list.height + sets..area.height).zip(wrap(&said, total.saturating_sub(2))) {
            pieces(frame.buffer_mut(), area, row, &[(" ", Style::new()), (&line, theme.dim())]);
        }
    }
}

fn cell(text: &str, columns: usize) -> String {
    let safe = safe_line(text);
    pad(&truncate(&safe, columns), columns)
}

pub(super) fn options(frame: &mut Frame<'_>, import: &Import, title: &str, state: &State, look: Look) {
    let theme = look.theme;
    let wanted = (title, OPTIONS.len() + 1);
    let area = step(frame, import, wanted, state, look);
    let choices = &import.choices;
    let mut row = 0;
    let from = scrolled(import.at + 1, 1, OPTIONS.len() + 1, usize::from(area.height));
    for (at, option) in OPTIONS.iter().enumerate() {
        if at == 0 {
            if from == 0 {
                let said = state.words.say("screen-import-same");
                pieces(frame.buffer_mut(), area, row, &[(" ", Style::new()), (&said, theme.heading())]);
                row += 1;
            }
        } else if at + 1 < from {
            continue;
        }
        if row >= area.height {
            break;
        }
        let base = if at == import.at { theme.cursor() } else { Style::new() };
        let line = Rect { y: area.y + row, height: 1, ..area };
        frame.buffer_mut().set_style(line, base);
        let (label, value) = option_line(option, choices, state);
        let label =
            if at < 4 { format!("  {value} {label}") } else { format!(" {}  {value}", pad(&label, 22)) };
        pieces(frame.buffer_mut(), line, 0, &[(&label, base)]);
        row += 1;
    }
}

fn option_line(option: &str, choices: &Choices, state: &State) -> (String, String) {
    let words = &state.words;
    match option {
        "on-match" => (
            words.say("screen-import-on-match"),
            words.say(&format!("screen-import-on-{}", choices.on_match)),
        ),
        "dates" => {
            let order = if choices.date_order.is_empty() { "auto" } else { &choices.date_order };
            (words.say("screen-import-dates"), words.say(&format!("screen-import-dates-{order}")))
        }
        "empty" => {
            let what = if choices.empty_clears { "clear" } else { "keep" };
            (words.say("screen-import-empty"), words.say(&format!("screen-import-empty-{what}")))
        }
        "tags" => {
            let tags = choices.tags.join(", ");
            let tags = if tags.is_empty() {
                words.say("screen-import-no-tags")
            } else {
                safe_line(&tags).into_owned()
            };
            (words.say("screen-import-tags"), tags)
        }
        by => {
            let on = choices.match_by.iter().any(|chosen| chosen == by);
            (words.say(&format!("import-by-{by}")), if on { "[x]" } else { "[ ]" }.to_owned())
        }
    }
}
