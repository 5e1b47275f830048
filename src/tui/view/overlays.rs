//! Smaller overlays: palette, help, tags, questions, the first start.

use super::list::line_input;
use super::text::{pieces, right, scrolled, wrap};
use super::{Look, fields, popup};
use crate::i18n::bytes;
use crate::text::{pad, safe_line, truncate, width};
use crate::tui::action::{Entry, TABLE};
use crate::tui::keymap::shown;
use crate::tui::state::State;
use crate::tui::state::bin::Bin;
use crate::tui::state::confirm::Confirm;
use crate::tui::state::fields::OFFERED;
use crate::tui::state::first_start::{Choice, FirstStart};
use crate::tui::state::help::Help;
use crate::tui::state::overlay::Overlay;
use crate::tui::state::palette::Palette;
use crate::tui::state::tag_prompt::TagPrompt;
use crate::tui::state::you::You;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;

fn size(count: usize) -> u16 {
    u16::try_from(count).unwrap_or(u16::MAX)
}

fn keys(entry: &Entry) -> String {
    entry.keys.iter().map(|key| shown(key)).collect::<Vec<_>>().join(" ")
}

pub(super) fn palette(frame: &mut Frame<'_>, palette: &Palette, state: &State, look: Look) {
    let theme = look.theme;
    let inner = popup(frame, (64, 20), &state.words.say("screen-palette"), look);
    pieces(frame.buffer_mut(), inner, 0, &[(" : ", theme.accent())]);
    let input = Rect { x: inner.x + 3, width: inner.width.saturating_sub(4), ..inner };
    let cursor = line_input(frame, input, palette.input.text(), palette.input.before_cursor(), Style::new());
    frame.set_cursor_position(cursor);
    let list = Rect { y: inner.y + 1, height: inner.height.saturating_sub(1), ..inner };
    if palette.found.is_empty() {
        pieces(
            frame.buffer_mut(),
            list,
            0,
            &[(" ", Style::new()), (&state.words.say("screen-palette-none"), theme.dim())],
        );
    }
    let from = scrolled(palette.at, 1, palette.found.len(), usize::from(list.height));
    for (row, (at, entry)) in (0..list.height).zip(palette.found.iter().enumerate().skip(from)) {
        let base = if at == palette.at { theme.cursor() } else { Style::new() };
        let line = Rect { y: list.y + row, height: 1, ..list };
        frame.buffer_mut().set_style(line, base);
        let name = pad(entry.name, 11);
        let doc = state.words.say(entry.doc);
        let keys = format!("{} ", keys(entry));
        let room = Rect { width: line.width.saturating_sub(size(width(&keys)) + 1), ..line };
        pieces(
            frame.buffer_mut(),
            room,
            0,
            &[(" ", base), (&name, base.patch(theme.accent())), (" ", base), (&doc, base)],
        );
        right(frame.buffer_mut(), line, 0, &keys, base.patch(theme.dim()));
    }
}

pub(super) fn help(frame: &mut Frame<'_>, help: &Help, state: &State, look: Look) {
    let theme = look.theme;
    let tall = frame.area().height;
    let inner = popup(frame, (72, tall), &state.words.say("screen-help"), look);
    let column = TABLE.iter().map(|entry| width(&keys(entry))).max().unwrap_or(0);
    let room = usize::from(inner.width).saturating_sub(column + 4);
    let mut lines: Vec<(String, String)> = Vec::new();
    for key in &help.own {
        let said = state.words.say(key);
        let parts = said.split(" · ").flat_map(|part| wrap(part, usize::from(inner.width).saturating_sub(2)));
        lines.extend(parts.map(|part| (String::new(), part)));
    }
    let own = lines.len();
    for context in help.contexts() {
        if !lines.is_empty() {
            lines.push((String::new(), String::new()));
        }
        lines.push((String::new(), state.words.say(context.key())));
        for entry in TABLE.iter().filter(|entry| entry.context == context) {
            let doc = wrap(&state.words.say(entry.doc), room).into_iter();
            // What goes on below stands under the first line of it.
            let keys = std::iter::once(keys(entry)).chain(std::iter::repeat(" ".to_owned()));
            lines.extend(keys.zip(doc));
        }
    }
    let from = help.scroll.from(lines.len(), usize::from(inner.height));
    for (row, (at, (keys, doc))) in (0..inner.height).zip(lines.iter().enumerate().skip(from)) {
        if at < own {
            pieces(frame.buffer_mut(), inner, row, &[(" ", Style::new()), (doc, Style::new())]);
        } else if keys.is_empty() {
            pieces(frame.buffer_mut(), inner, row, &[(" ", Style::new()), (doc, theme.heading())]);
        } else {
            let keys = pad(keys, column);
            pieces(
                frame.buffer_mut(),
                inner,
                row,
                &[("  ", Style::new()), (&keys, theme.accent()), ("  ", Style::new()), (doc, Style::new())],
            );
        }
    }
    if from + usize::from(inner.height) < lines.len() {
        right(frame.buffer_mut(), inner, inner.height.saturating_sub(1), theme.more(), theme.dim());
    }
}

