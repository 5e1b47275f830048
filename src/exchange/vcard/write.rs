//! Contacts as vCards: RFC 6350 (4.0) or RFC 2426 (3.0), with `X-ROLO-` properties for what neither has a name for.

use std::borrow::Cow;
use std::io::{self, Write};

use super::layout::{self, Used};
use super::line::{Line, is_name};
use super::meaning::{Meaning, RELATIONS, ROLO, as_apple, meaning, service, types_of};
use super::read::{REAL_TAG, SYSTEM_TAGS};
pub(crate) use super::values::{
    address_value, converted, date_value, method_value, name_parts, org_parts, org_value, structured,
};
use super::values::{binary, gender_value, instant};
use super::{BROKEN, LAYOUT, SYSTEM};
use crate::exchange::ContactWriter;
use crate::exchange::json::{ContactOut, ExtraOut, LinkOut, MethodOut, plain};
use crate::text::display_name;

/// Where the writer puts a property by itself.
pub(crate) fn rank(line: &Line<'_>) -> u8 {
    match meaning(line.name) {
        Meaning::Kind | Meaning::ShowAs => 0,
        Meaning::Fn => 1,
        Meaning::N => 2,
        Meaning::Nickname => 3,
        Meaning::Text("phonetic_given") => 4,
        Meaning::Text("phonetic_middle") => 5,
        Meaning::Text("phonetic_family") => 6,
        Meaning::Org => 7,
        Meaning::Text("title") | Meaning::Role => 8,
        Meaning::Method("email", _) => 9,
        Meaning::Method("phone", _) => 10,
        Meaning::Method("url", _) => 11,
        Meaning::Method("im", _) => 12,
        Meaning::Method(..) => 13,
        Meaning::Address => 14,
        Meaning::Date("birthday") => 15,
        Meaning::Date(_) => 16,
        Meaning::Tags => 17,
        Meaning::Text("note") => 18,
        Meaning::Gender => 19,
        Meaning::Text("pronouns") => 20,
        Meaning::Text("language") => 21,
        Meaning::Text("time_zone") => 22,
        Meaning::Uri(_) => 23,
        Meaning::Related(_) => 24,
        Meaning::Text(_)
        | Meaning::Flag(_)
        | Meaning::Deleted
        | Meaning::Value
        | Meaning::Consent
        | Meaning::Extra => 30,
        Meaning::Uid | Meaning::RoloId => 40,
        Meaning::Created => 41,
        Meaning::Rev => 42,
        _ => u8::MAX,
    }
}

/// Writes text as a value: backslashes, separators and line breaks escaped; other control characters have no place.
pub(crate) fn escape(text: &str, out: &mut String) {
    let special = |byte: u8| matches!(byte, b'\\' | b',' | b';' | 0..=0x1f | 0x7f);
    let mut rest = text;
    while let Some(at) = rest.bytes().position(special) {
        out.push_str(&rest[..at]);
        match rest.as_bytes()[at] {
            byte @ (b'\\' | b',' | b';') => out.extend(['\\', char::from(byte)]),
            b'\t' => out.push('\t'),
            b'\n' => out.push_str("\\n"),
            b'\r' if rest.as_bytes().get(at + 1) != Some(&b'\n') => out.push_str("\\n"),
            _ => {}
        }
        rest = &rest[at + 1..];
    }
    out.push_str(rest);
}

/// Writes a URI: only what would break the line, or what reading would take for an escape, is escaped.
pub(crate) fn escape_uri(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push('\t'),
            c if c.is_ascii_control() => {}
            c => out.push(c),
        }
    }
}

/// The value of a parameter, quoted where it must be, with RFC 6868 for what quotes can't hold.
pub(crate) fn param_value(text: &str, out: &mut String) {
    let token = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'/');
    if !text.is_empty() && text.bytes().all(token) {
        out.push_str(text);
        return;
    }
    out.push('"');
    for c in text.chars() {
        match c {
            '^' => out.push_str("^^"),
            '"' => out.push_str("^'"),
            '\n' => out.push_str("^n"),
            c if c.is_ascii_control() && c != '\t' => {}
            c => out.push(c),
        }
    }
    out.push('"');
}

