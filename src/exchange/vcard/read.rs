//! A card's properties as a draft, and what of them only the card itself can say: order, parameters, other spellings.

mod owned;
mod settle;

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use super::BROKEN;
use super::line::{Line, split, unescape};
use super::meaning::{Meaning, Said, apple_label, meaning, param, said};
use super::values::{extra, extra_of, joined};
pub(crate) use super::values::{gender_value, instant};
use crate::exchange::{Warning, WarningKind};
use crate::model::draft::ContactDraft;

/// What a card turned out to be.
pub(crate) enum Read {
    Contact(Box<ContactDraft>),
    /// A group, and whom it holds.
    Group {
        name: String,
        members: Vec<String>,
    },
}

/// A line that is no property.
pub(crate) struct Stray {
    /// Its number.
    pub no: u64,
    pub text: String,
    /// How many properties stand before it.
    pub behind: usize,
}

/// What became of a property.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Fate {
    /// The writer says it the same way by itself.
    Plain,
    /// The draft holds its value, but not all of its parameters.
    Params,
    /// The draft holds what it means, but not as it was written; or it is empty.
    Whole,
    /// It is an extra.
    Extra,
    /// It says nothing of its own.
    Frame,
}

/// Google's own group of everyone.
pub(crate) const SYSTEM_TAGS: [&str; 2] = ["myContacts", "My Contacts"];

/// The parameter that says of such a tag that it is one of the book's.
pub(crate) const REAL_TAG: &str = "X-ROLO-OWN";

/// What a line means, with the label and service that belong to it.
pub(crate) struct Key {
    pub meaning: Meaning,
    pub label: String,
    pub service: String,
    pub said: Said,
    /// The label comes from an `X-ABLabel`.
    pub grouped: bool,
}

/// The labels that `X-ABLabel` gives to groups, by their names in lower case.
pub(crate) struct Labels<'a>(HashMap<String, Cow<'a, str>>);

impl<'a> Labels<'a> {
    pub(crate) fn new(lines: &'a [Line<'a>]) -> Self {
        let labels = lines.iter().filter(|line| !line.group.is_empty() && line.is("X-ABLABEL"));
        let mut all = HashMap::new();
        for line in labels {
            all.entry(line.group.to_ascii_lowercase()).or_insert_with(|| unescape(&line.value));
        }
        Self(all)
    }

    fn get(&self, group: &str) -> Option<&str> {
        if group.is_empty() || self.0.is_empty() {
            return None;
        }
        let found = self.0.get(&group.to_ascii_lowercase());
        found.map(Cow::as_ref).filter(|label| !label.trim().is_empty())
    }
}

/// What a line means.
pub(crate) fn key(line: &Line<'_>, labels: &Labels<'_>) -> Key {
    let meaning = meaning(line.name);
    let mut said = said(meaning, line);
    let apple = labels.get(line.group).map(apple_label);
    let grouped = apple.is_some();
    let label = apple.map_or_else(|| std::mem::take(&mut said.label), Cow::into_owned);
    let service = match meaning {
        Meaning::Method(_, fixed) if !fixed.is_empty() => fixed.to_owned(),
        _ => std::mem::take(&mut said.service),
    };
    Key { meaning, label, service, said, grouped }
}

/// A value that holds nothing: no text, or nothing but separators.
pub(crate) fn is_empty(value: &str) -> bool {
    value.bytes().all(|byte| matches!(byte, b';' | b' ' | b'\t' | b','))
}

struct Reader<'a, 'w> {
    lines: &'a [Line<'a>],
    labels: Labels<'a>,
    draft: ContactDraft,
    fates: Vec<Fate>,
    /// rolo wrote the card.
    own: bool,
    company: bool,
    group: bool,
    members: Vec<String>,
    titled: bool,
    /// A line's number, its method's, and how much it is preferred.
    prefs: Vec<(usize, usize, u8)>,
    tag_lines: usize,
    /// The tags so far.
    tags: HashSet<String>,
    warnings: &'w mut Vec<Warning>,
}

