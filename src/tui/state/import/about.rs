//! What kind of file it is and how it is written: shown, and changed where it was found out wrongly.

use super::data::{Choices, ENCODINGS, SEPARATORS};
use super::prompt::{Ask, Prompt};
use super::{Import, Stage};
use crate::tui::action::Action;
use crate::tui::keymap::Key;
use crate::tui::state::data::Notice;
use crate::tui::state::overlay::Cx;
use crossterm::event::KeyCode;

impl Import {
    pub(super) fn about_key(&mut self, key: Key, action: Option<Action>) {
        let plan = &self.plan;
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<String>>();
        let (ask, all) = match key.code {
            KeyCode::Char('f') if plan.is_table() => {
                let names = plan.kinds.iter().map(|(name, _)| name.clone()).collect();
                let about = |item: &str| plan.kinds.iter().find(|(name, _)| name == item);
                let about = |item: &str| about(item).map(|(_, about)| about.clone());
                self.prompt = Some(Prompt::new(Ask::Kind, "", names).called(about));
                return;
            }
            KeyCode::Char('e') if plan.is_text => (Ask::Encoding, words(&ENCODINGS)),
            KeyCode::Char('d') if plan.is_text => (Ask::Separator, words(&SEPARATORS)),
            KeyCode::Char('n') if plan.is_table() => (Ask::Header, Vec::new()),
            KeyCode::Char('t') if plan.sheets.len() > 1 => (Ask::Sheet, plan.sheets.clone()),
            code => {
                self.scroll.key(action, code);
                return;
            }
        };
        self.prompt = Some(Prompt::new(ask, "", all));
    }

    /// The messages that tell what keys do at this step, most useful first; empty where the question over it tells.
    pub fn keys(&self) -> Vec<&'static str> {
        let plan = &self.plan;
        match &self.stage {
            Stage::About => {
                let own = [
                    (true, "screen-import-keys-about"),
                    (plan.sheets.len() > 1, "screen-import-key-sheet"),
                    (plan.is_table(), "screen-import-key-kind"),
                    (plan.is_text, "screen-import-key-encoding"),
                    (plan.is_text, "screen-import-key-separator"),
                    (plan.is_table(), "screen-import-key-header"),
                ];
                own.into_iter().filter(|(offered, _)| *offered).map(|(_, key)| key).collect()
            }
            Stage::Columns => vec!["screen-import-keys-columns"],
            Stage::Options => vec!["screen-import-keys-options"],
            Stage::Past(_) => vec!["screen-import-keys-past"],
            Stage::Plan(_) => vec!["screen-import-go"],
            Stage::Done(report) => vec![match (report.more.batch, report.more.rejects.is_some()) {
                (0, _) => "screen-import-nothing",
                (_, true) => "screen-import-undo-rejects",
                (_, false) => "screen-import-undo",
            }],
            _ => Vec::new(),
        }
    }

    /// Has the file read in another way; what was said about its columns is forgotten, because they may be others now.
    pub(super) fn reread(&mut self, ask: &Ask, text: &str, cx: &mut Cx<'_>) {
        let wanted = text.trim();
        let auto = wanted.is_empty() || wanted == SEPARATORS[0];
        let given = (!auto).then(|| wanted.to_owned());
        let now = self.choices.clone();
        let mut next = Choices {
            map: Vec::new(),
            set: Vec::new(),
            date_order: String::new(),
            from: None,
            key: None,
            settled: false,
            ..now.clone()
        };
        match ask {
            Ask::Kind => next.kind = Some(wanted.to_owned()).filter(|kind| !kind.is_empty()),
            Ask::Encoding => next.encoding = given,
            Ask::Separator => match (given.as_deref().map(str::as_bytes), wanted) {
                (None, _) => next.delimiter = None,
                (Some([byte]), _) if byte.is_ascii() => next.delimiter = Some(*byte),
                (_, "tab") => next.delimiter = Some(b'\t'),
                _ => return self.refuse("screen-import-how-separator"),
            },
            Ask::Header => match (auto, wanted.parse()) {
                (true, _) => next.header_row = None,
                (false, Ok(row)) => next.header_row = Some(row),
                (false, Err(_)) => return self.refuse("screen-import-how-header"),
            },
            _ => next.sheet = given,
        }
        self.revert = now;
        self.choices = next;
        self.inspect(cx);
        self.stage = Stage::Opening;
    }

    fn refuse(&mut self, how: &'static str) {
        self.error = Some(Notice::bad(how));
    }
}
