//! What a format has no place for, carried along in one value that only rolo understands.
//!
//! A writer reads back what it has written and carries every part of the contact (`emails`, `note`, ...) that came back as
//! another, each with a hash of what came back: `{"emails":["<hash>",[...]]}`. A reader puts such a part into place as
//! long as the entry still says what it said then. Where somebody else has changed it, the entry counts.

use serde_json::{Map, Value};

use super::json::{self, ContactOut, plain};
use crate::model::draft::{ContactDraft, NAME_PARTS};
use crate::model::schema::Kind;
use crate::text::split_name;

/// The attribute or key that it stands under.
pub(super) const NAME: &str = "rolo-carried";

/// The most that is carried; less than a reader takes as one record.
const MOST: usize = 8 << 20;

/// What the book knows beside what it was told, and ids that mean nothing elsewhere.
const OWN: [&str; 6] = ["id", "created", "updated", "last", "next", "implied"];

/// Which extras a format holds by itself: whether one of this source and name is among them.
pub(super) type Holds = fn(&str, &str) -> bool;

/// The parts of a contact by their key, without the extras that the format holds by itself.
fn parts(contact: &ContactOut, holds: Holds) -> Map<String, Value> {
    let mut contact = contact.clone();
    contact.extras.retain(|extra| !holds(&extra.source, &extra.name));
    if let Some(company) = &mut contact.company {
        company.id.clear();
    }
    let lists =
        [&mut contact.emails, &mut contact.phones, &mut contact.urls, &mut contact.ims, &mut contact.socials];
    lists.into_iter().flatten().for_each(|method| method.normal.clear());
    // Only the book knows that the value of a field is a number.
    contact.fields.values_mut().for_each(|value| *value = plain(value).into());
    if contact.kind == "person" {
        contact.kind.clear();
    }
    // Parts that follow from the whole name are made again of it.
    let split = split_name(&contact.name);
    let of =
        |c: &ContactOut| [&c.prefix, &c.given, &c.middle, &c.family, &c.suffix].map(|part| part.to_owned());
    if of(&contact) == [split.prefix, split.given, split.middle, split.family, split.suffix] {
        for field in NAME_PARTS {
            contact.text_mut(field).map(String::clear);
        }
    }
    let Ok(Value::Object(mut map)) = serde_json::to_value(&contact) else { return Map::new() };
    OWN.iter().for_each(|key| drop(map.shift_remove(*key)));
    map
}

fn hash(part: Option<&Value>) -> String {
    let Some(part) = part else { return String::new() };
    blake3::hash(part.to_string().as_bytes()).to_hex()[..8].to_owned()
}

/// What has to be carried so that `back`, which was read from what was written, becomes `contact`; on one line.
pub(super) fn rest(contact: &ContactOut, back: ContactDraft, holds: Holds) -> Option<String> {
    let (wanted, found) = (parts(contact, holds), parts(&ContactOut::from(back), holds));
    let mut carried = Map::new();
    for (key, value) in &wanted {
        if found.get(key) != Some(value) {
            carried.insert(key.clone(), Value::Array(vec![hash(found.get(key)).into(), value.clone()]));
        }
    }
    for (key, value) in found.iter().filter(|(key, _)| !wanted.contains_key(*key)) {
        carried.insert(key.clone(), Value::Array(vec![hash(Some(value)).into(), Value::Null]));
    }
    let text = (!carried.is_empty()).then(|| Value::Object(carried).to_string())?;
    (text.len() <= MOST).then_some(text)
}

