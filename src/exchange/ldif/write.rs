//! Contacts to entries.

use std::collections::{HashMap, HashSet, VecDeque};
use std::io::{self, Write};

use super::names::{SECOND_MAIL, Slot, is_postal};
use super::read::{again, attribute, country_name, slots};
use super::{BINARY, COMMENT, ORDER, PADDED, SYSTEM, URL};
use crate::exchange::ContactWriter;
use crate::exchange::json::{AddressOut, ContactOut};
use crate::exchange::{base64, carried};

/// How a photo begins that LDIF can hold.
pub(super) const JPEG: &str = "data:image/jpeg;base64,";
/// The longest line (RFC 2849 recommends it), in bytes.
const WIDTH: usize = 76;

const PERSON: [&str; 5] = ["top", "person", "organizationalPerson", "inetOrgPerson", "mozillaAbPersonAlpha"];
const COMPANY: [&str; 3] = ["top", "organization", "extensibleObject"];

/// A value on its way out.
enum Out {
    Text(String),
    /// Base64 already.
    Binary(String),
    Url(String),
}

/// Writes LDIF.
pub struct Writer<W: Write> {
    out: W,
    begun: bool,
    /// Names that were given, hashed: no two entries may have the same.
    names: HashSet<String>,
}

impl<W: Write> Writer<W> {
    /// Writes to `out`.
    pub fn new(out: W) -> Self {
        Self { out, begun: false, names: HashSet::new() }
    }

    fn begin(&mut self) -> io::Result<()> {
        if !std::mem::replace(&mut self.begun, true) {
            self.out.write_all(b"version: 1\n")?;
        }
        Ok(())
    }
}

impl<W: Write> ContactWriter for Writer<W> {
    fn write(&mut self, contact: &ContactOut) -> io::Result<()> {
        self.begin()?;
        // Of several the latest: an entry whose order has changed.
        let extra = |name: &str| {
            contact.extras.iter().rfind(|e| e.source == SYSTEM && e.name == name).map(|e| e.value.as_str())
        };
        let mut dn = extra("dn").map_or_else(|| made_dn(contact, false), str::to_owned);
        if !self.names.insert(dn.to_lowercase()) {
            dn = made_dn(contact, true);
            self.names.insert(dn.to_lowercase());
        }
        let mut text = String::from("\n");
        line(&mut text, "dn", &Out::Text(dn.clone()));
        let list = arranged(attributes(contact), extra(ORDER));
        let rest = carried(contact, &dn, &list);
        for (name, value) in list.into_iter().chain(rest) {
            line(&mut text, &name, &value);
        }
        self.out.write_all(text.as_bytes())
    }

    fn finish(&mut self) -> io::Result<()> {
        self.begin()?;
        self.out.flush()
    }
}

/// What no attribute could hold.
fn carried(contact: &ContactOut, dn: &str, list: &[(String, Out)]) -> Option<(String, Out)> {
    let read = list.iter().filter_map(|(name, value)| attribute(0, &unfolded(name, value)).ok());
    let back = again(dn.to_owned(), read.collect());
    Some((carried::NAME.to_owned(), Out::Text(carried::rest(contact, back, super::holds)?)))
}

/// Name and e-mail as Mozilla has it; where that is not enough, rolo's id.
fn made_dn(contact: &ContactOut, unique: bool) -> String {
    let name = if contact.kind == "company" { "o" } else { "cn" };
    let mut dn = format!("{name}={}", escaped(&shown_name(contact)));
    match contact.emails.first() {
        Some(mail) if !unique => dn.push_str(&format!(",mail={}", escaped(&mail.value))),
        _ if !contact.id.is_empty() => dn.push_str(&format!(",uid={}", escaped(&contact.id))),
        _ => {}
    }
    dn
}

