//! Cards of every origin to drafts, and back without a loss.

mod hostile;
mod round;

use std::io::Cursor;

use super::line::{self, Unfold};
use super::meaning::{Meaning, meaning};
use super::{LAYOUT, Writer};
use crate::exchange::json::ContactOut;
use crate::exchange::{ContactWriter, Format, Options, Row, RowItem, open};
use crate::model::draft::ContactDraft;

fn rows(bytes: impl Into<Vec<u8>>) -> Vec<Row> {
    let source = open(Box::new(Cursor::new(bytes.into())), "a.vcf", &Options::default()).unwrap();
    assert_eq!(source.format(), Format::Vcard);
    source.map(Result::unwrap).collect()
}

fn drafts(bytes: impl Into<Vec<u8>>) -> Vec<ContactDraft> {
    rows(bytes)
        .into_iter()
        .map(|row| match row.item {
            RowItem::Contact(draft) => *draft,
            other => panic!("line {}: {other:?}", row.line),
        })
        .collect()
}

fn draft(text: &str) -> ContactDraft {
    let mut all = drafts(format!("BEGIN:VCARD\r\nVERSION:3.0\r\n{text}\r\nEND:VCARD\r\n"));
    assert_eq!(all.len(), 1);
    all.pop().unwrap()
}

fn written(contact: &ContactOut, v4: bool) -> String {
    let mut out = Vec::new();
    let mut writer = Writer::new(&mut out, v4);
    writer.write(contact).unwrap();
    writer.finish().unwrap();
    String::from_utf8(out).unwrap()
}

/// What the book makes of a draft, without the book.
fn out(draft: ContactDraft) -> ContactOut {
    let mut contact = ContactOut::from(draft);
    contact.id = "0198c5a2-0000-7000-8000-000000000001".into();
    contact.tags.sort();
    if contact.created.is_empty() {
        contact.created = "2026-09-14T12:00:00.25Z".into();
    }
    contact.updated.clone_from(&contact.created);
    contact
}

/// A property apart from how it is spelled: group and name, its parameters in one order, its value decoded.
type Property = (String, String, Vec<String>, String);

fn properties(text: &str) -> Vec<Property> {
    let mut charsets = super::charset::Charsets::default();
    let mut all = Vec::new();
    for (no, bytes) in Unfold::new(text.as_bytes(), 1) {
        let (text, _) = line::decoded(&bytes, &mut charsets);
        let Some(line) = line::parse(no, &text) else { panic!("{text}") };
        if line.is("BEGIN") || line.is("END") || line.is("VERSION") {
            continue;
        }
        let mut params = Vec::new();
        for param in line::params(&line.params) {
            for value in param.values() {
                params.push(format!("{}={}", param.name, value).to_uppercase());
            }
        }
        for param in &mut params {
            if param == "PREF=1" {
                "TYPE=PREF".clone_into(param);
            }
        }
        params.sort();
        let mut value = line::split(&line.value, ';')
            .map(|part| {
                line::split(part, ',')
                    .map(|text| line::unescape(text).into_owned())
                    .collect::<Vec<_>>()
                    .join("\u{1}")
            })
            .collect::<Vec<_>>()
            .join("\u{2}");
        if line.is("NOTE") {
            // One text: the semicolon of a 2.1 note separates nothing.
            value = line::unescape(&line.value).into_owned();
        }
        if matches!(meaning(line.name), Meaning::Date(_)) {
            value = super::dates::read(&value, None).unwrap_or(value);
        }
        all.push((line.group.to_lowercase(), line.name.to_uppercase(), params, value));
    }
    all
}

fn is_own(property: &Property) -> bool {
    property.1.starts_with("X-ROLO-")
}

