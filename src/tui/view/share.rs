//! Sharing: the proposal, how it stands, the invitation, joining.

use super::list::line_input;
use super::text::{pieces, right, scrolled, wrap};
use super::{Look, fields, popup};
use crate::i18n::{bytes, data, instant, span};
use crate::text::{pad, safe_line, truncate, width};
use crate::tui::state::State;
use crate::tui::state::data::Notice;
use crate::tui::state::overlay::Overlay;
use crate::tui::state::share::ask::{Question, ROLES};
use crate::tui::state::share::data::{Device, Invitation, Member, Phase, Proposal, ShareAsk, Status};
use crate::tui::state::share::join::Join;
use crate::tui::state::share::{Item, Page, Share};
use crate::tui::widgets::input::TextLine;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;

fn size(count: usize) -> u16 {
    u16::try_from(count).unwrap_or(u16::MAX)
}

/// A line of text and which item it belongs to.
struct Row {
    item: Option<usize>,
    parts: Vec<(String, Style)>,
}

impl Row {
    fn plain(text: impl Into<String>, style: Style) -> Self {
        Self { item: None, parts: vec![(text.into(), style)] }
    }
}

pub(super) fn draw(frame: &mut Frame<'_>, share: &Share, state: &State, look: Look) {
    let tall = frame.area().height.saturating_sub(1);
    let title = state.words.say("screen-share-title");
    let room = usize::from(frame.area().width.min(78)).max(8) - 4;
    let on_top = matches!(state.overlays.last(), Some(Overlay::Share(_)));
    match &share.page {
        Page::Loading => {
            let inner = popup(frame, (78, tall.min(8)), &title, look);
            let said = share.said.as_ref().map(|notice| state.words.notice(notice));
            let said = said.unwrap_or_else(|| look.theme.more().to_owned());
            for (row, line) in (0..inner.height).zip(wrap(&said, columns(inner))) {
                pieces(frame.buffer_mut(), inner, row, &[(" ", Style::new()), (&line, look.theme.dim())]);
            }
        }
        Page::Propose(proposal, line) => propose(frame, share, proposal, line, on_top, state, look),
        Page::Status(status) => {
            let rows = status_rows(share, status, room, state, look);
            let inner = popup(frame, (78, (size(rows.len()) + 4).min(tall)), &title, look);
            let inner = pinned(frame, inner, share, state, look);
            list(frame, inner, &rows, share.at, look);
        }
        Page::Invited(invitation) => {
            let rows = invited_rows(invitation, room, state, look);
            let inner = popup(frame, (78, (size(rows.len()) + 4).min(tall)), &title, look);
            let inner = pinned(frame, inner, share, state, look);
            let most = rows.len().saturating_sub(usize::from(inner.height));
            draw_rows(frame, inner, &rows, share.at.min(most), None, look);
        }
    }
    if let Some(question) = &share.question {
        ask(frame, question, state, look);
    }
}

/// What was said last stays in sight above what is scrolled; gives back the rest.
fn pinned(frame: &mut Frame<'_>, inner: Rect, share: &Share, state: &State, look: Look) -> Rect {
    let Some((text, style)) = said(share, state, look) else { return inner };
    let lines = wrap(&text, columns(inner));
    let taken = size(lines.len()).min(inner.height / 2);
    for (row, line) in (0..taken).zip(&lines) {
        pieces(frame.buffer_mut(), inner, row, &[(" ", Style::new()), (line, style)]);
    }
    Rect { y: inner.y + taken, height: inner.height - taken, ..inner }
}

fn columns(inner: Rect) -> usize {
    usize::from(inner.width).max(4) - 2
}

/// Lines with the cursor's item in sight.
fn list(frame: &mut Frame<'_>, inner: Rect, rows: &[Row], at: usize, look: Look) {
    let first = rows.iter().position(|row| row.item == Some(at)).unwrap_or(0);
    let tall = rows.iter().filter(|row| row.item == Some(at)).count().max(1);
    // What stands above the first item comes into sight with it.
    let (first, tall) = if at == 0 { (0, first + tall) } else { (first, tall) };
    let from = scrolled(first, tall, rows.len(), usize::from(inner.height));
    draw_rows(frame, inner, rows, from, Some(at), look);
}

