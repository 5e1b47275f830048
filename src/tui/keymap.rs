//! Keys as text (`ctrl-f`, `shift-tab`, `G`), and what they mean where.

use super::action::{Action, Context, Entry, TABLE};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use std::collections::HashMap;

/// A key with what was held down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    /// Which; letters carry their case, never Shift.
    pub code: KeyCode,
    /// Control and Alt; Shift only where the key has no case.
    pub mods: KeyModifiers,
}

impl Key {
    /// As the terminal reports it, brought to one form.
    pub fn of(event: &KeyEvent) -> Self {
        let mut mods = event.modifiers & (KeyModifiers::CONTROL | KeyModifiers::ALT | KeyModifiers::SHIFT);
        let code = match event.code {
            KeyCode::BackTab => {
                mods |= KeyModifiers::SHIFT;
                KeyCode::Tab
            }
            KeyCode::Char(c) if mods.contains(KeyModifiers::CONTROL) => {
                mods -= KeyModifiers::SHIFT;
                KeyCode::Char(c.to_ascii_lowercase())
            }
            KeyCode::Char(c) => {
                mods -= KeyModifiers::SHIFT;
                KeyCode::Char(c)
            }
            code => code,
        };
        Self { code, mods }
    }

    /// Reads `ctrl-f`, `alt-x`, `shift-tab`, `pageup`, `f2`, `space`, `G`.
    pub fn parse(text: &str) -> Option<Self> {
        let mut mods = KeyModifiers::NONE;
        let mut rest = text;
        loop {
            if let Some(after) = rest.strip_prefix("ctrl-").filter(|after| !after.is_empty()) {
                mods |= KeyModifiers::CONTROL;
                rest = after;
            } else if let Some(after) = rest.strip_prefix("alt-").filter(|after| !after.is_empty()) {
                mods |= KeyModifiers::ALT;
                rest = after;
            } else if let Some(after) = rest.strip_prefix("shift-").filter(|after| !after.is_empty()) {
                mods |= KeyModifiers::SHIFT;
                rest = after;
            } else {
                break;
            }
        }
        let code = match rest {
            "enter" => KeyCode::Enter,
            "esc" => KeyCode::Esc,
            "tab" => KeyCode::Tab,
            "space" => KeyCode::Char(' '),
            "backspace" => KeyCode::Backspace,
            "delete" => KeyCode::Delete,
            "up" => KeyCode::Up,
            "down" => KeyCode::Down,
            "left" => KeyCode::Left,
            "right" => KeyCode::Right,
            "home" => KeyCode::Home,
            "end" => KeyCode::End,
            "pageup" => KeyCode::PageUp,
            "pagedown" => KeyCode::PageDown,
            _ => match rest.strip_prefix('f').and_then(|number| number.parse().ok()) {
                Some(number) => KeyCode::F(number),
                None => {
                    let mut chars = rest.chars();
                    let c = chars.next()?;
                    chars.next().is_none().then_some(KeyCode::Char(c))?
                }
            },
        };
        Some(Self { code, mods })
    }

    /// The character that it types, if it types one.
    pub fn typed(self) -> Option<char> {
        match self.code {
            KeyCode::Char(c) if !self.mods.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT) => Some(c),
            _ => None,
        }
    }
}

/// What is wrong with a table of keys.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeymapError {
    /// No such key.
    #[error("{0:?} names no key")]
    Unknown(&'static str),
    /// Two actions want it.
    #[error("{key:?} means both {first} and {second}")]
    Doubled {
        /// The key.
        key: &'static str,
        /// The first action.
        first: &'static str,
        /// The second.
        second: &'static str,
    },
}

/// What keys mean.
#[derive(Debug)]
pub struct Keymap {
    map: HashMap<(Context, Key), &'static Entry>,
}

impl Keymap {
    /// The table's own keys.
    pub fn standard() -> Self {
        // A test holds the table against mistakes, so what is lost here is nothing.
        Self::new(TABLE).unwrap_or_else(|_| Self { map: HashMap::new() })
    }

