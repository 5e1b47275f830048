//! The columns of the file, where they go, and how that is changed.

use super::Import;
use super::data::{DATE_ORDERS, MATCHES, ON_MATCH};
use super::prompt::{Ask, Prompt, SPLITS};
use crate::i18n::inspection;
use crate::tui::action::Action;
use crate::tui::keymap::Key;
use crate::tui::state::overlay::Cx;
use crossterm::event::KeyCode;

/// The lines of the options, in their order.
pub const OPTIONS: [&str; 8] = ["id", "email", "phone", "name", "on-match", "dates", "empty", "tags"];

impl Import {
    pub(super) fn columns_key(&mut self, key: Key, action: Option<Action>, cx: &mut Cx<'_>) {
        let last = self.plan.columns.len().saturating_sub(1);
        let Some(column) = self.plan.columns.get(self.at) else { return };
        let name = column.name.clone();
        match (action, key.code) {
            (Some(Action::Down), _) | (_, KeyCode::Char('j')) => self.at = (self.at + 1).min(last),
            (Some(Action::Up), _) | (_, KeyCode::Char('k')) => self.at = self.at.saturating_sub(1),
            (Some(Action::PageDown), _) => self.at = (self.at + 10).min(last),
            (Some(Action::PageUp), _) => self.at = self.at.saturating_sub(10),
            (Some(Action::Top), _) => self.at = 0,
            (Some(Action::Bottom), _) => self.at = last,
            (Some(Action::Accept), _) => self.ask_target(vec![name], cx),
            (_, KeyCode::Char(' ')) => {
                if !self.marks.remove(&name) {
                    self.marks.insert(name);
                }
                self.at = (self.at + 1).min(last);
            }
            (_, KeyCode::Char('+')) => {
                let marked = self.plan.columns.iter().map(|column| &column.name);
                let marked: Vec<String> = marked.filter(|name| self.marks.contains(*name)).cloned().collect();
                if marked.len() > 1 {
                    self.ask_target(marked, cx);
                }
            }
            (_, KeyCode::Char('s')) => {
                let splits = SPLITS.map(String::from).to_vec();
                self.prompt = Some(Prompt::new(Ask::Split(name), "", splits));
            }
            (_, KeyCode::Char('=')) => self.prompt = Some(Prompt::new(Ask::Set, "", Vec::new())),
            (_, KeyCode::Char('x')) => self.change(&[name], "ignore", cx),
            (_, KeyCode::Char('e')) => self.change(&[name], "extra", cx),
            (_, KeyCode::Char('f')) => {
                let field = format!("field:{}", field_key(&name));
                self.change(&[name], &field, cx);
            }
            (_, KeyCode::Backspace | KeyCode::Delete) => {
                self.revert = self.choices.clone();
                self.choices.unsay(&name);
                self.inspect(cx);
            }
            _ => {}
        }
    }

    fn ask_target(&mut self, names: Vec<String>, cx: &Cx<'_>) {
        let mut all = self.plan.targets.clone();
        let field = names.first().map(|name| format!("field:{}", field_key(name)));
        let at = all.iter().position(|target| target == "extra").unwrap_or(all.len());
        all.splice(at..at, field);
        let words = |item: &str| inspection::target_words(cx.words.lang(), item);
        self.prompt = Some(Prompt::new(Ask::Target(names), "", all).called(words));
    }

    /// Says what columns are, and has the plan made anew.
    pub(super) fn change(&mut self, names: &[String], right: &str, cx: &mut Cx<'_>) {
        self.revert = self.choices.clone();
        self.choices.say(names, right);
        self.marks.clear();
        self.inspect(cx);
    }

    pub(super) fn options_key(&mut self, key: Key, action: Option<Action>, cx: &mut Cx<'_>) {
        let last = OPTIONS.len() - 1;
        let back = key.code == KeyCode::Left || key.code == KeyCode::Char('h');
        let forth = matches!(key.code, KeyCode::Right | KeyCode::Char(' ' | 'l'));
        match (action, key.code) {
            (Some(Action::Down), _) | (_, KeyCode::Char('j')) => self.at = (self.at + 1).min(last),
            (Some(Action::Up), _) | (_, KeyCode::Char('k')) => self.at = self.at.saturating_sub(1),
            (Some(Action::Top), _) => self.at = 0,
            (Some(Action::Bottom), _) => self.at = last,
            (Some(Action::Accept), _) => self.start(true, cx),
            _ if back || forth => self.turn(forth, cx),
            _ => {}
        }
    }

    /// Gives the option under the cursor its next value, or the one before.
    fn turn(&mut self, forth: bool, cx: &mut Cx<'_>) {
        let next = |values: &[&str], now: &str| -> String {
            let at = values.iter().position(|value| *value == now).unwrap_or_default();
            let step = if forth { 1 } else { values.len() - 1 };
            values[(at + step) % values.len()].to_owned()
        };
        match OPTIONS[self.at.min(OPTIONS.len() - 1)] {
            "on-match" => self.choices.on_match = next(&ON_MATCH, &self.choices.on_match),
            "dates" => {
                self.revert = self.choices.clone();
                self.choices.date_order = next(&DATE_ORDERS, &self.choices.date_order);
                self.inspect(cx);
            }
            "empty" => self.choices.empty_clears = !self.choices.empty_clears,
            "tags" => {
                let tags = self.choices.tags.join(", ");
                self.prompt = Some(Prompt::new(Ask::Tags, &tags, Vec::new()));
            }
            by => {
                let mut chosen: Vec<&str> = MATCHES
                    .into_iter()
                    .filter(|known| self.choices.match_by.iter().any(|is| is == known))
                    .collect();
                match chosen.iter().position(|known| *known == by) {
                    Some(at) => drop(chosen.remove(at)),
                    None => chosen.push(by),
                }
                // In their own order, whichever was switched on last.
                self.choices.match_by =
                    MATCHES.into_iter().filter(|known| chosen.contains(known)).map(String::from).collect();
            }
        }
    }
}

/// A custom field's key from a column's name: `Lead Status` is `lead_status`.
fn field_key(name: &str) -> String {
    let words = name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("_").to_lowercase()
}