/// A card through rolo and back to the same version: everything is there again, in its order.
fn comes_back(card: &str, v4: bool) {
    let draft = drafts(card).pop().unwrap();
    let contact = out(draft);
    let text = written(&contact, v4);
    let (before, after) = (properties(card), properties(&text));
    let kept: Vec<_> = after.iter().filter(|property| before.contains(property)).cloned().collect();
    assert_eq!(kept, before, "\n{text}\n{:?}", contact.extras);
    for more in after.iter().filter(|property| !before.contains(property)) {
        let added = is_own(more)
            || ["REV", "UID", "CREATED", "FN", "N", "KIND", "X-ABSHOWAS"].contains(&more.1.as_str());
        assert!(added, "{more:?} is new in\n{text}");
    }
    // And again: a card of rolo's own is as good.
    let again = drafts(text.clone()).pop().unwrap();
    let (again, contact) = (without_layout(again), without_layout(contact.into()));
    let methods = |draft: &ContactDraft| {
        let mut all: Vec<_> = draft.methods.clone();
        // Of other kinds only the card holds what is preferred.
        all.iter_mut()
            .filter(|m| !matches!(m.kind.as_str(), "email" | "phone"))
            .for_each(|m| m.preferred = false);
        all.sort_by(|a, b| (&a.kind, &a.value).cmp(&(&b.kind, &b.value)));
        all
    };
    assert_eq!(methods(&again), methods(&contact), "{text}");
    assert_eq!((again.addresses, again.dates), (contact.addresses, contact.dates), "{text}");
    assert_eq!(again.extras, contact.extras, "{text}");
}

fn without_layout(mut draft: ContactDraft) -> ContactDraft {
    draft.extras.retain(|extra| extra.name != LAYOUT);
    // What 2.1 leaves bare, 3.0 spells out.
    for extra in &mut draft.extras {
        let spelt = extra.params.split(';').map(|param| match param {
            "" => String::new(),
            "PREF=1" => "TYPE=PREF".to_owned(),
            bare if !bare.contains('=') => format!("TYPE={bare}"),
            whole => whole.to_owned(),
        });
        extra.params = spelt.collect::<Vec<_>>().join(";");
    }
    draft
}

const ANDROID: &str = "BEGIN:VCARD\r\nVERSION:2.1\r\n\
    N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=E7=8E=8B;=E4=BC=9F;;;\r\n\
    FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=E7=8E=8B=E4=BC=9F\r\n\
    X-PHONETIC-FIRST-NAME:Wei\r\n\
    TEL;CELL;PREF:13800138000\r\nTEL;WORK;FAX:010-1234\r\nTEL;X-Radio:77\r\n\
    EMAIL;PREF;WORK:wei@a.example\r\n\
    ORG;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=E5=8D=8E=E4=B8=BA=\r\n=E7=A7=91=E6=8A=80;=E7=A0=94=E5=8F=91\r\n\
    TITLE:CTO\r\nURL:http://a.example\r\nX-QQ:4711\r\n\
    X-ANDROID-CUSTOM:vnd.android.cursor.item/nickname;Weiwei;1;;;;;;;;;;;;;\r\n\
    X-ANDROID-CUSTOM:vnd.android.cursor.item/contact_event;2010-06-01;1;;;;;;;;;;;;;\r\n\
    X-ANDROID-CUSTOM:vnd.android.cursor.item/relation;Li Na;14;;;;;;;;;;;;;\r\n\
    NOTE;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:one=0D=0Atwo; three\r\nNOTE:another\r\n\
    CATEGORIES:My Contacts,Friends\r\n\
    PHOTO;ENCODING=BASE64;JPEG:/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAIBAQEBAQIBAQEC\r\n AgICAgQDAgICAgUEBAMEBgUGBgYFBgYGBwkI\r\n\r\n\
    END:VCARD\r\n";