    /// The keys of a table; refused if one has two meanings in one place.
    pub fn new(table: &'static [Entry]) -> Result<Self, KeymapError> {
        let mut map: HashMap<(Context, Key), &'static Entry> = HashMap::new();
        for entry in table {
            for text in entry.keys {
                let key = Key::parse(text).ok_or(KeymapError::Unknown(text))?;
                if let Some(other) = map.insert((entry.context, key), entry) {
                    return Err(KeymapError::Doubled { key: text, first: other.name, second: entry.name });
                }
            }
        }
        for ((context, key), entry) in &map {
            if *context != Context::Global
                && let Some(other) = map.get(&(Context::Global, *key))
            {
                let text = entry.keys.first().copied().unwrap_or_default();
                return Err(KeymapError::Doubled { key: text, first: other.name, second: entry.name });
            }
        }
        Ok(Self { map })
    }

    /// What a key means here.
    pub fn action(&self, context: Context, key: Key) -> Option<Action> {
        let found = self.map.get(&(Context::Global, key)).or_else(|| self.map.get(&(context, key)));
        found.map(|entry| entry.action)
    }
}

/// A key of the table as people know it: `Ctrl-F`, `Esc`, `G`.
pub fn shown(text: &str) -> String {
    let mut out = Vec::new();
    let mut rest = text;
    for (prefix, shown) in [("ctrl-", "Ctrl"), ("alt-", "Alt"), ("shift-", "Shift")] {
        if let Some(after) = rest.strip_prefix(prefix).filter(|after| !after.is_empty()) {
            out.push(shown.to_string());
            rest = after;
        }
    }
    let last = match rest {
        "pageup" => "PgUp".to_string(),
        "pagedown" => "PgDn".to_string(),
        "up" => "↑".to_string(),
        "down" => "↓".to_string(),
        "left" => "←".to_string(),
        "right" => "→".to_string(),
        _ if rest.chars().count() > 1 || !out.is_empty() => {
            let mut chars = rest.chars();
            chars.next().map(|c| c.to_uppercase().chain(chars).collect()).unwrap_or_default()
        }
        _ => rest.to_string(),
    };
    out.push(last);
    out.join("-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_no_doubled_or_unknown_keys() {
        assert!(Keymap::new(TABLE).is_ok_and(|map| !map.map.is_empty()));
    }

    #[test]
    fn a_doubled_key_is_refused() {
        static TWICE: &[Entry] = &[
            Entry {
                action: Action::Add,
                context: Context::People,
                name: "one",
                doc: "",
                keys: &["a"],
                offered: true,
            },
            Entry {
                action: Action::Tag,
                context: Context::People,
                name: "two",
                doc: "",
                keys: &["a"],
                offered: true,
            },
        ];
        static GLOBAL: &[Entry] = &[
            Entry {
                action: Action::Add,
                context: Context::People,
                name: "one",
                doc: "",
                keys: &["a"],
                offered: true,
            },
            Entry {
                action: Action::Help,
                context: Context::Global,
                name: "two",
                doc: "",
                keys: &["a"],
                offered: true,
            },
        ];
        assert_eq!(
            Keymap::new(TWICE).err(),
            Some(KeymapError::Doubled { key: "a", first: "one", second: "two" })
        );
        assert!(matches!(Keymap::new(GLOBAL), Err(KeymapError::Doubled { .. })));
    }

    #[test]
    fn keys_are_read_and_shown() {
        let event = |code, mods| Key::of(&KeyEvent::new(code, mods));
        for (text, key, as_shown) in [
            ("ctrl-f", event(KeyCode::Char('f'), KeyModifiers::CONTROL), "Ctrl-F"),
            ("shift-tab", event(KeyCode::BackTab, KeyModifiers::SHIFT), "Shift-Tab"),
            ("G", event(KeyCode::Char('G'), KeyModifiers::SHIFT), "G"),
            ("space", event(KeyCode::Char(' '), KeyModifiers::NONE), "Space"),
            ("f2", event(KeyCode::F(2), KeyModifiers::NONE), "F2"),
            ("f", event(KeyCode::Char('f'), KeyModifiers::NONE), "f"),
            ("-", event(KeyCode::Char('-'), KeyModifiers::NONE), "-"),
            ("pageup", event(KeyCode::PageUp, KeyModifiers::NONE), "PgUp"),
        ] {
            assert_eq!(Key::parse(text), Some(key), "{text}");
            assert_eq!(shown(text), as_shown);
        }
        assert_eq!(Key::parse("nothing"), None);
        assert_eq!(Key::parse(""), None);
    }
}
