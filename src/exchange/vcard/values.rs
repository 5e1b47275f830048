//! Values of properties: from what the book has to what a card says, and back.

use std::borrow::Cow;

use super::dates;
use super::line::{Line, is_name, params, unescape};
use super::meaning::{Meaning, meaning, param, scheme, service_of};
use super::write::{escape, escape_uri};
use super::{BROKEN, SYSTEM, uri};
use crate::exchange::json::{AddressOut, ContactOut};
use crate::model::draft::{AddressDraft, ExtraDraft};

/// The parts of `N`.
pub(crate) fn name_parts(contact: &ContactOut) -> [&str; 5] {
    [&contact.family, &contact.given, &contact.middle, &contact.prefix, &contact.suffix]
}

/// The parts of `ORG`: a company is its own organisation.
pub(crate) fn org_parts(contact: &ContactOut) -> [&str; 2] {
    let own = if contact.kind == "company" { contact.name.as_str() } else { "" };
    [contact.company.as_ref().map_or(own, |company| &company.name), &contact.department]
}

pub(crate) fn org_value(org: &[&str; 2]) -> String {
    structured(if org[1].is_empty() { &org[..1] } else { org })
}

/// A structured value.
pub(crate) fn structured(parts: &[&str]) -> String {
    let mut out = String::new();
    for (at, part) in parts.iter().enumerate() {
        if at > 0 {
            out.push(';');
        }
        escape(part, &mut out);
    }
    out
}

pub(crate) fn address_value(address: &AddressOut) -> String {
    structured(&[
        &address.po_box,
        &address.extended,
        &address.street,
        &address.city,
        &address.region,
        &address.postcode,
        &address.country,
    ])
}

/// The value of a way to reach someone, for a property of this name.
pub(crate) fn method_value(name: &str, kind: &str, service: &str, value: &str) -> String {
    if name.eq_ignore_ascii_case("IMPP") {
        return format!("{}:{}", scheme(service), uri::encode(value));
    }
    let mut out = String::with_capacity(value.len() + 4);
    match kind {
        "url" | "social" => escape_uri(value, &mut out),
        _ => escape(value, &mut out),
    }
    out
}

/// The value of a day, and whether it had to be text.
pub(crate) fn date_value(name: &str, date: &str, v4: bool) -> (String, bool) {
    // What Apple made up keeps the form that Apple gave it.
    let v4 = v4 && !name.starts_with(['X', 'x']);
    match dates::write(date, v4) {
        Some(value) => (value, false),
        None => {
            let mut out = String::new();
            escape(date, &mut out);
            (out, true)
        }
    }
}

/// Parameters as this version writes them: no bare ones, and its own way to say what is preferred.
pub(crate) fn converted(text: &str, v4: bool) -> Cow<'_, str> {
    let lower = text.to_ascii_lowercase();
    let bare = text.split(';').any(|param| !param.is_empty() && !param.contains('='));
    if !bare && !lower.contains("pref") && !lower.contains("value=url") {
        return text.into();
    }
    let mut out = String::with_capacity(text.len() + 8);
    let numbered = params(text).any(|param| param.is("PREF"));
    let mut add = |name: &str, value: &str| {
        if !out.is_empty() {
            out.push(';');
        }
        out.extend([name, "=", value]);
    };
    for param in params(text) {
        let pref = |value: &str| value.eq_ignore_ascii_case("pref");
        if param.is("VALUE") && param.value.eq_ignore_ascii_case("url") {
            add("VALUE", "uri");
        } else if v4 && param.is("TYPE") && param.values().any(pref) {
            let others: Vec<&str> = param.values().filter(|value| !pref(value)).collect();
            if !others.is_empty() {
                add(param.name, &others.join(","));
            }
            if !numbered {
                add("PREF", "1");
            }
        } else if !v4 && param.is("PREF") && param.value == "1" {
            add("TYPE", "pref");
        } else {
            add(param.name, param.value);
        }
    }
    out.into()
}

/// Embedded data as this version writes it; `None` if it is none, or right already.
pub(super) fn binary(name: &str, text: &str, value: &str, v4: bool) -> Option<(String, String)> {
    let family = match name.to_ascii_uppercase().as_str() {
        "PHOTO" | "LOGO" => "image",
        "SOUND" => "audio",
        "KEY" => "application",
        _ => return None,
    };
    let mut kept = String::new();
    let mut keep = |name: &str, value: &str| {
        if !kept.is_empty() {
            kept.push(';');
        }
        kept.extend([name, "=", value]);
    };
    if v4 {
        params(text).find(|param| param.is("ENCODING"))?;
        let mut media = None;
        for param in params(text) {
            if param.is("TYPE") && media.is_none() && !param.value.eq_ignore_ascii_case("pref") {
                media = Some(param.value.trim_matches('"').to_ascii_lowercase());
            } else if !param.is("ENCODING") {
                keep(param.name, param.value);
            }
        }
        let media = match media {
            Some(media) if media.contains('/') => media,
            Some(media) => format!("{family}/{media}"),
            None if value.starts_with("/9j/") => "image/jpeg".to_owned(),
            None if value.starts_with("iVBOR") => "image/png".to_owned(),
            None => "application/octet-stream".to_owned(),
        };
        return Some((kept, format!("data:{media};base64,{value}")));
    }
    let (media, data) = value.get(5..)?.split_once(";base64,")?;
    value[..5].eq_ignore_ascii_case("data:").then_some(())?;
    for param in params(text) {
        keep(param.name, param.value);
    }
    keep("ENCODING", "b");
    let word = media.strip_prefix(family).and_then(|rest| rest.strip_prefix('/'));
    if let Some(word) = word.filter(|word| is_name(word)) {
        keep("TYPE", &word.to_ascii_uppercase());
    }
    Some((kept, data.to_owned()))
}

