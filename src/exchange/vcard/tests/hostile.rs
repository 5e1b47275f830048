//! Cards that mean no good, and those that only were written by bad programs.

use std::io::Cursor;
use std::time::{Duration, Instant};

use super::{draft, drafts, out, rows, written};
use crate::exchange::scan::MAX_RECORD;
use crate::exchange::{Options, Raw, Reason, RowItem, WarningKind, open};
use crate::model::draft::ContactDraft;

/// Reads a file and says how many contacts and refused rows there were.
fn count(bytes: impl Into<Vec<u8>>) -> (usize, usize) {
    let bytes = bytes.into();
    let start = Instant::now();
    let source = open(Box::new(Cursor::new(bytes)), "a.vcf", &Options::default()).unwrap();
    let (mut contacts, mut refused) = (0, 0);
    for row in source {
        match row.unwrap().item {
            RowItem::Contact(_) => contacts += 1,
            RowItem::Bad(_) => refused += 1,
            _ => {}
        }
    }
    // Work that grows with the square of the input would take minutes.
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
    (contacts, refused)
}

const GOOD: &str = "BEGIN:VCARD\nVERSION:3.0\nFN:Ann Lee\nEND:VCARD\n";

#[test]
fn one_bad_card_never_blocks_the_rest() {
    let binary: Vec<u8> = (0..4096u32).map(|n| (n * 7 % 256) as u8).collect();
    let with_binary = [b"BEGIN:VCARD\nFN:x\nNOTE:".as_slice(), &binary, b"\nEND:VCARD\n"].concat();
    let cases: Vec<(&str, Vec<u8>, (usize, usize))> = vec![
        (
            "nested",
            ["BEGIN:VCARD\n".repeat(100_000), "FN:x\nEND:VCARD\n".into()].concat().into(),
            (2, 99_999),
        ),
        ("nested properly", "BEGIN:VCARD\nFN:a\nAGENT:\n".repeat(20_000).into(), (1, 20_000)),
        (
            "folded",
            ["BEGIN:VCARD\nFN:x\nNOTE:y\n", &" z\n".repeat(1_000_000), "END:VCARD\n"].concat().into(),
            (2, 0),
        ),
        ("unterminated", "BEGIN:VCARD\nFN:x\n".into(), (1, 1)),
        (
            "one line of 5 MB",
            ["BEGIN:VCARD\nFN:x\nNOTE:", &"y".repeat(5 << 20), "\nEND:VCARD\n"].concat().into(),
            (2, 0),
        ),
        ("empty", "BEGIN:VCARD\nVERSION:3.0\nEND:VCARD\n".repeat(100_000).into(), (1, 100_000)),
        ("NUL", "BEGIN:VCARD\0\nFN:x\0y\nEND:VCARD\n".into(), (1, 1)),
        ("binary", with_binary, (2, 0)),
        (
            "many parameters",
            ["BEGIN:VCARD\nFN", &";A=\"b".repeat(500_000), ":x\nEND:VCARD\n"].concat().into(),
            (2, 0),
        ),
        (
            "no names",
            ["BEGIN:VCARD\nFN:x\n", &":\n;\n.\n".repeat(100_000), "END:VCARD\n"].concat().into(),
            (2, 0),
        ),
        (
            "groups",
            [
                "BEGIN:VCARD\nFN:x\n".to_owned(),
                (0..3000).map(|n| format!("i{n}.TEL:1\ni{n}.X-ABLabel:a\n")).collect(),
                "END:VCARD\n".into(),
            ]
            .concat()
            .into(),
            (2, 0),
        ),
        (
            "photo",
            ["BEGIN:VCARD\nFN:x\nPHOTO;ENCODING=b:", &"QUJD".repeat(1 << 20), "\nEND:VCARD\n"]
                .concat()
                .into(),
            (2, 0),
        ),
        (
            "too long",
            ["BEGIN:VCARD\nFN:x\nNOTE:", &"y".repeat(MAX_RECORD), "\nEND:VCARD\n"].concat().into(),
            (1, 1),
        ),
        (
            "endless soft breaks",
            ["BEGIN:VCARD\nFN:x\nNOTE;ENCODING=QUOTED-PRINTABLE:", &"a=\n".repeat(300_000), "END:VCARD\n"]
                .concat()
                .into(),
            (2, 0),
        ),
    ];
    for (what, bytes, counts) in cases {
        assert_eq!(count([bytes, GOOD.into()].concat()), counts, "{what}");
    }
}