fn draw_rows(frame: &mut Frame<'_>, inner: Rect, rows: &[Row], from: usize, at: Option<usize>, look: Look) {
    let theme = look.theme;
    for (y, row) in (0..inner.height).zip(rows.iter().skip(from)) {
        let here = at.is_some() && row.item == at;
        let sign = if here { theme.pointer() } else { " " };
        let mut parts = vec![(sign, theme.accent())];
        parts.extend(row.parts.iter().map(|(text, style)| (text.as_str(), *style)));
        pieces(frame.buffer_mut(), inner, y, &parts);
    }
    if from + usize::from(inner.height) < rows.len() {
        right(frame.buffer_mut(), inner, inner.height.saturating_sub(1), theme.more(), theme.dim());
    }
}

fn toned(notice: &Notice, look: Look) -> Style {
    look.theme.tone(notice.tone)
}

/// What is under way, or what was said last.
fn said(share: &Share, state: &State, look: Look) -> Option<(String, Style)> {
    let doing = share.busy().map(|ask| match ask {
        ShareAsk::Init(_) | ShareAsk::Move => "screen-share-sharing",
        ShareAsk::Invite { .. } => "screen-share-inviting",
        _ => "screen-share-syncing",
    });
    match (doing, &share.said) {
        (Some(key), _) => Some((state.words.say(key), look.theme.warning())),
        (None, Some(notice)) => Some((state.words.notice(notice), toned(notice, look))),
        (None, None) => None,
    }
}

fn propose(
    frame: &mut Frame<'_>,
    share: &Share,
    proposal: &Proposal,
    line: &TextLine,
    on_top: bool,
    state: &State,
    look: Look,
) {
    let theme = look.theme;
    let all = frame.area();
    let wide = all.width.min(78);
    let room = usize::from(wide).saturating_sub(4);
    let lang = state.words.lang();
    let low = all.height < 16;
    let advice = if proposal.folder { "screen-share-advice-folder" } else { "screen-share-advice-file" };
    let mut lines: Vec<(String, Style)> = Vec::new();
    let mut paragraph = |text: String, style: Style| {
        lines.extend(wrap(&text, room).into_iter().map(|line| (line, style)));
    };
    if proposal.carried {
        let args = [("place", data(&proposal.place))];
        paragraph(lang.t("screen-share-carried", &args), theme.warning());
        paragraph(lang.t("screen-share-carried-offer", &args), Style::new());
    } else {
        let advice = lang.t(advice, &[("size", bytes(proposal.size).into())]);
        let intro = state.words.say("screen-share-intro");
        // What has no room on a low screen is what one may know already.
        for text in if low { [advice, intro] } else { [intro, advice] } {
            paragraph(text, Style::new());
        }
    }
    // Below what is said: the place, and what Enter does.
    let below = 1 + u16::from(!low);
    let (end, style) = said(share, state, look).unwrap_or_else(|| {
        let key = if proposal.carried { "screen-share-carried-keys" } else { "screen-share-propose-keys" };
        (state.words.say(key), theme.dim())
    });
    let end = wrap(&end, room);
    let tall =
        (size(lines.len()) + below + size(end.len()) + 2 + u16::from(!low)).min(all.height.saturating_sub(1));
    let inner = popup(frame, (wide, tall), &state.words.say("screen-share-title"), look);
    let last = size(end.len()).min(inner.height.saturating_sub(1));
    let place_row = inner.height.saturating_sub(last + below);
    let told = place_row.saturating_sub(u16::from(!low));
    for (row, (text, style)) in (0..told).zip(&lines) {
        pieces(frame.buffer_mut(), inner, row, &[(" ", Style::new()), (text, *style)]);
    }
    for (row, text) in (inner.height - last..inner.height).zip(&end) {
        pieces(frame.buffer_mut(), inner, row, &[(" ", Style::new()), (text, style)]);
    }
    let label = state.words.say("screen-share-place");
    let x = pieces(
        frame.buffer_mut(),
        inner,
        place_row,
        &[(theme.pointer(), theme.accent()), (&label, theme.accent()), (" ", Style::new())],
    );
    let place = Rect { x, y: inner.y + place_row, width: inner.right().saturating_sub(x + 1), height: 1 };
    if proposal.carried {
        let text = truncate(&safe_line(&proposal.place), usize::from(place.width)).into_owned();
        pieces(frame.buffer_mut(), place, 0, &[(&text, Style::new())]);
        return;
    }
    let cursor = line_input(frame, place, line.text(), line.before_cursor(), Style::new());
    if on_top {
        frame.set_cursor_position(cursor);
        fields::completion(frame, cursor, inner, width(&label), &share.completion, look);
    }
}

