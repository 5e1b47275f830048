//! Cards through the real book: what came in whole goes out whole, and only what changed changes.
// A test fails by panicking; helpers are no `#[test]` functions, where clippy would let them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::Rolo;
use serde_json::Value;

const CARDS: &str = "BEGIN:VCARD\r\nVERSION:3.0\r\nPRODID:-//Apple Inc.//iOS 17.1//EN\r\nN:Lee;Ann;Mary;;\r\nFN:Ann Mary Lee\r\n\
    ORG:Acme;Sales\r\nTITLE:CEO\r\nEMAIL;type=INTERNET;type=WORK;type=pref:ann@acme.example\r\n\
    TEL;type=CELL;type=VOICE:+1 212-555-0100\r\nitem1.TEL:905-222-1234\r\nitem1.X-ABLabel:_$!<AssistantPhone>!$_\r\n\
    ADR;type=HOME:;;1 Main St\\nFloor 2;Paris;;75001;France\r\nBDAY;value=date:1980-05-17\r\nCATEGORIES:vip\r\n\
    NOTE:likes tea\\, green\r\nX-SOCIALPROFILE;type=twitter;x-user=ann:http://twitter.com/ann\r\n\
    X-CUSTOM;X-P=\"a;b\":v\\,w\r\nUID:ann-1\r\nREV:2024-01-01T00:00:00Z\r\nEND:VCARD\r\n\
    BEGIN:VCARD\r\nVERSION:2.1\r\nN:Stone;Bob;;;\r\nFN:Bob Stone\r\nTEL;CELL;VOICE:+1 212-555-0111\r\nUID:bob-1\r\nEND:VCARD\r\n\
    BEGIN:VCARD\r\nVERSION:3.0\r\nFN:broken\r\n\
    BEGIN:VCARD\r\nVERSION:4.0\r\nKIND:org\r\nFN:Initech\r\nORG:Initech\r\nEND:VCARD\r\n";

fn import(rolo: &Rolo, path: &str) -> [u64; 5] {
    let ran = rolo.run(&["import", path, "--format", "json"]);
    let report: Value = serde_json::from_str(&ran.out).unwrap_or_else(|_| panic!("{}{}", ran.out, ran.err));
    ["created", "updated", "unchanged", "skipped", "rejected"].map(|key| report[key].as_u64().unwrap())
}

/// The unfolded lines of the card with this name.
fn card(text: &str, name: &str) -> Vec<String> {
    let text = text.replace("\r\n ", "");
    let card = text.split("BEGIN:VCARD\r\n").find(|card| card.contains(&format!("FN:{name}\r\n")));
    card.unwrap_or_else(|| panic!("no {name} in {text}")).lines().map(str::to_owned).collect()
}

#[test]
fn a_card_comes_back_from_the_book_as_it_went_in() {
    let rolo = Rolo::new();
    let file = rolo.file("a.vcf", CARDS);
    assert_eq!(import(&rolo, &file), [3, 0, 0, 0, 1]);
    assert_eq!(import(&rolo, &file), [0, 0, 3, 0, 1], "the same file changes nothing");
    let out = rolo.ok(&["export", "--as", "vcard3"]);
    let ann: Vec<String> = card(&out, "Ann Mary Lee")
        .into_iter()
        .filter(|line| !line.starts_with("X-ROLO-") && !line.starts_with("CREATED"))
        .collect();
    let before = card(CARDS, "Ann Mary Lee");
    assert_eq!(ann, before, "every property, in its order");
    assert!(
        card(&out, "Bob Stone").contains(&"TEL;TYPE=CELL;TYPE=VOICE:+1 212-555-0111".to_owned()),
        "{out}"
    );
    assert!(!out.contains("#card"), "{out}");
    // Into another book and back into this one: nobody is new.
    let exported = rolo.file("b.vcf", rolo.ok(&["export", "--as", "vcard"]));
    assert_eq!(import(&rolo, &exported), [0, 0, 3, 0, 0]);
    let other = Rolo::new();
    let copy = other.file("b.vcf", rolo.ok(&["export", "--as", "vcard"]));
    assert_eq!(import(&other, &copy), [3, 0, 0, 0, 0]);
    let strip = |mut contact: Value| {
        for key in ["updated", "created", "extras", "company"] {
            contact.as_object_mut().unwrap().remove(key);
        }
        contact
    };
    assert_eq!(strip(other.json(&["show", "Ann Mary Lee"])), strip(rolo.json(&["show", "Ann Mary Lee"])));
    for format in ["jcard", "jscontact"] {
        let json = rolo.file("c.json", rolo.ok(&["export", "--as", format]));
        assert_eq!(import(&rolo, &json), [0, 0, 3, 0, 0], "{format}");
    }
}

