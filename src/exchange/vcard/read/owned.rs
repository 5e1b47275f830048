//! The properties of which a card may have many: ways to reach somebody, addresses, days, relations, tags, extras.

use super::super::dates;
use super::super::line::{Line, is_name, split, unescape};
use super::super::meaning::{ANDROID_RELATIONS, Meaning, param, types_of};
use super::super::values::{address_part, is_uri, messenger};
use super::{Fate, Key, REAL_TAG, Reader, SYSTEM_TAGS, instant};
use crate::exchange::{Warning, WarningKind, json};
use crate::model::draft::{AddressDraft, DateDraft, ExtraDraft, LinkDraft, MethodDraft};
use crate::model::email::mailbox;

impl Reader<'_, '_> {
    pub(super) fn method(&mut self, kind: &'static str, line: &Line<'_>, key: Key) -> Fate {
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
            // What stands around the address only the card keeps.
            "email" if !self.own => match mailbox(&text) {
                Some(found) => {
                    fate = Fate::Whole;
                    found.address.to_owned()
                }
                None => text.into_owned(),
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
    pub(super) fn params_fate(&self, kind: &str, line: &Line<'_>, key: &Key) -> Fate {
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

    pub(super) fn address(&mut self, line: &Line<'_>, key: Key) -> Fate {
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

    pub(super) fn date(&mut self, named: &'static str, line: &Line<'_>, key: Key) -> Fate {
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

    pub(super) fn related(&mut self, named: &'static str, line: &Line<'_>, key: Key) -> Fate {
        let value = param(line, "VALUE");
        let text = unescape(self.trim(&line.value)).into_owned();
        let uri = line.is("RELATED") && !value.is_some_and(|value| value.value.eq_ignore_ascii_case("text"));
        // What names somebody by an address or an id is no name.
        if uri && text.split_once(':').is_some_and(|(scheme, _)| is_name(scheme)) {
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

    pub(super) fn tags(&mut self, line: &Line<'_>) -> Fate {
        let mut fate = if self.tag_lines == 1 { Fate::Plain } else { Fate::Whole };
        for tag in split(&line.value, ',').map(unescape) {
            let tag = self.trim(&tag);
            // What came in with the group goes out with it, and is no tag for that.
            if SYSTEM_TAGS.contains(&tag) && !(self.own && param(line, REAL_TAG).is_some()) {
                fate = Fate::Whole;
            } else if !tag.is_empty() && self.tags.insert(tag.to_owned()) {
                self.draft.tags.push(tag.to_owned());
            }
        }
        fate
    }

    pub(super) fn value(&mut self, line: &Line<'_>) -> Fate {
        let Some(key) = param(line, "KEY") else { return Fate::Extra };
        self.draft.values.push((key.text().into_owned(), unescape(&line.value).into_owned()));
        Fate::Plain
    }

    pub(super) fn consent(&mut self, line: &Line<'_>) -> Fate {
        let read = serde_json::from_str(&unescape(&line.value)).ok();
        match read.and_then(|map| json::consent(map, line.name).ok()) {
            Some((consent, rest)) if rest.is_empty() => {
                self.draft.records.push(consent.into());
                Fate::Plain
            }
            _ => Fate::Extra,
        }
    }

    pub(super) fn foreign(&mut self, line: &Line<'_>) -> Fate {
        let text = |name: &str| param(line, name).map(|param| param.text().into_owned()).unwrap_or_default();
        self.draft.extras.push(ExtraDraft {
            source: text("SOURCE"),
            name: text("NAME"),
            params: text("PARAMS"),
            value: unescape(&line.value).into_owned(),
        });
        Fate::Plain
    }

    pub(super) fn uid(&mut self, line: &Line<'_>) -> Fate {
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

    pub(super) fn instant(&mut self, meaning: Meaning, line: &Line<'_>) -> Fate {
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

    pub(super) fn android(&mut self, line: &Line<'_>) -> Fate {
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
}