fn status_rows(share: &Share, status: &Status, room: usize, state: &State, look: Look) -> Vec<Row> {
    let theme = look.theme;
    let words = &state.words;
    let mut rows: Vec<Row> = Vec::new();
    let kind = words.say(&format!("share-kind-{}", status.kind));
    let place =
        words.lang().t("share-status-place", &[("kind", kind.into()), ("place", data(&status.place))]);
    let mut put = |item: Option<usize>, text: &str, style: Style| {
        for line in wrap(text, room) {
            rows.push(Row { item, parts: vec![(line, style)] });
        }
    };
    put(Some(0), &place, theme.heading());
    for (text, style) in stands(state, look) {
        put(Some(0), &text, style);
    }
    // Without the place only this device's own word on members is at hand.
    let out_of_reach =
        state.sharing.as_ref().is_some_and(|sharing| matches!(sharing.phase, Phase::Offline(_)));
    if status.members.len() < 2 && !out_of_reach {
        put(Some(0), &words.say("screen-share-alone"), theme.accent());
    }
    for (at, item) in share.items().iter().enumerate() {
        match item {
            Item::Place => {}
            Item::Warning(n) => {
                if let Some(warning) = status.warnings.get(*n) {
                    let text = format!("{} {}", theme.alert(), words.notice(warning));
                    put(Some(at), &text, theme.warning());
                }
            }
            Item::Member(n) => {
                if *n == 0 {
                    put(None, "", Style::new());
                    put(None, &words.say("screen-share-members"), theme.heading());
                }
                if let Some(member) = status.members.get(*n) {
                    put(Some(at), &member_text(member, status, state), Style::new());
                }
            }
            Item::Device(n) => {
                if *n == 0 {
                    put(None, "", Style::new());
                    put(None, &words.say("screen-share-devices"), theme.heading());
                }
                if let Some(device) = status.devices.get(*n) {
                    let text = device_text(device, state, look);
                    let style = if device.behind > 0 { theme.warning() } else { Style::new() };
                    put(Some(at), &text, style);
                }
            }
        }
    }
    rows
}

/// How long ago something was, said as people do.
pub(super) fn ago(at: i64, state: &State, look: Look) -> String {
    let past = look.clock.millis() - at;
    if past < 60_000 { state.words.say("screen-share-just-now") } else { span(state.words.lang(), past) }
}

/// When it was synced, what waits, and why it doesn't sync.
fn stands(state: &State, look: Look) -> Vec<(String, Style)> {
    let theme = look.theme;
    let words = &state.words;
    let Some(sharing) = &state.sharing else { return Vec::new() };
    let mut lines = Vec::new();
    let synced = match sharing.last {
        Some(last) => {
            let at = instant(words.lang(), &look.clock.local(last));
            let past = look.clock.millis() - last;
            let ago = span(words.lang(), past);
            match past {
                ..60_000 => words.lang().t("screen-share-last-now", &[("at", at.into())]),
                _ => words.lang().t("screen-share-last", &[("at", at.into()), ("span", ago.into())]),
            }
        }
        None => words.say("screen-share-never"),
    };
    let sent = match usize::try_from(sharing.unsent).unwrap_or_default() {
        0 => words.say("screen-share-all-sent"),
        count => words.count("screen-share-unsent", count),
    };
    lines.push((format!("{synced} {} {sent}", theme.dot()), Style::new()));
    match &sharing.phase {
        Phase::Rest => {}
        Phase::Syncing => lines.push((words.say("screen-share-syncing"), theme.dim())),
        Phase::Offline(why) => {
            let args = [("why", words.notice(why).into())];
            lines.push((words.lang().t("screen-share-offline-why", &args), theme.warning()));
        }
        Phase::Failed(why) => {
            let args = [("why", words.notice(why).into())];
            lines.push((words.lang().t("screen-share-failed-why", &args), theme.bad()));
        }
    }
    if sharing.waiting > 0 {
        lines.push((words.count("screen-share-waiting", sharing.waiting), theme.dim()));
    }
    if sharing.conflicts > 0 {
        let said = words.count("screen-share-conflicts", sharing.conflicts);
        lines.push((format!("{} {said}", theme.alert()), theme.warning()));
    }
    lines
}