/// Puts what was carried into its place. What is no such value is left as it is, and so is the draft.
pub(super) fn restore(draft: &mut ContactDraft, text: &str, holds: Holds) -> bool {
    let Ok(Value::Object(carried)) = serde_json::from_str(text) else { return false };
    let found = parts(&ContactOut::from(draft.clone()), holds);
    let mut now = found.clone();
    for (key, value) in carried {
        let Some([Value::String(was), is]) = value.as_array().map(Vec::as_slice) else { return false };
        if OWN.contains(&key.as_str()) || hash(found.get(&key)) != *was {
            continue;
        }
        match is {
            Value::Null => drop(now.shift_remove(&key)),
            is => drop(now.insert(key, is.clone())),
        }
    }
    let Ok(mut read) = json::contact(now.clone()) else { return false };
    let same = |keys: &[&str]| keys.iter().all(|key| now.get(*key) == found.get(*key));
    draft.extras.retain(|extra| holds(&extra.source, &extra.name));
    draft.extras.append(&mut read.extras);
    for (kind, key) in
        [("email", "emails"), ("phone", "phones"), ("url", "urls"), ("im", "ims"), ("social", "socials")]
    {
        if !same(&[key]) {
            draft.methods.retain(|method| method.kind != kind);
            draft.methods.extend(read.methods.iter().filter(|method| method.kind == kind).cloned());
        }
    }
    if !same(&["dates", "birthday"]) {
        draft.dates = read.dates;
    }
    for (field, _) in ContactOut::default().texts() {
        let with: &[&str] = if NAME_PARTS.contains(&field) { &NAME_PARTS } else { &[field] };
        if field != "kind" && !same(with) {
            draft.fields.retain(|(own, _)| *own != field);
            draft.fields.extend(read.fields.iter().find(|(own, _)| *own == field).cloned());
        }
    }
    for flag in ["starred", "archived"] {
        draft.fields.retain(|(own, _)| *own != flag);
        draft.fields.extend(read.fields.iter().find(|(own, _)| *own == flag).cloned());
    }
    if !same(&["consents"]) {
        draft.records.retain(|record| record.kind != Kind::Consent);
        draft.records.append(&mut read.records);
    }
    (draft.kind, draft.company, draft.deleted) = (read.kind, read.company, read.deleted);
    (draft.addresses, draft.tags, draft.links) = (read.addresses, read.tags, read.links);
    draft.values = read.values;
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::json::{CompanyOut, ExtraOut, MethodOut};

    fn contact() -> ContactOut {
        let extra = |source: &str| ExtraOut {
            source: source.into(),
            name: "n".into(),
            params: "p".into(),
            value: "v".into(),
        };
        ContactOut {
            kind: "person".into(),
            name: "Ann".into(),
            note: "a\nb".into(),
            starred: true,
            company: Some(CompanyOut { id: "1".into(), name: "Acme".into() }),
            emails: vec![MethodOut {
                value: "a@x".into(),
                label: "work".into(),
                preferred: true,
                ..MethodOut::default()
            }],
            extras: vec![extra("ldif"), extra("csv")],
            ..ContactOut::default()
        }
    }

    fn ldif(source: &str, _: &str) -> bool {
        source == "ldif"
    }

    #[test]
    fn what_came_back_otherwise_is_put_into_place_and_what_was_changed_elsewhere_is_not() {
        let whole = contact();
        let mut thin = ContactDraft::default();
        thin.set("name", "Ann");
        thin.set("family", "Ann");
        let text = rest(&whole, thin.clone(), ldif).unwrap();
        let mut back = thin.clone();
        back.extras = ContactDraft::from(whole.clone()).extras[..1].to_vec();
        assert!(restore(&mut back, &text, ldif));
        assert_eq!(parts(&ContactOut::from(back.clone()), |_, _| false), parts(&whole, |_, _| false));
        assert_eq!(rest(&whole, back, ldif), None, "nothing is left to carry");
        // Somebody gave the entry another family name, and an e-mail.
        let mut changed = thin;
        changed.set("note", "theirs");
        assert!(restore(&mut changed, &text, ldif));
        assert_eq!((changed.get("note"), changed.get("family")), (Some("theirs"), None));
        assert_eq!(changed.methods.len(), 1);
        for junk in ["", "x", "[]", "{\"note\":1}", "{\"note\":[1,2]}", "{\"emails\":[\"\",7]}"] {
            let mut draft = ContactDraft::default();
            draft.set("name", "Ann");
            let before = draft.clone();
            restore(&mut draft, junk, ldif);
            assert_eq!(draft.get("note"), before.get("note"), "{junk}");
        }
    }
}
