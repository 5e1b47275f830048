//! jCard, RFC 7095: the properties of a vCard as JSON arrays, both ways.

use std::io::{self, Write};

use serde_json::{Map, Value, json};

use super::line::{Line, is_name, params, parse, split, unescape};
use super::meaning::{Meaning, meaning, param};
use super::read::{Read, read};
use super::write::{Card, escape, param_value};
use super::{dates, read::instant};
use crate::exchange::json::ContactOut;
use crate::exchange::{ContactWriter, Reason, Warning};

/// Whether a JSON value is a jCard.
pub(crate) fn is_card(value: &Value) -> bool {
    let Some([kind, Value::Array(_), ..]) = value.as_array().map(Vec::as_slice) else { return false };
    kind.as_str().is_some_and(|kind| kind.eq_ignore_ascii_case("vcard"))
}

fn wrong(key: String, expected: &'static str) -> Reason {
    Reason::WrongType { key, expected }
}

/// Reads a jCard.
pub(crate) fn card(value: &Value, warnings: &mut Vec<Warning>) -> Result<Read, Reason> {
    let properties = value.get(1).and_then(Value::as_array);
    let properties = properties.ok_or_else(|| wrong("[1]".to_owned(), "a list"))?;
    let mut texts = Vec::with_capacity(properties.len());
    for (at, property) in properties.iter().enumerate() {
        texts.push(content(property).ok_or_else(|| wrong(format!("[1][{at}]"), "a property"))?);
    }
    let lines: Vec<Line<'_>> =
        texts.iter().filter_map(|text| parse(0, text)).filter(|line| line.has_value).collect();
    Ok(read(&lines, &[], warnings))
}

/// A property as a content line.
fn content(property: &Value) -> Option<String> {
    let [name, given, kind, values @ ..] = property.as_array()?.as_slice() else { return None };
    let (name, given, kind) = (name.as_str()?, given.as_object()?, kind.as_str()?);
    if !is_name(name) {
        return None;
    }
    let mut out = String::new();
    if let Some(group) = given.get("group").and_then(Value::as_str).filter(|group| is_name(group)) {
        out.extend([group, "."]);
    }
    out.push_str(&name.to_ascii_uppercase());
    for (key, value) in given {
        if key == "group" || !is_name(key) {
            continue;
        }
        out.extend([";", key.to_ascii_uppercase().as_str(), "="]);
        let list = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
        for (at, value) in list.iter().enumerate() {
            if at > 0 {
                out.push(',');
            }
            param_value(&scalar(value), &mut out);
        }
    }
    let usual = usual_type(name);
    if kind != usual && kind != "unknown" {
        out.extend([";VALUE=", if is_name(kind) { kind } else { "text" }]);
    }
    out.push(':');
    for (at, value) in values.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        match value {
            Value::Array(parts) => {
                for (at, part) in parts.iter().enumerate() {
                    if at > 0 {
                        out.push(';');
                    }
                    let list = part.as_array().map_or(std::slice::from_ref(part), Vec::as_slice);
                    for (at, text) in list.iter().enumerate() {
                        if at > 0 {
                            out.push(',');
                        }
                        escape(&scalar(text), &mut out);
                    }
                }
            }
            other if is_text(kind) => escape(&scalar(other), &mut out),
            // Neither escaped nor allowed to break the line.
            other => out.push_str(&scalar(other).replace(['\r', '\n'], "\\n")),
        }
    }
    Some(out)
}

fn scalar(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

fn is_text(kind: &str) -> bool {
    matches!(kind, "text" | "language-tag")
}

/// The type of a property's value where nothing is said about it.
fn usual_type(name: &str) -> &'static str {
    match name.to_ascii_lowercase().as_str() {
        "bday" | "anniversary" | "deathdate" => "date-and-or-time",
        "rev" | "created" => "timestamp",
        "lang" => "language-tag",
        "uid" | "url" | "impp" | "photo" | "logo" | "sound" | "key" | "related" | "member" | "source"
        | "fburl" | "caladruri" | "caluri" | "geo" | "socialprofile" => "uri",
        "fn" | "n" | "nickname" | "gender" | "adr" | "tel" | "email" | "tz" | "title" | "role" | "org"
        | "categories" | "note" | "prodid" | "clientpidmap" | "version" | "kind" | "xml" | "pronouns" => {
            "text"
        }
        _ => "unknown",
    }
}