fn member_text(member: &Member, status: &Status, state: &State) -> String {
    let words = &state.words;
    let widest =
        status.members.iter().map(|member| width(&safe_line(&member.name))).max().unwrap_or(0).min(24);
    let name = safe_line(&member.name);
    let name = if name.is_empty() { words.say("screen-nameless") } else { name.into_owned() };
    format!(
        "{}  {}  {}",
        pad(&truncate(&name, 24), widest),
        pad(&words.term("share-role-", &member.role), 8),
        words.count("screen-share-device-count", member.devices)
    )
}

/// Which device, when it was last heard from, and what it or we lack.
fn device_text(device: &Device, state: &State, look: Look) -> String {
    let words = &state.words;
    let name = match (device.name.is_empty(), device.author.is_empty()) {
        (true, _) => safe_line(&device.author).into_owned(),
        (false, true) => safe_line(&device.name).into_owned(),
        (false, false) => format!("{} ({})", safe_line(&device.name), safe_line(&device.author)),
    };
    let mut parts = Vec::new();
    if device.mine {
        parts.push(words.say("screen-share-this-device"));
    } else {
        parts.push(match device.seen {
            Some(seen) if look.clock.millis() - seen < 60_000 => words.say("screen-share-heard-now"),
            Some(seen) => {
                let ago = span(words.lang(), look.clock.millis() - seen);
                words.lang().t("screen-share-heard", &[("span", ago.into())])
            }
            None => words.say("screen-share-not-heard"),
        });
        let count = |number: i64| usize::try_from(number).unwrap_or_default();
        if device.behind > 0 {
            parts.push(words.count("screen-share-behind", count(device.behind)));
        }
        parts.push(match count(device.lacks) {
            0 if device.seen.is_none() => return format!("{name}: {}", parts.join(", ")),
            0 => words.say("screen-share-has-all"),
            lacks => words.count("screen-share-lacks", lacks),
        });
    }
    format!("{name}: {}", parts.join(", "))
}

fn invited_rows(invitation: &Invitation, room: usize, state: &State, look: Look) -> Vec<Row> {
    let theme = look.theme;
    let words = &state.words;
    let mut rows = Vec::new();
    let mut put = |text: &str, style: Style| {
        rows.extend(wrap(text, room).into_iter().map(|line| Row::plain(line, style)));
    };
    let role = words.term("share-role-", &invitation.role);
    let key = if invitation.name.is_empty() { "screen-share-code-any" } else { "screen-share-code-for" };
    let args = [("name", data(&invitation.name)), ("role", role.into())];
    put(&words.lang().t(key, &args), Style::new());
    put(&format!("  {}", invitation.code), theme.heading());
    let until = instant(words.lang(), &look.clock.local(invitation.expires));
    put(&words.lang().t("screen-share-code-good", &[("until", until.into())]), theme.dim());
    put("", Style::new());
    put(&words.say("screen-share-they-do"), Style::new());
    let args = [("place", data(&invitation.place)), ("code", data(&invitation.code))];
    put(&words.lang().t("screen-share-they-first", &args), Style::new());
    put(&words.lang().t("screen-share-they-screen", &args), Style::new());
    put(&words.say("screen-share-they-or"), Style::new());
    put(&format!("  {}", safe_line(&invitation.command())), theme.heading());
    rows
}