const IPHONE: &str = "BEGIN:VCARD\r\nVERSION:3.0\r\nPRODID:-//Apple Inc.//iOS 17.1//EN\r\n\
    N:Doe;John;Richter,James;Mr.;Sr.\r\nFN:Mr. John Richter James Doe Sr.\r\nNICKNAME:Johny,Jack\r\nORG:IBM;Accounting;East\r\n\
    item1.EMAIL;type=INTERNET;type=pref:john@a.example\r\nEMAIL;type=INTERNET;type=HOME:j@b.example\r\n\
    TEL;type=CELL;type=VOICE;type=pref:905-555-1234\r\nTEL;type=IPHONE;type=CELL;type=VOICE:905-555-9\r\n\
    TEL;type=HOME;type=FAX:905-888-1234\r\nTEL;type=MAIN:1\r\nitem2.TEL:905-222-1234\r\nitem2.X-ABLabel:_$!<AssistantPhone>!$_\r\n\
    item3.ADR;type=HOME;type=pref:;;Silicon Alley 5,;New York;New York;12345;United States of America\r\nitem3.X-ABADR:us\r\n\
    item4.URL;type=pref:http\\://a.example\r\nitem4.X-ABLabel:_$!<HomePage>!$_\r\n\
    BDAY;X-APPLE-OMIT-YEAR=1604;value=date:1604-05-17\r\nitem5.X-ABDATE;type=pref:1975-03-01\r\nitem5.X-ABLabel:_$!<Anniversary>!$_\r\n\
    item6.X-ABRELATEDNAMES:Jenny\r\nitem6.X-ABLabel:Best friend\r\n\
    X-SOCIALPROFILE;type=twitter;x-user=jd:http://twitter.com/jd\r\nIMPP;X-SERVICE-TYPE=Skype;type=HOME:skype:jd.skype\r\n\
    IMPP;X-SERVICE-TYPE=Facebook:xmpp:jd\r\nX-AIM;type=WORK:jdaim\r\n\
    PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAIBAQEBAQIBAQECAgICAgQDAgICAgUE\r\n\
    X-ABUID:4711\\:ABPerson\r\nUID:abc-4711\r\nREV:2012-06-06T10:20:30Z\r\nEND:VCARD\r\n";

const OUTLOOK: &str = "BEGIN:VCARD\r\nVERSION:2.1\r\nN;LANGUAGE=en-us:Angstadt;Michael;;Mr.;Jr.\r\nFN:Mr. Michael Angstadt Jr.\r\n\
    ORG:TheCompany;TheDepartment\r\nTITLE:TheJobTitle\r\nROLE:TheProfession\r\n\
    NOTE;CHARSET=us-ascii;ENCODING=QUOTED-PRINTABLE:This is the NOTE field\t=0D=0A=\r\nand more\r\n\
    TEL;WORK;VOICE:(111) 555-1111\r\nX-MS-TEL;VOICE;CALLBACK:(111) 555-4444\r\n\
    ADR;WORK;PREF:;TheOffice;222 Broadway;New York;NY;99999;USA\r\n\
    LABEL;WORK;PREF;ENCODING=QUOTED-PRINTABLE:222 Broadway=0D=0A=\r\nNew York, NY 99999=0D=0A=\r\nUSA\r\n\
    X-MS-OL-DEFAULT-POSTAL-ADDRESS:2\r\nURL;WORK:http://a.example\r\nBDAY:19220310\r\nX-MS-ANNIVERSARY:20120801\r\n\
    KEY;X509;ENCODING=BASE64:\r\n MIIB/jCCAWugAwIBAgIQDdkWkvA2cqtGkw2P4zAoZDAJBgUrDgMCHQUAMBMxETAPBgNVBAMT\r\n CG1h\r\n\r\n\
    EMAIL;PREF;INTERNET:mike@a.example\r\nX-MS-IMADDRESS:im@aim.example\r\n\
    X-MS-OL-DESIGN;CHARSET=utf-8:<card xmlns=\"http://s.example/x\" ver=\"1.0\"><img/></card>\r\n\
    X-MS-MANAGER:TheManagerName\r\nX-MS-SPOUSE:TheSpouse\r\nFBURL:http://a.example/cal\r\nREV:20120801T184631Z\r\nEND:VCARD\r\n";