/// Reads a card. `strays` are lines that are no properties.
pub(crate) fn read(lines: &[Line<'_>], strays: &[Stray], warnings: &mut Vec<Warning>) -> Read {
    let own = lines.iter().any(|line| line.is("X-ROLO-ID"));
    let mut reader = Reader {
        lines,
        labels: Labels::new(lines),
        draft: ContactDraft::default(),
        fates: Vec::with_capacity(lines.len()),
        own,
        company: false,
        group: false,
        members: Vec::new(),
        titled: lines.iter().any(|line| line.is("TITLE") && !is_empty(&line.value)),
        prefs: Vec::new(),
        tag_lines: lines.iter().filter(|line| line.is("CATEGORIES")).count(),
        tags: HashSet::new(),
        warnings,
    };
    for line in lines {
        let fate = reader.take(line);
        if fate == Fate::Extra {
            reader.draft.extras.push(extra_of(line));
        }
        reader.fates.push(fate);
    }
    // The lines of one value that was folded badly are one mistake.
    for strays in strays.chunk_by(|a, b| a.behind == b.behind) {
        let property = strays[0].behind.checked_sub(1).and_then(|at| lines.get(at));
        let (column, value, kind) = match strays {
            [one] => (String::new(), one.text.clone(), WarningKind::StrayLine),
            many => (
                property.map(|line| line.name.to_owned()).unwrap_or_default(),
                many.len().to_string(),
                WarningKind::StrayLines,
            ),
        };
        reader.warnings.push(Warning { line: strays[0].no, column, value, kind });
        reader.draft.extras.extend(strays.iter().map(|stray| extra(BROKEN, "", &stray.text)));
    }
    reader.finish()
}

/// Reads one line alone, as the reader would within a card.
pub(crate) fn read_line(line: &Line<'_>, label: Option<&str>) -> ContactDraft {
    let mut warnings = Vec::new();
    let lines = std::slice::from_ref(line);
    let labels = label.map(|label| (line.group.to_ascii_lowercase(), Cow::Borrowed(label)));
    let labels = Labels(labels.into_iter().collect());
    let mut reader = Reader {
        lines,
        labels,
        draft: ContactDraft::default(),
        fates: Vec::new(),
        own: false,
        company: false,
        group: false,
        members: Vec::new(),
        titled: false,
        prefs: Vec::new(),
        tag_lines: 1,
        tags: HashSet::new(),
        warnings: &mut warnings,
    };
    reader.take(line);
    reader.draft
}

impl Reader<'_, '_> {
    /// White space around a value means nothing, but in what rolo wrote.
    fn trim<'t>(&self, text: &'t str) -> &'t str {
        if self.own { text } else { text.trim() }
    }

    /// The texts of a part of a structured value, in one; whether the writer would make the same of it.
    fn part(&self, part: &str, by: &str) -> (String, bool) {
        let texts: Vec<_> = split(part, ',').map(unescape).collect();
        match texts.as_slice() {
            [one] if self.own => (one.to_string(), true),
            [one] => (one.trim().to_owned(), one.trim().len() == one.len()),
            several => (joined(several, by), false),
        }
    }

    /// Puts a line where it belongs.
    fn take(&mut self, line: &Line<'_>) -> Fate {
        let key = key(line, &self.labels);
        match key.meaning {
            Meaning::Frame => return Fate::Frame,
            Meaning::Label => return if self.own { Fate::Plain } else { Fate::Whole },
            Meaning::Other | Meaning::Broken => return Fate::Extra,
            Meaning::Member => {
                self.members.push(unescape(line.value.trim()).into_owned());
                return Fate::Extra;
            }
            Meaning::N => return self.name(line),
            _ if line.value.is_empty() || (!self.own && is_empty(&line.value)) => return Fate::Whole,
            _ => {}
        }
        let bare = if line.params.is_empty() { Fate::Plain } else { Fate::Params };
        match key.meaning {
            Meaning::Kind => self.kind(line),
            Meaning::ShowAs => {
                self.company |= line.value.trim().eq_ignore_ascii_case("COMPANY");
                if self.own { Fate::Plain } else { Fate::Whole }
            }
            Meaning::Fn => {
                let derived =
                    param(line, "DERIVED").is_some_and(|param| param.value.eq_ignore_ascii_case("TRUE"));
                if derived {
                    if self.own { Fate::Plain } else { bare }
                } else {
                    self.text("name", line).max(bare)
                }
            }
            Meaning::Nickname => {
                let names: Vec<_> = split(&line.value, ',').map(unescape).collect();
                if self.draft.get("nickname").is_some() {
                    return Fate::Extra;
                }
                let names: Vec<&str> =
                    names.iter().map(|name| self.trim(name)).filter(|name| !name.is_empty()).collect();
                self.draft.set("nickname", names.join(", "));
                if names.len() > 1 { Fate::Whole } else { bare }
            }
            Meaning::Org => self.org(line).max(bare),
            Meaning::Role if self.titled || self.draft.get("title").is_some() => Fate::Extra,
            Meaning::Role => self.text("title", line).max(Fate::Params),
            Meaning::Text(field) => {
                let spelled = if line.is("X-GENDER") || line.is("X-NICKNAME") { Fate::Params } else { bare };
                self.text(field, line).max(spelled)
            }
            Meaning::Uri(field) => self.photo(field, line),
            Meaning::Gender => self.gender(line).max(bare),
            Meaning::Flag(field) => {
                self.draft.set(field, "true");
                Fate::Plain
            }
            Meaning::Deleted => {
                self.draft.deleted = true;
                Fate::Plain
            }
            Meaning::Method(kind, _) => self.method(kind, line, key),
            Meaning::Address => self.address(line, key),
            Meaning::Date(label) => self.date(label, line, key),
            Meaning::Related(relation) => self.related(relation, line, key),
            Meaning::Tags => self.tags(line).max(bare),
            Meaning::Value => self.value(line),
            Meaning::Consent => self.consent(line),
            Meaning::Extra => self.foreign(line),
            Meaning::Uid => self.uid(line),
            Meaning::RoloId => {
                self.draft.id = Some(line.value.trim().to_owned());
                Fate::Plain
            }
            Meaning::Rev | Meaning::Created => self.instant(key.meaning, line),
            Meaning::Android => self.android(line),
            Meaning::Frame
            | Meaning::Label
            | Meaning::Other
            | Meaning::Broken
            | Meaning::Member
            | Meaning::N => Fate::Extra,
        }
    }

    /// Sets a text field; a second value for it is an extra.
    fn text(&mut self, field: &'static str, line: &Line<'_>) -> Fate {
        if self.draft.get(field).is_some() {
            return Fate::Extra;
        }
        let text = unescape(&line.value);
        // A note is the only text whose white space may matter.
        let kept = if field == "note" { text.as_ref() } else { self.trim(&text) };
        self.draft.fields.push((field, kept.to_owned()));
        if kept.len() == text.len() { Fate::Plain } else { Fate::Whole }
    }

    fn kind(&mut self, line: &Line<'_>) -> Fate {
        match line.value.trim().to_ascii_lowercase().as_str() {
            "org" | "organization" => {
                self.company = true;
                if line.is("KIND") && line.params.is_empty() { Fate::Plain } else { Fate::Whole }
            }
            "group" => {
                self.group = true;
                Fate::Extra
            }
            "individual" => Fate::Whole,
            _ => Fate::Extra,
        }
    }

    fn name(&mut self, line: &Line<'_>) -> Fate {
        let fields = ["family", "given", "middle", "prefix", "suffix"];
        if fields.iter().any(|field| self.draft.get(field).is_some()) {
            return Fate::Extra;
        }
        if is_empty(&line.value) {
            return if self.own { Fate::Plain } else { Fate::Whole };
        }
        let mut fate = if line.params.is_empty() { Fate::Plain } else { Fate::Params };
        for (at, part) in split(&line.value, ';').enumerate() {
            let (text, exact) = self.part(part, " ");
            if !exact {
                fate = Fate::Whole;
            }
            match fields.get(at) {
                Some(field) => self.draft.set(field, text),
                // RFC 9554 says a generation or a second surname again, beside the parts that all know.
                None => fate = Fate::Whole,
            }
        }
        fate
    }

    fn org(&mut self, line: &Line<'_>) -> Fate {
        if !self.draft.company.is_empty() || self.draft.get("department").is_some() {
            return Fate::Extra;
        }
        let units: Vec<_> = split(&line.value, ';').map(unescape).collect();
        let company = units.first().map_or("", |unit| self.trim(unit));
        let exact = units.len() <= 2 && units.iter().all(|unit| self.trim(unit).len() == unit.len());
        let department = match units.get(1..).unwrap_or_default() {
            [one] => self.trim(one).to_owned(),
            more => joined(more, " / "),
        };
        company.clone_into(&mut self.draft.company);
        self.draft.set("department", department);
        if exact { Fate::Plain } else { Fate::Whole }
    }

    fn photo(&mut self, field: &'static str, line: &Line<'_>) -> Fate {
        if param(line, "X-ROLO-FIELD").is_some() {
            self.draft.set(field, unescape(&line.value));
            return Fate::Plain;
        }
        let value = self.trim(&line.value);
        let binary = param(line, "ENCODING").is_some()
            || value.get(..5).is_some_and(|s| s.eq_ignore_ascii_case("data:"));
        if binary || self.draft.get(field).is_some() {
            return Fate::Extra;
        }
        self.draft.set(field, unescape(value));
        let uri = line.params.is_empty() || line.params.eq_ignore_ascii_case("VALUE=uri");
        if uri { Fate::Plain } else { Fate::Params }
    }

    fn gender(&mut self, line: &Line<'_>) -> Fate {
        if self.draft.get("gender").is_some() {
            return Fate::Extra;
        }
        let (sex, identity) = line.value.split_once(';').unwrap_or((&line.value, ""));
        let word = match sex.trim() {
            "M" | "m" => "male",
            "F" | "f" => "female",
            "O" | "o" => "other",
            "N" | "n" => "none",
            "U" | "u" => "unknown",
            other => other,
        };
        let identity = unescape(identity);
        let text = if identity.trim().is_empty() { word } else { self.trim(&identity) };
        self.draft.set("gender", text);
        let canonical = gender_value(text);
        if canonical == line.value { Fate::Plain } else { Fate::Whole }
    }
}
