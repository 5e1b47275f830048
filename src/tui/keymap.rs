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
        let (held, rest) = held(text);
        let mods = held.iter().fold(KeyModifiers::NONE, |mods, (_, one, _)| mods | *one);
        let named = NAMED.iter().find(|(name, ..)| *name == rest).map(|(_, code, _)| *code);
        let numbered = || rest.strip_prefix('f')?.parse().ok().map(KeyCode::F);
        let typed = || {
            let mut chars = rest.chars();
            chars.next().filter(|_| chars.next().is_none()).map(KeyCode::Char)
        };
        Some(Self { code: named.or_else(numbered).or_else(typed)?, mods })
    }

    /// The character that it types, if it types one.
    pub fn typed(self) -> Option<char> {
        match self.code {
            KeyCode::Char(c) if !self.mods.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT) => Some(c),
            _ => None,
        }
    }
}

/// What is held down: as written, for the terminal, as people know it.
type Held = (&'static str, KeyModifiers, &'static str);

const HELD: [Held; 3] = [
    ("ctrl-", KeyModifiers::CONTROL, "Ctrl"),
    ("alt-", KeyModifiers::ALT, "Alt"),
    ("shift-", KeyModifiers::SHIFT, "Shift"),
];

/// Keys that have a name: as written, for the terminal, as people know it.
const NAMED: [(&str, KeyCode, &str); 15] = [
    ("enter", KeyCode::Enter, "Enter"),
    ("esc", KeyCode::Esc, "Esc"),
    ("tab", KeyCode::Tab, "Tab"),
    ("space", KeyCode::Char(' '), "Space"),
    ("backspace", KeyCode::Backspace, "Backspace"),
    ("delete", KeyCode::Delete, "Delete"),
    ("up", KeyCode::Up, "↑"),
    ("down", KeyCode::Down, "↓"),
    ("left", KeyCode::Left, "←"),
    ("right", KeyCode::Right, "→"),
    ("home", KeyCode::Home, "Home"),
    ("end", KeyCode::End, "End"),
    ("pageup", KeyCode::PageUp, "PgUp"),
    ("pagedown", KeyCode::PageDown, "PgDn"),
    ("insert", KeyCode::Insert, "Insert"),
];

/// What is held down by a key's text, and the rest of it.
fn held(text: &str) -> (Vec<&'static Held>, &str) {
    let mut found = Vec::new();
    let mut rest = text;
    // A lone `-` is a key, too.
    while let Some((one, after)) =
        HELD.iter().find_map(|one| Some((one, rest.strip_prefix(one.0).filter(|after| !after.is_empty())?)))
    {
        found.push(one);
        rest = after;
    }
    (found, rest)
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
    let (held, rest) = held(text);
    let mut out: Vec<String> = held.iter().map(|(.., shown)| (*shown).to_owned()).collect();
    out.push(match NAMED.iter().find(|(name, ..)| *name == rest) {
        Some((.., shown)) => (*shown).to_owned(),
        // With Ctrl the case of a letter makes no difference.
        None if rest.chars().count() > 1 || !out.is_empty() => rest.to_uppercase(),
        None => rest.to_owned(),
    });
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
