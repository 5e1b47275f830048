//! What a readable directory of contacts shows: the lines of each contact, grouped by initials. `html` and `markdown` write
//! it down.

use std::collections::HashMap;

use super::json::{AddressOut, ContactOut, MethodOut, plain};
use crate::text::sort_key;

/// The words of a directory, in the reader's language.
#[derive(Clone, Debug, Default)]
pub struct Words {
    /// A language tag: `en`, `zh-CN`.
    pub language: String,
    /// The directory's title.
    pub title: String,
    /// Names of fields and labels; one that isn't there stands for itself.
    pub terms: HashMap<String, String>,
}

impl Words {
    pub(super) fn term<'a>(&'a self, word: &'a str) -> &'a str {
        self.terms.get(word).map_or(word, String::as_str)
    }
}

/// What a line's value is, and so how it can be followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Is {
    Text,
    Email,
    Phone,
    Url,
}

/// One line of a contact: what it is called, its value, what that is.
pub(super) type Line = (String, String, Is);

/// The heading that a name stands under: its first letter, without diacritics, that of its pinyin for Chinese; `#` where
/// there is none.
pub(super) fn initial(name: &str) -> String {
    match sort_key(name).chars().next() {
        Some(c) if c.is_alphabetic() => c.to_uppercase().collect(),
        _ => "#".to_owned(),
    }
}

/// The name to show.
pub(super) fn name(contact: &ContactOut) -> String {
    let company = contact.company.as_ref().map_or("", |company| company.name.as_str());
    let first = |list: &[MethodOut]| list.first().map(|method| method.value.clone()).unwrap_or_default();
    let choices = [
        contact.name.clone(),
        contact.nickname.clone(),
        company.to_owned(),
        first(&contact.emails),
        first(&contact.phones),
    ];
    choices.into_iter().find(|name| !name.trim().is_empty()).unwrap_or_else(|| "—".to_owned())
}

/// Title and company, in one line.
pub(super) fn position(contact: &ContactOut) -> String {
    let company = contact.company.as_ref().map_or("", |company| company.name.as_str());
    let parts = [contact.title.as_str(), contact.department.as_str(), company];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}

/// Everything else, line by line.
pub(super) fn lines(contact: &ContactOut, words: &Words) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    let mut add = |name: String, value: &str, is: Is| {
        if !value.trim().is_empty() {
            lines.push((name, value.to_owned(), is));
        }
    };
    let called = |field: &str, label: &str| match label {
        "" => words.term(field).to_owned(),
        label => words.term(label).to_owned(),
    };
    if !contact.name.is_empty() {
        add(words.term("nickname").to_owned(), &contact.nickname, Is::Text);
    }
    for (field, method) in contact.methods() {
        let is = match field {
            "email" => Is::Email,
            "phone" => Is::Phone,
            "url" => Is::Url,
            _ => Is::Text,
        };
        let label = if method.service.is_empty() { &method.label } else { &method.service };
        add(called(field, label), &method.value, is);
    }
    for address in &contact.addresses {
        add(called("address", &address.label), &on_one_line(address), Is::Text);
    }
    add(words.term("birthday").to_owned(), contact.birthday.trim_start_matches("--"), Is::Text);
    for date in &contact.dates {
        let lunar =
            if date.calendar == "chinese" { format!(" ({})", words.term("chinese")) } else { String::new() };
        let day = format!("{}{lunar}", date.date.trim_start_matches("--"));
        add(called("date", &date.label), &day, Is::Text);
    }
    for (key, value) in &contact.fields {
        add(key.clone(), &plain(value), Is::Text);
    }
    for link in &contact.links {
        add(words.term(&link.relation).to_owned(), &link.name, Is::Text);
    }
    add(words.term("tags").to_owned(), &contact.tags.join(", "), Is::Text);
    add(words.term("note").to_owned(), &contact.note, Is::Text);
    lines
}

fn on_one_line(a: &AddressOut) -> String {
    let street = a.street.lines().map(str::trim).collect::<Vec<_>>().join(", ");
    let town = [&a.postcode, &a.city]
        .into_iter()
        .filter(|part| !part.is_empty())
        .cloned()
        .collect::<Vec<_>>()
        .join(" ");
    let parts = [&a.po_box, &a.extended, &street, &town, &a.region, &a.country];
    parts.into_iter().filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>().join(", ")
}
