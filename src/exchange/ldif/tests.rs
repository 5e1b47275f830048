use proptest::prelude::*;

use super::*;
use crate::exchange::json::ContactOut;
use crate::exchange::testing::{contacts, opened, out_of, rows, write_all};
use crate::exchange::{Format, Reason, RowItem, WarningKind};
use crate::model::draft::{ContactDraft, ExtraDraft};

fn ldif(list: &[ContactOut]) -> String {
    let mut out = Vec::new();
    write_all(&mut Writer::new(&mut out), list);
    String::from_utf8(out).unwrap()
}

/// Through rolo and back.
fn again(text: &str) -> String {
    let list: Vec<ContactOut> = contacts(text.as_bytes()).into_iter().map(out_of).collect();
    ldif(&list)
}

/// A card as Mozilla's address book writes it.
const MOZILLA: &str = "dn: cn=Ann Lee,mail=ann@acme.example\n\
objectclass: top\nobjectclass: person\nobjectclass: organizationalPerson\nobjectclass: inetOrgPerson\nobjectclass: mozillaAbPersonAlpha\n\
givenName: Ann\nsn: Lee\ncn: Ann Lee\nmozillaNickname: annie\nmail: ann@acme.example\nmozillaSecondEmail: ann@home.example\n\
modifytimestamp: 1700000000\ntelephoneNumber: +1 212 555 0100\nhomePhone: 555-0101\nfax: 555-0102\npager: 555-0103\nmobile: 555-0104\n\
mozillaHomeStreet: 1 High St\nmozillaHomeLocalityName: London\nmozillaHomeCountryName: UK\nstreet: 2 Work Rd\nl: Paris\nst: IdF\npostalCode: 75001\nc: FR\n\
title: VP\nou: Sales\no: Acme Corp\nmozillaWorkUrl: https://acme.example\nbirthyear: 1980\nbirthmonth: 05\nbirthday: 17\nmozillaCustom1: blue\n\
description:: 5aSa6KGMCuWkh+azqA==\n";

#[test]
fn a_card_of_mozillas_address_book_comes_in_whole_and_goes_out_as_it_was() {
    let draft = contacts(MOZILLA.as_bytes()).remove(0);
    assert_eq!(draft.external_id.as_deref(), Some("cn=Ann Lee,mail=ann@acme.example"));
    for (field, text) in
        [("name", "Ann Lee"), ("nickname", "annie"), ("department", "Sales"), ("note", "多行\n备注")]
    {
        assert_eq!(draft.get(field), Some(text), "{field}");
    }
    let phones: Vec<&str> =
        draft.methods.iter().filter(|m| m.kind == "phone").map(|m| m.label.as_str()).collect();
    assert_eq!(phones, ["work", "home", "fax", "pager", "mobile"]);
    assert_eq!((draft.company.as_str(), draft.dates[0].date.as_str()), ("Acme Corp", "1980-05-17"));
    let cities: Vec<&str> = draft.addresses.iter().map(|a| a.city.as_str()).collect();
    assert_eq!(cities, ["Paris", "London"]);
    assert!(draft.extras.iter().any(|e| e.name == "mozillaCustom1" && e.value == "blue"));
    assert_eq!(again(MOZILLA), format!("version: 1\n\n{MOZILLA}"));
}