/// A property of a vCard 4 as jCard has it.
fn property(line: &Line<'_>) -> Value {
    let mut given = Map::new();
    if !line.group.is_empty() {
        given.insert("group".to_owned(), line.group.into());
    }
    for one in params(&line.params).filter(|one| !one.is("VALUE")) {
        let name = one.name.to_ascii_lowercase();
        let several = one.is("TYPE") || (one.value.contains(',') && !one.value.contains('"'));
        let mut values: Vec<Value> =
            if several { one.values().map(Value::from).collect() } else { vec![one.text().into()] };
        if let Some(before) = given.remove(&name) {
            match before {
                Value::Array(list) => values.splice(0..0, list).for_each(drop),
                one => values.insert(0, one),
            }
        }
        let value = if values.len() == 1 { values.remove(0) } else { Value::Array(values) };
        given.insert(name, value);
    }
    let said = param(line, "VALUE").map(|value| value.value.to_ascii_lowercase());
    let kind = said.unwrap_or_else(|| usual_type(line.name).to_owned());
    let mut all = vec![line.name.to_ascii_lowercase().into(), Value::Object(given), kind.as_str().into()];
    let text = |part: &str| Value::from(unescape(part));
    let list = |part: &str| {
        let mut texts: Vec<Value> = split(part, ',').map(text).collect();
        if texts.len() == 1 { texts.remove(0) } else { Value::Array(texts) }
    };
    match meaning(line.name) {
        _ if kind == "unknown" => all.push(line.value.as_ref().into()),
        Meaning::N | Meaning::Address | Meaning::Org | Meaning::Gender => {
            let mut parts: Vec<Value> = split(&line.value, ';').map(list).collect();
            all.push(if parts.len() == 1 { parts.remove(0) } else { Value::Array(parts) });
        }
        Meaning::Nickname | Meaning::Tags => all.extend(split(&line.value, ',').map(text)),
        Meaning::Date(_) if kind == "date-and-or-time" => {
            let day =
                dates::write(&line.value, true).is_none().then(|| dates::read(&line.value, None)).flatten();
            let whole = !line.value.contains(['T', 't']);
            all.push(day.filter(|_| whole).map_or_else(|| line.value.as_ref().into(), Value::from));
        }
        Meaning::Rev | Meaning::Created => {
            all.push(instant(&line.value).map_or_else(|| line.value.as_ref().into(), Value::from));
        }
        _ if is_text(&kind) => all.push(text(&line.value)),
        _ => all.push(line.value.as_ref().into()),
    }
    Value::Array(all)
}

/// A contact as a jCard.
pub(crate) fn value(card: &mut Card, contact: &ContactOut) -> Value {
    card.contact(contact);
    let lines = card.text.split("\r\n").filter_map(|text| parse(0, text));
    let lines = lines.filter(|line| !line.is("BEGIN") && !line.is("END"));
    let properties: Vec<Value> = lines.map(|line| property(&line)).collect();
    json!(["vcard", properties])
}

/// Writes an array of jCards.
pub struct Writer<W: Write> {
    out: W,
    card: Card,
    first: bool,
}

impl<W: Write> Writer<W> {
    /// Nothing is written before the first contact.
    pub fn new(out: W) -> Self {
        let mut card = Card::new(true);
        card.fold = false;
        Self { out, card, first: true }
    }
}

impl<W: Write> ContactWriter for Writer<W> {
    fn write(&mut self, contact: &ContactOut) -> io::Result<()> {
        self.out.write_all(if self.first { b"[\n" } else { b",\n" })?;
        self.first = false;
        let value = value(&mut self.card, contact);
        Ok(serde_json::to_writer(&mut self.out, &value)?)
    }

    fn finish(&mut self) -> io::Result<()> {
        self.out.write_all(if self.first { b"[]\n" } else { b"\n]\n" })?;
        self.out.flush()
    }
}
