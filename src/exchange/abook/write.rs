//! Contacts to entries.

use std::collections::{HashMap, VecDeque};
use std::io::{self, Write};

use super::read::{again, header};
use super::{ORDER, SYSTEM, Slot};
use crate::exchange::json::{ContactOut, plain};
use crate::exchange::{ContactWriter, carried};

/// Writes abook's file. A value has one line there: line breaks become spaces.
pub struct Writer<W: Write> {
    out: W,
    count: usize,
}

impl<W: Write> Writer<W> {
    /// Writes to `out`.
    pub const fn new(out: W) -> Self {
        Self { out, count: 0 }
    }

    fn begin(&mut self) -> io::Result<()> {
        if self.count == 0 {
            self.out.write_all(b"# abook addressbook file\n\n[format]\nprogram=abook\nversion=0.6.1\n\n")?;
        }
        Ok(())
    }
}

impl<W: Write> ContactWriter for Writer<W> {
    fn write(&mut self, contact: &ContactOut) -> io::Result<()> {
        self.begin()?;
        let mut text = String::new();
        let order = contact.extras.iter().rfind(|e| e.source == SYSTEM && e.name == ORDER);
        for (key, value) in arranged(entries(contact), order.map(|e| e.value.as_str())) {
            text.push_str(&key);
            text.push('=');
            text.push_str(&value);
            text.push('\n');
        }
        if let Some(rest) = carried::rest(contact, again(&text), super::holds) {
            text.push_str(&format!("{}={rest}\n", carried::NAME));
        }
        write!(self.out, "\n[{}]\n{text}", self.count)?;
        self.count += 1;
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        self.begin()?;
        self.out.flush()
    }
}

/// What a key stands in line with others for.
type Class = Result<Slot, String>;