#[test]
fn what_a_directory_has_beyond_that_comes_back_in_its_place() {
    for body in [
        "objectClass: inetOrgPerson\nuid: ann\ncn: Ann Lee\ncn: Annie Lee\nsn: Lee\nlabeledURI: https://a.example blog\ntitle: VP\ntitle: CTO\n",
        "cn;lang-ja:: 44Ki44Oz\ncn: Ann\nsn: Ann\ngivenName: Ann\nobjectClass: person\njpegPhoto:: /9j/4AAQ\nuserPassword:: gICA\n",
        "objectClass: person\nsn: Lee\ndisplayName: Ann Lee\npostalAddress: 1 High St$London\nhomePostalAddress: a\\24b$c\n",
        "objectClass: person\ncn: Ann\nsn: Lee\nstreet: 1 High St\npostalAddress: 1 High St$London\njpegPhoto:< file:///etc/passwd\n",
        "objectClass: person\nSN: Lee\nCN: Ann\nmail: a@x.example\nmail: b@x.example\nmail: c@x.example\nbirthyear: 1980\nbirthmonth: 5\nbirthday: 7\n",
        "objectClass: organization\no: Acme\ntelephoneNumber: 123\nl: Paris\nco: France\n",
        "objectClass: person\ncn: ann@x.example\nsn: ann@x.example\nmail: ann@x.example\n",
        "objectClass: person\ncn: X\nsn: X\nbirthmonth: 13\nbirthday: 7\nmail:: bGVhZGluZyA=\nc: Absurdistan\nx-odd: : colon\n",
    ] {
        let text = format!("version: 1\n\ndn: uid=x,dc=example,dc=org\n{body}");
        let lines = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
        let (mut first, mut second) = (lines(&text), lines(&again(&text)));
        // What must stand in base64 does; a space at the end is no part of a field.
        let normal = |line: &mut String| match line.as_str() {
            "mail:: bGVhZGluZyA=" => "mail: leading".clone_into(line),
            "x-odd: : colon" => "x-odd:: OiBjb2xvbg==".clone_into(line),
            _ => {}
        };
        first.iter_mut().for_each(normal);
        second.iter_mut().for_each(normal);
        assert_eq!(second, first);
    }
    let photo = &rows(b"dn: cn=a\ncn: a\njpegPhoto:< file:///etc/passwd\n")[0];
    assert_eq!(photo.warnings[0].kind, WarningKind::NotFetched);
}

#[test]
fn what_is_written_is_text_whatever_the_name() {
    let odd = "\u{13}".repeat(90);
    let long = "words ".repeat(1000);
    let text = format!("# {long}\nversion: 1\n\ndn: o=Acme{odd}\nobjectClass: organization\no: Acme\n");
    let written = again(&text);
    assert!(!written.contains('\u{13}'), "{written:?}");
    assert_eq!(again(&written), written);
}

#[test]
fn changes_are_refused_and_groups_become_tags() {
    let text = "# a dump\n# continued\n  and folded\nversion: 1\n\ndn: cn=Ann,mail=ann@x.example\nchangetype: add\ncn: An\n n\nmail: ann@x.example\n\n\
        dn: cn=Bob\nchangetype: delete\n\ndn: cn=Carl\ncn: Carl\nmail:: !!\n\nno: dn\n\ndn: cn=Dan\nnonsense\n\n\
        dn: ou=people,dc=x\nobjectClass: organizationalUnit\nou: people\n\n\
        dn: cn=Friends\nobjectClass: groupOfNames\ncn: Friends\nmember: cn=Ann,mail=ann@x.example\nmember: cn=Eve,mail=eve@x.example\nmember: uid=ghost,dc=x\n";
    let found = rows(text.as_bytes());
    let bad: Vec<(u64, Reason)> = found
        .iter()
        .filter_map(|row| {
            if let RowItem::Bad(reason) = &row.item { Some((row.line, reason.clone())) } else { None }
        })
        .collect();
    assert_eq!(
        bad,
        [
            (12, Reason::ChangeType { line: 13, change: "delete".into() }),
            (15, Reason::BadBase64 { line: 17, attribute: "mail".into() }),
            (19, Reason::NoDn { line: 19 }),
            (21, Reason::NoAttribute { line: 22, text: "nonsense".into() }),
        ]
    );
    let drafts: Vec<&ContactDraft> = found
        .iter()
        .filter_map(|row| if let RowItem::Contact(draft) = &row.item { Some(&**draft) } else { None })
        .collect();
    let said: Vec<_> =
        drafts.iter().map(|d| (d.get("name"), d.external_id.as_deref(), d.tags.clone())).collect();
    let friends = || vec!["Friends".to_owned()];
    assert_eq!(
        said,
        [
            (Some("Ann"), Some("cn=Ann,mail=ann@x.example"), vec![]),
            (None, Some("cn=Ann,mail=ann@x.example"), friends()),
            (Some("Eve"), Some("cn=Eve,mail=eve@x.example"), friends()),
        ]
    );
    assert_eq!(found.last().unwrap().warnings[0].kind, WarningKind::Dangling);
    assert_eq!(opened(text.as_bytes()).unwrap().format(), Format::Ldif);
}

