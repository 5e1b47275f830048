//! Fluent catalogues, embedded.

use crate::config::Language;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};
use unic_langid::LanguageIdentifier;

/// A value to put into a message.
pub type Arg<'a> = FluentValue<'a>;

/// The text of a language's catalogue.
pub(super) const fn source(language: Language) -> &'static str {
    match language {
        Language::En => include_str!("../../assets/i18n/en.ftl"),
        Language::ZhCn => include_str!("../../assets/i18n/zh-CN.ftl"),
    }
}

/// One language's messages. A command says few of them, and to read all takes longer than much of what commands do: each is
/// read when it is first asked for. So none can refer to another; a test holds that.
pub(super) struct Catalogue {
    /// What stands under each key.
    entries: HashMap<&'static str, &'static str>,
    bundle: RwLock<FluentBundle<FluentResource>>,
}

impl Catalogue {
    pub(super) fn of(language: Language) -> Self {
        let id: LanguageIdentifier = language.tag().parse().unwrap_or_default();
        let mut bundle = FluentBundle::new_concurrent(vec![id]);
        bundle.set_use_isolating(false);
        bundle.set_formatter(Some(|value, _| match value {
            FluentValue::Number(number) if number.value.fract() == 0.0 => {
                Some(super::decimal(number.value as i64))
            }
            _ => None,
        }));
        Self { entries: entries(source(language)), bundle: RwLock::new(bundle) }
    }

    /// Reads a message, if it is there and has not been read.
    fn read(&self, key: &str) -> Option<()> {
        let entry = self.entries.get(key)?;
        if !self.bundle.read().unwrap_or_else(PoisonError::into_inner).has_message(key) {
            // A test holds that both catalogues parse; what parsed of a broken one is better than nothing.
            let resource = match FluentResource::try_new((*entry).to_owned()) {
                Ok(resource) | Err((resource, _)) => resource,
            };
            self.bundle.write().unwrap_or_else(PoisonError::into_inner).add_resource_overriding(resource);
        }
        Some(())
    }

    /// `screen`: as the screen says it, where that differs.
    pub(super) fn format(&self, key: &str, args: &[(&str, Arg<'_>)], screen: bool) -> Option<String> {
        self.read(key)?;
        let bundle = self.bundle.read().unwrap_or_else(PoisonError::into_inner);
        let message = bundle.get_message(key)?;
        let own = screen.then(|| message.get_attribute("screen")).flatten();
        let pattern = own.map(|own| own.value()).or_else(|| message.value())?;
        let mut named = FluentArgs::with_capacity(args.len());
        for (name, value) in args {
            match value {
                FluentValue::String(text) => named.set(*name, crate::text::safe_line(text)),
                other => named.set(*name, other.clone()),
            }
        }
        let mut errors = Vec::new();
        let text = bundle.format_pattern(pattern, Some(&named), &mut errors);
        debug_assert!(errors.is_empty(), "{key}: {errors:?}");
        Some(text.into_owned())
    }
}

/// The messages of a catalogue by key: from the line that begins with it up to the next message or comment.
pub(super) fn entries(source: &str) -> HashMap<&str, &str> {
    let mut found = HashMap::with_capacity(source.len() / 64);
    let (mut at, mut open) = (0, None);
    for line in source.split_inclusive('\n') {
        if line.starts_with(|first: char| first.is_ascii_lowercase() || first == '#') {
            if let Some((key, start)) = open.take() {
                found.insert(key, &source[start..at]);
            }
            open = line.split_once(" =").filter(|_| !line.starts_with('#')).map(|(key, _)| (key, at));
        }
        at += line.len();
    }
    found.extend(open.map(|(key, start)| (key, &source[start..])));
    found
}