pub(super) fn bin(frame: &mut Frame<'_>, bin: &Bin, state: &State, look: Look) {
    let theme = look.theme;
    let inner = popup(frame, (76, 20), &state.words.say("screen-bin"), look);
    let Some(rows) = &bin.rows else { return };
    let keys = state.words.say(if rows.is_empty() { "screen-bin-nothing" } else { "screen-bin-keys" });
    let said = wrap(&keys, usize::from(inner.width).max(4) - 2);
    let list = Rect { height: inner.height.saturating_sub(size(said.len())), ..inner };
    let name_width = usize::from(list.width) / 2;
    let from = scrolled(bin.at, 1, rows.len(), usize::from(list.height));
    for (y, (at, row)) in (0..list.height).zip(rows.iter().enumerate().skip(from)) {
        let base = if at == bin.at { theme.cursor() } else { Style::new() };
        let line = Rect { y: list.y + y, height: 1, ..list };
        frame.buffer_mut().set_style(line, base);
        let name = if row.name.is_empty() { state.words.say("screen-nameless") } else { row.name.clone() };
        let name = pad(&truncate(&safe_line(&name), name_width), name_width);
        let about = safe_line(if row.company.is_empty() { &row.email } else { &row.company });
        let sign = if at == bin.at { theme.pointer() } else { " " };
        let parts = [
            (sign, base.patch(theme.accent())),
            (&*name, base),
            (" ", base),
            (&*about, base.patch(theme.dim())),
        ];
        pieces(frame.buffer_mut(), line, 0, &parts);
    }
    for (y, text) in (list.height..inner.height).zip(&said) {
        pieces(frame.buffer_mut(), inner, y, &[(" ", Style::new()), (text, theme.dim())]);
    }
}

pub(super) fn confirm(frame: &mut Frame<'_>, confirm: &Confirm, state: &State, look: Look) {
    let theme = look.theme;
    let question = state.words.notice(&confirm.question);
    let columns = usize::from(frame.area().width.min(60)).saturating_sub(4);
    let lines = wrap(&question, columns);
    let wide = size(lines.iter().map(|line| width(line)).max().unwrap_or(0).max(30) + 4);
    let inner = popup(frame, (wide, size(lines.len()) + 4), "", look);
    for (row, line) in (0..inner.height).zip(&lines) {
        pieces(frame.buffer_mut(), inner, row, &[(" ", Style::new()), (line, theme.warning())]);
    }
    let (yes, no) = (state.words.say("screen-yes"), state.words.say("screen-no"));
    let answers =
        [(" y ", theme.accent()), (&*yes, Style::new()), ("   n ", theme.accent()), (&*no, Style::new())];
    pieces(frame.buffer_mut(), inner, size(lines.len()) + 1, &answers);
}

pub(super) fn tag(frame: &mut Frame<'_>, prompt: &TagPrompt, state: &State, look: Look) {
    let theme = look.theme;
    let title = state.words.count("screen-tag-title", prompt.ids.len());
    // With room for what completes the tag.
    let inner = popup(frame, (60, 3 + size(OFFERED)), &title, look);
    pieces(frame.buffer_mut(), inner, 0, &[(" # ", theme.accent())]);
    let input = Rect { x: inner.x + 3, width: inner.width.saturating_sub(4), ..inner };
    let cursor = line_input(frame, input, prompt.input.text(), prompt.input.before_cursor(), Style::new());
    let (said, style) = match &prompt.error {
        Some(error) => (state.words.notice(error), theme.bad()),
        None => (state.words.say("screen-tag-hint"), theme.dim()),
    };
    for (row, line) in (1..inner.height).zip(wrap(&said, usize::from(inner.width).max(4) - 2)) {
        pieces(frame.buffer_mut(), inner, row, &[(" ", Style::new()), (&line, style)]);
    }
    if matches!(state.overlays.last(), Some(Overlay::Tag(_))) {
        frame.set_cursor_position(cursor);
        fields::completion(frame, cursor, inner, 0, &prompt.completion, look);
    }
}