#[test]
fn a_later_export_changes_what_changed_there() {
    let rolo = Rolo::new();
    import(&rolo, &rolo.file("a.vcf", CARDS));
    let later = CARDS
        .replace("TITLE:CEO", "TITLE:President")
        .replace(":v\\,w", ":x")
        .replace("2024-01-01", "2025-01-01");
    let later = later.replace("FN:Bob Stone", "FN:Bob Stone\r\nX-NEW:1");
    assert_eq!(import(&rolo, &rolo.file("b.vcf", &later)), [0, 2, 1, 0, 1]);
    let out = rolo.ok(&["export", "--as", "vcard3"]);
    let ann = card(&out, "Ann Mary Lee");
    assert!(
        ann.contains(&"TITLE:President".to_owned()) && ann.contains(&"X-CUSTOM;X-P=\"a;b\":x".to_owned()),
        "{out}"
    );
    assert!(card(&out, "Bob Stone").contains(&"X-NEW:1".to_owned()), "{out}");
    // When it was written last says nothing about the contact.
    let touched = later.replace("2025-01-01", "2026-01-01");
    assert_eq!(import(&rolo, &rolo.file("c.vcf", &touched)), [0, 0, 3, 0, 1]);
    // What is edited here goes out, in the place of what came in.
    rolo.ok(&["edit", "Ann Mary Lee", "--set", "phone.mobile=+1 212-555-0199"]);
    let out = rolo.ok(&["export", "Ann Mary Lee", "--as", "vcard3"]);
    assert!(
        card(&out, "Ann Mary Lee").contains(&"TEL;type=CELL;type=VOICE:+1 212-555-0199".to_owned()),
        "{out}"
    );
}

#[test]
fn a_folder_of_cards_is_one_source() {
    let rolo = Rolo::new();
    let folder = rolo.path("cards");
    std::fs::create_dir_all(folder.join("family")).unwrap();
    let one = |name: &str| format!("BEGIN:VCARD\r\nVERSION:4.0\r\nFN:{name}\r\nUID:{name}\r\nEND:VCARD\r\n");
    for (file, text) in [
        ("a.vcf", one("Ann Lee")),
        ("b.vcf", "%PDF-1.4 no card".to_owned()),
        ("c.vcf", String::new()),
        ("d.vcf", "BEGIN:VCARD\r\nFN:broken\r\n".to_owned()),
        (".hidden.vcf", one("Hidden")),
        ("readme.txt", "no card".to_owned()),
        ("family/e.VCF", one("Bob Stone")),
    ] {
        std::fs::write(folder.join(file), text).unwrap();
    }
    let path = folder.to_str().unwrap();
    let ran = rolo.run(&["import", path]);
    assert_eq!(ran.code, 3, "{}", ran.err);
    for file in ["b.vcf", "c.vcf", "d.vcf"] {
        assert!(ran.err.contains(&format!("{file}: ")), "{}", ran.err);
    }
    let mut names = rolo.names(&[]);
    names.sort();
    assert_eq!(names, ["Ann Lee", "Bob Stone"]);
    assert_eq!(import(&rolo, path), [0, 0, 2, 0, 3]);
    let empty = rolo.path("empty");
    std::fs::create_dir(&empty).unwrap();
    let said = rolo.fails(3, &["import", empty.to_str().unwrap()]);
    assert!(said.contains(".vcf"), "{said}");
}