pub(super) fn is_uri(line: &Line<'_>) -> bool {
    param(line, "VALUE").is_some_and(|value| value.value.eq_ignore_ascii_case("uri"))
}

/// The texts that aren't empty, in one.
pub(super) fn joined(texts: &[Cow<'_, str>], by: &str) -> String {
    let mut texts = texts.iter().map(|text| text.trim()).filter(|text| !text.is_empty());
    let mut out = texts.next().unwrap_or_default().to_owned();
    for text in texts {
        out.push_str(by);
        out.push_str(text);
    }
    out
}

/// The part of an address that stands at this place.
pub(super) fn address_part(address: &mut AddressDraft, at: usize) -> Option<&mut String> {
    Some(match at {
        0 => &mut address.po_box,
        1 => &mut address.extended,
        2 => &mut address.street,
        3 => &mut address.city,
        4 => &mut address.region,
        5 => &mut address.postcode,
        6 => &mut address.country,
        _ => return None,
    })
}

/// How `GENDER` says a gender.
pub(crate) fn gender_value(text: &str) -> String {
    match text {
        "male" => "M".to_owned(),
        "female" => "F".to_owned(),
        "other" => "O".to_owned(),
        "none" => "N".to_owned(),
        "unknown" => "U".to_owned(),
        other => {
            let mut out = String::from(";");
            super::write::escape(other, &mut out);
            out
        }
    }
}

/// Takes the name at a service out of its URI; says whether the writer would make the same URI of it.
pub(super) fn messenger(text: &str, service: &mut String) -> (String, bool) {
    let Some((found, rest)) = text.split_once(':').filter(|(scheme, _)| super::line::is_name(scheme)) else {
        return (text.to_owned(), true);
    };
    let rest_text = uri::decode(rest.strip_prefix("//").unwrap_or(rest));
    let mut whole = false;
    if service.is_empty() {
        match service_of(found) {
            Some(known) => known.into_owned().clone_into(service),
            None => return (text.to_owned(), true),
        }
        // Without a parameter only the value says which service it is.
        whole = !service.is_empty();
    }
    whole |= format!("{}:{}", scheme(service), uri::encode(&rest_text)) != text;
    (rest_text, whole)
}

/// A timestamp of vCard as RFC 3339.
pub(crate) fn instant(text: &str) -> Option<String> {
    use chrono::{DateTime, NaiveDateTime, SecondsFormat};
    if let Ok(at) = DateTime::parse_from_rfc3339(text) {
        return Some(at.to_utc().to_rfc3339_opts(SecondsFormat::AutoSi, true));
    }
    for format in ["%Y%m%dT%H%M%S%.f%#z", "%Y-%m-%dT%H:%M:%S%.f%#z"] {
        if let Ok(at) = DateTime::parse_from_str(text, format) {
            return Some(at.to_utc().to_rfc3339_opts(SecondsFormat::AutoSi, true));
        }
    }
    let bare = text.strip_suffix(['Z', 'z']).unwrap_or(text);
    let parsed = ["%Y%m%dT%H%M%S%.f", "%Y-%m-%dT%H:%M:%S%.f"]
        .iter()
        .find_map(|format| NaiveDateTime::parse_from_str(bare, format).ok());
    let at = parsed.or_else(|| {
        let day = dates::read(bare, None).filter(|day| day.len() == 10)?;
        chrono::NaiveDate::parse_from_str(&day, "%Y-%m-%d").ok()?.and_hms_opt(0, 0, 0)
    })?;
    Some(at.and_utc().to_rfc3339_opts(SecondsFormat::AutoSi, true))
}

pub(super) fn extra(name: &str, params: &str, value: &str) -> ExtraDraft {
    ExtraDraft {
        source: SYSTEM.to_owned(),
        name: name.to_owned(),
        params: params.to_owned(),
        value: value.to_owned(),
    }
}

pub(super) fn extra_of(line: &Line<'_>) -> ExtraDraft {
    match meaning(line.name) {
        Meaning::Broken => extra(BROKEN, "", &unescape(&line.value)),
        _ => extra(&line.full_name(), &line.params, &line.value),
    }
}
