//! Fluent catalogues, embedded.

use crate::config::Language;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use std::sync::Arc;
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

/// One language's messages, ready to be put together.
pub(super) struct Catalogue {
    bundle: FluentBundle<Arc<FluentResource>>,
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
        // A test holds that both catalogues parse; what parsed of a broken one is better than nothing.
        let resource = match FluentResource::try_new(source(language).to_owned()) {
            Ok(resource) | Err((resource, _)) => resource,
        };
        bundle.add_resource_overriding(Arc::new(resource));
        Self { bundle }
    }

    /// `screen`: as the screen says it, where that differs.
    pub(super) fn format(&self, key: &str, args: &[(&str, Arg<'_>)], screen: bool) -> Option<String> {
        let message = self.bundle.get_message(key)?;
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
        let text = self.bundle.format_pattern(pattern, Some(&named), &mut errors);
        debug_assert!(errors.is_empty(), "{key}: {errors:?}");
        Some(text.into_owned())
    }
}