const RFC6350: &str = "BEGIN:VCARD\r\nVERSION:4.0\r\nKIND:individual\r\nUID:urn:uuid:4fbe8971-0bc3-424c-9c26-36c3e1eff6b1\r\n\
    FN;PID=1.1:J. Doe\r\nFN;LANGUAGE=jp;ALTID=1:X\r\nN;SORT-AS=\"Doe,J\":Doe;J.;;;;;\r\n\
    EMAIL;PID=4.1,5.1;TYPE=\"work,home\";PREF=2:jdoe@a.example\r\nEMAIL;PREF=1:j@a.example\r\n\
    TEL;VALUE=uri;PREF=1;TYPE=\"voice,home\":tel:+1-555-555-5555;ext=5555\r\n\
    ADR;LABEL=\"Mr. John\\nMail Drop\";GEO=\"geo:12.3457,78.910\":;;123 Main Street;Any Town;CA;91921;USA\r\n\
    BDAY;VALUE=text:circa 1800\r\nANNIVERSARY:20090808T1430-0500\r\nDEATHDATE:19960415\r\nGENDER:O;intersex\r\n\
    RELATED;TYPE=friend:urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6\r\nRELATED;TYPE=co-worker;VALUE=text:Please contact Rene\r\n\
    LANG;TYPE=work;PREF=1:en\r\nLANG;TYPE=work;PREF=2:fr\r\nTZ;VALUE=utc-offset:-0500\r\nGEO:geo:37.386013,-122.082932\r\n\
    IMPP;PREF=1:xmpp:alice@a.example\r\nSOCIALPROFILE;SERVICE-TYPE=Mastodon:https://m.example/@a\r\nPRONOUNS;LANGUAGE=en:xe/xir\r\n\
    CATEGORIES:INTERNET,IETF\r\nCATEGORIES;PREF=2:a\\,b\r\nCLIENTPIDMAP:1;urn:uuid:53e374d9-337e-4727-8803-a1e9c14e0556\r\n\
    X-FOO;X-BAR=\"a;b:c\":v\\,w;x\r\nitem9.X-FOO:2\r\nPHOTO:http://a.example/p.gif\r\nTEL;TYPE=cell:\r\nNOTE:\r\n\
    CREATED:20200705T093412Z\r\nREV:20121102T100000Z\r\nEND:VCARD\r\n";

#[test]
fn cards_of_the_great_address_books_come_back_whole_and_in_order() {
    comes_back(IPHONE, false);
    comes_back(RFC6350, true);
    for v4 in [false, true] {
        comes_back(&ANDROID.replace("PHOTO;ENCODING=BASE64;JPEG", "X-PHOTO;ENCODING=BASE64;JPEG"), v4);
        comes_back(&OUTLOOK.replace("KEY;X509", "X-KEY;X509"), v4);
    }
}

