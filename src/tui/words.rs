//! What the screen says, in the language that is on.

use super::state::data::{Arg, Notice};
use crate::config::{Dates, Language};
use crate::i18n::{self, Lang};
use std::sync::Arc;

/// All languages, and which one is on.
#[derive(Clone)]
pub struct Words {
    langs: Arc<Vec<Lang>>,
    at: usize,
}

impl std::fmt::Debug for Words {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Words").field(&self.lang().language()).finish()
    }
}

impl Words {
    /// With this language on.
    pub fn new(language: Language, dates: Dates) -> Self {
        let langs = Language::ALL.iter().map(|language| Lang::new(*language, dates).on_screen()).collect();
        let at = Language::ALL.iter().position(|other| *other == language).unwrap_or_default();
        Self { langs: Arc::new(langs), at }
    }

    /// The language that is on.
    pub fn lang(&self) -> &Lang {
        &self.langs[self.at]
    }

    /// Puts the next language on.
    pub fn switch(&mut self) {
        self.at = (self.at + 1) % self.langs.len();
    }

    /// A message without arguments.
    pub fn say(&self, key: &str) -> String {
        self.lang().t(key, &[])
    }

    /// A message with a number.
    pub fn count(&self, key: &str, count: usize) -> String {
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        self.lang().t(key, &[("count", count.into())])
    }

    /// A word with its own message, or as it is.
    pub fn term(&self, prefix: &str, word: &str) -> String {
        let key = format!("{prefix}{}", word.replace(['_', ' '], "-").to_lowercase());
        self.lang().maybe(&key, &[]).unwrap_or_else(|| word.to_owned())
    }

    /// A message with all that it says.
    pub fn notice(&self, notice: &Notice) -> String {
        let args: Vec<(&str, i18n::Arg<'_>)> = notice
            .args
            .iter()
            .map(|(name, arg)| {
                let arg = match arg {
                    Arg::Text(text) => i18n::data(text),
                    Arg::Number(number) => (*number).into(),
                    Arg::Words(inner) => self.notice(inner).into(),
                    Arg::Said(said) => said.say(self.lang()).into(),
                };
                (*name, arg)
            })
            .collect();
        self.lang().t(&notice.key, &args)
    }
}