#[test]
fn somebody_whose_name_no_card_can_hold_is_not_refused() {
    let nobody = ContactDraft { fields: vec![("name", "\u{7}".into())], ..ContactDraft::default() };
    for v4 in [true, false] {
        let text = written(&out(nobody.clone()), v4);
        assert_eq!(drafts(text.as_str()).len(), 1, "{text}");
    }
}

#[test]
fn each_row_has_its_line_and_its_text() {
    let text = "junk\r\nBEGIN:VCARD\r\nFN:a\r\nBEGIN:VCARD\r\nFN:b\r\nnot a property\r\nBDAY:yesterday-ish\r\nEND:VCARD\r\nBEGIN:VCARD\r\nVERSION:3.0\r\nEND:VCARD\r\n";
    let source =
        open(Box::new(Cursor::new(format!("{GOOD}{text}").into_bytes())), "a", &Options::default()).unwrap();
    let rows: Vec<_> = source.map(Result::unwrap).collect();
    let bad = |at: usize| match &rows[at].item {
        RowItem::Bad(reason) => (rows[at].line, reason.clone()),
        other => panic!("{other:?}"),
    };
    assert_eq!(bad(1), (5, Reason::NoCard));
    assert_eq!(bad(2), (6, Reason::UnclosedCard));
    assert_eq!(bad(4), (13, Reason::NoName));
    assert_eq!(rows[2].raw, Raw::Text("BEGIN:VCARD\r\nFN:a\r\n".into()));
    let warnings: Vec<_> = rows[3].warnings.iter().map(|w| (w.line, w.kind)).collect();
    assert_eq!(warnings, [(11, WarningKind::NoDate), (10, WarningKind::StrayLine)]);
    let RowItem::Contact(draft) = &rows[3].item else { panic!() };
    let text = written(&out((**draft).clone()), true);
    assert!(
        text.contains("X-ROLO-LINE:not a property\r\n") && text.contains("BDAY;VALUE=text:yesterday-ish\r\n"),
        "{text}"
    );
}

#[test]
fn bytes_are_what_each_property_says_that_they_are() {
    let gbk = encoding_rs::GBK.encode("王伟,华为科技有限公司").0.into_owned();
    let name = &gbk[..4];
    let card = |head: &str, bytes: &[u8], tail: &str| [head.as_bytes(), bytes, tail.as_bytes()].concat();
    // Said by the property, mixed with UTF-8 in the same file.
    let mixed = [
        card("BEGIN:VCARD\nVERSION:2.1\nFN;CHARSET=GBK:", name, "\nTITLE:Größe\nEND:VCARD\n"),
        card("BEGIN:VCARD\nVERSION:2.1\nFN;CHARSET=ISO-8859-1:J", b"\xf6rg", "\nEND:VCARD\n"),
        card("BEGIN:VCARD\nVERSION:2.1\nFN;CHARSET=windows-1252:", "Jörg 王".as_bytes(), "\nEND:VCARD\n"),
        card(
            "BEGIN:VCARD\nVERSION:2.1\nFN;CHARSET=nonsense;ENCODING=QUOTED-PRINTABLE:",
            b"J=C3=B6rg",
            "\nEND:VCARD\n",
        ),
        card(
            "BEGIN:VCARD\nVERSION:2.1\nFN;CHARSET=GBK;ENCODING=QUOTED-PRINTABLE:",
            b"=CD=F5=CE=B0",
            "\nEND:VCARD\n",
        ),
    ]
    .concat();
    let found = drafts(mixed);
    let names: Vec<_> = found.iter().map(|draft| draft.get("name").unwrap()).collect();
    assert_eq!(names, ["王伟", "Jörg", "Jörg 王", "Jörg", "王伟"]);
    assert_eq!(found[0].get("title"), Some("Größe"));
    // Said by nobody.
    let silent = card("BEGIN:VCARD\nVERSION:2.1\nFN:x\nNOTE:", &gbk.repeat(4), "\nEND:VCARD\n");
    assert_eq!(drafts(silent)[0].get("note"), Some("王伟,华为科技有限公司".repeat(4).as_str()));
    // UTF-8 cut in the middle of a character, and UTF-16.
    let cut = card("BEGIN:VCARD\nVERSION:3.0\nFN:\u{738b}", b"\xe4\xbc\r\n \x9f", "\nEND:VCARD\n");
    assert_eq!(drafts(cut)[0].get("name"), Some("王伟"));
    let wide: Vec<u8> =
        "\u{feff}BEGIN:VCARD\r\nFN:王伟\r\nEND:VCARD\r\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(drafts(wide)[0].get("name"), Some("王伟"));
}