pub(super) fn you(frame: &mut Frame<'_>, you: &You, state: &State, look: Look) {
    let theme = look.theme;
    let (said, style) = match &you.error {
        Some(error) => (state.words.notice(error), theme.bad()),
        None => (state.words.say("screen-you-how"), theme.dim()),
    };
    let said = wrap(&said, usize::from(frame.area().width.min(60)).saturating_sub(4));
    let title = state.words.say("screen-you-title");
    let inner = popup(frame, (60, size(said.len()) + 4), &title, look);
    let labels = ["screen-you-name", "screen-you-country"].map(|key| state.words.say(key));
    let widest = labels.iter().map(|label| width(label)).max().unwrap_or(0);
    for (at, (label, line)) in labels.iter().zip(&you.lines).enumerate() {
        let (row, here) = (size(at), at == you.at);
        let sign = if here { theme.pointer() } else { " " };
        let label = pad(label, widest);
        let parts = [(sign, theme.accent()), (&*label, theme.accent()), (" ", Style::new())];
        let x = pieces(frame.buffer_mut(), inner, row, &parts);
        let place = Rect { x, y: inner.y + row, width: inner.right().saturating_sub(x + 1), height: 1 };
        let cursor = line_input(frame, place, line.text(), line.before_cursor(), Style::new());
        if here {
            frame.set_cursor_position(cursor);
        }
    }
    for (row, line) in (2..inner.height).zip(&said) {
        pieces(frame.buffer_mut(), inner, row, &[(" ", Style::new()), (line, style)]);
    }
}

pub(super) fn first_start(frame: &mut Frame<'_>, first: &FirstStart, state: &State, look: Look) {
    let theme = look.theme;
    let all = frame.area();
    let intro =
        wrap(&state.words.say("screen-first-intro"), usize::from(all.width.min(72)).saturating_sub(4));
    let tall = size(intro.len() + first.choices.len() + 4);
    let inner = popup(frame, (72, tall), &state.words.say("screen-first-title"), look);
    let room = usize::from(inner.height);
    let spare = room.saturating_sub(first.choices.len());
    let told = if spare > intro.len() { intro.len() } else { spare.saturating_sub(1) };
    for (row, line) in (0..inner.height).zip(intro.iter().take(told)) {
        let cut = told < intro.len() && usize::from(row) + 1 == told;
        let line = if cut { format!("{line} …") } else { line.clone() };
        let line = truncate(&line, usize::from(inner.width).saturating_sub(1));
        pieces(frame.buffer_mut(), inner, row, &[(" ", Style::new()), (&line, Style::new())]);
    }
    let top = if told > 0 { size(told + 1) } else { 0 };
    let list = Rect { y: inner.y + top.min(inner.height), height: inner.height.saturating_sub(top), ..inner };
    let from = scrolled(first.at, 1, first.choices.len(), usize::from(list.height));
    for (row, (at, choice)) in (0..list.height).zip(first.choices.iter().enumerate().skip(from)) {
        let here = at == first.at;
        let base = if here { theme.cursor() } else { Style::new() };
        let line = Rect { y: list.y + row, height: 1, ..list };
        frame.buffer_mut().set_style(line, base);
        let sign = if here { theme.pointer() } else { " " };
        pieces(
            frame.buffer_mut(),
            line,
            0,
            &[(sign, base), (" ", base), (&choice_text(choice, state), base)],
        );
    }
}

fn choice_text(choice: &Choice, state: &State) -> String {
    match choice {
        Choice::Add => state.words.say("screen-first-add"),
        Choice::File(path, length) => {
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            let folder = path.parent().map(|folder| folder.display().to_string()).unwrap_or_default();
            let name = ("name", safe_line(&name).into_owned().into());
            let folder = ("folder", safe_line(&folder).into_owned().into());
            match length {
                0 => state.words.lang().t("screen-first-folder", &[name, folder]),
                length => state
                    .words
                    .lang()
                    .t("screen-first-file", &[name, folder, ("size", bytes(*length).into())]),
            }
        }
        Choice::Join => state.words.say("screen-first-join"),
        Choice::OtherFile => state.words.say("screen-first-other"),
        Choice::Demo => state.words.say("screen-first-demo"),
        Choice::Language => state.words.say("screen-first-language"),
        Choice::You => {
            let unknown = || state.words.say("screen-you-unknown");
            let known = |text: &str| if text.is_empty() { unknown() } else { safe_line(text).into_owned() };
            let args =
                [("name", known(&state.who.name).into()), ("country", known(&state.who.country).into())];
            state.words.lang().t("screen-first-you", &args)
        }
        Choice::Quit => state.words.say("screen-first-quit"),
    }
}
