//! A card's properties as a draft, and what of them only the card itself can say: order, parameters, other spellings.

use std::borrow::Cow;
use std::collections::HashMap;

use super::dates;
use super::line::{Line, split, unescape};
use super::meaning::{ANDROID_RELATIONS, Meaning, Said, apple_label, meaning, param, said, types_of};
use super::values::{address_part, extra, extra_of, is_uri, joined, messenger};
pub(crate) use super::values::{gender_value, instant};
use super::{BROKEN, LAYOUT};
use crate::exchange::table::complete_name;
use crate::exchange::{Warning, WarningKind};
use crate::model::draft::{AddressDraft, ContactDraft, DateDraft, ExtraDraft, LinkDraft, MethodDraft};

/// What a card turned out to be.
pub(crate) enum Read {
    Contact(Box<ContactDraft>),
    /// A group, and whom it holds.
    Group {
        name: String,
        members: Vec<String>,
    },
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

/// What a line means, with the label and service that belong to it.
pub(crate) struct Key {
    pub meaning: Meaning,
    pub label: String,
    pub service: String,
    pub said: Said,
    /// The label comes from an `X-ABLabel`.
    pub grouped: bool,
}

/// The labels that `X-ABLabel` gives to groups.
pub(crate) struct Labels<'a>(Vec<(&'a str, Cow<'a, str>)>);

impl<'a> Labels<'a> {
    pub(crate) fn new(lines: &'a [Line<'a>]) -> Self {
        let labels = lines.iter().filter(|line| !line.group.is_empty() && line.is("X-ABLABEL"));
        Self(labels.map(|line| (line.group, unescape(&line.value))).collect())
    }