fn ask(frame: &mut Frame<'_>, question: &Question, state: &State, look: Look) {
    let theme = look.theme;
    let words = &state.words;
    let title = match &question.member {
        Some(name) => words.lang().t("screen-share-role-title", &[("name", data(name))]),
        None => words.say("screen-share-invite-title"),
    };
    let means = words.say(&format!("screen-share-means-{}", ROLES[question.role]));
    let hint = if question.on_role { "screen-share-role-keys" } else { "screen-share-name-hint" };
    let room = usize::from(frame.area().width.min(64)).saturating_sub(4);
    let mut said = wrap(&means, room);
    said.extend(wrap(&words.say(hint), room));
    let lines = 1 + u16::from(question.member.is_none());
    let inner = popup(frame, (64, size(said.len()) + lines + 2), &title, look);
    let labels = ["screen-share-name", "screen-share-role"].map(|key| words.say(key));
    let widest = labels.iter().map(|label| width(label)).max().unwrap_or(0);
    let mut row = 0;
    if question.member.is_none() {
        let sign = if question.on_role { " " } else { theme.pointer() };
        let parts =
            [(sign, theme.accent()), (&*pad(&labels[0], widest), theme.accent()), (" ", Style::new())];
        let x = pieces(frame.buffer_mut(), inner, row, &parts);
        let place = Rect { x, y: inner.y + row, width: inner.right().saturating_sub(x + 1), height: 1 };
        let cursor =
            line_input(frame, place, question.name.text(), question.name.before_cursor(), Style::new());
        if !question.on_role {
            frame.set_cursor_position(cursor);
        }
        row += 1;
    }
    let sign = if question.on_role { theme.pointer() } else { " " };
    let label = pad(&labels[1], widest);
    let roles: Vec<String> =
        ROLES.iter().map(|role| format!(" {} ", words.term("share-role-", role))).collect();
    let mut parts = vec![(sign, theme.accent()), (&*label, theme.accent()), (" ", Style::new())];
    for (at, role) in roles.iter().enumerate() {
        parts.push((role, if at == question.role { theme.cursor() } else { theme.dim() }));
    }
    pieces(frame.buffer_mut(), inner, row, &parts);
    for (row, line) in (row + 1..inner.height).zip(&said) {
        pieces(frame.buffer_mut(), inner, row, &[(" ", Style::new()), (line, theme.dim())]);
    }
}

pub(super) fn join(frame: &mut Frame<'_>, join: &Join, state: &State, look: Look) {
    let theme = look.theme;
    let words = &state.words;
    let (said, style) = match (&join.error, join.is_joining()) {
        (_, true) => (words.say("screen-join-joining"), theme.warning()),
        (Some(error), false) => (words.notice(error), toned(error, look)),
        (None, false) => (words.say("screen-join-how"), theme.dim()),
    };
    let said = wrap(&said, usize::from(frame.area().width.min(72)).saturating_sub(4));
    let inner = popup(frame, (72, size(said.len()) + 6), &words.say("screen-join-title"), look);
    let labels = ["screen-join-place", "screen-join-code", "screen-join-name"].map(|key| words.say(key));
    let widest = labels.iter().map(|label| width(label)).max().unwrap_or(0);
    let mut place_cursor = None;
    for (at, (label, line)) in labels.iter().zip(&join.lines).enumerate() {
        let (row, here) = (size(at), at == join.at);
        let sign = if here { theme.pointer() } else { " " };
        let parts = [(sign, theme.accent()), (&*pad(label, widest), theme.accent()), (" ", Style::new())];
        let x = pieces(frame.buffer_mut(), inner, row, &parts);
        let place = Rect { x, y: inner.y + row, width: inner.right().saturating_sub(x + 1), height: 1 };
        let cursor = line_input(frame, place, line.text(), line.before_cursor(), Style::new());
        if here {
            frame.set_cursor_position(cursor);
            place_cursor = Some(cursor).filter(|_| at == 0);
        }
    }
    for (row, line) in (4..inner.height).zip(&said) {
        pieces(frame.buffer_mut(), inner, row, &[(" ", Style::new()), (line, style)]);
    }
    if let (Some(cursor), Some(Overlay::Join(_))) = (place_cursor, state.overlays.last()) {
        fields::completion(frame, cursor, inner, widest, &join.completion, look);
    }
}
