//! What people read: catalogues of messages, errors in words, and how days, spans and numbers are written. Used by the
//! faces only; errors and labels leave `ops` as kind and arguments.

mod catalogue;
mod describe;
mod format;
pub mod inspection;

pub use catalogue::Arg;
pub use describe::{Described, candidates_more, describe, describe_config, label, reason, warning, wording};
pub use format::{amount, bytes, consent, day, decimal, duration, instant, purpose, span, stored_span};

use crate::config::{Dates, Language};
use crate::text::safe_line;
use catalogue::Catalogue;
use std::borrow::Cow;
use std::sync::OnceLock;

/// Messages in one language, parsed when the first is asked for.
#[derive(Default)]
pub struct Lang {
    language: Language,
    dates: Dates,
    screen: bool,
    catalogue: OnceLock<Catalogue>,
}

impl Lang {
    /// Messages in this language, days as the settings want them.
    pub const fn new(language: Language, dates: Dates) -> Self {
        Self { language, dates, screen: false, catalogue: OnceLock::new() }
    }

    /// The same messages, but in those that name a flag the key that does it.
    pub fn on_screen(self) -> Self {
        Self { screen: true, ..self }
    }

    /// Which language it is.
    pub const fn language(&self) -> Language {
        self.language
    }

    /// The message with its arguments put in, made safe for a terminal; a key that nobody knows stands for itself.
    pub fn t(&self, key: &str, args: &[(&str, Arg<'_>)]) -> String {
        let catalogue = self.catalogue.get_or_init(|| Catalogue::of(self.language));
        catalogue.format(key, args, self.screen).unwrap_or_else(|| key.to_owned())
    }

    /// The message, or nothing if there is none under this key.
    pub fn maybe(&self, key: &str, args: &[(&str, Arg<'_>)]) -> Option<String> {
        self.catalogue.get_or_init(|| Catalogue::of(self.language)).format(key, args, self.screen)
    }
}

/// Fields of a contact as the screen calls them; what has no name of its own, such as a custom field, is as it is.
pub fn field_names(lang: &Lang, fields: &[String]) -> String {
    let name = |field: &String| {
        let key = format!("screen-field-{}", field.replace('_', "-"));
        lang.maybe(&key, &[]).unwrap_or_else(|| crate::text::safe_line(field).into_owned())
    };
    fields.iter().map(name).collect::<Vec<_>>().join(", ")
}

/// What an import would change, as people call it: `field:KEY`, `extra:COLUMN` and `deal.stage` among them.
pub fn changed_field(lang: &Lang, field: &str) -> String {
    if let Some(own) = field.strip_prefix("field:").or_else(|| field.strip_prefix("extra:")) {
        return safe_line(own).into_owned();
    }
    let key = |word: &str| word.replace(['_', ' '], "-").to_lowercase();
    let known =
        |word: &str| ["field-", "record-"].iter().find_map(|kind| lang.maybe(&format!("{kind}{word}"), &[]));
    let term = |word: &str| known(&key(word)).unwrap_or_else(|| safe_line(word).into_owned());
    match field.split_once('.') {
        Some((of, part)) => {
            // The title of a deal is no job.
            let own = known(&format!("{}-{}", key(of), key(part))).unwrap_or_else(|| term(part));
            lang.t("changed-part", &[("of", term(of).into()), ("part", own.into())])
        }
        None => term(field),
    }
}

/// A text from data as an argument: harmless, on one line.
pub fn data(text: &str) -> Arg<'_> {
    match safe_line(text) {
        Cow::Borrowed(text) => Arg::from(text),
        Cow::Owned(text) => Arg::from(text),
    }
}

#[cfg(test)]
mod tests;
