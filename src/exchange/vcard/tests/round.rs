//! rolo to a format and back: nothing is lost, whatever a contact holds.

use std::io::Cursor;

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::Map;

use super::{draft, drafts, out, without_layout, written};
use crate::exchange::generated::contacts;
use crate::exchange::json::ContactOut;
use crate::exchange::vcard::{SYSTEM, jcard};
use crate::exchange::{ContactWriter, Format, Options, RowItem, jscontact, open};
use crate::model::draft::ContactDraft;

/// What reading must give for a contact.
fn wanted(contact: &ContactOut) -> ContactDraft {
    let mut draft = ContactDraft::from(contact.clone());
    draft.fields.sort();
    draft.dates.iter_mut().filter(|date| date.calendar == "gregorian").for_each(|date| date.calendar.clear());
    without_layout(draft)
}

fn got(mut draft: ContactDraft) -> ContactDraft {
    draft.fields.sort();
    without_layout(draft)
}

/// The rows of a JSON file of cards.
fn json_drafts(text: &str) -> Vec<ContactDraft> {
    let source =
        open(Box::new(Cursor::new(text.as_bytes().to_vec())), "a.json", &Options::default()).unwrap();
    assert_eq!((source.format(), source.system()), (Format::JsonCard, SYSTEM), "{text}");
    source
        .map(|row| match row.unwrap().item {
            RowItem::Contact(draft) => *draft,
            other => panic!("{other:?}\n{text}"),
        })
        .collect()
}

fn jcards(contacts: &[&ContactOut]) -> String {
    let mut out = Vec::new();
    let mut writer = jcard::Writer::new(&mut out);
    contacts.iter().for_each(|contact| writer.write(contact).unwrap());
    writer.finish().unwrap();
    String::from_utf8(out).unwrap()
}

fn jscontacts(contacts: &[&ContactOut]) -> String {
    let mut out = Vec::new();
    let mut writer = jscontact::Writer::new(&mut out);
    contacts.iter().for_each(|contact| writer.write(contact).unwrap());
    writer.finish().unwrap();
    String::from_utf8(out).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn nothing_that_a_contact_holds_is_lost(contact in contacts()) {
        prop_assume!(!contact.name.is_empty() || !contact.emails.is_empty() || !contact.nickname.is_empty());
        for v4 in [true, false] {
            let text = written(&contact, v4);
            for line in text.split("\r\n") {
                prop_assert!(line.len() <= 75 && !line.contains(['\r', '\n']), "{line}");
            }
            let back = got(drafts(text.clone()).pop().unwrap());
            prop_assert_eq!(&back, &wanted(&contact), "{}", text);
        }
        let text = jcards(&[&contact]);
        let back = json_drafts(&text).pop().unwrap();
        prop_assert_eq!(got(back), wanted(&contact), "{}", text);
    }

    #[test]
    fn any_card_is_read_and_written_without_panic(lines in vec("(item[12]\\.)?(FN|N|TEL|ADR|EMAIL|BDAY|X-ABLabel|IMPP|ORG|RELATED|PHOTO|GENDER|CATEGORIES|REV|UID|X-ROLO-ID|TITLE|NOTE)(;(TYPE=(home|pref)|PREF=[12]|VALUE=(uri|text)|\"|CHARSET=gbk|ENCODING=(b|QUOTED-PRINTABLE)|CELL)){0,2}:?[ -~é王=;,:\\\\]{0,20}", 0..12)) {
        let card = format!("BEGIN:VCARD\nFN:x\n{}\nEND:VCARD\n", lines.join("\n"));
        let source = open(Box::new(Cursor::new(card.into_bytes())), "a.vcf", &Options::default()).unwrap();
        for row in source {
            if let RowItem::Contact(draft) = row.unwrap().item {
                let contact = out(*draft);
                for v4 in [true, false] {
                    prop_assert!(!drafts(written(&contact, v4)).is_empty());
                }
                jcards(&[&contact]);
            }
        }
    }
}