/// A value within a distinguished name (RFC 4514, 2.4).
fn escaped(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    let last = value.chars().count().saturating_sub(1);
    for (at, c) in value.chars().enumerate() {
        match c {
            ',' | '+' | '"' | '\\' | '<' | '>' | ';' | '=' => out.extend(['\\', c]),
            '#' | ' ' if at == 0 => out.extend(['\\', c]),
            ' ' if at == last => out.push_str("\\ "),
            '\0'..='\x1f' => out.push_str(&format!("\\{:02X}", u32::from(c))),
            _ => out.push(c),
        }
    }
    out
}

/// An entry must have a name.
fn shown_name(contact: &ContactOut) -> String {
    let company = contact.company.as_ref().map_or("", |company| company.name.as_str());
    let first = |list: &[crate::exchange::json::MethodOut]| {
        list.first().map(|method| method.value.clone()).unwrap_or_default()
    };
    [
        contact.name.clone(),
        first(&contact.emails),
        contact.nickname.clone(),
        company.to_owned(),
        first(&contact.phones),
        contact.id.clone(),
    ]
    .into_iter()
    .find(|name| !name.is_empty())
    .unwrap_or_else(|| "-".to_owned())
}

/// What an attribute stands in line with others for: its field, or its own name.
type Class = Result<Slot, String>;

fn class_of(slot: Option<Slot>, name: &str) -> Class {
    slot.ok_or_else(|| name.to_lowercase())
}

/// The attributes in the order in which rolo writes them, each with the name that it goes by.
fn attributes(contact: &ContactOut) -> Vec<(Class, String, Out)> {
    let mut list = Fields(Vec::new());
    list.names(contact);
    list.methods(contact);
    list.addresses(contact);
    list.rest(contact);
    let own = |e: &&crate::exchange::json::ExtraOut| e.source == SYSTEM && e.name != "dn" && e.name != ORDER;
    let extras: Vec<_> = contact.extras.iter().filter(own).collect();
    if !extras.iter().any(|e| Slot::named(&e.name) == Some(Slot::Class)) {
        let classes: &[&str] = if contact.kind == "company" { &COMPANY } else { &PERSON };
        for class in classes {
            list.put(Slot::Class, class);
        }
    }
    for extra in extras {
        let value = match extra.params.as_str() {
            BINARY => Out::Binary(extra.value.clone()),
            URL => Out::Url(extra.value.clone()),
            _ => Out::Text(extra.value.clone()),
        };
        // What filled no field stands in line with its like; a postal address in one value has none.
        let slot = Slot::named(&extra.name).filter(|_| !is_postal(&extra.name));
        list.0.push((class_of(slot, &extra.name), extra.name.clone(), value));
    }
    // Fields in the order of the table, then what has none as it came.
    list.0.sort_by_key(|(class, ..)| match class {
        Ok(slot) => (0, Some(*slot)),
        Err(_) => (1, None),
    });
    list.0
}

struct Fields(Vec<(Class, String, Out)>);

impl Fields {
    fn put(&mut self, slot: Slot, value: &str) {
        self.named(slot, slot.name(), value);
    }

    fn named(&mut self, slot: Slot, name: &str, value: &str) {
        if !value.is_empty() {
            self.0.push((Ok(slot), name.to_owned(), Out::Text(value.to_owned())));
        }
    }

    fn names(&mut self, contact: &ContactOut) {
        let name = shown_name(contact);
        if contact.kind == "company" {
            self.put(Slot::Company, &name);
            return;
        }
        self.put(Slot::Name, &name);
        let order = contact.extras.iter().rfind(|e| e.source == SYSTEM && e.name == ORDER);
        let surname = |e: &crate::exchange::json::ExtraOut| {
            e.value.split(' ').any(|name| Slot::named(name) == Some(Slot::Family))
        };
        if !contact.family.is_empty() {
            self.put(Slot::Family, &contact.family);
        } else if order.is_none_or(surname) {
            self.put(Slot::Family, &name);
        }
        self.put(Slot::Given, &contact.given);
        self.put(Slot::Prefix, &contact.prefix);
        self.put(Slot::Suffix, &contact.suffix);
        self.put(Slot::Company, contact.company.as_ref().map_or("", |company| &company.name));
    }

