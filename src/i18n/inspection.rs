//! What a file is and how it would be read, in words; both faces say it alike.

use super::Lang;
use crate::config::Language;
use crate::ops::import::{date_order_word, match_word, on_match_word};
use crate::ops::{ColumnView, Evidence, Inspection, Known, Why};
use crate::text::safe_line;

/// What there is to say about a file beside its columns, one line each: what it is and why, how it is written, dates,
/// what counts as the same contact.
pub fn lines(lang: &Lang, found: &Inspection) -> Vec<String> {
    let mut lines = vec![is(lang, found)];
    lines.extend(layout(lang, found));
    if let Some((name, day)) = &found.saved {
        lines.push(lang.t("import-saved", &[("name", name.as_str().into()), ("day", day.as_str().into())]));
    }
    for (field, value) in &found.set {
        let args = [("field", field.as_str().into()), ("value", value.as_str().into())];
        lines.push(lang.t("import-set", &args));
    }
    lines.extend(dates(lang, found));
    let by: Vec<String> =
        found.match_by.iter().map(|by| lang.t(&format!("import-by-{}", match_word(*by)), &[])).collect();
    let same = lang.t("import-same", &[("by", list(lang, &by).into())]);
    let then = lang.t(&format!("import-on-{}", on_match_word(found.on_match)), &[]);
    lines.push(format!("{same} · {then}"));
    if !found.tags.is_empty() {
        lines.push(lang.t("import-tags", &[("tags", list(lang, &found.tags).into())]));
    }
    lines
}

/// Things one after another.
fn list(lang: &Lang, items: &[String]) -> String {
    items.join(&lang.t("list-separator", &[]))
}

fn is(lang: &Lang, found: &Inspection) -> String {
    let why = match &found.evidence {
        Evidence::Given => lang.t("import-why-given", &[]),
        Evidence::Columns(names) => lang.t("import-why-columns", &[("columns", list(lang, names).into())]),
        Evidence::Names(names) => lang.t("import-why-names", &[("columns", list(lang, names).into())]),
        Evidence::Content => lang.t("import-why-content", &[]),
        Evidence::Beginning => lang.t("import-why-beginning", &[]),
    };
    let format = found.format.name();
    let what = match found.profile.as_str() {
        "" | "csv" => format.to_owned(),
        profile => format!("{format} · {profile}"),
    };
    let what = match found.cards {
        Some(n) => lang.t("import-folder", &[("n", n.into()), ("what", what.into())]),
        None => what,
    };
    let args = [("file", found.file.as_str().into()), ("what", what.into()), ("why", why.into())];
    lang.t("import-is", &args)
}

fn layout(lang: &Lang, found: &Inspection) -> Option<String> {
    let mut parts = Vec::new();
    if let Some((names, read)) = found.sheets.as_ref().filter(|(names, _)| names.len() > 1)
        && let Some(name) = names.get(*read)
    {
        let (n, of) = ((read + 1).into(), names.len().into());
        parts.push(lang.t("import-sheet", &[("name", name.as_str().into()), ("n", n), ("of", of)]));
    }
    if let Some((name, known)) = found.encoding {
        let key = match known {
            Known::Given => "import-encoding-given",
            Known::Mark => "import-encoding-mark",
            Known::Pattern => "import-encoding-pattern",
            Known::Valid => "import-encoding-valid",
            Known::Guessed => "import-encoding-guessed",
        };
        parts.push(lang.t(key, &[("name", name.into())]));
    }
    if let Some(byte) = found.delimiter {
        let separator = match byte {
            b'\t' => lang.t("import-separator-tab", &[]),
            byte => char::from(byte).to_string(),
        };
        parts.push(lang.t("import-separated", &[("separator", separator.into())]));
    }
    if !found.columns.is_empty() {
        parts.push(match found.header_line {
            0 => lang.t("import-header-none", &[]),
            line => lang.t("import-header", &[("line", line.to_string().into())]),
        });
        parts.push(lang.t("import-columns", &[("n", found.columns.len().into())]));
    }
    (!parts.is_empty()).then(|| parts.join(" · "))
}

fn dates(lang: &Lang, found: &Inspection) -> Option<String> {
    let date = found.date.as_ref()?;
    let order = found.date_order.map_or("open", date_order_word);
    let order = lang.t(&format!("import-date-{order}"), &[]);
    let mut args = vec![("text", date.text.as_str().into()), ("column", date.column.as_str().into())];
    let example = match &date.read {
        Some(read) => {
            args.push(("read", read.as_str().into()));
            lang.t("import-date-read", &args)
        }
        None => lang.t("import-date-unread", &args),
    };
    Some(format!("{order} · {example}"))
}

/// As a plan calls the other system's own id.
const EXTERNAL_ID: &str = "external id";

/// What a target is in words, where its own name is not of the language: `phone.mobile` is 电话·手机.
pub fn target_words(lang: &Lang, target: &str) -> Option<String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | ' ' | '_');
    if lang.language() == Language::En || !target.chars().all(plain) {
        return None;
    }
    if target == EXTERNAL_ID {
        return lang.maybe("record-identity", &[]);
    }
    let mut parts = target.split(['.', ' ']).filter(|part| !part.is_empty());
    let word = |prefix: &str, part: &str| lang.maybe(&format!("{prefix}-{}", part.replace('_', "-")), &[]);
    let first = parts.next()?;
    let mut words = vec![word("field", first).or_else(|| word("record", first))?];
    let others = parts.map(|part| {
        let own = word("field", &format!("{first}-{part}"));
        own.or_else(|| word("screen-label", part)).or_else(|| word("field", part)).ok_or(part)
    });
    words.extend(others.map(|part| part.unwrap_or_else(str::to_owned)));
    Some(words.join("·"))
}

/// Where a column goes.
pub fn goes(lang: &Lang, column: &ColumnView) -> String {
    if column.kept {
        lang.t("import-goes-kept", &[])
    } else if column.left_out {
        lang.t("import-goes-nowhere", &[])
    } else {
        let target = safe_line(&column.target);
        match target_words(lang, &target) {
            Some(words) => lang.t("import-goes", &[("words", words.into()), ("target", (&*target).into())]),
            None => target.into_owned(),
        }
    }
}

/// Why it goes there.
pub fn why(lang: &Lang, column: &ColumnView) -> String {
    lang.t(&format!("import-reason-{}", why_word(column.why)), &[])
}

/// The word for who says where a column goes.
pub const fn why_word(why: Why) -> &'static str {
    match why {
        Why::Profile => "profile",
        Why::Name => "name",
        Why::Content => "content",
        Why::User => "user",
        Why::Unmapped => "unmapped",
    }
}