/// What stands before a value.
pub(crate) struct Head<'a> {
    pub group: Cow<'a, str>,
    pub name: &'a str,
    pub params: Cow<'a, str>,
}

impl<'a> Head<'a> {
    fn new(name: &'a str) -> Self {
        Self { group: "".into(), name, params: "".into() }
    }

    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        let params = self.params.to_mut();
        if !params.is_empty() {
            params.push(';');
        }
        params.push_str(name);
        params.push('=');
        params.push_str(value);
        self
    }

    fn with_text(self, name: &str, text: &str) -> Self {
        let mut value = String::new();
        param_value(text, &mut value);
        self.with(name, &value)
    }
}

/// Writes cards.
pub struct Writer<W: Write> {
    out: W,
    card: Card,
}

impl<W: Write> Writer<W> {
    /// `v4`: vCard 4.0 instead of 3.0.
    pub fn new(out: W, v4: bool) -> Self {
        Self { out, card: Card::new(v4) }
    }
}

impl<W: Write> ContactWriter for Writer<W> {
    fn write(&mut self, contact: &ContactOut) -> io::Result<()> {
        self.card.contact(contact);
        self.out.write_all(self.card.text.as_bytes())
    }

    fn finish(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// One card in the making.
pub(crate) struct Card {
    pub(crate) text: String,
    pub(crate) v4: bool,
    line: String,
    /// The number of the last `item` group.
    pub(crate) items: u32,
    /// Lines are folded.
    pub(crate) fold: bool,
}

impl Card {
    pub(crate) fn new(v4: bool) -> Self {
        Self { text: String::new(), v4, line: String::new(), items: 0, fold: true }
    }

    /// Writes a contact's card over the last one.
    pub(crate) fn contact(&mut self, contact: &ContactOut) {
        self.text.clear();
        self.items = 0;
        self.text.push_str(if self.v4 {
            "BEGIN:VCARD\r\nVERSION:4.0\r\n"
        } else {
            "BEGIN:VCARD\r\nVERSION:3.0\r\n"
        });
        let mut used = Used::new(contact);
        let layout = contact.extras.iter().rev().find(|extra| extra.source == SYSTEM && extra.name == LAYOUT);
        if let Some(layout) = layout {
            layout::write(self, contact, &layout.value, &mut used);
        }
        self.names(contact, &used);
        self.ways(contact, &mut used);
        self.rest(contact, &used);
        self.own(contact, &used);
        for (at, extra) in contact.extras.iter().enumerate() {
            if !used.extras[at] && is_property(extra) {
                self.extra(extra);
            }
        }
        self.text.push_str("END:VCARD\r\n");
    }

    /// Writes a line; `value` is as the file wants it.
    pub(crate) fn put(&mut self, head: &Head<'_>, value: &str) {
        self.line.clear();
        if !head.group.is_empty() {
            self.line.push_str(&head.group);
            self.line.push('.');
        }
        self.line.push_str(head.name);
        if !head.params.is_empty() {
            self.line.push(';');
            self.line.push_str(&head.params);
        }
        self.line.push(':');
        self.line.push_str(value);
        self.end();
    }

    fn text(&mut self, name: &str, text: &str) {
        self.line.clear();
        self.line.push_str(name);
        self.line.push(':');
        escape(text, &mut self.line);
        self.end();
    }

    /// Folds the line at 75 octets, between characters.
    fn end(&mut self) {
        let mut rest = self.line.as_str();
        let mut room = 75;
        while self.fold && rest.len() > room {
            let mut cut = room;
            while !rest.is_char_boundary(cut) {
                cut -= 1;
            }
            self.text.push_str(&rest[..cut]);
            self.text.push_str("\r\n ");
            rest = &rest[cut..];
            room = 74;
        }
        self.text.push_str(rest);
        self.text.push_str("\r\n");
    }

    /// A line whose label only a group can hold.
    fn grouped(&mut self, mut head: Head<'_>, label: &str, value: &str) {
        self.items += 1;
        let group = format!("item{}", self.items);
        head.group = Cow::Owned(group.clone());
        self.put(&head, value);
        let mut text = String::new();
        escape(&as_apple(label), &mut text);
        let head = Head { group: group.into(), ..Head::new("X-ABLabel") };
        self.put(&head, &text);
    }

    fn names(&mut self, contact: &ContactOut, used: &Used) {
        if contact.kind == "company" && !used.field("kind") {
            let (name, value) = if self.v4 { ("KIND", "org") } else { ("X-ABShowAs", "COMPANY") };
            self.put(&Head::new(name), value);
        }
        if !used.field("name") {
            if !is_writable(&contact.name) {
                let mut value = String::new();
                escape(&fallback(contact), &mut value);
                self.put(&Head::new("FN").with("DERIVED", "TRUE"), &value);
            } else {
                self.text("FN", &contact.name);
            }
        }
        let parts = name_parts(contact);
        let needed = !self.v4 || contact.kind != "company" || parts.iter().any(|part| !part.is_empty());
        if needed && !used.field("n") {
            self.put(&Head::new("N"), &structured(&parts));
        }
        for (field, name, text) in [
            ("nickname", "NICKNAME", &contact.nickname),
            ("phonetic_given", "X-PHONETIC-FIRST-NAME", &contact.phonetic_given),
            ("phonetic_middle", "X-PHONETIC-MIDDLE-NAME", &contact.phonetic_middle),
            ("phonetic_family", "X-PHONETIC-LAST-NAME", &contact.phonetic_family),
        ] {
            if !text.is_empty() && !used.field(field) {
                self.text(name, text);
            }
        }
        let org = org_parts(contact);
        if org.iter().any(|part| !part.is_empty()) && !used.field("org") {
            let value = org_value(&org);
            self.put(&Head::new("ORG"), &value);
        }
        if !contact.title.is_empty() && !used.field("title") {
            self.text("TITLE", &contact.title);
        }
    }

    fn ways(&mut self, contact: &ContactOut, used: &mut Used) {
        for (at, (kind, method)) in contact.methods().enumerate() {
            if !used.methods[at] {
                self.method(kind, method);
            }
        }
        for (at, address) in contact.addresses.iter().enumerate() {
            if !used.addresses[at] {
                self.labelled("address", Head::new("ADR"), &address.label, false, &address_value(address));
            }
        }
        for (at, (label, date, calendar)) in layout::dates(contact).enumerate() {
            if !used.dates[at] {
                self.date(label, date, calendar);
            }
        }
    }

    /// A line with its label as types, or in a group.
    fn labelled(&mut self, kind: &str, head: Head<'_>, label: &str, preferred: bool, value: &str) {
        let types = types_of(kind, label);
        let mut list = types.unwrap_or_default().to_owned();
        if preferred && !self.v4 {
            if !list.is_empty() {
                list.push(',');
            }
            list.push_str("pref");
        }
        let mut head = if list.is_empty() { head } else { head.with("TYPE", &list) };
        if preferred && self.v4 {
            head = head.with("PREF", "1");
        }
        match types {
            Some(_) => self.put(&head, value),
            None => self.grouped(head, label, value),
        }
    }

    fn method(&mut self, kind: &str, method: &MethodOut) {
        let (name, service_param) = match (kind, self.v4) {
            ("email", _) => ("EMAIL", ""),
            ("phone", _) => ("TEL", ""),
            ("url", _) => ("URL", ""),
            ("im", true) => ("IMPP", "SERVICE-TYPE"),
            ("im", false) => ("IMPP", "X-SERVICE-TYPE"),
            (_, true) => ("SOCIALPROFILE", "SERVICE-TYPE"),
            (_, false) => ("X-SOCIALPROFILE", "X-SERVICE-TYPE"),
        };
        let mut head = Head::new(name);
        if !method.service.is_empty() {
            let word = method.service.to_ascii_lowercase();
            let apple = name == "X-SOCIALPROFILE"
                && is_name(&word)
                && service(&word) == method.service
                && service(&word) != word;
            head =
                if apple { head.with("TYPE", &word) } else { head.with_text(service_param, &method.service) };
        }
        if name == "SOCIALPROFILE" && !method.value.contains("://") {
            head = head.with("VALUE", "text");
        }
        let value = method_value(name, kind, &method.service, &method.value);
        self.labelled(kind, head, &method.label, method.preferred, &value);
    }

    fn date(&mut self, label: &str, date: &str, calendar: &str) {
        let (name, grouped) = match (label, self.v4) {
            ("birthday", _) => ("BDAY", false),
            ("anniversary", true) => ("ANNIVERSARY", false),
            ("death", true) => ("DEATHDATE", false),
            ("", _) => ("X-ABDATE", false),
            _ => ("X-ABDATE", true),
        };
        let mut head = Head::new(name);
        if !matches!(calendar, "" | "gregorian") {
            head = head.with_text("CALSCALE", calendar);
        }
        let (value, text) = date_value(name, date, self.v4);
        if text {
            head = head.with("VALUE", "text");
        }
        if grouped { self.grouped(head, label, &value) } else { self.put(&head, &value) }
    }

    fn rest(&mut self, contact: &ContactOut, used: &Used) {
        let mut tags = String::new();
        for (tag, _) in contact.tags.iter().zip(&used.tags).filter(|(_, used)| !**used) {
            if !tags.is_empty() {
                tags.push(',');
            }
            escape(tag, &mut tags);
        }
        if !tags.is_empty() {
            let mut left = contact.tags.iter().zip(&used.tags).filter(|(_, used)| !**used);
            let real = left.any(|(tag, _)| SYSTEM_TAGS.contains(&tag.as_str()));
            let head = Head::new("CATEGORIES");
            self.put(&if real { head.with(REAL_TAG, "TRUE") } else { head }, &tags);
        }
        if !contact.note.is_empty() && !used.field("note") {
            self.text("NOTE", &contact.note);
        }
        if !contact.gender.is_empty() && !used.field("gender") {
            let value = gender_value(&contact.gender);
            if self.v4 {
                self.put(&Head::new("GENDER"), &value)
            } else {
                self.text("X-ROLO-GENDER", &contact.gender)
            }
        }
        let pronouns = if self.v4 { "PRONOUNS" } else { "X-ROLO-PRONOUNS" };
        for (field, name, text) in [
            ("pronouns", pronouns, &contact.pronouns),
            ("language", "LANG", &contact.language),
            ("time_zone", "TZ", &contact.time_zone),
        ] {
            if !text.is_empty() && !used.field(field) {
                self.text(name, text);
            }
        }
        if !contact.photo.is_empty() && !used.field("photo") {
            let head = Head::new("PHOTO");
            let head = if self.v4 { head } else { head.with("VALUE", "uri") };
            // Embedded data that other systems gave is an extra.
            let data = contact.photo.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("data:"));
            let head = if data { head.with("X-ROLO-FIELD", "photo") } else { head };
            let mut value = String::new();
            escape_uri(&contact.photo, &mut value);
            self.put(&head, &value);
        }
        for (at, link) in contact.links.iter().enumerate() {
            if !used.links[at] {
                self.link(link);
            }
        }
    }

    fn link(&mut self, link: &LinkOut) {
        let typed = RELATIONS.contains(&link.relation.as_str());
        let mut head = Head::new(if self.v4 { "RELATED" } else { "X-ABRELATEDNAMES" });
        if self.v4 {
            if typed {
                head = head.with("TYPE", &link.relation);
            }
            head = head.with("VALUE", "text");
        }
        if !link.id.is_empty() {
            head = head.with_text("X-ROLO-ID", &link.id);
        }
        let mut value = String::new();
        escape(if link.name.is_empty() { &link.id } else { &link.name }, &mut value);
        if link.relation.is_empty() || (self.v4 && typed) {
            self.put(&head, &value);
        } else {
            self.grouped(head, &link.relation, &value);
        }
    }

    /// What vCard has no property for.
    fn own(&mut self, contact: &ContactOut, used: &Used) {
        let texts = contact.texts();
        for (field, name) in ROLO {
            let text = texts.iter().find(|(own, _)| own == field).map_or("", |(_, text)| text);
            if !text.is_empty() && !used.field(field) {
                self.text(name, text);
            }
        }
        for (on, name) in [
            (contact.starred, "X-ROLO-STARRED"),
            (contact.archived, "X-ROLO-ARCHIVED"),
            (contact.implied, "X-ROLO-IMPLIED"),
            (contact.deleted, "X-ROLO-DELETED"),
        ] {
            if on {
                self.put(&Head::new(name), "true");
            }
        }
        for (key, value) in &contact.fields {
            let mut text = String::new();
            escape(&plain(value), &mut text);
            self.put(&Head::new("X-ROLO-FIELD").with_text("KEY", key), &text);
        }
        for consent in &contact.consents {
            self.text("X-ROLO-CONSENT", &serde_json::to_string(consent).unwrap_or_default());
        }
        for extra in contact.extras.iter().filter(|extra| !is_property(extra) && !is_layout(extra)) {
            if extra.source == SYSTEM && extra.name == BROKEN {
                self.text("X-ROLO-LINE", &extra.value);
                continue;
            }
            let mut head =
                Head::new("X-ROLO-EXTRA").with_text("SOURCE", &extra.source).with_text("NAME", &extra.name);
            if !extra.params.is_empty() {
                head = head.with_text("PARAMS", &extra.params);
            }
            let mut text = String::new();
            escape(&extra.value, &mut text);
            self.put(&head, &text);
        }
        if !contact.id.is_empty() {
            if !used.field("uid") {
                let value = format!("urn:uuid:{}", contact.id);
                self.put(&Head::new("UID"), &value);
            }
            self.text("X-ROLO-ID", &contact.id);
        }
        for (field, name, at) in [("created", "CREATED", &contact.created), ("rev", "REV", &contact.updated)]
        {
            if !used.field(field) {
                self.instant(name, at);
            }
        }
    }

    fn instant(&mut self, name: &str, at: &str) {
        let Some(exact) = instant(at) else { return };
        let whole = exact.split(['.', 'Z']).next().unwrap_or_default();
        let value = if self.v4 { whole.replace(['-', ':'], "") } else { whole.to_owned() };
        let head = Head::new(name);
        let head = if exact.contains('.') { head.with_text("X-ROLO-AT", &exact) } else { head };
        self.put(&head, &(value + "Z"));
    }

    /// A property that rolo has no field for, as it came.
    pub(crate) fn extra(&mut self, extra: &ExtraOut) {
        let (group, name) = extra.name.rsplit_once('.').unwrap_or(("", &extra.name));
        let (params, value) = match binary(name, &extra.params, &extra.value, self.v4) {
            Some((params, value)) => (params.into(), Cow::Owned(value)),
            None => (converted(&extra.params, self.v4), Cow::Borrowed(extra.value.as_str())),
        };
        self.put(&Head { group: group.into(), name, params }, &value);
    }
}

fn is_layout(extra: &ExtraOut) -> bool {
    extra.source == SYSTEM && extra.name == LAYOUT
}

/// Whether an extra can be written as the property that it was.
pub(crate) fn is_property(extra: &ExtraOut) -> bool {
    let (group, name) = extra.name.rsplit_once('.').unwrap_or(("", &extra.name));
    extra.source == SYSTEM
        && is_name(name)
        && (group.is_empty() || group.split('.').all(is_name))
        && !matches!(
            meaning(name),
            Meaning::Frame | Meaning::RoloId | Meaning::Extra | Meaning::Value | Meaning::Consent
        )
        && !extra.value.contains(|c: char| c.is_ascii_control() && c != '\t')
        && !extra.params.contains(|c: char| c.is_ascii_control())
        && !outside_quotes(&extra.params)
}

/// Whether a `:` would end the parameters too early, or a quote never would.
fn outside_quotes(params: &str) -> bool {
    let mut quoted = false;
    let early = params.bytes().any(|byte| {
        quoted ^= byte == b'"';
        byte == b':' && !quoted
    });
    early || quoted
}

/// Something to call a contact without a name.
fn fallback(contact: &ContactOut) -> String {
    let [family, given, middle, prefix, suffix] = name_parts(contact);
    let whole = display_name(prefix, given, middle, family, suffix);
    if is_writable(&whole) {
        return whole;
    }
    let company = contact.company.as_ref().map_or("", |company| &company.name);
    let ways = contact.methods().map(|(_, method)| method.value.as_str());
    [contact.nickname.as_str(), company]
        .into_iter()
        .chain(ways)
        .find(|text| is_writable(text))
        .unwrap_or("?")
        .to_owned()
}

/// Whether something is left of a text without the characters that have no place in a card.
fn is_writable(text: &str) -> bool {
    text.chars().any(|c| !c.is_ascii_control() && !c.is_whitespace())
}
