//! Colours and signs: the terminal's own 16 colours, or none, and no meaning by colour alone.

use super::state::data::Tone;
use ratatui::style::{Color, Modifier, Style};
use ratatui::symbols::border;

/// How things look.
#[derive(Clone, Copy, Debug)]
pub struct Theme {
    colour: bool,
    /// Only ASCII for borders and signs.
    pub ascii: bool,
}

/// Borders that every terminal can draw.
const ASCII_BORDER: border::Set<'static> = border::Set {
    top_left: "+",
    top_right: "+",
    bottom_left: "+",
    bottom_right: "+",
    vertical_left: "|",
    vertical_right: "|",
    horizontal_top: "-",
    horizontal_bottom: "-",
};

impl Theme {
    /// With colours or without, with signs or in ASCII.
    pub const fn new(colour: bool, ascii: bool) -> Self {
        Self { colour, ascii }
    }

    fn fg(self, colour: Color) -> Style {
        if self.colour { Style::new().fg(colour) } else { Style::new() }
    }

    /// Data.
    pub const fn text(self) -> Style {
        Style::new()
    }

    /// What matters less.
    pub fn dim(self) -> Style {
        if self.colour { Style::new().fg(Color::DarkGray) } else { Style::new().add_modifier(Modifier::DIM) }
    }

    /// Headings.
    pub fn heading(self) -> Style {
        Style::new().add_modifier(Modifier::BOLD)
    }

    /// Labels of values, keys in hints.
    pub fn accent(self) -> Style {
        self.fg(Color::Cyan)
    }

    /// Letters that a search matched.
    pub fn matched(self) -> Style {
        self.fg(Color::Yellow).add_modifier(Modifier::BOLD | Modifier::UNDERLINED)
    }

    /// The line that the cursor is on, in the pane that has the keys.
    pub const fn cursor(self) -> Style {
        Style::new().add_modifier(Modifier::REVERSED)
    }

    /// The line that the cursor is on, elsewhere.
    pub const fn cursor_away(self) -> Style {
        Style::new().add_modifier(Modifier::BOLD)
    }

    /// As a message is meant.
    pub fn tone(self, tone: Tone) -> Style {
        match tone {
            Tone::Good => self.good(),
            Tone::Warning => self.warning(),
            Tone::Bad => self.bad(),
        }
    }

    /// Something went well.
    pub fn good(self) -> Style {
        self.fg(Color::Green)
    }

    /// Something odd.
    pub fn warning(self) -> Style {
        self.fg(Color::Yellow)
    }

    /// Something went wrong.
    pub fn bad(self) -> Style {
        self.fg(Color::Red).add_modifier(Modifier::BOLD)
    }

    /// Stars.
    pub fn star(self) -> Style {
        self.fg(Color::Yellow)
    }

    /// The border of the pane that has the keys.
    pub fn border_here(self) -> Style {
        self.fg(Color::Cyan).add_modifier(Modifier::BOLD)
    }

    /// Other borders.
    pub fn border(self) -> Style {
        self.dim()
    }

    /// What borders are made of; thick where the keys go, so that colour is not all that tells.
    pub const fn borders(self, here: bool) -> border::Set<'static> {
        match (self.ascii, here) {
            (true, _) => ASCII_BORDER,
            (false, true) => border::THICK,
            (false, false) => border::ROUNDED,
        }
    }

    const fn sign(self, sign: &'static str, ascii: &'static str) -> &'static str {
        if self.ascii { ascii } else { sign }
    }

    /// Before the line that the cursor is on.
    pub const fn pointer(self) -> &'static str {
        self.sign("▌", ">")
    }

    /// Before marked lines.
    pub const fn mark(self) -> &'static str {
        self.sign("✓", "x")
    }

    /// A star.
    pub const fn starred(self) -> &'static str {
        self.sign("★", "*")
    }

    /// The value to use first.
    pub const fn preferred(self) -> &'static str {
        self.sign("●", "<")
    }

    /// Something that wants a decision.
    pub const fn alert(self) -> &'static str {
        self.sign("⚠", "!")
    }

    /// Before what others lack.
    pub const fn up(self) -> &'static str {
        self.sign("↑", "^")
    }

    /// Nothing there.
    pub const fn none(self) -> &'static str {
        self.sign("—", "-")
    }

    /// Between parts.
    pub const fn dot(self) -> &'static str {
        self.sign("·", "-")
    }

    /// There is more.
    pub const fn more(self) -> &'static str {
        self.sign("…", "~")
    }

    /// Filled and empty parts of a progress bar.
    pub const fn bar(self) -> (&'static str, &'static str) {
        if self.ascii { ("#", ".") } else { ("█", "░") }
    }

    /// A sign for a kind of interaction.
    pub fn kind(self, kind: &str) -> &'static str {
        if self.ascii {
            return "*";
        }
        match kind {
            "call" => "☎",
            "email" => "✉",
            "meeting" | "visit" => "◆",
            "message" => "✎",
            "purchase" => "¤",
            "request" => "?",
            "feedback" => "❝",
            _ => "•",
        }
    }
}