    fn methods(&mut self, contact: &ContactOut) {
        for (at, mail) in contact.emails.iter().enumerate() {
            let name = if at == 1 { SECOND_MAIL } else { Slot::Mail.name() };
            self.named(Slot::Mail, name, &mail.value);
        }
        for phone in &contact.phones {
            let label = phone.label.to_lowercase();
            let has = |words: &[&str]| words.iter().any(|word| label.contains(word));
            let slot = if has(&["fax", "传真"]) {
                Slot::Fax
            } else if has(&["pager"]) {
                Slot::Pager
            } else if has(&["mobile", "cell", "手机"]) {
                Slot::Mobile
            } else if has(&["home", "住宅", "家"]) {
                Slot::HomePhone
            } else {
                Slot::WorkPhone
            };
            self.put(slot, &phone.value);
        }
        for url in &contact.urls {
            match url.label.as_str() {
                "work" => self.put(Slot::WorkUrl, &url.value),
                "home" => self.put(Slot::HomeUrl, &url.value),
                "" => self.put(Slot::Url, &url.value),
                label => self.put(Slot::Url, &format!("{} {label}", url.value.replace(' ', "%20"))),
            }
        }
    }

    fn addresses(&mut self, contact: &ContactOut) {
        let home = contact.addresses.iter().find(|address| address.label == "home");
        if let Some(AddressOut { street, extended, city, region, postcode, country, po_box, .. }) = home {
            let street = if po_box.is_empty() { street.clone() } else { format!("{po_box}\n{street}") };
            self.put(Slot::HomeStreet, street.trim_end());
            self.put(Slot::HomeExtended, extended);
            self.put(Slot::HomeCity, city);
            self.put(Slot::HomeRegion, region);
            self.put(Slot::HomePostcode, postcode);
            self.put(Slot::HomeCountry, country);
        }
        let work = contact.addresses.iter().find(|address| address.label == "work");
        let work = work.or_else(|| contact.addresses.iter().find(|address| address.label != "home"));
        if let Some(AddressOut { street, extended, city, region, postcode, country, po_box, .. }) = work {
            self.put(Slot::Street, street);
            self.put(Slot::Extended, extended);
            self.put(Slot::PoBox, po_box);
            self.put(Slot::City, city);
            self.put(Slot::Region, region);
            self.put(Slot::Postcode, postcode);
            self.named(Slot::Country, country_name(country), country);
        }
    }

    fn rest(&mut self, contact: &ContactOut) {
        self.put(Slot::Nickname, &contact.nickname);
        self.put(Slot::Title, &contact.title);
        self.put(Slot::Department, &contact.department);
        self.put(Slot::Language, &contact.language);
        self.put(Slot::Note, &contact.note);
        let mut parts = contact.birthday.splitn(3, '-');
        let bare = |text: &str| text.trim_start_matches('0').to_owned();
        match contact.birthday.strip_prefix("--").and_then(|rest| rest.split_once('-')) {
            Some((month, day)) => {
                self.put(Slot::BirthMonth, &bare(month));
                self.put(Slot::BirthDay, &bare(day));
            }
            None if contact.birthday.len() == 10 || contact.birthday.len() == 4 => {
                self.put(Slot::BirthYear, parts.next().unwrap_or_default());
                self.put(Slot::BirthMonth, &bare(parts.next().unwrap_or_default()));
                self.put(Slot::BirthDay, &bare(parts.next().unwrap_or_default()));
            }
            None => {}
        }
        if let Some(photo) = contact.photo.strip_prefix(JPEG) {
            let name = Slot::Photo.name().to_owned();
            self.0.push((Ok(Slot::Photo), name, Out::Binary(photo.to_owned())));
        }
    }
}

