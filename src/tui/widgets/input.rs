//! One line, or several, of text that is being typed. Editing goes by what people see as characters.

use crate::tui::keymap::Key;
use crossterm::event::{KeyCode, KeyModifiers};
use tui_input::{Input, InputRequest};

/// No line takes more; what is pasted beyond is cut.
const MAX_BYTES: usize = 64 * 1024;

/// A line of text.
#[derive(Clone, Debug, Default)]
pub struct TextLine {
    input: Input,
}

impl TextLine {
    /// With the cursor behind the text.
    pub fn new(text: impl Into<String>) -> Self {
        Self { input: Input::new(text.into()) }
    }

    /// What was typed.
    pub fn text(&self) -> &str {
        self.input.value()
    }

    /// Characters before the cursor.
    pub fn cursor(&self) -> usize {
        self.input.cursor()
    }

    /// What stands before the cursor.
    pub fn before_cursor(&self) -> &str {
        let text = self.text();
        let end = text.char_indices().nth(self.cursor()).map_or(text.len(), |(at, _)| at);
        &text[..end]
    }

    /// Other text, with the cursor behind it.
    pub fn set(&mut self, text: impl Into<String>) {
        self.input = Input::new(text.into());
    }

    /// Takes a key that edits or moves; whether it was one. `changed` tells by comparing the text.
    pub fn key(&mut self, key: Key) -> bool {
        use InputRequest as R;
        let ctrl = key.mods.contains(KeyModifiers::CONTROL);
        let alt = key.mods.contains(KeyModifiers::ALT);
        let request = match key.code {
            KeyCode::Char(c) if !ctrl && !alt => {
                self.insert(c);
                return true;
            }
            KeyCode::Char('a') if ctrl => R::GoToStart,
            KeyCode::Char('e') if ctrl => R::GoToEnd,
            KeyCode::Char('b') if ctrl => R::GoToPrevChar,
            KeyCode::Char('f') if ctrl => R::GoToNextChar,
            KeyCode::Char('h') if ctrl => R::DeletePrevChar,
            KeyCode::Char('d') if ctrl => R::DeleteNextChar,
            KeyCode::Char('w') if ctrl => R::DeletePrevWord,
            KeyCode::Char('u') if ctrl => R::DeleteFromStart,
            KeyCode::Char('k') if ctrl => R::DeleteTillEnd,
            KeyCode::Char('y') if ctrl => R::Yank,
            KeyCode::Char('b') if alt => R::GoToPrevWord,
            KeyCode::Char('f') if alt => R::GoToNextWord,
            KeyCode::Char('d') if alt => R::DeleteNextWord,
            KeyCode::Left if ctrl || alt => R::GoToPrevWord,
            KeyCode::Right if ctrl || alt => R::GoToNextWord,
            KeyCode::Left => R::GoToPrevChar,
            KeyCode::Right => R::GoToNextChar,
            KeyCode::Home => R::GoToStart,
            KeyCode::End => R::GoToEnd,
            KeyCode::Backspace if ctrl || alt => R::DeletePrevWord,
            KeyCode::Backspace => R::DeletePrevChar,
            KeyCode::Delete if ctrl => R::DeleteNextWord,
            KeyCode::Delete => R::DeleteNextChar,
            _ => return false,
        };
        self.input.handle(request);
        true
    }

    fn insert(&mut self, c: char) {
        if self.text().len() + c.len_utf8() <= MAX_BYTES {
            self.input.handle(InputRequest::InsertChar(c));
        }
    }

    /// Text from the clipboard: line breaks and tabs become spaces, other controls are left out.
    pub fn paste(&mut self, text: &str) {
        let before = self.before_cursor().to_string();
        let after = self.text()[before.len()..].to_string();
        let mut pasted = String::new();
        // Terminals paste a line break as a carriage return.
        let text = text.trim_end_matches(['\r', '\n']).replace("\r\n", "\n");
        for c in text.chars() {
            let c = if matches!(c, '\n' | '\r' | '\t') { ' ' } else { c };
            if before.len() + after.len() + pasted.len() + c.len_utf8() > MAX_BYTES {
                break;
            }
            if !c.is_control() {
                pasted.push(c);
            }
        }
        let cursor = (before.chars().count()) + pasted.chars().count();
        self.input = Input::new(before + &pasted + &after).with_cursor(cursor);
    }
}

/// Several lines of text; never without a line.
#[derive(Clone, Debug)]
pub struct TextArea {
    lines: Vec<TextLine>,
    row: usize,
}

impl Default for TextArea {
    fn default() -> Self {
        Self::new("")
    }
}

impl TextArea {
    /// With the cursor behind the text.
    pub fn new(text: &str) -> Self {
        let lines: Vec<TextLine> = text.split('\n').map(TextLine::new).collect();
        Self { row: lines.len() - 1, lines }
    }

