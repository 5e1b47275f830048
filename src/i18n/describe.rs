//! Errors, labels and warnings in words: what happened, and what to do next.

use super::{Arg, Lang};
use crate::config::{ConfigError, Problem};
use crate::model::when::WhenHint;
use crate::ops::{
    Candidates, CodeError, ExchangeError, Label, OpError, SheetError, StoreError, SyncError, Taken, Warning,
    WarningKind,
};
use crate::search::query::{QueryError, QueryErrorKind};
use crate::text::safe_line;

/// A failure in words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Described {
    /// What happened, one sentence without a full stop.
    pub message: String,
    /// Further lines: a caret under a mistake, the candidates. Safe for a terminal.
    pub details: Vec<String>,
    /// What to do next, if there is something to say.
    pub hint: Option<String>,
}

impl Described {
    fn new(message: String) -> Self {
        Self { message, ..Self::default() }
    }

    fn hint(self, hint: String) -> Self {
        Self { hint: Some(hint), ..self }
    }
}

/// The hint that names what may have been meant.
fn meant(lang: &Lang, nearest: Option<&str>) -> Option<String> {
    nearest.map(|nearest| lang.t("hint-meant", &[("nearest", nearest.into())]))
}

/// How many candidates there are beside those that are named, if there are.
pub fn candidates_more(lang: &Lang, candidates: &Candidates) -> Option<String> {
    let more = candidates.total.saturating_sub(candidates.named.len());
    (more > 0).then(|| lang.t("error-ambiguous-more", &[("n", more.into())]))
}

