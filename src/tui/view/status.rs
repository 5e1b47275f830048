//! The first and the last line.

use super::Look;
use super::text::{pieces, right};
use crate::i18n::span;
use crate::text::{safe_line, truncate, width};
use crate::tui::action::{self, Action, Context};
use crate::tui::keymap::shown;
use crate::tui::state::State;
use crate::tui::state::import::Stage;
use crate::tui::state::overlay::Overlay;
use crate::tui::state::share::Page;
use crate::tui::state::share::data::{Phase, Sharing};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;

pub(super) fn title(frame: &mut Frame<'_>, area: Rect, state: &State, look: Look) {
    let theme = look.theme;
    let people = state.words.say("screen-people");
    let parts = [(" rolo", theme.heading()), ("   ", Style::new()), (people.as_str(), theme.accent())];
    let used = pieces(frame.buffer_mut(), area, 0, &parts);
    let room = Rect { x: used + 2, width: area.right().saturating_sub(used + 3), ..area };
    let book = safe_line(&state.book);
    let Some(sharing) = &state.sharing else {
        return right(frame.buffer_mut(), room, 0, &book, theme.dim());
    };
    let (text, style) = shared(sharing, &book, usize::from(room.width), state, look);
    right(frame.buffer_mut(), room, 0, &text, style);
}

/// The longest of what can be said of sharing that has room.
fn shared(sharing: &Sharing, book: &str, room: usize, state: &State, look: Look) -> (String, Style) {
    let theme = look.theme;
    let lang = state.words.lang();
    let now = look.clock.millis();
    // Whoever synced within the last minute wants to hear that, not "0min".
    let recent = sharing.last.is_some_and(|last| now - last < 60_000);
    let last = |key: &str| match sharing.last {
        Some(last) => lang.t(key, &[("span", span(lang, now - last).into())]),
        None => state.words.say("screen-share-never"),
    };
    let (stands, brief, mut style) = match &sharing.phase {
        Phase::Syncing => {
            let said = state.words.say("screen-share-syncing");
            (said.clone(), said, theme.dim())
        }
        Phase::Rest if recent => {
            let said = state.words.say("screen-share-synced-now");
            (said.clone(), said, theme.dim())
        }
        Phase::Rest => (last("screen-share-synced"), last("screen-share-synced-brief"), theme.dim()),
        Phase::Offline(_) => {
            let brief = state.words.say("screen-share-offline-brief");
            let whole = match sharing.last {
                Some(_) if recent => state.words.say("screen-share-offline-now"),
                Some(_) => last("screen-share-offline"),
                None => brief.clone(),
            };
            (whole, brief, theme.warning())
        }
        Phase::Failed(_) => {
            let said = state.words.say("screen-share-failed");
            (format!("{} {said}", theme.alert()), format!("{} {said}", theme.alert()), theme.bad())
        }
    };
    let mut signs = Vec::new();
    let mut brief_signs = Vec::new();
    if sharing.conflicts > 0 {
        style = if style == theme.dim() { theme.warning() } else { style };
        signs.push(format!(
            "{} {}",
            theme.alert(),
            state.words.count("screen-share-conflicts", sharing.conflicts)
        ));
        brief_signs.push(format!("{} {}", theme.alert(), sharing.conflicts));
    }
    if sharing.unsent > 0 && sharing.phase != Phase::Syncing {
        let count = usize::try_from(sharing.unsent).unwrap_or(usize::MAX);
        signs.push(state.words.count("screen-share-unsent", count));
        brief_signs.push(format!("{}{count}", theme.up()));
    }
    let dot = format!(" {} ", theme.dot());
    let join = |parts: &[&[String]]| parts.concat().join(&dot);
    let (book, stands, brief) = ([book.to_owned()], [stands], [brief]);
    let all = [
        join(&[&book, &signs, &stands]),
        join(&[&book, &brief_signs, &stands]),
        join(&[&brief_signs, &stands]),
        join(&[&brief_signs, &brief]),
    ];
    let fits = all.iter().find(|text| width(text) <= room).or_else(|| all.last());
    (fits.cloned().unwrap_or_default(), style)
}