    /// What was typed.
    pub fn text(&self) -> String {
        self.lines.iter().map(TextLine::text).collect::<Vec<_>>().join("\n")
    }

    /// The lines.
    pub fn lines(&self) -> &[TextLine] {
        &self.lines
    }

    /// Which line the cursor is on.
    pub fn row(&self) -> usize {
        self.row
    }

    /// One line up; whether there was one.
    pub fn up(&mut self) -> bool {
        self.go(self.row.checked_sub(1))
    }

    /// One line down; whether there was one.
    pub fn down(&mut self) -> bool {
        self.go(Some(self.row + 1))
    }

    fn go(&mut self, row: Option<usize>) -> bool {
        let Some(row) = row.filter(|row| *row < self.lines.len()) else { return false };
        let cursor = self.lines[self.row].cursor();
        self.row = row;
        self.lines[row].input = self.lines[row].input.clone().with_cursor(cursor);
        true
    }

    /// Breaks the line at the cursor.
    pub fn newline(&mut self) {
        let line = &self.lines[self.row];
        let before = line.before_cursor().to_string();
        let after = line.text()[before.len()..].to_string();
        self.lines[self.row].set(before);
        self.row += 1;
        let next = TextLine { input: Input::new(after).with_cursor(0) };
        self.lines.insert(self.row, next);
    }

    /// Takes a key that edits or moves; whether it was one.
    pub fn key(&mut self, key: Key) -> bool {
        let at_start = self.lines[self.row].cursor() == 0;
        let at_end = self.lines[self.row].before_cursor().len() == self.lines[self.row].text().len();
        match key.code {
            KeyCode::Backspace if at_start && self.row > 0 => {
                let line = self.lines.remove(self.row);
                self.row -= 1;
                self.join(line.text());
            }
            KeyCode::Delete if at_end && self.row + 1 < self.lines.len() => {
                let line = self.lines.remove(self.row + 1);
                self.join(line.text());
            }
            KeyCode::Left if at_start && self.row > 0 => {
                self.row -= 1;
                self.lines[self.row].key(Key { code: KeyCode::End, mods: KeyModifiers::NONE });
            }
            KeyCode::Right if at_end && self.row + 1 < self.lines.len() => {
                self.row += 1;
                self.lines[self.row].key(Key { code: KeyCode::Home, mods: KeyModifiers::NONE });
            }
            _ => return self.lines[self.row].key(key),
        }
        true
    }

    fn join(&mut self, tail: &str) {
        let line = &mut self.lines[self.row];
        let cursor = line.text().chars().count();
        line.input = Input::new(format!("{}{tail}", line.text())).with_cursor(cursor);
    }

    /// Text from the clipboard, line by line.
    pub fn paste(&mut self, text: &str) {
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        for (n, line) in text.split('\n').enumerate() {
            if n > 0 {
                self.newline();
            }
            self.lines[self.row].paste(line);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(area: &mut TextArea, keys: &[&str]) {
        for text in keys {
            match *text {
                "enter" => area.newline(),
                "up" => assert!(area.up()),
                "down" => assert!(area.down()),
                text => assert!(area.key(Key::parse(text).unwrap()), "{text}"),
            }
        }
    }

    #[test]
    fn backspace_takes_what_looks_like_one_character() {
        for (text, left) in [("e\u{301}", ""), ("王伟", "王"), ("a👩‍👩‍👧", "a"), ("", "")] {
            let mut line = TextLine::new(text);
            line.key(Key::parse("backspace").unwrap());
            assert_eq!(line.text(), left);
        }
    }

    #[test]
    fn pasting_keeps_the_cursor_behind_and_controls_out() {
        let mut line = TextLine::new("ac");
        line.key(Key::parse("left").unwrap());
        line.paste("b\u{1b}[31m\t\nx\n");
        assert_eq!(line.text(), "ab[31m  xc");
        assert_eq!(line.before_cursor(), "ab[31m  x");
        let mut lines = TextLine::default();
        lines.paste("Line One\rLine Two\r\nLine Three\r");
        assert_eq!(lines.text(), "Line One Line Two Line Three");
        line.paste(&"y".repeat(2 * MAX_BYTES));
        assert_eq!(line.text().len(), MAX_BYTES);
    }

    #[test]
    fn lines_break_and_join() {
        let mut area = TextArea::new("王伟\nab");
        keys(&mut area, &["left", "enter"]);
        assert_eq!(area.text(), "王伟\na\nb");
        keys(&mut area, &["up", "up", "end", "delete"]);
        assert_eq!(area.text(), "王伟a\nb");
        keys(&mut area, &["down", "home", "backspace", "x"]);
        assert_eq!(area.text(), "王伟axb");
        area.paste("1\r\n2\n");
        assert_eq!(area.text(), "王伟ax1\n2\nb");
        assert_eq!(area.row(), 2);
    }
}
