//! Tags that come and go: `vip, -cold`.

use super::data::{Completing, Notice};
use super::overlay::{Cx, Step};
use crate::tui::action::Action;
use crate::tui::keymap::Key;
use crate::tui::message::{Effect, Ticket, Write};
use crate::tui::widgets::completion::{Completion, last_item};
use crate::tui::widgets::input::TextLine;

/// The prompt.
#[derive(Clone, Debug)]
pub struct TagPrompt {
    /// Whose tags.
    pub ids: Vec<i64>,
    /// What is typed.
    pub input: TextLine,
    /// What could complete it.
    pub completion: Completion,
    /// What is wrong.
    pub error: Option<Notice>,
    completing: Ticket,
    saving: Option<Ticket>,
}

impl TagPrompt {
    /// For these contacts; all tags are offered.
    pub fn new(ids: Vec<i64>, cx: &mut Cx<'_>) -> Self {
        let mut prompt = Self {
            ids,
            input: TextLine::default(),
            completion: Completion::default(),
            error: None,
            completing: 0,
            saving: None,
        };
        prompt.wish(cx);
        prompt
    }

    fn wish(&mut self, cx: &mut Cx<'_>) {
        self.error = None;
        self.completing = cx.ticket();
        let text = self.input.text();
        let word = text[last_item(text)..].trim().trim_start_matches(['-', '－']).to_owned();
        cx.effects.push(Effect::Complete(self.completing, Completing::Tag, word));
    }

    /// Takes a key.
    pub fn key(&mut self, key: Key, action: Option<Action>, cx: &mut Cx<'_>) -> Step {
        if self.saving.is_some() {
            return Step::Stay;
        }
        match action {
            Some(Action::Back) => return if self.is_changed() { Step::AskDiscard } else { Step::Close },
            Some(Action::Down) => self.completion.down(),
            Some(Action::Up) => self.completion.up(),
            Some(Action::Complete) => {
                let item = self.completion.best().map(str::to_owned);
                self.take(item, cx);
            }
            Some(Action::Accept) if self.completion.chosen.is_some() => {
                let item = self.completion.accept().map(str::to_owned);
                self.take(item, cx);
            }
            Some(Action::Accept) => return self.save(cx),
            _ => {
                let before = self.input.text().to_owned();
                if self.input.key(key) && self.input.text() != before {
                    self.wish(cx);
                }
            }
        }
        Step::Stay
    }

    /// Whether something typed would be lost.
    pub fn is_changed(&self) -> bool {
        !self.input.text().trim().is_empty()
    }

    fn take(&mut self, item: Option<String>, cx: &mut Cx<'_>) {
        let Some(item) = item else { return };
        let text = self.input.text();
        let from = last_item(text);
        let minus = if text[from..].starts_with(['-', '－']) { "-" } else { "" };
        let text = format!("{}{minus}{item}, ", &text[..from]);
        self.input.set(text);
        self.wish(cx);
    }

    fn save(&mut self, cx: &mut Cx<'_>) -> Step {
        let (add, remove) = parts(self.input.text());
        if add.is_empty() && remove.is_empty() {
            return Step::Close;
        }
        let ticket = cx.ticket();
        self.saving = Some(ticket);
        cx.effects.push(Effect::Write(ticket, Write::Tag { ids: self.ids.clone(), add, remove }));
        Step::Stay
    }

    /// Text from the clipboard.
    pub fn paste(&mut self, text: &str, cx: &mut Cx<'_>) -> Step {
        self.input.paste(text);
        self.wish(cx);
        Step::Stay
    }

    /// Completions came.
    pub fn offer(&mut self, ticket: Ticket, items: Vec<String>) {
        if ticket == self.completing {
            let text = self.input.text();
            let typed = text[last_item(text)..].trim().trim_start_matches(['-', '－']).to_owned();
            self.completion.offer(items, &typed);
        }
    }

    /// The write came to this; whether the prompt is done.
    pub fn saved(&mut self, ticket: Ticket, error: Option<&Notice>) -> bool {
        if self.saving != Some(ticket) {
            return false;
        }
        self.saving = None;
        self.error = error.cloned();
        error.is_none()
    }
}

/// Tags that come, and tags that go.
fn parts(text: &str) -> (Vec<String>, Vec<String>) {
    let (mut add, mut remove) = (Vec::new(), Vec::new());
    for item in text.split([',', '，', '、', ';', '；']).map(str::trim) {
        match item.strip_prefix(['-', '－']) {
            Some(tag) if !tag.trim().is_empty() => remove.push(tag.trim().to_owned()),
            None if !item.is_empty() => add.push(item.trim_start_matches('#').to_owned()),
            _ => {}
        }
    }
    (add, remove)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minus_takes_a_tag_away() {
        let (add, remove) = parts("vip, -cold，重要客户, -, key account; －旧");
        assert_eq!(add, ["vip", "重要客户", "key account"]);
        assert_eq!(remove, ["cold", "旧"]);
    }
}