#[test]
fn json_cards_are_read_whatever_their_shape() {
    let ann = r#"["vcard",[["version",{},"text","4.0"],["fn",{},"text","Ann Lee"],["n",{},"text",["Lee","Ann",["Mary","Sue"],"",""]],
        ["bday",{},"date-and-or-time","--04-12"],["tel",{"type":["work","voice"],"pref":"1"},"uri","tel:+1-555"],
        ["adr",{"group":"item1"},"text",["","",["Main St","Floor 2"],"Paris","","",""]],["x-foo",{"x-p":["a","b"]},"unknown","v\\,w"],
        ["categories",{},"text","a","b,c"],["uid",{},"uri","urn:uuid:4711"]]]"#;
    for text in [ann.to_owned(), format!("[{ann},\n{ann}]"), format!(" [ {ann} ] ")] {
        let draft = json_drafts(&text).remove(0);
        assert_eq!((draft.get("name"), draft.get("middle")), (Some("Ann Lee"), Some("Mary Sue")));
        assert_eq!(draft.dates[0].date, "--04-12");
        assert_eq!((draft.methods[0].value.as_str(), draft.methods[0].label.as_str()), ("+1-555", "work"));
        assert_eq!(draft.addresses[0].street, "Main St\nFloor 2");
        assert_eq!(draft.tags, ["a", "b,c"]);
        assert_eq!(draft.external_id.as_deref(), Some("urn:uuid:4711"));
        let again = json_drafts(&jcards(&[&out(draft.clone())])).remove(0);
        assert_eq!(
            (without_layout(again).extras, again_name(&draft)),
            (without_layout(draft.clone()).extras, Some("Ann Lee".into()))
        );
    }
    let card = r#"{"@type":"Card","version":"1.0","uid":"22B2C7DF-9120-4969-8460-05956FE6B065","kind":"individual",
        "name":{"components":[{"kind":"given","value":"John"},{"kind":"surname","value":"Doe"}],"full":"John Doe","isOrdered":true},
        "emails":{"e1":{"address":"j@a.example","contexts":{"work":true},"pref":1}},"phones":{"p":{"number":"tel:+1-555","features":{"mobile":true}}},
        "organizations":{"o":{"name":"ABC, Inc.","units":[{"name":"Sales"}]}},"keywords":{"vip":true},"notes":{"n":{"note":"tea; or coffee"}}}"#;
    let draft = json_drafts(card).remove(0);
    assert_eq!(
        (draft.get("name"), draft.get("given"), draft.get("family")),
        (Some("John Doe"), Some("John"), Some("Doe"))
    );
    assert_eq!((draft.company.as_str(), draft.get("department")), ("ABC, Inc.", Some("Sales")));
    assert_eq!(draft.methods.iter().map(|m| m.label.as_str()).collect::<Vec<_>>(), ["work", "mobile"]);
    assert_eq!((draft.get("note"), draft.tags.as_slice()), (Some("tea; or coffee"), &["vip".to_owned()][..]));
}

fn again_name(draft: &ContactDraft) -> Option<String> {
    draft.get("name").map(str::to_owned)
}

#[test]
fn jscontact_gives_back_what_it_was_given() {
    let draft = draft(
        "FN:Ann Lee\r\nN:Lee;Ann;;;\r\nNICKNAME:Annie\r\nORG:Acme;Sales\r\nTITLE:CEO\r\nEMAIL;TYPE=work:ann@acme.example\r\n\
         TEL;TYPE=cell:+1 555\r\nADR;TYPE=home:;;1 Main St;Paris;;75001;France\r\nBDAY:1980-05-17\r\nCATEGORIES:vip\r\n\
         NOTE:likes tea\\, green\r\nX-FOO;X-P=1:v\\,w\r\nURL:https://a.example",
    );
    let mut contact = out(draft);
    contact.stage = "customer".into();
    contact.fields = Map::from_iter([("shoe size".to_owned(), "38".into())]);
    let text = jscontacts(&[&contact, &contact]);
    let all = json_drafts(&text);
    assert_eq!(all.len(), 2);
    let (mut back, mut wanted) = (got(all[0].clone()), wanted(&contact));
    for draft in [&mut back, &mut wanted] {
        draft.created.clear();
        draft.updated.clear();
        draft.methods.sort_by(|a, b| (&a.kind, &a.value).cmp(&(&b.kind, &b.value)));
        draft.extras.sort_by(|a, b| a.name.cmp(&b.name));
    }
    assert_eq!(back, wanted, "{text}");
}
