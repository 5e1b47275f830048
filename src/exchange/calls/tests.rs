use super::*;
use crate::exchange::testing::{broken, fields, opened, records, rows};
use crate::exchange::{Format, Reason, WarningKind};

const CALLS: &str = "<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>\n<!--made by a phone-->\n<?xml-stylesheet type=\"text/xsl\" href=\"calls.xsl\"?>\n<calls count=\"6\">\n\
    <call number=\"+43 691 234\" duration=\"59\" date=\"1312563906092\" type=\"1\" presentation=\"1\" readable_date=\"x\" contact_name=\"Ann &amp; &#55357;&#56832;\" />\n\
    <call number=\"0661\" duration=\"0\" date=\"1312541215834\" type=\"3\" contact_name=\"(Unknown)\" />\n\
    <call number=\"-1\" duration=\"382\" date=\"1312530691081\" type=\"1\" contact_name=\"(Unknown)\" />\n\
    <call number=\"1\" duration=\"1\" date=\"soon\" type=\"2\" />\n\
    <call number=\"1\" duration=\"1\" date=\"0\" type=\"99\" post_dial_digits=\"\"></call>\n\
    <other/>\n</calls>\n";

#[test]
fn calls_are_interactions_with_those_who_have_the_number() {
    let found = rows(CALLS.as_bytes());
    let said: Vec<_> = records(CALLS.as_bytes()).iter().map(fields).collect();
    assert_eq!(
        said,
        [
            vec!["kind=call", "at=2011-08-05T17:05:06.092Z", "duration=59", "direction=in"],
            vec!["kind=call", "at=2011-08-05T10:46:55.834Z", "direction=in", "outcome=missed"],
            vec!["kind=call", "at=1970-01-01T00:00:00Z", "duration=1"],
        ]
    );
    let RowItem::Other(first) = &found[0].item else { panic!() };
    assert_eq!((first.whom[0].name.as_str(), first.whom[0].phone.as_str()), ("Ann & 😀", "+43 691 234"));
    assert_eq!(first.extras, [("presentation".to_owned(), "1".to_owned())]);
    assert_eq!((found[0].line, found[1].line, found.len()), (5, 6, 5));
    assert_eq!(found[2].warnings[0].kind, WarningKind::Hidden);
    assert!(matches!(&found[3].item, RowItem::Bad(Reason::WrongType { key, .. }) if key == "call date"));
    let RowItem::Other(odd) = &found[4].item else { panic!() };
    assert_eq!(odd.extras, [("type".to_owned(), "99".to_owned())]);
    assert_eq!(opened(CALLS.as_bytes()).unwrap().format(), Format::Xml);
}

#[test]
fn messages_come_with_their_text() {
    let text = "<smses count=\"2\"><sms protocol=\"0\" address=\"+1 555\" date=\"1312563906092\" type=\"2\" subject=\"null\" body=\"Hi&#10;you &lt;3\" read=\"1\" contact_name=\"Ann\"/>\
        <mms date=\"1312563906000\" msg_box=\"1\" address=\"+1~+2\" contact_name=\"A, B\" sub=\"null\"><parts><part ct=\"text/plain\" text=\"one\"/><part ct=\"image/jpeg\" text=\"null\" data=\"AAAA\"/></parts>\
        <addrs><addr address=\"+2\" type=\"137\"/><addr address=\"+1\" type=\"151\"/></addrs></mms></smses>";
    let found = records(text.as_bytes());
    assert_eq!(
        fields(&found[0])[1..],
        ["channel=sms", "at=2011-08-05T17:05:06.092Z", "direction=out", "body=Hi\nyou <3"]
    );
    assert_eq!(
        fields(&found[1])[1..],
        ["channel=mms", "at=2011-08-05T17:05:06Z", "direction=in", "body=one"]
    );
    let there: Vec<_> = found[1].whom.iter().map(|w| (w.phone.as_str(), w.role.as_str())).collect();
    assert_eq!(there, [("+1", ""), ("+2", "from")]);
}

#[test]
fn xml_of_other_kinds_or_of_ill_will_is_refused() {
    let bomb = "<?xml version='1.0'?>\n<!DOCTYPE calls [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]>\n<calls><call number=\"&b;\"/></calls>";
    assert!(matches!(broken(bomb.as_bytes()), ExchangeError::XmlDocType { .. }));
    assert!(
        matches!(broken(b"<?xml version='1.0'?><gpx a='1'><wpt/></gpx>"), ExchangeError::ForeignXml { root } if root == "gpx")
    );
    let cut = &CALLS[..CALLS.len() - 12];
    assert!(matches!(broken(cut.as_bytes()), ExchangeError::BrokenXml { .. }));
    let deep = format!("<calls>{}", "<a>".repeat(100_000));
    assert!(matches!(broken(deep.as_bytes()), ExchangeError::BrokenXml { .. }));
    let endless = format!("<calls><call number=\"{}", "1".repeat(40 << 20));
    assert!(matches!(broken(endless.as_bytes()), ExchangeError::BrokenXml { .. }));
    assert!(matches!(broken(b"<calls></smses>"), ExchangeError::BrokenXml { .. }));
}

#[test]
fn references_become_characters_and_nothing_else() {
    for (text, plain) in [
        ("a&b", "a&b"),
        ("&#x41;&#65;", "AA"),
        ("&#55357;x", "\u{fffd}x"),
        ("&#56832;", "\u{fffd}"),
        ("&nope;&#0;", "&nope;&#0;"),
        ("&amp;lt;", "&lt;"),
    ] {
        assert_eq!(unescaped(text), plain, "{text}");
    }
}