    fn get(&self, group: &str) -> Option<&str> {
        if group.is_empty() || self.0.is_empty() {
            return None;
        }
        let found = self.0.iter().find(|(own, _)| own.eq_ignore_ascii_case(group));
        found.map(|(_, label)| label.as_ref()).filter(|label| !label.trim().is_empty())
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
    warnings: &'w mut Vec<Warning>,
}

/// Reads a card. `strays` are lines that are no properties.
pub(crate) fn read(lines: &[Line<'_>], strays: &[(u64, String)], warnings: &mut Vec<Warning>) -> Read {
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
        warnings,
    };
    for line in lines {
        let fate = reader.take(line);
        if fate == Fate::Extra {
            reader.draft.extras.push(extra_of(line));
        }
        reader.fates.push(fate);
    }
    for (no, text) in strays {
        let (column, value) = (String::new(), text.clone());
        reader.warnings.push(Warning { line: *no, column, value, kind: WarningKind::StrayLine });
        reader.draft.extras.push(extra(BROKEN, "", text));
    }
    reader.finish()
}

/// Reads one line alone, as the reader would within a card.
pub(crate) fn read_line(line: &Line<'_>, label: Option<&str>) -> ContactDraft {
    let mut warnings = Vec::new();
    let lines = std::slice::from_ref(line);
    let labels = Labels(label.map(|label| (line.group, Cow::Borrowed(label))).into_iter().collect());
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

    fn method(&mut self, kind: &'static str, line: &Line<'_>, key: Key) -> Fate {
        let mut fate = self.params_fate(kind, line, &key);
        let text = unescape(self.trim(&line.value));
        let mut service = key.service;
        let value = match kind {
            "phone" => match text.get(..4).filter(|start| start.eq_ignore_ascii_case("tel:")) {
                Some(_) if is_uri(line) || !self.own => {
                    fate = fate.max(if is_uri(line) { Fate::Params } else { Fate::Whole });
                    text[4..].to_owned()
                }
                _ => text.into_owned(),
            },
            "im" if line.is("IMPP") => {
                let (value, whole) = messenger(&text, &mut service);
                if whole {
                    fate = Fate::Whole;
                }
                value
            }
            "social" => match text.strip_prefix("x-apple:").filter(|_| !self.own) {
                Some(user) => {
                    fate = Fate::Whole;
                    user.to_owned()
                }
                None => text.into_owned(),
            },
            _ => text.into_owned(),
        };
        if let Some(pref) = key.said.pref {
            self.prefs.push((self.fates.len(), self.draft.methods.len(), pref));
            if !matches!(kind, "email" | "phone") {
                fate = fate.max(Fate::Params);
            }
        }
        let known = line.is("EMAIL") || line.is("TEL") || line.is("URL") || line.is("IMPP");
        if !(known || line.is("SOCIALPROFILE") || (self.own && line.is("X-SOCIALPROFILE"))) {
            fate = fate.max(Fate::Params);
        }
        self.draft.methods.push(MethodDraft {
            kind: kind.to_owned(),
            service,
            label: key.label,
            value,
            preferred: false,
        });
        fate
    }

    /// What a line's parameters and group ask for.
    fn params_fate(&self, kind: &str, line: &Line<'_>, key: &Key) -> Fate {
        let plain = !key.said.more
            && if key.grouped || !line.group.is_empty() {
                self.own && types_of(kind, &key.label).is_none()
            } else {
                types_of(kind, &key.label).is_some()
            };
        if plain || (self.own && matches!(kind, "social") && !key.grouped) {
            Fate::Plain
        } else {
            Fate::Params
        }
    }

    fn address(&mut self, line: &Line<'_>, key: Key) -> Fate {
        let mut fate = self.params_fate("address", line, &key);
        if key.said.pref.is_some() {
            fate = fate.max(Fate::Params);
        }
        let mut address = AddressDraft { label: key.label, ..AddressDraft::default() };
        let parts: Vec<&str> = split(&line.value, ';').collect();
        for (at, part) in parts.iter().enumerate() {
            let (text, exact) = self.part(part, if at == 2 { "\n" } else { ", " });
            if !exact {
                fate = Fate::Whole;
            }
            match address_part(&mut address, at) {
                Some(slot) => *slot = text,
                None => fate = Fate::Whole,
            }
        }
        if param(line, "LABEL").is_some() {
            fate = Fate::Whole;
        }
        self.draft.addresses.push(address);
        fate
    }

    fn date(&mut self, named: &'static str, line: &Line<'_>, key: Key) -> Fate {
        let label = if named.is_empty() { key.label } else { named.to_owned() };
        let text = unescape(&line.value);
        let text = self.trim(&text);
        let calendar = param(line, "CALSCALE").map(|param| param.text().to_lowercase()).unwrap_or_default();
        let calendar = if calendar == "gregorian" { String::new() } else { calendar };
        let is_text = param(line, "VALUE").is_some_and(|value| value.value.eq_ignore_ascii_case("text"));
        let omit = param(line, "X-APPLE-OMIT-YEAR").map(|param| param.text().into_owned());
        let mut found = if is_text || !matches!(calendar.as_str(), "" | "chinese") {
            None
        } else {
            dates::read(text, omit.as_deref())
        };
        if found.is_none() && !is_text && calendar.is_empty() {
            found = crate::model::when::parse_date(text, None);
            if found.is_none() {
                let (column, value) = (line.name.to_owned(), text.to_owned());
                self.warnings.push(Warning { line: line.no, column, value, kind: WarningKind::NoDate });
            }
        }
        let date = found.unwrap_or_else(|| text.to_owned());
        let exact = [true, false].iter().any(|v4| dates::write(&date, *v4).as_deref() == Some(&line.value));
        let fate = match () {
            () if self.own && (exact || is_text) => Fate::Plain,
            () if !exact => Fate::Whole,
            () if line.params.is_empty() && line.group.is_empty() && !line.name.starts_with(['X', 'x']) => {
                Fate::Plain
            }
            () => Fate::Params,
        };
        self.draft.dates.push(DateDraft { label, date, calendar });
        fate
    }

    fn related(&mut self, named: &'static str, line: &Line<'_>, key: Key) -> Fate {
        let value = param(line, "VALUE");
        let text = unescape(self.trim(&line.value)).into_owned();
        let uri = line.is("RELATED") && !value.is_some_and(|value| value.value.eq_ignore_ascii_case("text"));
        // What names somebody by an address or an id is no name.
        if uri && text.split_once(':').is_some_and(|(scheme, _)| super::line::is_name(scheme)) {
            return Fate::Extra;
        }
        let relation = match named {
            "" if key.grouped => key.label,
            "" => key.said.first,
            named => named.to_owned(),
        };
        let id = param(line, "X-ROLO-ID").map(|id| id.text().into_owned()).unwrap_or_default();
        self.draft.links.push(LinkDraft { relation, id, name: text });
        if self.own { Fate::Plain } else { Fate::Params }
    }

    fn tags(&mut self, line: &Line<'_>) -> Fate {
        let mut fate = if self.tag_lines == 1 { Fate::Plain } else { Fate::Whole };
        for tag in split(&line.value, ',').map(unescape) {
            let tag = self.trim(&tag);
            if SYSTEM_TAGS.contains(&tag) && !self.own {
                fate = Fate::Whole;
            } else if !tag.is_empty() && !self.draft.tags.iter().any(|other| other == tag) {
                self.draft.tags.push(tag.to_owned());
            }
        }
        fate
    }

    fn value(&mut self, line: &Line<'_>) -> Fate {
        let Some(key) = param(line, "KEY") else { return Fate::Extra };
        self.draft.values.push((key.text().into_owned(), unescape(&line.value).into_owned()));
        Fate::Plain
    }

    fn foreign(&mut self, line: &Line<'_>) -> Fate {
        let text = |name: &str| param(line, name).map(|param| param.text().into_owned()).unwrap_or_default();
        self.draft.extras.push(ExtraDraft {
            source: text("SOURCE"),
            name: text("NAME"),
            params: text("PARAMS"),
            value: unescape(&line.value).into_owned(),
        });
        Fate::Plain
    }

    fn uid(&mut self, line: &Line<'_>) -> Fate {
        let uid = unescape(line.value.trim()).into_owned();
        if self.draft.external_id.is_some() {
            return Fate::Extra;
        }
        let rolo = self.lines.iter().find(|line| line.is("X-ROLO-ID"));
        if rolo.is_some_and(|id| uid.strip_prefix("urn:uuid:") == Some(id.value.trim())) {
            return Fate::Plain;
        }
        self.draft.external_id = Some(uid);
        Fate::Whole
    }

    fn instant(&mut self, meaning: Meaning, line: &Line<'_>) -> Fate {
        let own = self.own;
        let slot = if meaning == Meaning::Rev { &mut self.draft.updated } else { &mut self.draft.created };
        if !slot.is_empty() {
            return Fate::Extra;
        }
        let exact = param(line, "X-ROLO-AT").map(|at| at.text());
        if let Some(instant) = instant(exact.as_deref().unwrap_or(line.value.trim())) {
            *slot = instant;
        }
        if own { Fate::Plain } else { Fate::Whole }
    }

    fn android(&mut self, line: &Line<'_>) -> Fate {
        let parts: Vec<_> = split(&line.value, ';').map(unescape).collect();
        let part = |at: usize| parts.get(at).map_or("", |part| part.trim());
        let (value, number, label) = (part(1), part(2), part(3));
        if value.is_empty() {
            return Fate::Extra;
        }
        match part(0).rsplit('/').next().unwrap_or_default() {
            "nickname" if self.draft.get("nickname").is_none() => self.draft.set("nickname", value),
            "contact_event" => {
                let label = match number {
                    "1" => "anniversary",
                    "3" => "birthday",
                    "2" => "other",
                    _ => label,
                };
                let date = dates::read(value, None).unwrap_or_else(|| value.to_owned());
                self.draft.dates.push(DateDraft { label: label.to_owned(), date, calendar: String::new() });
            }
            "relation" => {
                let known = number.parse::<usize>().ok().and_then(|number| ANDROID_RELATIONS.get(number));
                let relation = known.copied().filter(|known| !known.is_empty()).unwrap_or(label).to_owned();
                self.draft.links.push(LinkDraft { relation, id: String::new(), name: value.to_owned() });
            }
            _ => return Fate::Extra,
        }
        Fate::Whole
    }

    fn finish(mut self) -> Read {
        self.prefer();
        if self.group {
            let name = self.draft.get("name").unwrap_or_default().to_owned();
            return Read::Group { name, members: self.members };
        }
        let layout = self.layout();
        let mut draft = self.draft;
        let parts = ["given", "middle", "family"].iter().any(|field| draft.get(field).is_some());
        let named_so = draft.get("name").is_none_or(|name| name == draft.company);
        // An address book that knows no companies calls one by its organisation.
        if !self.own && !parts && named_so && !draft.company.is_empty() && draft.get("nickname").is_none() {
            self.company = true;
        }
        if self.company {
            "company".clone_into(&mut draft.kind);
            if draft.get("name").is_none() {
                let name = draft.company.clone();
                draft.set("name", name);
            }
            if draft.get("name") == Some(draft.company.as_str()) {
                draft.company.clear();
            }
        } else if !self.own {
            complete_name(&mut draft);
        }
        if let Some(layout) = layout {
            draft.extras.push(extra(LAYOUT, "", &layout));
        }
        Read::Contact(Box::new(draft))
    }

    /// Finds the preferred one of each kind; what else is said about preference only the card holds.
    fn prefer(&mut self) {
        let mut best: HashMap<&str, (usize, u8)> = HashMap::new();
        for (line, method, pref) in &self.prefs {
            let kind = self.draft.methods[*method].kind.as_str();
            let slot = best.entry(kind).or_insert((*method, *pref));
            if *pref < slot.1 {
                *slot = (*method, *pref);
            }
            self.fates[*line] = self.fates[*line].max(if *pref == 1 { Fate::Plain } else { Fate::Params });
        }
        let chosen: Vec<usize> = best.values().map(|(method, _)| *method).collect();
        for (line, method, _) in &self.prefs {
            if chosen.contains(method) {
                self.draft.methods[*method].preferred = true;
            } else {
                self.fates[*line] = self.fates[*line].max(Fate::Params);
            }
        }
    }

    /// The properties in their order with what the draft can't say; `None` if the writer would do the same by itself.
    fn layout(&self) -> Option<String> {
        let mut last = 0;
        let plain = self.lines.iter().zip(&self.fates).all(|(line, fate)| {
            let rank = match fate {
                Fate::Frame => return true,
                Fate::Plain if meaning(line.name) == Meaning::Label => return true,
                Fate::Plain => super::write::rank(line),
                Fate::Extra => u8::MAX,
                Fate::Params | Fate::Whole => return false,
            };
            let follows = rank >= last;
            last = rank;
            follows
        });
        if plain {
            return None;
        }
        let mut out = String::with_capacity(self.lines.len() * 24);
        for (line, fate) in self.lines.iter().zip(&self.fates) {
            if *fate == Fate::Frame || (meaning(line.name) == Meaning::Broken) {
                continue;
            }
            if !out.is_empty() {
                out.push('\n');
            }
            if *fate == Fate::Extra {
                out.push('+');
            }
            if !line.group.is_empty() {
                out.push_str(line.group);
                out.push('.');
            }
            out.push_str(line.name);
            if *fate == Fate::Extra {
                continue;
            }
            if !line.params.is_empty() {
                out.push(';');
                out.push_str(&line.params);
            }
            if *fate == Fate::Whole || meaning(line.name) == Meaning::Label {
                out.push(':');
                out.push_str(&line.value);
            }
        }
        Some(out)
    }
}