/// A failed operation in words.
pub fn describe(lang: &Lang, error: &OpError) -> Described {
    match error {
        OpError::NotFound { who, kind } => {
            let message = lang
                .maybe(&format!("error-not-found-{kind}"), &[("who", who.as_str().into())])
                .unwrap_or_else(|| lang.t("error-not-found", &[("who", who.as_str().into())]));
            let hint = lang.maybe(&format!("hint-not-found-{kind}"), &[]);
            Described { hint, ..Described::new(message) }
        }
        OpError::Ambiguous { who, candidates } => {
            let lines = candidates.named.iter().map(|found| {
                let line = format!("{}  {}  {}", found.handle, found.name, found.about);
                safe_line(line.trim_end()).into_owned()
            });
            let lines = lines.chain(candidates_more(lang, candidates));
            let n = Arg::from(candidates.total);
            let message = lang.t("error-ambiguous", &[("who", who.as_str().into()), ("n", n)]);
            Described {
                details: lines.collect(),
                ..Described::new(message).hint(lang.t("hint-ambiguous", &[]))
            }
        }
        OpError::Query { error, source_text } => query(lang, error, source_text),
        OpError::UnknownField { name, nearest } => {
            let message = lang.t("error-unknown-field", &[("name", name.as_str().into())]);
            let hint = meant(lang, nearest.as_deref()).or_else(|| Some(lang.t("hint-unknown-field", &[])));
            Described { hint, ..Described::new(message) }
        }
        OpError::BadValue { field, value, expected } => {
            let expected =
                lang.maybe(&format!("expected-{expected}"), &[]).unwrap_or_else(|| expected.clone());
            Described::new(lang.t(
                "error-bad-value",
                &[
                    ("field", field.as_str().into()),
                    ("value", value.as_str().into()),
                    ("expected", expected.as_str().into()),
                ],
            ))
        }
        OpError::Needed { field } => {
            let expected = lang.maybe(&format!("expected-{field}"), &[]);
            let args = [("field", Arg::from(*field)), ("expected", expected.unwrap_or_default().into())];
            hinted(lang, "error-needed", "hint-needed", &args)
        }
        OpError::Unclaimed { field, value, claimed } => {
            let args = [("field", Arg::from(field.as_str())), ("value", value.as_str().into())];
            let details = claimed.iter().map(|value| format!("  {}", safe_line(value))).collect();
            Described { details, ..Described::new(lang.t("error-unclaimed", &args)) }
        }
        OpError::When(error) => {
            let key = match error.hint {
                WhenHint::Ambiguous => "when-ambiguous",
                WhenHint::NoSuch => "when-no-such",
                WhenHint::OutOfRange => "when-out-of-range",
                WhenHint::Empty | WhenHint::Unknown => "when-unknown",
            };
            Described::new(lang.t(key, &[("text", error.text.as_str().into())]))
                .hint(lang.t("hint-when", &[]))
        }
        OpError::Exists { kind, name } => {
            let key = format!("error-exists-{kind}");
            let args = [("name", Arg::from(name.as_str()))];
            let hint = lang.maybe(&format!("hint-exists-{kind}"), &args);
            let message = lang.maybe(&key, &args).unwrap_or_else(|| lang.t("error-exists", &args));
            Described { hint, ..Described::new(message) }
        }
        OpError::Nameless => Described::new(lang.t("error-nameless", &[])),
        OpError::InBin(name) => hinted(lang, "error-in-bin", "hint-in-bin", &[("who", super::data(name))]),
        OpError::NothingToUndo => {
            Described::new(lang.t("error-nothing-to-undo", &[])).hint(lang.t("hint-nothing-to-undo", &[]))
        }
        OpError::NothingToRedo => Described::new(lang.t("error-nothing-to-redo", &[])),
        OpError::AlreadyUndone(batch) => {
            Described::new(lang.t("error-already-undone", &[("batch", batch.to_string().into())]))
                .hint(lang.t("hint-already-undone", &[]))
        }
        OpError::Text { line, message } => Described::new(
            lang.t("error-text", &[("line", (*line).into()), ("message", message.as_str().into())]),
        ),
        OpError::MovedOn(batch) => {
            let args = [("batch", Arg::from(batch.to_string()))];
            hinted(lang, "error-moved-on", "hint-moved-on", &args)
        }
        OpError::Target { path, taken } => {
            let path = path.to_string_lossy();
            let args = [("path", Arg::from(path.as_ref()))];
            match taken {
                Taken::Book => hinted(lang, "error-target-book", "hint-other-file", &args),
                Taken::Source => hinted(lang, "error-target-source", "hint-other-file", &args),
            }
        }
        OpError::Line { line, source } => {
            let found = describe(lang, source);
            let args = [("line", (*line).into()), ("message", found.message.as_str().into())];
            Described { message: lang.t("error-text", &args), ..found }
        }
        OpError::Io { path, source } => io(lang, &path.to_string_lossy(), source),
        OpError::Exchange { path, source } => exchange(lang, path, source),
        OpError::Strict { rejected, first } => {
            let args = [("n", (*rejected).into()), ("first", first.as_str().into())];
            Described::new(lang.t("error-strict", &args)).hint(lang.t("hint-strict", &[]))
        }
        OpError::Erased => hinted(lang, "error-erased", "hint-erased", &[]),
        OpError::Company => hinted(lang, "error-company", "hint-company", &[]),
        OpError::ReadsOnly => hinted(lang, "error-reads-only", "hint-reads-only", &[]),
        OpError::NotShared => hinted(lang, "error-not-shared", "hint-not-shared", &[]),
        OpError::Shared => hinted(lang, "error-shared", "hint-shared", &[]),
        OpError::PlaceTaken(path) => {
            let path = path.display().to_string();
            hinted(lang, "error-place-taken", "hint-place-taken", &[("path", path.as_str().into())])
        }
        OpError::SyncRuns => Described::new(lang.t("error-sync-runs", &[])),
        OpError::Sync(error) => sync(lang, error),
        OpError::Store(error) => store(lang, error),
        #[allow(unreachable_patterns)]
        other => Described::new(safe_line(&other.to_string()).into_owned()),
    }
}

