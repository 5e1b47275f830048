//! What an import would do, or did.

use super::super::Look;
use super::super::text::wrap;
use super::{lines, name, room, step};
use crate::i18n::decimal;
use crate::text::{pad, safe_line};
use crate::tui::state::State;
use crate::tui::state::data::{Notice, Report};
use crate::tui::state::import::Import;
use crate::tui::state::import::data::Fresh;
use ratatui::Frame;
use ratatui::style::Style;

/// Gathers the lines.
struct Page<'a> {
    all: Vec<(String, Style)>,
    columns: usize,
    state: &'a State,
    look: Look,
}

impl Page<'_> {
    fn heading(&mut self, key: &str) {
        self.all.push((self.state.words.say(key), self.look.theme.heading()));
    }

    fn line(&mut self, text: &str, style: Style) {
        for line in wrap(text, self.columns.saturating_sub(2)) {
            self.all.push((format!("  {line}"), style));
        }
    }

    fn at_line(&mut self, line: u64, said: String, style: Style) {
        let said = if line > 0 {
            let line = line.to_string();
            self.state.words.lang().t("screen-import-line", &[("line", line.into()), ("what", said.into())])
        } else {
            said
        };
        self.line(&said, style);
    }

    fn more(&mut self, shown: usize, total: u64) {
        let hidden = total.saturating_sub(shown as u64);
        if hidden > 0 {
            let more = self.state.words.lang().t("screen-import-and-more", &[("n", hidden.into())]);
            self.line(&more, self.look.theme.dim());
        }
    }

    fn notices(&mut self, key: &str, notices: &[(u64, Notice)], style: Style) {
        if notices.is_empty() {
            return;
        }
        self.heading(key);
        for (line, notice) in notices {
            self.at_line(*line, self.state.words.notice(notice), style);
        }
    }
}

pub(super) fn draw(
    frame: &mut Frame<'_>,
    import: &Import,
    report: &Report,
    plan: bool,
    title: &str,
    state: &State,
    look: Look,
) {
    let theme = look.theme;
    let more = &report.more;
    let columns = room(frame);
    let mut page = Page { all: Vec::new(), columns, state, look };
    let head = if plan { "screen-import-plan" } else { "screen-import-report" };
    let file = name(import, columns / 2);
    for line in wrap(&state.words.lang().t(head, &[("file", file.into())]), columns) {
        page.all.push((line, theme.heading()));
    }
    counts(&mut page, report);
    let doubtful: Vec<&Fresh> = more.fresh.iter().filter(|new| new.doubtful.is_some()).collect();
    page.notices("screen-import-refused-rows", &more.refused, theme.bad());
    if !more.refused.is_empty() {
        page.more(more.refused.len(), report.rejected);
    }
    if !more.changes.is_empty() {
        page.heading("import-changes");
        let arrow = if theme.ascii { "->" } else { "→" };
        for change in &more.changes {
            let field = crate::i18n::changed_field(state.words.lang(), &change.field);
            let said = match (change.before.as_str(), change.after.as_str()) {
                ("", after) => format!("{} · {field} + {after}", change.contact),
                (before, "") => format!("{} · {field} - {before}", change.contact),
                (before, after) => format!("{} · {field}: {before} {arrow} {after}", change.contact),
            };
            page.line(&safe_line(&said), Style::new());
        }
        page.more(more.changes.len(), more.changes_total);
    }
    if !doubtful.is_empty() {
        page.heading("screen-import-doubtful-rows");
        for new in &doubtful {
            page.at_line(new.line, whom(new, state), theme.warning());
        }
        page.more(doubtful.len(), report.doubtful);
    }
    // What is doubtful has been said already.
    let rest = |line: u64| !doubtful.iter().any(|new| new.line == line);
    let warnings: Vec<(u64, Notice)> =
        report.warnings.iter().filter(|(line, _)| *line == 0 || rest(*line)).cloned().collect();
    page.notices("screen-import-remarks", &warnings, theme.warning());
    let fresh: Vec<&Fresh> = more.fresh.iter().filter(|new| new.doubtful.is_none()).collect();
    if !fresh.is_empty() {
        page.heading("screen-import-new-rows");
        for new in &fresh {
            page.at_line(new.line, safe_line(&new.name).into_owned(), Style::new());
        }
        page.more(fresh.len(), report.created.saturating_sub(report.doubtful));
    }
    let all = page.all;
    let area = step(frame, import, (title, all.len()), state, look);
    lines(frame, area, &import.scroll, &all, look);
}

fn counts(page: &mut Page<'_>, report: &Report) {
    let counts = [
        ("read", report.read),
        ("created", report.created),
        ("updated", report.updated),
        ("unchanged", report.unchanged),
        ("skipped", report.skipped),
        ("rejected", report.rejected),
        ("doubtful", report.doubtful),
    ];
    for (what, count) in counts {
        if count > 0 || matches!(what, "read" | "created" | "rejected") {
            let odd = matches!(what, "rejected" | "doubtful") && count > 0;
            let style = if odd { page.look.theme.warning() } else { Style::new() };
            let label = pad(
                &page.state.words.say(&format!("screen-import-{what}")),
                page.columns.min(50).saturating_sub(12),
            );
            let count = decimal(i64::try_from(count).unwrap_or(i64::MAX));
            page.all.push((format!("  {label}{count:>10}"), style));
        }
    }
}

/// A doubtful one and whom it may be.
fn whom(new: &Fresh, state: &State) -> String {
    let lang = state.words.lang();
    let whom = new.doubtful.as_deref().unwrap_or_default();
    let whom = match whom.strip_prefix('#') {
        Some(line) => lang.t("warning-doubtful-row", &[("line", line.into())]),
        None if whom.is_empty() => lang.t("warning-doubtful-nobody", &[]),
        None => whom.to_owned(),
    };
    let args = [("value", new.name.as_str().into()), ("column", whom.as_str().into())];
    lang.t(if new.several { "warning-several" } else { "warning-doubtful" }, &args)
}
