//! What several people changed at once: each field with its values side by side.

use super::text::{pieces, right, scrolled, wrap};
use super::{Look, popup};
use crate::text::{pad, safe_line, safe_text, truncate};
use crate::tui::state::State;
use crate::tui::state::share::conflicts::{Claim, Clash, Conflicts};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;

/// A value has at least so many columns; more values than have room so are reached by going right.
const NARROWEST: usize = 16;
/// Lines of a value that are shown.
const LINES: usize = 3;

fn size(count: usize) -> u16 {
    u16::try_from(count).unwrap_or(u16::MAX)
}

pub(super) fn draw(frame: &mut Frame<'_>, conflicts: &Conflicts, state: &State, look: Look) {
    let theme = look.theme;
    let all = frame.area();
    let columns = usize::from(all.width.min(96)).saturating_sub(2).max(4);
    let none = Vec::new();
    let rows = conflicts.rows.as_ref().unwrap_or(&none);
    let blocks: Vec<Vec<Row>> = rows
        .iter()
        .enumerate()
        .map(|(at, clash)| block(clash, (at == conflicts.at).then_some(conflicts.side), columns, state, look))
        .collect();
    let total = blocks.iter().map(Vec::len).sum::<usize>();
    let tall = size(total.max(3) + 4).min(all.height.saturating_sub(1)).min(30);
    let inner = popup(frame, (96, tall), &state.words.say("screen-conflicts"), look);
    if conflicts.rows.is_none() {
        pieces(frame.buffer_mut(), inner, 0, &[(" ", Style::new()), (theme.more(), theme.dim())]);
        return;
    }
    let key = if rows.is_empty() { "screen-conflicts-none" } else { "screen-conflicts-how" };
    let said = wrap(&state.words.say(key), columns - 2);
    if rows.is_empty() {
        for (row, line) in (0..inner.height).zip(&said) {
            pieces(frame.buffer_mut(), inner, row, &[(" ", Style::new()), (line, Style::new())]);
        }
        return;
    }
    let told = if all.height >= 16 { said.len() } else { 0 };
    for (row, line) in (0..inner.height).zip(said.iter().take(told)) {
        pieces(frame.buffer_mut(), inner, row, &[(" ", Style::new()), (line, theme.dim())]);
    }
    let list = Rect { y: inner.y + size(told), height: inner.height - size(told), ..inner };
    let first = blocks.iter().take(conflicts.at).map(Vec::len).sum();
    let height = blocks.get(conflicts.at).map_or(1, Vec::len);
    let from = scrolled(first, height, total, usize::from(list.height));
    for (y, row) in (0..list.height).zip(blocks.iter().flatten().skip(from)) {
        let parts: Vec<(&str, Style)> = row.iter().map(|(text, style)| (text.as_str(), *style)).collect();
        pieces(frame.buffer_mut(), list, y, &parts);
    }
    if from + usize::from(list.height) < total {
        right(frame.buffer_mut(), list, list.height.saturating_sub(1), theme.more(), theme.dim());
    }
}

/// Pieces of a line.
type Row = Vec<(String, Style)>;

/// A field's lines: whose it is, the values, who said so and when.
fn block(clash: &Clash, side: Option<usize>, columns: usize, state: &State, look: Look) -> Vec<Row> {
    let theme = look.theme;
    let here = side.is_some();
    let sign = if here { theme.pointer() } else { " " };
    let field = field(&clash.field, state);
    let name = if clash.name.is_empty() {
        state.words.say("screen-nameless")
    } else {
        safe_line(&clash.name).into_owned()
    };
    let head = if here { theme.heading() } else { Style::new() };
    let mut out = vec![vec![
        (sign.to_owned(), theme.accent()),
        (name, head),
        (format!(" {} ", theme.dot()), theme.dim()),
        (field, theme.accent()),
    ]];
    let fit = ((columns - 1) / (NARROWEST + 2)).clamp(1, clash.claims.len().max(1));
    let wide = (columns - 1) / fit - 2;
    // The one that is shown stays in sight, the others move past it.
    let side_at = side.unwrap_or_default();
    let shown: Vec<usize> = if fit < 2 {
        vec![side_at]
    } else {
        let first = (side_at + 2).saturating_sub(fit).max(1);
        std::iter::once(0).chain((first..clash.claims.len()).take(fit - 1)).collect()
    };
    let cells: Vec<(usize, Vec<String>)> = shown
        .iter()
        .filter_map(|at| {
            let claim = clash.claims.get(*at)?;
            let mut lines = wrap(&value(clash, *at, claim, state), wide);
            if lines.len() > LINES {
                lines.truncate(LINES);
                if let Some(last) = lines.last_mut() {
                    *last = format!("{}{}", truncate(last, wide - 1).trim_end_matches('…'), theme.more());
                }
            }
            Some((*at, lines))
        })
        .collect();
    let tall = cells.iter().map(|(_, lines)| lines.len()).max().unwrap_or(1);
    for n in 0..tall {
        let mut row = vec![(" ".to_owned(), Style::new())];
        for (at, lines) in &cells {
            let style = if side == Some(*at) { theme.cursor() } else { Style::new() };
            let text = lines.get(n).map_or("", String::as_str);
            // Not by colour alone.
            let sign = if side == Some(*at) { theme.pointer() } else { " " };
            row.push((sign.to_owned(), theme.accent()));
            row.push((pad(text, wide), style));
            row.push((" ".to_owned(), Style::new()));
        }
        out.push(row);
    }
    let mut row = vec![(" ".to_owned(), Style::new())];
    for (at, _) in &cells {
        let said = clash.claims.get(*at).map(|claim| by(claim, *at, clash.claims.len(), state, look));
        row.push((format!(" {}", pad(&truncate(&said.unwrap_or_default(), wide), wide)), theme.dim()));
        row.push((" ".to_owned(), Style::new()));
    }
    out.push(row);
    out.push(Vec::new());
    out
}

/// Who said so, when, and whether it is the one that is shown.
fn by(claim: &Claim, at: usize, of: usize, state: &State, look: Look) -> String {
    let mut parts = Vec::new();
    if at == 0 {
        parts.push(state.words.say("screen-conflicts-shown"));
    } else if of > 2 {
        parts.push(format!("{at}/{}", of - 1));
    }
    if !claim.author.is_empty() {
        parts.push(safe_line(&claim.author).into_owned());
    }
    if let Some(when) = claim.at {
        parts.push(super::share::ago(when, state, look));
    }
    parts.join(", ")
}

fn value(clash: &Clash, at: usize, claim: &Claim, state: &State) -> String {
    match (clash.field.as_str(), at) {
        ("deleted", 0) => state.words.say("screen-conflicts-kept"),
        ("deleted", _) => state.words.say("screen-conflicts-deleted"),
        _ if claim.value.is_empty() => state.words.say("screen-conflicts-empty"),
        _ => safe_text(&claim.value).into_owned(),
    }
}

/// What a field is called: `title`, `method.value`.
fn field(field: &str, state: &State) -> String {
    let whole = format!("screen-conflicts-field-{}", field.replace(['.', '_'], "-"));
    if let Some(said) = state.words.lang().maybe(&whole, &[]) {
        return said;
    }
    match field.split_once('.') {
        None => state.words.term("screen-field-", field),
        Some((record, field)) => format!(
            "{} {}",
            state.words.term("screen-field-", record),
            state.words.term("screen-field-", field)
        ),
    }
}