fn hinted(lang: &Lang, message: &str, hint: &str, args: &[(&str, Arg<'_>)]) -> Described {
    Described::new(lang.t(message, args)).hint(lang.t(hint, args))
}

/// What is wrong with a shared place.
fn sync(lang: &Lang, error: &SyncError) -> Described {
    let with_path = |key: &str, path: &std::path::Path| {
        Described::new(lang.t(key, &[("path", path.to_string_lossy().as_ref().into())]))
    };
    let code = match error {
        SyncError::Code(CodeError::Typo) => {
            return hinted(lang, "error-code-typo", "hint-code-typo", &[]);
        }
        SyncError::Code(CodeError::Wrong) => "error-code-wrong",
        SyncError::Code(CodeError::Used) => "error-code-used",
        SyncError::Code(CodeError::Expired) => "error-code-expired",
        SyncError::Code(CodeError::Revoked) => "error-code-revoked",
        SyncError::NotAdmitted => return Described::new(lang.t("error-not-admitted", &[])),
        SyncError::NotAllowed => return Described::new(lang.t("error-not-allowed", &[])),
        SyncError::NoKey(_) => return hinted(lang, "error-no-key", "hint-no-key", &[]),
        SyncError::LastAdmin => return hinted(lang, "error-last-admin", "hint-last-admin", &[]),
        SyncError::NotShared(path) => {
            return with_path("error-place-missing", path).hint(lang.t("hint-place-missing", &[]));
        }
        SyncError::Unreadable(path) => {
            return with_path("error-place-unreadable", path).hint(lang.t("hint-place-unreadable", &[]));
        }
        SyncError::IsBook(path) => return with_path("error-place-book", path),
        SyncError::OtherBook(path) => return with_path("error-place-other", path),
        SyncError::Io { path, source } => return io(lang, &path.to_string_lossy(), source),
        other => return Described::new(safe_line(&other.to_string()).into_owned()),
    };
    hinted(lang, code, "hint-code", &[])
}

fn io(lang: &Lang, path: &str, source: &std::io::Error) -> Described {
    use std::io::ErrorKind as Kind;
    let folder = std::path::Path::new(path).parent().filter(|folder| !folder.as_os_str().is_empty());
    let missing = folder.filter(|folder| source.kind() == Kind::NotFound && !folder.exists());
    if let Some(folder) = missing {
        let folder = folder.to_string_lossy();
        let args = [("path", path.into()), ("folder", folder.as_ref().into())];
        return Described::new(lang.t("error-io-no-folder", &args));
    }
    let key = match source.kind() {
        Kind::NotFound => "error-io-missing",
        Kind::PermissionDenied => "error-io-denied",
        Kind::IsADirectory => "error-io-folder",
        Kind::StorageFull | Kind::QuotaExceeded => "error-io-full",
        Kind::InvalidInput => "error-io-odd",
        _ => {
            let why = source.to_string();
            return Described::new(
                lang.t("error-io", &[("path", path.into()), ("why", why.as_str().into())]),
            );
        }
    };
    Described::new(lang.t(key, &[("path", path.into())]))
}

fn store(lang: &Lang, error: &StoreError) -> Described {
    let with_path =
        |key: &str, path: &std::path::Path| lang.t(key, &[("path", path.to_string_lossy().as_ref().into())]);
    match error {
        StoreError::Busy => Described::new(lang.t("error-busy", &[])).hint(lang.t("hint-busy", &[])),
        StoreError::NotABook(path) => {
            Described::new(with_path("error-not-a-book", path)).hint(lang.t("hint-not-a-book", &[]))
        }
        StoreError::Shared(path) => {
            let place = path.to_string_lossy();
            Described::new(with_path("error-shared-file", path))
                .hint(lang.t("hint-shared-file", &[("path", place.as_ref().into())]))
        }
        StoreError::Newer { path, found, known } => Described::new(lang.t(
            "error-newer",
            &[
                ("path", path.to_string_lossy().as_ref().into()),
                ("found", found.to_string().into()),
                ("known", known.to_string().into()),
            ],
        ))
        .hint(lang.t("hint-newer", &[])),
        StoreError::Damaged(why) => Described::new(lang.t("error-damaged", &[("why", why.as_str().into())]))
            .hint(lang.t("hint-damaged", &[])),
        StoreError::Full => Described::new(lang.t("error-full", &[])),
        StoreError::ReadOnly(path) => Described::new(with_path("error-read-only", path)),
        StoreError::File(why) => Described::new(lang.t("error-book-file", &[("why", why.as_str().into())]))
            .hint(lang.t("hint-book-file", &[])),
        StoreError::Missing(path) => Described::new(with_path("error-missing-book", path)),
        StoreError::Io { path, source } => io(lang, &path.to_string_lossy(), source),
        StoreError::Cancelled => Described::new(lang.t("error-cancelled", &[])),
        other => {
            let why = other.to_string();
            Described::new(lang.t("error-bug", &[("why", why.as_str().into())])).hint(lang.t("hint-bug", &[]))
        }
    }
}

fn query(lang: &Lang, error: &QueryError, source: &str) -> Described {
    use QueryErrorKind as Kind;
    let mut hint = None;
    let message = match &error.kind {
        Kind::UnknownField { name, nearest } => {
            hint = meant(lang, nearest.as_deref()).or_else(|| Some(lang.t("hint-query-field", &[])));
            lang.t("query-unknown-field", &[("name", name.as_str().into())])
        }
        Kind::UnclosedQuote => lang.t("query-unclosed-quote", &[]),
        Kind::UnclosedParen => lang.t("query-unclosed-paren", &[]),
        Kind::UnopenedParen => lang.t("query-unopened-paren", &[]),
        Kind::ExpectedValue { field } => lang.t("query-expected-value", &[("field", field.as_str().into())]),
        Kind::ExpectedField => lang.t("query-expected-field", &[]),
        Kind::ExpectedTerm => lang.t("query-expected-term", &[]),
        Kind::BadNumber(text) => lang.t("query-bad-number", &[("text", text.as_str().into())]),
        Kind::BadDate(text) => lang.t("query-bad-date", &[("text", text.as_str().into())]),
        Kind::BadSpan(text) => lang.t("query-bad-span", &[("text", text.as_str().into())]),
        Kind::BadFlag(text) => lang.t("query-bad-flag", &[("text", text.as_str().into())]),
        Kind::BadKind(text) => lang.t("query-bad-kind", &[("text", text.as_str().into())]),
        Kind::NoOrder { field } => lang.t("query-no-order", &[("field", field.as_str().into())]),
        Kind::TooDeep => lang.t("query-too-deep", &[]),
        Kind::TooLong => lang.t("query-too-long", &[]),
        #[allow(unreachable_patterns)]
        _ => safe_line(&error.to_string()).into_owned(),
    };
    let details = if error.span.start > 400 || matches!(error.kind, Kind::TooLong) {
        Vec::new()
    } else {
        error.caret(source).lines().map(|line| format!("  {line}")).collect()
    };
    Described { message, details, hint }
}

fn exchange(lang: &Lang, path: &str, error: &ExchangeError) -> Described {
    use ExchangeError as E;
    let say = |key: &str, args: &[(&str, Arg<'_>)]| {
        let mut all = vec![("path", Arg::from(path))];
        all.extend(args.iter().cloned());
        Described::new(lang.t(key, &all))
    };
    match error {
        E::Io(source) => io(lang, path, source),
        E::Empty => say("exchange-empty", &[]),
        E::Directory => say("error-io-folder", &[]),
        E::NoCards => say("exchange-no-cards", &[]).hint(lang.t("hint-no-cards", &[])),
        E::NoTable => say("exchange-no-table", &[]).hint(lang.t("hint-no-table", &[])),
        E::Binary => say("exchange-binary", &[]),
        E::NotYet { format } => {
            let own = format!("hint-not-yet-{}", format.name().to_lowercase());
            let hint = lang.maybe(&own, &[]).unwrap_or_else(|| lang.t("hint-not-yet", &[]));
            say("exchange-not-yet", &[("format", format.name().into())]).hint(hint)
        }
        E::Sheet(error) => sheet(lang, path, error),
        E::UnknownEncoding { name } => say("exchange-encoding", &[("name", name.as_str().into())]),
        E::UnknownProfile { name, known } => {
            say("exchange-profile", &[("name", name.as_str().into()), ("known", known.join(", ").into())])
        }
        E::BadProfile { name, line, message } => say(
            "exchange-bad-profile",
            &[("name", name.as_str().into()), ("line", (*line).into()), ("message", message.as_str().into())],
        ),
        E::UnknownColumn { name, nearest, known } => Described {
            hint: meant(lang, nearest.as_deref())
                .or_else(|| Some(lang.t("hint-columns", &[("known", known.join(", ").into())]))),
            ..say("exchange-column", &[("name", name.as_str().into())])
        },
        E::UnknownTarget { name, nearest, .. } => Described {
            hint: meant(lang, nearest.as_deref()).or_else(|| Some(lang.t("hint-target", &[]))),
            ..Described::new(lang.t("exchange-target", &[("name", name.as_str().into())]))
        },
        E::BadRule { column, source } => {
            let inner = exchange(lang, path, source);
            let args = [("column", column.as_str().into()), ("what", inner.message.as_str().into())];
            Described { message: lang.t("exchange-rule", &args), ..inner }
        }
        E::OneTarget { rule } => {
            Described::new(lang.t("exchange-one-target", &[("rule", rule.as_str().into())]))
        }
        E::SplitsSeveral => Described::new(lang.t("exchange-splits-several", &[])),
        E::BadMapping { line, message } => {
            say("exchange-bad-mapping", &[("line", (*line).into()), ("message", message.as_str().into())])
        }
        E::NoHeaderRow { row } => say("exchange-header-row", &[("row", (*row).into())]),
        E::BrokenJson { line, column, message } => say(
            "exchange-broken-json",
            &[("line", (*line).into()), ("column", (*column).into()), ("message", message.as_str().into())],
        ),
        E::BrokenXml { line, message } => {
            say("exchange-broken-xml", &[("line", (*line).into()), ("message", message.as_str().into())])
        }
        E::ForeignXml { root } => say("exchange-foreign-xml", &[("root", root.as_str().into())])
            .hint(lang.t("hint-foreign-xml", &[])),
        E::XmlDocType { line } => say("exchange-xml-doctype", &[("line", (*line).into())]),
        E::TooBig { limit } => say("exchange-too-big", &[("limit", super::bytes(*limit).as_str().into())]),
        #[allow(unreachable_patterns)]
        other => Described::new(safe_line(&format!("{path}: {other}")).into_owned()),
    }
}

/// Why a row was refused.
pub fn reason(lang: &Lang, reason: &crate::ops::Reason) -> String {
    use crate::ops::Reason as R;
    match reason {
        R::TooManyCells { got, expected } => lang.t(
            "reason-too-many-cells",
            &[("got", (*got as u64).into()), ("expected", (*expected as u64).into())],
        ),
        R::UnclosedQuote { line, column } => {
            lang.t("reason-unclosed-quote", &[("line", (*line).into()), ("column", (*column as u64).into())])
        }
        R::TooLong { limit } => lang.t("reason-too-long", &[("limit", (*limit as u64).into())]),
        R::NoName => lang.t("reason-no-name", &[]),
        R::UnclosedCard => lang.t("reason-unclosed-card", &[]),
        R::Unreadable(why) => lang.t("reason-unreadable", &[("why", why.as_str().into())]),
        R::NoCard => lang.t("reason-no-card", &[]),
        R::NoJson { column, message } => {
            lang.t("reason-no-json", &[("column", (*column).into()), ("message", message.as_str().into())])
        }
        R::WrongType { key, expected } if key.is_empty() => {
            lang.t("reason-wrong-value", &[("expected", (*expected).into())])
        }
        R::WrongType { key, expected } => {
            lang.t("reason-wrong-type", &[("key", key.as_str().into()), ("expected", (*expected).into())])
        }
        R::NoAttribute { line, text } => {
            lang.t("reason-no-attribute", &[("line", (*line).into()), ("text", text.as_str().into())])
        }
        R::NoDn { line } => lang.t("reason-no-dn", &[("line", (*line).into())]),
        R::BadBase64 { line, attribute } => {
            lang.t("reason-bad-base64", &[("line", (*line).into()), ("attribute", attribute.as_str().into())])
        }
        R::ChangeType { line, change } => {
            lang.t("reason-change-type", &[("line", (*line).into()), ("change", change.as_str().into())])
        }
    }
}

/// Says of a refused row where it is and why.
pub fn wording(lang: Lang) -> crate::ops::Wording {
    crate::ops::Wording::new(move |line, why| {
        let message = reason(&lang, why);
        lang.t("import-line", &[("line", line.to_string().into()), ("message", message.as_str().into())])
    })
}

/// Why a spreadsheet can't be read or written.
fn sheet(lang: &Lang, path: &str, error: &SheetError) -> Described {
    use SheetError as E;
    let say = |key: &str, args: &[(&str, Arg<'_>)]| {
        let mut all = vec![("path", Arg::from(path))];
        all.extend(args.iter().cloned());
        Described::new(lang.t(&format!("sheet-{key}"), &all))
    };
    let then = |key: &str| lang.t(&format!("hint-sheet-{key}"), &[]);
    match error {
        E::NoWorkbook => say("no-workbook", &[]),
        E::Archive { files } => {
            let hint = lang.t("hint-sheet-archive", &[("path", path.into())]);
            say("archive", &[("files", files.join(", ").into())]).hint(hint)
        }
        E::NoSpreadsheet => say("no-spreadsheet", &[]),
        E::Xlsb => say("xlsb", &[]).hint(then("save-as")),
        E::Encrypted => say("encrypted", &[]).hint(then("encrypted")),
        E::DamagedZip => say("damaged-zip", &[]).hint(then("damaged")),
        E::Damaged { part, why } => {
            say("damaged", &[("part", part.as_str().into()), ("why", why.as_str().into())])
                .hint(then("save-as"))
        }
        E::Unpacks { part, limit } => {
            say("unpacks", &[("part", part.as_str().into()), ("limit", (*limit).to_string().into())])
                .hint(then("unpacks"))
        }
        E::LongCell { part, limit } => {
            let limit = (limit >> 20).to_string();
            say("long-cell", &[("part", part.as_str().into()), ("limit", limit.into())]).hint(then("unpacks"))
        }
        E::Beyond { row } => say("beyond", &[("row", row.to_string().into())]).hint(then("save-as")),
        E::NoSheets => say("no-sheets", &[]),
        E::EmptySheet { name } => say("empty", &[("name", name.as_str().into())]),
        E::UnknownSheet { name, known } => {
            let known = known.join(", ");
            say("unknown", &[("name", name.as_str().into())])
                .hint(lang.t("hint-sheet-unknown", &[("known", known.into())]))
        }
        E::LongText { name, column, limit } => {
            let args = [
                ("name", Arg::from(name.as_str())),
                ("column", column.as_str().into()),
                ("limit", limit.to_string().into()),
            ];
            say("long-text", &args).hint(then("other-format"))
        }
        E::TooMany { rows, columns } => {
            let args = [("rows", Arg::from(rows.to_string())), ("columns", columns.to_string().into())];
            say("too-many", &args).hint(then("other-format"))
        }
    }
}

/// What about a row of a file was read otherwise than it stands there.
pub fn warning(lang: &Lang, warning: &Warning) -> String {
    let key = match warning.kind {
        WarningKind::Malformed => "warning-malformed",
        WarningKind::Nul => "warning-nul",
        WarningKind::StrayQuote => "warning-stray-quote",
        WarningKind::NoDate => "warning-no-date",
        WarningKind::AmbiguousDate => "warning-ambiguous-date",
        WarningKind::DuplicateColumn => "warning-duplicate-column",
        WarningKind::Unmapped => "warning-unmapped",
        WarningKind::GuessedEncoding => "warning-guessed-encoding",
        WarningKind::NoHeader => "warning-no-header",
        WarningKind::Preamble => "warning-preamble",
        WarningKind::Conflict => "warning-conflict",
        WarningKind::Kept => "warning-kept",
        WarningKind::Doubtful => "warning-doubtful",
        WarningKind::Several => "warning-several",
        WarningKind::InBin => "warning-in-bin",
        WarningKind::Missing => "warning-missing",
        WarningKind::Returned => "warning-returned",
        WarningKind::NotMissing => "warning-not-missing",
        WarningKind::BadValue => "warning-bad-value",
        WarningKind::Dangling => "warning-dangling",
        WarningKind::CellError => "warning-cell-error",
        WarningKind::CellFormula => "warning-cell-formula",
        WarningKind::OtherSheets => "warning-other-sheets",
        WarningKind::Repeated => "warning-repeated",
        WarningKind::StrayLine => "warning-stray-line",
        WarningKind::NotFetched => "warning-not-fetched",
        WarningKind::Hidden => "warning-hidden",
        WarningKind::Nobody => "warning-nobody",
        WarningKind::Recurs => "warning-recurs",
        WarningKind::Footer => "warning-footer",
        WarningKind::Again => "warning-again",
        WarningKind::NoEmail => "warning-no-email",
        WarningKind::NoPhone => "warning-no-phone",
        WarningKind::Unseen => "warning-unseen",
        WarningKind::Fixed => "warning-fixed",
        WarningKind::StrayLines => "warning-stray-lines",
        WarningKind::NoNumber => "warning-no-number",
    };
    let whom = match (warning.kind, warning.column.strip_prefix('#')) {
        (WarningKind::Doubtful, Some(line)) => lang.t("warning-doubtful-row", &[("line", line.into())]),
        (WarningKind::Doubtful, None) if warning.column.is_empty() => lang.t("warning-doubtful-nobody", &[]),
        _ => warning.column.clone(),
    };
    // For messages that count what the value says.
    let number = warning.value.parse::<u32>().unwrap_or_default();
    let args =
        [("column", whom.as_str().into()), ("value", warning.value.as_str().into()), ("n", number.into())];
    lang.t(key, &args).trim().to_owned()
}

/// The kind of an interaction; people make kinds of their own, which stand for themselves.
fn kind(lang: &Lang, name: &str) -> String {
    let known = crate::model::schema::INTERACTION_KINDS.contains(&name);
    known.then(|| lang.maybe(&format!("kind-{name}"), &[])).flatten().unwrap_or_else(|| name.to_owned())
}

/// What a batch did: `Added Ann Lee`.
pub fn label(lang: &Lang, label: &Label) -> String {
    // What an undo took back, or a redo did again, is what is worth reading.
    if let ("undo" | "redo", [what, args @ ..]) = (label.what.as_str(), label.args.as_slice()) {
        return self::label(lang, &Label::new(what, args.iter().cloned()));
    }
    let arg = |at: usize| label.args.get(at).map_or("", String::as_str);
    let who = match label.count() {
        _ if matches!(label.what.as_str(), "log" | "edit-interaction") => kind(lang, arg(0)),
        Some(count) => lang.t("count-contacts", &[("n", count.into())]),
        None => arg(0).to_owned(),
    };
    let key = format!("label-{}", label.what);
    let args = [("who", Arg::from(who.as_str())), ("to", arg(1).into())];
    let text = lang.maybe(&key, &args).map(|text| {
        // Which tag it was is not always known any more.
        if arg(1).is_empty() { text.trim_end_matches([':', '：', ' ']).to_owned() } else { text }
    });
    text.unwrap_or_else(|| {
        let text = std::iter::once(label.what.as_str()).chain(label.args.iter().map(String::as_str));
        safe_line(&text.collect::<Vec<_>>().join(" ")).into_owned()
    })
}

/// Unusable settings in words.
pub fn describe_config(lang: &Lang, error: &ConfigError) -> Described {
    let (place, problem) = match error {
        ConfigError::File { path, line, problem } => (format!("{}:{line}", path.display()), problem),
        ConfigError::Given { origin, problem } => ((*origin).to_owned(), problem),
        ConfigError::Io { path, source } => return io(lang, &path.to_string_lossy(), source),
    };
    let (message, nearest) = match problem {
        Problem::Syntax { message } => {
            (lang.t("config-syntax", &[("message", message.as_str().into())]), None)
        }
        Problem::UnknownKey { key, nearest } => {
            (lang.t("config-unknown-key", &[("key", key.as_str().into())]), nearest.as_deref())
        }
        Problem::NotText { key } => (lang.t("config-not-text", &[("key", key.as_str().into())]), None),
        Problem::BadValue { key, value, expected } => {
            let args = [
                ("field", key.as_str().into()),
                ("value", value.as_str().into()),
                ("expected", (*expected).into()),
            ];
            (lang.t("error-bad-value", &args), None)
        }
    };
    let hint = match problem {
        Problem::UnknownKey { nearest: None, .. } => {
            // What belongs to the book has no place in the file.
            let of_book =
                if matches!(error, ConfigError::Given { .. }) { crate::config::BOOK_KEYS } else { &[] };
            let known: Vec<&str> = crate::config::KEYS.iter().chain(of_book).copied().collect();
            Some(lang.t("hint-config-keys", &[("known", known.join(", ").into())]))
        }
        _ => meant(lang, nearest),
    };
    Described { hint, ..Described::new(format!("{}: {message}", safe_line(&place))) }
}