#[test]
fn nothing_that_is_written_breaks_the_syntax() {
    let odd = [" lead", "trail ", ":x", "<x", "a\nb", "王伟", "a,b+c\\d\"#=", "\u{1}"];
    for text in odd {
        let long = text.repeat(60);
        let contact = ContactOut { name: text.into(), note: long.clone(), ..ContactOut::default() };
        let file = ldif(&[contact]);
        assert!(file.is_ascii() && file.lines().all(|line| line.len() <= 76), "{file}");
        let draft = contacts(file.as_bytes()).remove(0);
        assert_eq!(draft.get("note"), Some(long.as_str()));
        // What an attribute trims is carried beside it.
        assert_eq!(draft.get("name"), Some(text));
    }
    // Two with the same name stay two.
    let twins = vec![
        ContactOut { name: "A".into(), id: "1".into(), ..ContactOut::default() },
        ContactOut { name: "A".into(), id: "2".into(), ..ContactOut::default() },
    ];
    let ids: Vec<_> = contacts(ldif(&twins).as_bytes()).into_iter().map(|d| d.external_id).collect();
    assert_ne!(ids[0], ids[1]);
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-zA-Z][ -~]{0,90}[a-z]",
        "[王李张陈\u{e9}]{1,9}",
        "[:<=#][a-z]{1,4}",
        Just("a\nb".to_owned())
    ]
}

fn attribute() -> impl Strategy<Value = (String, String)> {
    let known = prop::sample::select(vec![
        "cn",
        "sn",
        "givenName",
        "mail",
        "mozillaSecondEmail",
        "telephoneNumber",
        "homePhone",
        "mobile",
        "fax",
        "cellphone",
        "title",
        "o",
        "ou",
        "street",
        "l",
        "st",
        "postalCode",
        "c",
        "co",
        "mozillaHomeStreet",
        "homePostalAddress",
        "postalAddress",
        "description",
        "labeledURI",
        "mozillaHomeUrl",
        "displayName",
        "birthyear",
        "birthmonth",
        "birthday",
        "uid",
        "objectClass",
        "manager",
        "x-own;lang-de",
    ]);
    (known.prop_map(str::to_owned), text())
}

