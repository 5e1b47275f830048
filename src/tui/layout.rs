//! Where things stand on a screen of any size.

use ratatui::layout::{Constraint, Layout, Rect};

/// Narrower than this, panes stand below each other.
pub const SIDE_BY_SIDE: u16 = 100;
/// Lower than this, only the pane that has the keys is shown.
pub const STACKED: u16 = 20;
/// The smallest screen that is drawn on.
pub const SMALLEST: (u16, u16) = (40, 12);

/// A part of the screen that can have the keys.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pane {
    /// The list.
    #[default]
    List,
    /// One contact.
    Detail,
    /// What happened with it.
    Timeline,
}

impl Pane {
    /// The pane after this one, around.
    pub const fn next(self) -> Self {
        match self {
            Self::List => Self::Detail,
            Self::Detail => Self::Timeline,
            Self::Timeline => Self::List,
        }
    }

    /// The pane before this one, around.
    pub const fn previous(self) -> Self {
        match self {
            Self::List => Self::Timeline,
            Self::Detail => Self::List,
            Self::Timeline => Self::Detail,
        }
    }
}

/// The People screen; a pane that is not shown has no area.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct People {
    /// The first line.
    pub title: Rect,
    /// The list with its border.
    pub list: Rect,
    /// The contact with its border.
    pub detail: Rect,
    /// The timeline with its border.
    pub timeline: Rect,
    /// The last line.
    pub hints: Rect,
}

/// Whether the screen is too small for anything.
pub const fn too_small(width: u16, height: u16) -> bool {
    width < SMALLEST.0 || height < SMALLEST.1
}

/// Divides the screen.
pub fn people(width: u16, height: u16, focus: Pane) -> People {
    let [title, body, hints] =
        Layout::vertical([Constraint::Length(1), Constraint::Min(1), Constraint::Length(1)])
            .areas(Rect::new(0, 0, width, height));
    let mut out = People { title, hints, ..People::default() };
    if width >= SIDE_BY_SIDE {
        [out.list, out.detail, out.timeline] =
            Layout::horizontal([Constraint::Percentage(38), Constraint::Percentage(34), Constraint::Fill(1)])
                .areas(body);
    } else if height >= STACKED {
        let rows =
            |wanted: Pane, more: u16, less: u16| Constraint::Fill(if focus == wanted { more } else { less });
        [out.list, out.detail, out.timeline] =
            Layout::vertical([rows(Pane::List, 5, 4), rows(Pane::Detail, 5, 4), rows(Pane::Timeline, 5, 3)])
                .areas(body);
    } else {
        match focus {
            Pane::List => out.list = body,
            Pane::Detail => out.detail = body,
            Pane::Timeline => out.timeline = body,
        }
    }
    out
}

impl People {
    /// How many contacts the list has room for; one line is the search bar.
    pub const fn list_rows(&self) -> usize {
        self.list.height.saturating_sub(3) as usize
    }

    /// How many lines a pane has room for within its border.
    pub const fn inner_rows(area: Rect) -> usize {
        area.height.saturating_sub(2) as usize
    }
}

/// A box in the middle, as large as wanted and possible.
pub fn popup(width: u16, height: u16, wanted_width: u16, wanted_height: u16) -> Rect {
    let w = wanted_width.min(width);
    let h = wanted_height.min(height);
    Rect::new((width - w) / 2, (height - h) / 2, w, h)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_size_keeps_its_panes_apart_and_on_the_screen() {
        for width in (40..=300).step_by(7) {
            for height in 12..=100 {
                for focus in [Pane::List, Pane::Detail, Pane::Timeline] {
                    let at = people(width, height, focus);
                    let parts = [at.title, at.list, at.detail, at.timeline, at.hints];
                    let shown: Vec<_> = parts.iter().filter(|part| part.area() > 0).collect();
                    let area: u32 = shown.iter().map(|part| part.area()).sum();
                    assert_eq!(area, u32::from(width) * u32::from(height), "{width}x{height} {focus:?}");
                    for (n, a) in shown.iter().enumerate() {
                        assert!(shown[n + 1..].iter().all(|b| !a.intersects(**b)), "{width}x{height}");
                    }
                    let focused = match focus {
                        Pane::List => at.list,
                        Pane::Detail => at.detail,
                        Pane::Timeline => at.timeline,
                    };
                    assert!(focused.height >= 6 && focused.width >= 24, "{width}x{height} {focused:?}");
                }
            }
        }
    }
}