#[test]
fn a_group_becomes_a_tag_of_its_members() {
    let text = "BEGIN:VCARD\nVERSION:3.0\nFN:Ann\nUID:a1\nEND:VCARD\n\
        BEGIN:VCARD\nVERSION:3.0\nFN:Friends\nX-ADDRESSBOOKSERVER-KIND:group\nX-ADDRESSBOOKSERVER-MEMBER:urn:uuid:a1\n\
        X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:b2\nX-ADDRESSBOOKSERVER-MEMBER:urn:uuid:nobody\nEND:VCARD\n\
        BEGIN:VCARD\nVERSION:3.0\nFN:Bob\nUID:b2\nEND:VCARD\n";
    let mut source = open(Box::new(Cursor::new(text.as_bytes().to_vec())), "a", &Options::default()).unwrap();
    let mut tagged = Vec::new();
    for row in source.by_ref() {
        if let RowItem::Contact(draft) = row.unwrap().item
            && !draft.tags.is_empty()
        {
            tagged.push((draft.external_id.unwrap(), draft.tags));
        }
    }
    assert_eq!(tagged, [("a1".into(), vec!["Friends".into()]), ("b2".into(), vec!["Friends".into()])]);
    let [warning] = source.warnings() else { panic!() };
    assert_eq!((warning.kind, warning.value.as_str()), (WarningKind::Dangling, "urn:uuid:nobody"));
}

#[test]
fn companies_are_told_from_people() {
    for (text, kind, name, company) in [
        ("FN:Acme\r\nORG:Acme\r\nKIND:org", "company", "Acme", ""),
        ("FN:Acme\r\nN:;;;;\r\nORG:Acme;\r\nX-ABShowAs:COMPANY", "company", "Acme", ""),
        ("FN:Acme\r\nORG:Acme", "company", "Acme", ""),
        ("ORG:Acme", "company", "Acme", ""),
        ("FN:Ann Lee\r\nORG:Acme", "", "Ann Lee", "Acme"),
        ("FN:Ann\r\nN:;Ann;;;\r\nORG:Ann", "", "Ann", "Ann"),
    ] {
        let draft = draft(text);
        assert_eq!(
            (draft.kind.as_str(), draft.get("name"), draft.company.as_str()),
            (kind, Some(name), company),
            "{text}"
        );
    }
}

#[test]
fn nothing_is_read_from_where_a_card_points() {
    let draft =
        draft("FN:x\r\nUID:../../etc/passwd\r\nPHOTO;VALUE=uri:file:///etc/passwd\r\nSOUND:/etc/passwd");
    assert_eq!(draft.get("photo"), Some("file:///etc/passwd"));
    assert_eq!(draft.external_id.as_deref(), Some("../../etc/passwd"));
    assert_eq!(rows(written(&out(draft), true)).len(), 1);
}