#[test]
fn refused_cards_come_back_with_the_reason() {
    let rolo = Rolo::new();
    let file = rolo.file("a.vcf", CARDS);
    let rejects = rolo.path("bad.vcf");
    rolo.fails(3, &["import", &file, "--rejects", rejects.to_str().unwrap()]);
    let text = std::fs::read_to_string(&rejects).unwrap();
    assert!(text.starts_with("BEGIN:VCARD\r\nVERSION:3.0\r\nFN:broken\r\nX-ROLO-REASON:line 28: "), "{text}");
    let mended = rolo.file("mended.vcf", text + "END:VCARD\r\n");
    assert_eq!(import(&rolo, &mended), [1, 0, 0, 0, 0]);
}

/// A card with everything that RFC 9553 has a name for, and a property of somebody's own.
const JSCONTACT: &str = r#"{
 "@type": "Card",
 "version": "1.0",
 "uid": "urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
 "kind": "individual",
 "language": "en",
 "created": "2020-01-02T03:04:05Z",
 "updated": "2024-05-06T07:08:09Z",
 "prodId": "-//Example//1",
 "name": {
  "components": [
   {
    "kind": "given",
    "value": "Ann"
   },
   {
    "kind": "given2",
    "value": "Mary"
   },
   {
    "kind": "surname",
    "value": "Lee"
   }
  ],
  "isOrdered": true,
  "full": "Ann Mary Lee"
 },
 "nicknames": {
  "n1": {
   "name": "Annie"
  }
 },
 "organizations": {
  "o1": {
   "name": "Acme",
   "units": [
    {
     "name": "Sales"
    }
   ]
  }
 },
 "titles": {
  "t1": {
   "name": "VP",
   "kind": "title",
   "organizationId": "o1"
  }
 },
 "emails": {
  "e1": {
   "address": "ann@acme.example",
   "contexts": {
    "work": true
   },
   "pref": 1,
   "label": "desk"
  },
  "e2": {
   "address": "ann@home.example",
   "contexts": {
    "private": true
   }
  }
 },
 "phones": {
  "p1": {
   "number": "tel:+1-212-555-0100",
   "features": {
    "mobile": true,
    "voice": true
   },
   "contexts": {
    "work": true
   }
  }
 },
 "onlineServices": {
  "s1": {
   "service": "Mastodon",
   "user": "@ann@x.example",
   "uri": "https://x.example/@ann"
  }
 },
 "links": {
  "l1": {
   "uri": "https://ann.example",
   "kind": "contact"
  }
 },
 "addresses": {
  "a1": {
   "contexts": {
    "work": true
   },
   "components": [
    {
     "kind": "number",
     "value": "1"
    },
    {
     "kind": "separator",
     "value": " "
    },
    {
     "kind": "name",
     "value": "Main St"
    },
    {
     "kind": "locality",
     "value": "Springfield"
    },
    {
     "kind": "postcode",
     "value": "12345"
    },
    {
     "kind": "country",
     "value": "USA"
    }
   ],
   "isOrdered": true,
   "countryCode": "US",
   "timeZone": "America/New_York"
  }
 },
 "anniversaries": {
  "b": {
   "kind": "birth",
   "date": {
    "@type": "PartialDate",
    "year": 1980,
    "month": 5,
    "day": 17
   }
  },
  "w": {
   "kind": "wedding",
   "date": {
    "@type": "PartialDate",
    "month": 6,
    "day": 1
   }
  }
 },
 "keywords": {
  "vip": true,
  "friends": true
 },
 "notes": {
  "n1": {
   "note": "likes tea"
  }
 },
 "personalInfo": {
  "pi1": {
   "kind": "hobby",
   "value": "chess",
   "level": "high"
  }
 },
 "speakToAs": {
  "grammaticalGender": "feminine",
  "pronouns": {
   "k": {
    "pronouns": "she/her"
   }
  }
 },
 "relatedTo": {
  "urn:uuid:bob": {
   "relation": {
    "spouse": true
   }
  }
 },
 "calendars": {
  "c1": {
   "kind": "calendar",
   "uri": "https://cal.example/ann"
  }
 },
 "cryptoKeys": {
  "k1": {
   "uri": "https://ann.example/key.asc"
  }
 },
 "media": {
  "m1": {
   "kind": "photo",
   "uri": "https://ann.example/me.jpg"
  }
 },
 "preferredLanguages": {
  "l1": {
   "language": "en",
   "contexts": {
    "work": true
   },
   "pref": 1
  }
 },
 "example.com:favourite": {
  "colour": "green",
  "n": [
   1,
   2,
   3
  ]
 }
}"#;

