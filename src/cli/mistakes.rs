//! Mistakes in the arguments, in languages that clap doesn't speak.

use super::fail::write_described;
use crate::i18n::{Arg, Described, Lang};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use std::io::{self, Write};
use std::num::ParseIntError;

/// What clap says of fixed texts within a help page, and the messages that stand for it.
const FIXED: [(&str, &str); 5] = [
    ("[possible values: ", "help-fixed-values"),
    ("[default: ", "help-fixed-default"),
    ("[aliases: ", "help-fixed-alias"),
    ("[alias: ", "help-fixed-alias"),
    ("Print this message or the help of the given subcommand(s)", "help-fixed-help"),
];

/// A help page with clap's own texts in the language.
pub(super) fn page(text: &str, lang: &Lang) -> String {
    let said = |page: String, (fixed, key): &(&str, &str)| page.replace(fixed, &lang.t(key, &[]));
    FIXED.iter().fold(text.to_owned(), said)
}

/// Says what is wrong; whether there were words for it.
pub(super) fn report(error: &clap::Error, lang: &Lang) -> bool {
    let Some(message) = message(error, lang) else { return false };
    let strings = |kind| strings(error.get(kind));
    let near = [ContextKind::SuggestedSubcommand, ContextKind::SuggestedArg, ContextKind::SuggestedValue];
    let near: Vec<String> = near.into_iter().flat_map(strings).collect();
    let hint = match near.as_slice() {
        [] => lang.t("usage-more", &[]),
        near => lang.t("hint-meant", &[("nearest", near.join(", ").into())]),
    };
    let known = strings(ContextKind::ValidValue);
    let mut details = Vec::new();
    if !known.is_empty() {
        details.push(format!("  {}", lang.t("usage-values", &[("values", known.join(", ").into())])));
    }
    if let Some(ContextValue::StyledStr(usage)) = error.get(ContextKind::Usage) {
        let usage = usage.to_string();
        let usage = usage.strip_prefix("Usage:").unwrap_or(&usage).trim().to_owned();
        details.push(format!("  {} {usage}", lang.t("help-head-usage", &[])));
    }
    let mut err = io::stderr().lock();
    // There is nobody left to tell if this fails.
    let _ = write_described(&mut err, &Described { message, details, hint: Some(hint) });
    let _ = err.flush();
    true
}

fn strings(value: Option<&ContextValue>) -> Vec<String> {
    match value {
        Some(ContextValue::String(text)) => vec![text.clone()],
        Some(ContextValue::Strings(all)) => all.clone(),
        Some(ContextValue::Number(number)) => vec![number.to_string()],
        _ => Vec::new(),
    }
}

fn message(error: &clap::Error, lang: &Lang) -> Option<String> {
    let get = |kind| strings(error.get(kind)).join(" ");
    let arg = get(ContextKind::InvalidArg);
    let value = get(ContextKind::InvalidValue);
    let say = |key: &str, args: &[(&str, &str)]| {
        let args: Vec<(&str, Arg<'_>)> = args.iter().map(|(name, text)| (*name, Arg::from(*text))).collect();
        Some(lang.t(key, &args))
    };
    match error.kind() {
        ErrorKind::UnknownArgument => say("usage-unknown-argument", &[("arg", &arg)]),
        ErrorKind::InvalidSubcommand => {
            say("usage-unknown-command", &[("arg", &get(ContextKind::InvalidSubcommand))])
        }
        ErrorKind::MissingRequiredArgument => say("usage-missing", &[("arg", &arg)]),
        ErrorKind::InvalidValue if value.is_empty() => say("usage-no-value", &[("arg", &arg)]),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            let why = match std::error::Error::source(error) {
                // What a language's own library says speaks English.
                Some(why) if why.is::<ParseIntError>() => lang.t("usage-no-integer", &[]),
                why => why.map(ToString::to_string).unwrap_or_default(),
            };
            let key = if why.is_empty() { "usage-bad-value" } else { "usage-bad-value-why" };
            match why.as_str() {
                "" => say(key, &[("arg", &arg), ("value", &value)]),
                why => say(key, &[("arg", &arg), ("value", &value), ("why", why)]),
            }
        }
        ErrorKind::ArgumentConflict => {
            say("usage-conflict", &[("arg", &arg), ("other", &get(ContextKind::PriorArg))])
        }
        ErrorKind::TooManyValues | ErrorKind::WrongNumberOfValues | ErrorKind::TooFewValues => {
            say("usage-values-count", &[("arg", &arg)])
        }
        _ => None,
    }
}