/// Puts the attributes where their entry had them; what is new follows its like, or stands at the end.
fn arranged(list: Vec<(Class, String, Out)>, order: Option<&str>) -> Vec<(String, Out)> {
    let Some(order) = order else {
        return list.into_iter().map(|(_, name, value)| (name, value)).collect();
    };
    let places: Vec<&str> = order.split(' ').filter(|name| !name.is_empty()).collect();
    let bare = |name: &'_ str| name.strip_suffix(PADDED).unwrap_or(name).to_owned();
    let names: Vec<String> = places.iter().map(|name| bare(name)).collect();
    let slots = slots(names.iter().map(String::as_str));
    let mut queues: HashMap<Class, VecDeque<(String, Out)>> = HashMap::new();
    let mut sequence = Vec::new();
    for (class, name, value) in list {
        sequence.push(class.clone());
        queues.entry(class).or_default().push_back((name, value));
    }
    let mut last: HashMap<Class, usize> = HashMap::new();
    let mut out: Vec<Vec<(String, Out)>> = Vec::new();
    for ((place, name), slot) in places.iter().zip(&names).zip(&slots) {
        let mut class = class_of(*slot, name);
        let mut found = queues.get_mut(&class).and_then(VecDeque::pop_front);
        if found.is_none() && slot.is_some() {
            class = class_of(None, name);
            found = queues.get_mut(&class).and_then(VecDeque::pop_front);
        }
        let Some((_, value)) = found else { continue };
        let value = if class.is_ok() { spelled(place, name, value) } else { value };
        last.insert(class, out.len());
        out.push(vec![(name.clone(), value)]);
    }
    for class in sequence {
        let Some(queue) = queues.get_mut(&class) else { continue };
        let left: Vec<_> = queue.drain(..).collect();
        match last.get(&class) {
            Some(at) => out[*at].extend(left),
            None => out.push(left),
        }
    }
    out.into_iter().flatten().collect()
}

/// A value as the attribute of this name has it.
fn spelled(place: &str, name: &str, value: Out) -> Out {
    match value {
        Out::Text(text) if place.ends_with(PADDED) => Out::Text(format!("{text:0>2}")),
        Out::Text(text) if is_postal(name) => Out::Text(postal(&text)),
        other => other,
    }
}

/// Lines in one value, parted by `$` (RFC 4517, 3.3.28).
pub(super) fn postal(text: &str) -> String {
    text.replace('\\', "\\5C").replace('$', "\\24").replace('\n', "$")
}

/// An attribute on one line.
fn unfolded(name: &str, value: &Out) -> String {
    let mut out = name.to_owned();
    match value {
        Out::Text(text) if is_safe(text) => {
            out.push_str(": ");
            out.push_str(text);
        }
        Out::Text(text) => {
            out.push_str(":: ");
            out.push_str(&base64::encode(text.as_bytes()));
        }
        Out::Binary(coded) => {
            out.push_str(":: ");
            out.push_str(coded);
        }
        Out::Url(url) => {
            out.push_str(":< ");
            out.push_str(url);
        }
    }
    out
}

/// Writes one attribute, folded. What only rolo understands is a comment: a directory takes no attribute that its schema
/// doesn't have, and every reader passes over comments, which may be folded as well (RFC 2849, notes 2 and 3).
fn line(out: &mut String, name: &str, value: &Out) {
    let comment = if name == carried::NAME { COMMENT } else { "" };
    let whole = format!("{comment}{}", unfolded(name, value));
    if whole.len() <= WIDTH || !whole.is_ascii() {
        out.push_str(&whole);
    } else {
        out.push_str(&whole[..WIDTH]);
        let mut rest = &whole[WIDTH..];
        while !rest.is_empty() {
            let (now, later) = rest.split_at(rest.len().min(WIDTH - 1));
            out.push_str("\n ");
            out.push_str(now);
            rest = later;
        }
    }
    out.push('\n');
}

/// A SAFE-STRING (RFC 2849) that doesn't end with a space, and without control characters: they may stand there, but a file with
/// many of them looks like no text.
fn is_safe(text: &str) -> bool {
    let bytes = text.as_bytes();
    !matches!(bytes.first(), Some(b' ' | b':' | b'<'))
        && bytes.last() != Some(&b' ')
        && bytes.iter().all(|byte| matches!(byte, b'\t' | b' '..=b'~'))
}