#[test]
fn a_jscontact_goes_out_as_it_came_in() {
    let rolo = Rolo::new();
    let first: Value = serde_json::from_str(JSCONTACT).unwrap();
    assert_eq!(import(&rolo, &rolo.file("a.json", JSCONTACT)), [1, 0, 0, 0, 0]);
    assert_eq!(rolo.json(&["show", "Ann Mary Lee"])["phones"][0]["value"], "+1-212-555-0100");
    let out = rolo.ok(&["export", "--as", "jscontact"]);
    let found: Value = serde_json::from_str(&out).unwrap();
    let card = found.as_array().map_or(&found, |all| &all[0]);
    for (key, value) in first.as_object().unwrap() {
        // When the card was changed last is what the book says of its own contact.
        if key != "updated" {
            assert_eq!(&card[key], value, "{key}");
        }
    }
    assert_eq!(import(&rolo, &rolo.file("b.json", &out)), [0, 0, 1, 0, 0]);
}

#[test]
fn a_value_that_was_folded_badly_is_one_mistake() {
    let rolo = Rolo::new();
    let card = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ann\r\nPHOTO;ENCODING=b:AAAA\r\nBBBB\r\nCCCC\r\nDDDD\r\nEND:VCARD\r\n";
    let said = rolo.run(&["import", &rolo.file("a.vcf", card)]).err;
    assert_eq!(said.matches("PHOTO").count(), 1, "{said}");
    assert!(said.contains("line 5: PHOTO: 3 lines"), "{said}");
    let mut odd = b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Bob\r\nNOTE:".to_vec();
    odd.extend_from_slice(b"caf\xe9\r\nEND:VCARD\r\n");
    let said = rolo.run(&["import", &rolo.file("b.vcf", odd)]).err;
    assert!(!said.contains("1 bytes"), "{said}");
    let calls = "<?xml version='1.0'?>\n<calls><call number=\"+12125550100\" duration=\"5\" date=\"1700000000000\" type=\"1\"/></calls>\n";
    let said = rolo.run(&["import", &rolo.file("c.xml", calls)]).err;
    assert!(said.contains("nobody here has this number"), "{said}");
}

#[test]
fn what_a_card_is_read_as_is_the_same_in_the_next_book() {
    let [rolo, other] = [Rolo::new(), Rolo::new()];
    let file = rolo.file(
        "a.vcf",
        "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ann Lee \r\nN:Lee ;Ann;;;\r\nTITLE: CEO \r\nCATEGORIES:myContacts,Friends\r\nEND:VCARD\r\n",
    );
    assert_eq!(import(&rolo, &file), [1, 0, 0, 0, 0]);
    let shown = |rolo: &Rolo| {
        let ann = rolo.json(&["show", "Ann Lee"]);
        ["name", "given", "family", "title", "tags"].map(|key| ann[key].clone())
    };
    let before = shown(&rolo);
    assert_eq!(before[0], "Ann Lee");
    for format in ["vcard3", "vcard", "jcard"] {
        let out = rolo.ok(&["export", "--as", format]);
        assert!(out.contains("myContacts"), "the group goes back: {out}");
        let other = Rolo::new();
        let copy = other.file("b", out);
        assert_eq!(import(&other, &copy), [1, 0, 0, 0, 0], "{format}");
        assert_eq!(shown(&other), before, "{format}");
    }
    // A tag that is called so and is one stays one.
    other.ok(&["add", "Ann Lee", "--tag", "myContacts"]);
    for format in ["vcard3", "vcard", "jcard"] {
        let third = Rolo::new();
        let copy = third.file("b", other.ok(&["export", "--as", format]));
        assert_eq!(import(&third, &copy), [1, 0, 0, 0, 0], "{format}");
        assert_eq!(shown(&third), shown(&other), "{format}");
    }
}