#[test]
fn fields_go_where_people_look_for_them() {
    let android = drafts(ANDROID).pop().unwrap();
    assert_eq!(android.get("name"), Some("王伟"));
    assert_eq!((android.get("family"), android.get("given")), (Some("王"), Some("伟")));
    assert_eq!((android.company.as_str(), android.get("department")), ("华为科技", Some("研发")));
    assert_eq!((android.get("nickname"), android.get("phonetic_given")), (Some("Weiwei"), Some("Wei")));
    assert_eq!(android.get("note"), Some("one\ntwo; three"));
    assert_eq!(android.tags, ["Friends"]);
    assert_eq!((android.links[0].relation.as_str(), android.links[0].name.as_str()), ("spouse", "Li Na"));
    let ways: Vec<_> =
        android.methods.iter().map(|m| (m.label.as_str(), m.service.as_str(), m.preferred)).collect();
    assert_eq!(
        ways,
        [
            ("mobile", "", true),
            ("work fax", "", false),
            ("radio", "", false),
            ("work", "", true),
            ("", "", false),
            ("", "QQ", false)
        ]
    );
    let iphone = drafts(IPHONE).pop().unwrap();
    assert_eq!(iphone.external_id.as_deref(), Some("abc-4711"));
    assert_eq!(iphone.updated, "2012-06-06T10:20:30Z");
    assert_eq!(iphone.get("middle"), Some("Richter James"));
    assert_eq!(iphone.get("department"), Some("Accounting / East"));
    let dates: Vec<_> = iphone.dates.iter().map(|d| (d.label.as_str(), d.date.as_str())).collect();
    assert_eq!(dates, [("birthday", "--05-17"), ("anniversary", "1975-03-01")]);
    let ims: Vec<_> = iphone
        .methods
        .iter()
        .filter(|m| matches!(m.kind.as_str(), "im" | "social"))
        .map(|m| (m.service.as_str(), m.label.as_str(), m.value.as_str()))
        .collect();
    assert_eq!(
        ims,
        [
            ("Twitter", "", "http://twitter.com/jd"),
            ("Skype", "home", "jd.skype"),
            ("Facebook", "", "jd"),
            ("AIM", "work", "jdaim")
        ]
    );
    let phones: Vec<_> =
        iphone.methods.iter().filter(|m| m.kind == "phone").map(|m| m.label.as_str()).collect();
    assert_eq!(phones, ["mobile", "iPhone", "home fax", "main", "assistant phone"]);
    assert_eq!(iphone.addresses[0].street, "Silicon Alley 5");
    let outlook = drafts(OUTLOOK).pop().unwrap();
    assert_eq!(outlook.get("note"), Some("This is the NOTE field\t\nand more"));
    assert!(
        outlook.extras.iter().any(|e| e.name == "LABEL" && e.value.contains("\\nNew York, NY 99999\\nUSA"))
    );
    let rfc = drafts(RFC6350).pop().unwrap();
    assert_eq!(
        rfc.methods[1],
        crate::model::draft::MethodDraft {
            preferred: true,
            value: "j@a.example".into(),
            kind: "email".into(),
            ..Default::default()
        }
    );
    assert_eq!(rfc.methods[2].value, "+1-555-555-5555;ext=5555");
    assert_eq!(
        (rfc.get("gender"), rfc.get("pronouns"), rfc.get("time_zone")),
        (Some("intersex"), Some("xe/xir"), Some("-0500"))
    );
    assert_eq!(rfc.get("photo"), Some("http://a.example/p.gif"));
}

#[test]
fn lines_that_end_in_two_carriage_returns_are_lines_like_any_other() {
    let photo =
        format!("PHOTO;ENCODING=b;TYPE=JPEG:{}\n {}\n {}", "A".repeat(48), "B".repeat(75), "C".repeat(60));
    let card = format!(
        "BEGIN:VCARD\nVERSION:3.0\nN:Doe;John;;;\nFN:John Doe\nNOTE:one\n  two\n{photo}\nEND:VCARD\n"
    );
    let wanted = drafts(card.clone());
    for end in ["\r\r\n", "\r\n", "\r"] {
        let text = card.replace('\n', end);
        // Also where the file is cut into pieces in the middle of an end.
        for before in [0, (128 << 10) - 14, (128 << 10) - 13, (128 << 10) - 12] {
            let bytes = format!("{}{text}{text}", "\n".repeat(before));
            let rows = rows(bytes);
            assert!(
                rows.iter().all(|row| row.warnings.is_empty()),
                "{end:?} {before}: {:?}",
                rows[0].warnings
            );
            let lines: Vec<u64> = rows.iter().map(|row| row.line).collect();
            assert_eq!(lines, [before as u64 + 1, before as u64 + 11], "{end:?} {before}");
            for row in rows {
                let RowItem::Contact(draft) = row.item else { panic!("{end:?} {before}") };
                assert_eq!(*draft, wanted[0], "{end:?} {before}");
            }
        }
    }
}
