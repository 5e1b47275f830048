//! JSContact, RFC 9553, by way of vCard 4: RFC 9555 says how the two become each other, and keeps what only one has.

use std::io::{self, Write};

use calcard::jscontact::JSContact;
use calcard::vcard::{VCard, VCardVersion};
use serde_json::Value;

use super::json::ContactOut;
use super::vcard::{self, read::Read, write::Card};
use super::{ContactWriter, Reason, Warning, carried};
use crate::model::draft::ContactDraft;
use crate::model::guard::guarded;

/// Whether a JSON value is a JSContact card.
pub(crate) fn is_card(value: &Value) -> bool {
    value.get("@type").and_then(Value::as_str) == Some("Card")
}

/// Where what the two formats lose on the way is carried: a property of our own (RFC 9553, 1.8.1).
const CARRIED: &str = "rolo:carried";

/// Which extras a card holds by itself: how it was spelled is nothing that a contact has.
fn holds(source: &str, name: &str) -> bool {
    source == vcard::SYSTEM && name == vcard::LAYOUT
}

/// Reads a JSContact card.
pub(crate) fn card(value: &Value, warnings: &mut Vec<Warning>) -> Result<Read, Reason> {
    let mut bare = value.clone();
    let carried = bare.as_object_mut().and_then(|map| map.shift_remove(CARRIED));
    let mut read = plain(&bare, warnings)?;
    if let (Read::Contact(draft), Some(text)) = (&mut read, carried.as_ref().and_then(Value::as_str)) {
        carried::restore(draft, text, holds);
    }
    Ok(read)
}

/// Reads what any other program would.
fn plain(value: &Value, warnings: &mut Vec<Warning>) -> Result<Read, Reason> {
    let refused = || Reason::WrongType { key: String::new(), expected: "a JSContact card" };
    let json = value.to_string();
    // What a stranger's card makes another crate do must not end the import.
    let text = guarded(|| {
        let card = JSContact::<String, String>::parse(&json).ok()?.into_vcard()?;
        let mut text = String::new();
        card.write_to(&mut text, VCardVersion::V4_0).ok()?;
        Some(text)
    });
    let text = text.flatten().ok_or_else(refused)?;
    let mut lines = Vec::new();
    let read = vcard::card(text.as_bytes(), 1, &mut vcard::charsets(), &mut lines);
    // The lines of the card in between are nobody's.
    warnings.extend(lines.into_iter().map(|warning| Warning { line: 0, ..warning }));
    Ok(read)
}

/// Writes an array of JSContact cards.
pub struct Writer<W: Write> {
    out: W,
    card: Card,
    first: bool,
}

impl<W: Write> Writer<W> {
    /// Nothing is written before the first contact.
    pub fn new(out: W) -> Self {
        Self { out, card: Card::new(true), first: true }
    }
}

impl<W: Write> ContactWriter for Writer<W> {
    fn write(&mut self, contact: &ContactOut) -> io::Result<()> {
        self.card.contact(contact);
        let text = self.card.text.as_str();
        let json = guarded(|| {
            let card = VCard::parse(text).ok()?;
            serde_json::to_value(card.into_jscontact::<String, String>()).ok()
        });
        let mut json = json
            .flatten()
            .ok_or_else(|| io::Error::other(format!("{} can't be written as JSContact", contact.name)))?;
        self.out.write_all(if self.first { b"[\n" } else { b",\n" })?;
        self.first = false;
        let back = match plain(&json, &mut Vec::new()) {
            Ok(Read::Contact(draft)) => *draft,
            _ => ContactDraft::default(),
        };
        if let (Some(rest), Value::Object(map)) = (carried::rest(contact, back, holds), &mut json) {
            map.insert(CARRIED.to_owned(), rest.into());
        }
        Ok(serde_json::to_writer(&mut self.out, &json)?)
    }

    fn finish(&mut self) -> io::Result<()> {
        self.out.write_all(if self.first { b"[]\n" } else { b"\n]\n" })?;
        self.out.flush()
    }
}