/// What is worth hinting at in a context, most useful first.
const fn hinted(context: Context) -> &'static [Action] {
    match context {
        Context::People => &[
            Action::Search,
            Action::Add,
            Action::Edit,
            Action::Help,
            Action::Log,
            Action::Tag,
            Action::Palette,
            Action::Undo,
            Action::Quit,
        ],
        Context::Search => &[Action::Accept, Action::Back, Action::Down],
        Context::Form => {
            &[Action::Save, Action::NextCell, Action::Back, Action::MoreFields, Action::RemoveRow]
        }
        Context::Prompt => &[Action::Accept, Action::Complete, Action::Back],
        Context::Menu => &[Action::Accept, Action::Down, Action::Back],
        Context::Share => &[
            Action::Invite,
            Action::Sync,
            Action::Help,
            Action::Conflicts,
            Action::Role,
            Action::Delete,
            Action::Leave,
            Action::Back,
        ],
        Context::Conflicts => {
            &[Action::Choose, Action::NextPane, Action::Down, Action::Help, Action::Undo, Action::Back]
        }
        Context::Confirm => &[Action::Yes, Action::No],
        Context::Global => &[],
    }
}

pub(super) fn hints(frame: &mut Frame<'_>, area: Rect, state: &State, look: Look) {
    let theme = look.theme;
    let total = usize::from(area.width);
    let (status, style) = status(state, look);
    // What was done just now needs the line more than hints do; what could be undone does not.
    let most = if state.notice.is_some() { total.saturating_sub(2) } else { total / 2 };
    let status = truncate(&status, most).into_owned();
    let taken = if status.is_empty() { 0 } else { width(&status) + 3 };
    let room = Rect { width: u16::try_from(total.saturating_sub(taken)).unwrap_or(0), ..area };
    let mut x = room.x;
    for (key, name) in keys(state) {
        let size = u16::try_from(1 + width(&key) + 1 + width(&name) + 1).unwrap_or(u16::MAX);
        if x.saturating_add(size) > room.right() {
            break;
        }
        let rest = Rect { x, width: room.right() - x, ..room };
        let parts =
            [(" ", Style::new()), (&*key, theme.accent()), (" ", Style::new()), (&*name, Style::new())];
        x = pieces(frame.buffer_mut(), rest, 0, &parts) + 1;
    }
    let place = Rect { width: area.width.saturating_sub(1), ..area };
    right(frame.buffer_mut(), place, 0, &status, style);
}

/// The keys that are hinted at and what they do.
fn keys(state: &State) -> Vec<(String, String)> {
    let context = state.context();
    let import = match state.overlays.last() {
        Some(Overlay::Import(import)) if import.prompt.is_none() => Some(import),
        _ => None,
    };
    let of = |entry: &action::Entry| {
        let key = entry.keys.first().map(|key| shown(key)).unwrap_or_default();
        (key, state.words.say(&format!("screen-hint-{}", entry.name)))
    };
    let actions: &[Action] = match import {
        // Its steps tell their keys themselves.
        Some(import) if import.stage != Stage::Path => &[],
        // It has no more fields, and no rows to remove.
        _ if matches!(state.overlays.last(), Some(Overlay::QuickLog(_))) => &hinted(context)[..3],
        _ => match state.overlays.last() {
            Some(Overlay::Share(share)) if share.question.is_none() => match share.page {
                Page::Invited(_) => &[Action::Copy, Action::Back],
                Page::Loading => &[Action::Back],
                _ => hinted(context),
            },
            // Where nothing is listed, nothing can be chosen.
            Some(Overlay::Bin(bin)) if bin.rows.as_ref().is_none_or(Vec::is_empty) => &[Action::Back],
            Some(Overlay::Conflicts(conflicts)) if conflicts.current().is_none() => {
                &[Action::Help, Action::Undo, Action::Back]
            }
            Some(Overlay::Help(_)) => &[Action::Down, Action::Back],
            _ => hinted(context),
        },
    };
    let mut keys: Vec<_> =
        actions.iter().filter_map(|action| action::find(context, *action)).map(of).collect();
    match import.map(|import| &import.stage) {
        Some(Stage::Path) => keys.push(("F2".to_owned(), state.words.say("screen-import-step-past"))),
        Some(_) => keys.push(("?".to_owned(), state.words.say("screen-hint-help"))),
        None => {}
    }
    keys
}

fn status(state: &State, look: Look) -> (String, Style) {
    let theme = look.theme;
    if let Some(notice) = &state.notice {
        return (state.words.notice(notice), theme.tone(notice.tone));
    }
    if let Some((done, all)) = state.bulk {
        let args = [("done", done.into()), ("all", all.into())];
        return (state.words.lang().t("screen-writing-many", &args), theme.warning());
    }
    if state.is_writing() {
        return (state.words.say("screen-writing"), theme.warning());
    }
    match &state.undoable {
        Some(label) if state.overlays.is_empty() => {
            let what = state.words.notice(label);
            (state.words.lang().t("screen-undo-would", &[("what", what.into())]), theme.dim())
        }
        _ => (String::new(), theme.dim()),
    }
}
