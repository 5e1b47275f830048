//! rolo to a format and back, for every format that holds contacts: nothing is lost, whatever a contact holds.

use proptest::prelude::*;
use serde_json::{Map, Value};

use super::generated;
use super::json::{ContactOut, plain};
use super::testing::{contacts, write_all};
use super::{ContactWriter, abook, csv_out, jscontact, ldif, vcard};

/// What a format must give back of a contact: all but what only the book knows, and the extras that `own` holds.
fn all_of(contact: &ContactOut, own: &[&str]) -> Map<String, Value> {
    let mut contact = contact.clone();
    contact.extras.retain(|extra| !own.contains(&extra.source.as_str()) || !is_layout(&extra.name));
    contact.company.iter_mut().for_each(|company| company.id.clear());
    contact.fields.values_mut().for_each(|value| *value = plain(value).into());
    contact
        .dates
        .iter_mut()
        .filter(|date| date.calendar == "gregorian")
        .for_each(|date| date.calendar.clear());
    // The book makes the parts of a name again that follow from it.
    let split = crate::text::split_name(&contact.name);
    let parts = [&contact.prefix, &contact.given, &contact.middle, &contact.family, &contact.suffix];
    if parts == [&split.prefix, &split.given, &split.middle, &split.family, &split.suffix] {
        for field in ["prefix", "given", "middle", "family", "suffix"] {
            contact.text_mut(field).unwrap().clear();
        }
    }
    let Value::Object(mut map) = serde_json::to_value(&contact).unwrap() else { panic!() };
    for key in ["id", "created", "updated", "implied"] {
        map.shift_remove(key);
    }
    map
}

/// How an entry was spelled, which the book keeps and no contact has.
fn is_layout(name: &str) -> bool {
    matches!(name, "dn" | "objectClass" | "#order" | vcard::LAYOUT)
}

fn written(contacts: &[ContactOut], of: &dyn Fn(&mut Vec<u8>) -> Box<dyn ContactWriter + '_>) -> Vec<u8> {
    let mut out = Vec::new();
    write_all(&mut *of(&mut out), contacts);
    out
}

/// Through a format and back.
fn again(text: &[u8]) -> Result<ContactOut, TestCaseError> {
    let mut found = contacts(text);
    prop_assert_eq!(found.len(), 1, "{}", String::from_utf8_lossy(text));
    Ok(ContactOut::from(found.remove(0)))
}

/// White space around a cell means nothing.
fn trimmed(value: Value) -> Value {
    match value {
        Value::String(text) => text.trim().into(),
        Value::Array(list) => list.into_iter().map(trimmed).collect(),
        Value::Object(map) => {
            // A table's labels are words that are known in any case.
            let read = |key: &str, value: Value| match value {
                Value::String(text) if key == "label" => Value::String(text.trim().to_lowercase()),
                other => trimmed(other),
            };
            map.into_iter().map(|(key, value)| (key.trim().to_owned(), read(&key, value))).collect()
        }
        other => other,
    }
}

fn is_someone(contact: &ContactOut) -> bool {
    !contact.name.is_empty()
}

fn rows(contact: &ContactOut, style: csv_out::Style) -> Vec<u8> {
    let mut shape = csv_out::Shape::new(style, None);
    shape.see(contact);
    let mut out = Vec::new();
    let mut writer = csv_out::Writer::new(&mut out, &shape, b',', false).unwrap();
    writer.write(contact).unwrap();
    writer.finish().unwrap();
    out
}

/// Custom fields whose names and values are made of what separates cells, and of what no text file begins with.
fn odd_fields() -> impl Strategy<Value = Vec<(String, String)>> {
    let text = || "[;|,][;|\\t,]{0,4}[;|,x]|[\u{1}-\u{8}\u{e}-\u{1f}]{1,6}|\"[;\"]{1,4}";
    proptest::collection::vec((text(), text()), 0..3)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, rng_seed: proptest::test_runner::RngSeed::Fixed(2026), max_global_rejects: 100_000, ..ProptestConfig::default() })]

    #[test]
    fn ldif_loses_nothing(contact in generated::contacts()) {
        prop_assume!(is_someone(&contact));
        let text = written(std::slice::from_ref(&contact), &|out| Box::new(ldif::Writer::new(out)));
        let back = again(&text)?;
        prop_assert_eq!(all_of(&back, &[ldif::SYSTEM]), all_of(&contact, &[]), "{}", String::from_utf8_lossy(&text));
    }

    #[test]
    fn abook_loses_nothing(contact in generated::contacts()) {
        prop_assume!(is_someone(&contact));
        let text = written(std::slice::from_ref(&contact), &|out| Box::new(abook::Writer::new(out)));
        let back = again(&text)?;
        prop_assert_eq!(all_of(&back, &[abook::SYSTEM]), all_of(&contact, &[]), "{}", String::from_utf8_lossy(&text));
    }

    #[test]
    fn jscontact_loses_nothing(contact in generated::contacts()) {
        prop_assume!(is_someone(&contact));
        let text = written(std::slice::from_ref(&contact), &|out| Box::new(jscontact::Writer::new(out)));
        let back = again(&text)?;
        prop_assert_eq!(all_of(&back, &[vcard::SYSTEM]), all_of(&contact, &[]), "{}", String::from_utf8_lossy(&text));
    }

    #[test]
    fn json_loses_nothing(contact in generated::contacts()) {
        prop_assume!(is_someone(&contact));
        let text = serde_json::to_vec(&contact).unwrap();
        let back = again(&text)?;
        prop_assert_eq!(all_of(&back, &[]), all_of(&contact, &[]), "{}", String::from_utf8_lossy(&text));
        prop_assert_eq!(back.id, contact.id);
    }

    #[test]
    fn a_table_of_rolos_own_loses_nothing_that_it_has_columns_for(mut contact in generated::contacts(), odd in odd_fields()) {
        prop_assume!(is_someone(&contact));
        contact.fields.extend(odd.into_iter().map(|(key, value)| (key, value.into())));
        let text = rows(&contact, csv_out::Style::Csv);
        let back = again(&text)?;
        // A cell has no room for what others brought, nor for the ids of links.
        let bare = |contact: &ContactOut| {
            let mut contact = contact.clone();
            contact.extras.clear();
            contact.deleted = false;
            contact.links.iter_mut().for_each(|link| link.id.clear());
            // ISO's basic form, which a table's reader writes out.
            let days = contact.dates.iter_mut().map(|date| &mut date.date).chain([&mut contact.birthday]);
            days.filter(|day| *day == "19800517").for_each(|day| *day = "1980-05-17".to_owned());
            trimmed(Value::Object(all_of(&contact, &[])))
        };
        prop_assert_eq!(bare(&back), bare(&contact), "{}", String::from_utf8_lossy(&text));
    }
}