proptest! {
    /// X -> rolo -> X: every attribute with its value, in its order.
    #[test]
    fn an_entry_comes_back_attribute_by_attribute(list in prop::collection::vec(attribute(), 1..14)) {
        let mut file = String::from("version: 1\n\ndn: uid=x\nobjectClass: person\nmail: first@x.example\ncn: First\n");
        // Values of an attribute are a set.
        let mut seen = std::collections::HashSet::new();
        for (name, value) in list.iter().filter(|(_, value)| seen.insert(value.clone())) {
            file.push_str(&format!("{name}:: {}\n", crate::exchange::base64::encode(value.as_bytes())));
        }
        let values = |text: &str| -> Vec<(String, String)> {
            let mut unfolded = text.replace("\n ", "");
            unfolded.push('\n');
            unfolded.lines().filter(|line| !line.is_empty()).map(|line| {
                let (name, rest) = line.split_once(':').unwrap();
                let value = match rest.strip_prefix(':') {
                    Some(coded) => String::from_utf8(crate::exchange::base64::decode(coded).unwrap()).unwrap(),
                    None => rest.trim_start().to_owned(),
                };
                (name.to_owned(), value)
            }).collect()
        };
        // `sn` may be added: an entry must have one. Values of one attribute are a set.
        let mut wanted = values(&file);
        let mut found = values(&again(&file));
        let has_sn = wanted.iter().any(|(name, _)| name == "sn");
        if !has_sn {
            found.retain(|(name, _)| name != "sn");
        }
        let names = |list: &[(String, String)]| list.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
        prop_assert_eq!(names(&found), names(&wanted));
        wanted.sort();
        found.sort();
        prop_assert_eq!(found, wanted);
    }

    /// rolo -> X -> rolo: what LDIF has a place for.
    #[test]
    fn a_contact_comes_back(name in "[A-Z][a-z]{1,9} [A-Z][a-z]{1,9}", family in "[A-Z][a-z]{2,9}", note in text(), company in "[A-Z][ -~]{0,9}[a-z]", mails in prop::collection::hash_set("[a-z]{1,5}@x[.]example", 0..4), phone in "[+0-9][0-9 ]{3,9}[0-9]", city in "[A-Z][a-z]{1,9}", day in prop_oneof![Just("1980-02-29"), Just("--05-17"), Just("1980"), Just("")]) {
        let draft = ContactDraft {
            fields: vec![("name", name), ("family", family), ("note", note)],
            company,
            methods: mails.into_iter().map(|value| crate::model::draft::MethodDraft { kind: "email".into(), value, ..Default::default() })
                .chain(["work", "home", "mobile", "fax", "pager"].map(|label| crate::model::draft::MethodDraft { kind: "phone".into(), label: label.into(), value: format!("{phone}{}", label.len()), ..Default::default() }))
                .chain([crate::model::draft::MethodDraft { kind: "url".into(), label: "blog".into(), value: "https://a.example/x".into(), ..Default::default() }])
                .collect(),
            addresses: ["work", "home"].map(|label| crate::model::draft::AddressDraft { label: label.into(), street: "1 High St\n2nd".into(), city: city.clone(), postcode: "1".into(), country: "FR".into(), region: "R".into(), ..Default::default() }).into(),
            dates: [day].iter().filter(|d| !d.is_empty()).map(|d| crate::model::draft::DateDraft { label: "birthday".into(), date: (*d).into(), ..Default::default() }).collect(),
            ..ContactDraft::default()
        };
        let mut read = contacts(ldif(&[out_of(draft.clone())]).as_bytes()).remove(0);
        read.external_id = None;
        read.extras.retain(|e: &ExtraDraft| e.name != "dn" && e.name != "objectClass");
        let sorted = |mut draft: ContactDraft| { draft.fields.sort(); draft.methods.sort_by_key(|m| (m.kind.clone(), m.label.clone())); draft };
        prop_assert_eq!(sorted(read), sorted(draft));
    }
}

#[test]
fn rolos_own_files_need_no_record_of_their_order() {
    let text = again(MOZILLA);
    let plain = ContactOut {
        name: "Ann Lee".into(),
        family: "Lee".into(),
        given: "Ann".into(),
        ..ContactOut::default()
    };
    let read = contacts(ldif(&[plain]).as_bytes()).remove(0);
    assert!(read.extras.iter().all(|e| e.name != ORDER), "{:?}", read.extras);
    assert!(contacts(text.as_bytes())[0].extras.iter().any(|e| e.name == ORDER));
}

#[test]
fn what_no_attribute_holds_stands_in_a_comment_that_rolo_reads() {
    let contact = ContactOut {
        name: "Ann Lee".into(),
        given: "Ann".into(),
        family: "Lee".into(),
        pronouns: "she".into(),
        tags: vec!["vip".into(), "客户".into()],
        interests: "chess, ".repeat(30),
        ..ContactOut::default()
    };
    let text = ldif(&[contact.clone(), contact]);
    assert_eq!(text.matches("\n# rolo-carried:").count(), 2, "{text}");
    assert!(!text.contains("\nrolo-carried"), "no server knows such an attribute: {text}");
    assert!(text.lines().all(|line| line.len() <= 76 && line.is_ascii()), "{text}");
    // As it was written until now.
    let old = text.replace("\n# rolo-carried", "\nrolo-carried");
    for text in [&text, &old, &text.replace('\n', "\r\n")] {
        for draft in contacts(text.as_bytes()) {
            assert_eq!((draft.get("pronouns"), draft.tags.len()), (Some("she"), 2), "{text}");
            assert!(draft.extras.iter().all(|extra| extra.name != "rolo-carried"), "{text}");
        }
    }
    // Comments of others, and one that was cut, are no part of the entry.
    let junk =
        "# rolo-carried: {}\n\ndn: cn=Ann\n# rolo-carried:: %%\n# note: x\n  on\ncn: Ann\n# rolo-carrie\n";
    let draft = contacts(junk.as_bytes()).remove(0);
    assert_eq!((draft.get("name"), draft.extras.len()), (Some("Ann"), 2), "{draft:?}");
}