/// On one line, without white space around it.
fn one_line(text: &str) -> String {
    text.split(['\n', '\r', '\0', '\u{85}', '\u{2028}', '\u{2029}'])
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// A custom field's key as abook can read it before this value.
fn custom_key(key: &str, value: &str) -> String {
    let key: String = one_line(key).chars().map(|c| if c == '=' { '_' } else { c }).collect();
    // With its value it may be the line that begins a section.
    let opens = || header(&format!("{key}={}", one_line(value))).is_some();
    let taken = key.is_empty()
        || key.starts_with('#')
        || key == carried::NAME
        || Slot::named(&key).is_some()
        || opens();
    if taken { format!("x-{key}") } else { key }
}

struct Entries(Vec<(Class, String, String)>);

impl Entries {
    fn put(&mut self, slot: Slot, value: &str) {
        self.push(Ok(slot), slot.key().to_owned(), value);
    }

    fn push(&mut self, class: Class, key: String, value: &str) {
        let value = one_line(value);
        if !value.is_empty() {
            self.0.push((class, key, value));
        }
    }

    /// Numbers go where their label says as long as that place is free, then to any that is left.
    fn phones(&mut self, contact: &ContactOut) {
        let mut free = vec![Slot::Phone, Slot::WorkPhone, Slot::Mobile, Slot::Fax];
        let mut placed: Vec<(Slot, &str)> = Vec::new();
        let mut left = Vec::new();
        for phone in &contact.phones {
            let label = phone.label.to_lowercase();
            let has = |words: &[&str]| words.iter().any(|word| label.contains(word));
            let wanted = if has(&["fax", "传真"]) {
                Slot::Fax
            } else if has(&["mobile", "cell", "手机"]) {
                Slot::Mobile
            } else if has(&["work", "office", "工作", "办公"]) {
                Slot::WorkPhone
            } else if has(&["home", "住宅", "家"]) {
                Slot::Phone
            } else {
                left.push(phone.value.as_str());
                continue;
            };
            match free.iter().position(|slot| *slot == wanted) {
                Some(at) => placed.push((free.remove(at), &phone.value)),
                None => left.push(&phone.value),
            }
        }
        // abook shows the first of these in its list, unless its user wanted it otherwise.
        let order = contact.extras.iter().rfind(|e| e.source == SYSTEM && e.name == ORDER);
        let wanted =
            order.is_some_and(|e| e.value.lines().any(|key| Slot::named(key) == Some(Slot::MorePhones)));
        if placed.is_empty() && !left.is_empty() && !wanted {
            placed.push((Slot::Phone, left.remove(0)));
        }
        placed.sort_by_key(|found| found.0);
        for (slot, value) in placed {
            self.put(slot, value);
        }
        for (at, value) in left.into_iter().enumerate() {
            self.push(Ok(Slot::MorePhones), format!("phone{}", at + 2), value);
        }
    }
}

fn entries(contact: &ContactOut) -> Vec<(Class, String, String)> {
    let mut list = Entries(Vec::new());
    let company = contact.company.as_ref().map_or("", |company| company.name.as_str());
    // abook drops an entry without a name.
    let mail = contact.emails.first().map_or("", |mail| mail.value.as_str());
    let phone = contact.phones.first().map_or("", |phone| phone.value.as_str());
    let names = [&contact.name, mail, &contact.nickname, company, phone, "-"];
    list.put(Slot::Name, names.into_iter().find(|name| !one_line(name).is_empty()).unwrap_or("-"));
    // abook parts them by commas, and knows no quoting.
    let emails = contact.emails.iter().map(|mail| mail.value.replace(',', ""));
    list.put(Slot::Email, &emails.collect::<Vec<_>>().join(","));
    if let Some(address) = contact.addresses.first() {
        let street = [address.po_box.as_str(), &address.street].into_iter().filter(|part| !part.is_empty());
        list.put(Slot::Street, &street.collect::<Vec<_>>().join(", "));
        list.put(Slot::Extended, &address.extended);
        list.put(Slot::City, &address.city);
        list.put(Slot::Region, &address.region);
        list.put(Slot::Postcode, &address.postcode);
        list.put(Slot::Country, &address.country);
    }
    list.phones(contact);
    list.put(Slot::Nickname, &contact.nickname);
    for url in &contact.urls {
        list.put(Slot::Url, &url.value);
    }
    list.put(Slot::Note, &contact.note);
    let dated =
        |label: &str| contact.dates.iter().find(|date| date.label == label && date.calendar.is_empty());
    list.put(Slot::Anniversary, dated("anniversary").map_or("", |date| &date.date));
    let tags = contact.tags.iter().map(|tag| tag.replace(',', " "));
    list.put(Slot::Tags, &tags.collect::<Vec<_>>().join(","));
    list.put(Slot::Birthday, &contact.birthday);
    list.put(Slot::Company, company);
    list.put(Slot::Title, &contact.title);
    list.put(Slot::Department, &contact.department);
    for (key, value) in &contact.fields {
        let value = plain(value);
        // It has its place by what it is called in the file.
        let key = custom_key(key, &value);
        list.push(Err(key.clone()), key, &value);
    }
    for extra in contact.extras.iter().filter(|e| e.source == SYSTEM && e.name != ORDER) {
        let key = one_line(&extra.name);
        list.push(Slot::named(&key).ok_or_else(|| key.clone()), key, &extra.value);
    }
    list.0.sort_by_key(|(class, ..)| match class {
        Ok(slot) => (0, Some(*slot)),
        Err(_) => (1, None),
    });
    list.0
}

/// Puts the keys where their entry had them; what is new follows at the end.
fn arranged(list: Vec<(Class, String, String)>, order: Option<&str>) -> Vec<(String, String)> {
    let mut out = Vec::with_capacity(list.len());
    let mut queues: HashMap<Class, VecDeque<(usize, String, String)>> = HashMap::new();
    for (at, (class, key, value)) in list.into_iter().enumerate() {
        queues.entry(class).or_default().push_back((at, key, value));
    }
    for key in order.into_iter().flat_map(str::lines) {
        // As it is written, which need not be as it was read.
        let key = one_line(key);
        let class = Slot::named(&key).ok_or_else(|| key.clone());
        if let Some((_, _, value)) = queues.get_mut(&class).and_then(VecDeque::pop_front) {
            out.push((key, value));
        }
    }
    let mut left: Vec<_> = queues.into_values().flatten().collect();
    left.sort();
    out.extend(left.into_iter().map(|(_, key, value)| (key, value)));
    out
}
