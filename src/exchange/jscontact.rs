//! JSContact, RFC 9553, by way of vCard 4: RFC 9555 says how the two become each other, and keeps what only one has.

use std::io::{self, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};

use calcard::jscontact::JSContact;
use calcard::vcard::{VCard, VCardVersion};
use serde_json::Value;

use super::json::ContactOut;
use super::vcard::{self, read::Read, write::Card};
use super::{ContactWriter, Reason, Warning};

/// Whether a JSON value is a JSContact card.
pub(crate) fn is_card(value: &Value) -> bool {
    value.get("@type").and_then(Value::as_str) == Some("Card")
}

/// Reads a JSContact card.
pub(crate) fn card(value: &Value, warnings: &mut Vec<Warning>) -> Result<Read, Reason> {
    let refused = || Reason::WrongType { key: String::new(), expected: "a JSContact card" };
    let json = value.to_string();
    // What a stranger's card makes another crate do must not end the import.
    let text = catch_unwind(AssertUnwindSafe(|| {
        let card = JSContact::<String, String>::parse(&json).ok()?.into_vcard()?;
        let mut text = String::new();
        card.write_to(&mut text, VCardVersion::V4_0).ok()?;
        Some(text)
    }));
    let text = text.ok().flatten().ok_or_else(refused)?;
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
        let json = catch_unwind(AssertUnwindSafe(|| {
            let card = VCard::parse(text).ok()?;
            serde_json::to_string(&card.into_jscontact::<String, String>()).ok()
        }));
        let json = json
            .ok()
            .flatten()
            .ok_or_else(|| io::Error::other(format!("{} can't be written as JSContact", contact.name)))?;
        self.out.write_all(if self.first { b"[\n" } else { b",\n" })?;
        self.first = false;
        self.out.write_all(json.as_bytes())
    }

    fn finish(&mut self) -> io::Result<()> {
        self.out.write_all(if self.first { b"[]\n" } else { b"\n]\n" })?;
        self.out.flush()
    }
}
