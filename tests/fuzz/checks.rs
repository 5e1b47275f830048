//! What must hold for any bytes at all: one function a reader. `fuzz_targets` hands them to libFuzzer, `tests/readers.rs`
//! runs them on a few thousand mutations with every `cargo test`.
// Holding fails by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

#[path = "../../src/exchange/sheet/tests/build.rs"]
#[allow(dead_code, clippy::cast_possible_truncation)]
mod build;

use std::io::Cursor;

use chrono::{DateTime, FixedOffset};
use rolo::exchange::json::ContactOut;
use rolo::exchange::mapping::Profile;
use rolo::exchange::{
    ContactWriter, DateOrder, Format, Options, Row, RowItem, Source, abook, csv_out, ics, jscontact, ldif,
    open, rejects::Rejects, system_out, vcard,
};
use rolo::model::{email, phone, when};
use rolo::search::query;
use rolo::text;

/// A reader and what is held against it.
pub type Target = (&'static str, fn(&[u8]));

/// All of them; each has a folder of its name in `corpus`.
pub const TARGETS: &[Target] = &[
    ("table", table),
    ("encoding", encoding),
    ("vcard", vcard),
    ("json", json),
    ("json_cards", json_cards),
    ("ldif", ldif),
    ("abook", abook),
    ("ics", ics),
    ("calls", calls),
    ("monica", monica),
    ("knotter", knotter),
    ("xlsx", xlsx),
    ("xlsx_parts", xlsx_parts),
    ("xls", xls),
    ("xls_stream", xls_stream),
    ("ods_parts", ods_parts),
    ("profile", profile),
    ("filter", filter),
    ("words", words),
];

/// How many contacts of a file are written out again.
const WRITTEN: usize = 64;

fn opened(bytes: &[u8], options: &Options) -> Option<Source> {
    open(Box::new(Cursor::new(bytes.to_vec())), "file", options).ok()
}

/// Reads all there is; what is refused can be handed back. Returns the first contacts.
fn read(bytes: &[u8], options: &Options) -> Vec<ContactOut> {
    let Some(source) = opened(bytes, options) else { return Vec::new() };
    rows(source)
}

fn rows(mut source: Source) -> Vec<ContactOut> {
    let mut all = Vec::new();
    let mut line = 0;
    let format = source.format();
    let mut refused = Rejects::new(std::io::sink(), &source).unwrap();
    for row in source.by_ref() {
        // An error ends the file.
        let Ok(Row { line: at, item, warnings, raw }) = row else { break };
        // The rows of an XLS may stand in any order.
        assert!(at >= line || at == 0 || format == Format::Xls, "line {at} comes after line {line}");
        line = at;
        for warning in &warnings {
            assert!(warning.value.len() <= bytes_limit(), "a warning repeats {} bytes", warning.value.len());
        }
        match item {
            // A row of a group that only gives a tag to somebody else.
            RowItem::Contact(draft) if draft.fields.is_empty() && draft.methods.is_empty() => {}
            RowItem::Contact(draft) if all.len() < WRITTEN => {
                all.push(in_book(ContactOut::from(*draft), all.len()))
            }
            RowItem::Bad(reason) => refused.write(&raw, &format!("{reason:?}")).unwrap(),
            _ => {}
        }
    }
    assert!(source.next().is_none(), "the end is not the end");
    let _ = (source.warnings(), source.plan(), source.encoding(), source.system());
    all
}

/// What the book adds to every contact.
fn in_book(mut contact: ContactOut, at: usize) -> ContactOut {
    let some = |text: &mut String, other: &str| {
        if text.is_empty() {
            other.clone_into(text);
        }
    };
    some(&mut contact.id, &format!("0198c5a2-0000-7000-8000-{at:012}"));
    some(&mut contact.created, "2026-09-14T12:00:00Z");
    contact.updated.clone_from(&contact.created);
    // No tag is empty.
    contact.tags.retain(|tag| !tag.trim().is_empty());
    contact
}

/// More than a value may hold: what warnings say is cut by whoever shows them, but never more than was read.
const fn bytes_limit() -> usize {
    32 << 20
}

fn written(contacts: &[ContactOut], writer: &mut dyn ContactWriter) {
    contacts.iter().for_each(|contact| writer.write(contact).unwrap());
    writer.finish().unwrap();
}

/// What was written is read as as many contacts, all of them good, and written as the same.
fn stable(contacts: &[ContactOut], write: &dyn Fn(&[ContactOut]) -> Vec<u8>) {
    if contacts.is_empty() {
        return;
    }
    let first = write(contacts);
    let again = good(&first);
    assert_eq!(
        again.len(),
        contacts.len(),
        "contacts got lost or were made:\n{}",
        String::from_utf8_lossy(&first)
    );
    let second = write(&again);
    if first != second {
        let (first, second) = (String::from_utf8_lossy(&first), String::from_utf8_lossy(&second));
        panic!("written again it is another:\n{first}\n--- and ---\n{second}");
    }
}

/// What was written is read as as many people. A table has no more room than its columns, and what no format allows (a
/// card within a card, an entry without a name) may come back in another place.
fn kept(contacts: &[ContactOut], write: &dyn Fn(&[ContactOut]) -> Vec<u8>) {
    if contacts.is_empty() {
        return;
    }
    let text = write(contacts);
    let again = good(&text);
    assert!(again.len() == contacts.len(), "contacts got lost:\n{}", String::from_utf8_lossy(&text));
}

/// The contacts of a file of rolo's own making.
fn good(bytes: &[u8]) -> Vec<ContactOut> {
    let said =
        |what: &dyn std::fmt::Debug| -> ! { panic!("{what:?} in\n{}", String::from_utf8_lossy(bytes)) };
    let source = match open(Box::new(Cursor::new(bytes.to_vec())), "file", &Options::default()) {
        Ok(source) => source,
        Err(error) => said(&error),
    };
    let contact = |row: Result<Row, _>| match row {
        Ok(Row { item: RowItem::Contact(draft), .. }) => Some(in_book(ContactOut::from(*draft), 0)),
        Ok(Row { item: RowItem::Blank, .. }) => None,
        other => said(&other),
    };
    source.filter_map(contact).collect()
}

fn as_csv(contacts: &[ContactOut]) -> Vec<u8> {
    let mut shape = csv_out::Shape::new(csv_out::Style::Csv, None);
    contacts.iter().for_each(|contact| shape.see(contact));
    let mut out = Vec::new();
    let mut writer = csv_out::Writer::new(&mut out, &shape, b',', false).unwrap();
    contacts.iter().for_each(|contact| writer.write(contact).unwrap());
    writer.finish().unwrap();
    out
}

fn as_jsonl(contacts: &[ContactOut]) -> Vec<u8> {
    let mut out = Vec::new();
    for contact in contacts {
        serde_json::to_writer(&mut out, contact).unwrap();
        out.push(b'\n');
    }
    out
}

fn as_vcard(contacts: &[ContactOut], v4: bool) -> Vec<u8> {
    let mut out = Vec::new();
    written(contacts, &mut vcard::Writer::new(&mut out, v4));
    out
}

fn as_jcard(contacts: &[ContactOut]) -> Vec<u8> {
    let mut out = Vec::new();
    written(contacts, &mut vcard::jcard::Writer::new(&mut out));
    out
}

fn as_jscontact(contacts: &[ContactOut]) -> Vec<u8> {
    let mut out = Vec::new();
    written(contacts, &mut jscontact::Writer::new(&mut out));
    out
}

fn as_ldif(contacts: &[ContactOut]) -> Vec<u8> {
    let mut out = Vec::new();
    written(contacts, &mut ldif::Writer::new(&mut out));
    out
}

fn as_abook(contacts: &[ContactOut]) -> Vec<u8> {
    let mut out = Vec::new();
    written(contacts, &mut abook::Writer::new(&mut out));
    out
}

/// Any bytes; separated values are what they are most often.
pub fn table(bytes: &[u8]) {
    if let Some(source) = opened(bytes, &Options::default()) {
        let profile = source.plan().map(|plan| plan.system.clone());
        let contacts = rows(source);
        kept(&contacts, &as_csv);
        stable(&contacts, &as_jsonl);
        as_system(profile.as_deref(), &contacts);
    }
}

/// The system's own table takes whatever its reader gave.
fn as_system(system: Option<&str>, contacts: &[ContactOut]) {
    let options = Options::default();
    let profiles = options.profiles();
    let Some(profile) = system.and_then(|name| profiles.get(name).ok()) else { return };
    let Ok(mut shape) = system_out::SystemShape::new(&profiles, profile, None) else { return };
    let known = system_out::Known::default();
    contacts.iter().for_each(|contact| shape.see(contact, &known));
    let mut writer = system_out::SystemWriter::new(std::io::sink(), &mut shape).unwrap();
    contacts.iter().for_each(|contact| writer.write(contact, &known).unwrap());
    writer.finish().unwrap();
}

const LABELS: [&str; 12] = [
    "utf-8",
    "utf-16le",
    "utf-16be",
    "gbk",
    "gb18030",
    "big5",
    "shift_jis",
    "euc-kr",
    "windows-1250",
    "windows-1251",
    "windows-1252",
    "iso-2022-jp",
];

/// The first bytes choose encoding, separator, header and order of dates; the rest is the file.
pub fn encoding(bytes: &[u8]) {
    let [label, delimiter, header, rest @ ..] = bytes else { return };
    let options = Options {
        encoding: Some(LABELS[usize::from(*label) % LABELS.len()].to_owned()),
        delimiter: [None, Some(b','), Some(b';'), Some(b'\t'), Some(b'|')][usize::from(*delimiter) % 5],
        header_row: [None, Some(0), Some(1), Some(2)][usize::from(*header) % 4],
        date_order: [None, Some(DateOrder::Dmy), Some(DateOrder::Mdy)][usize::from(*header / 4) % 3],
        ..Options::default()
    };
    let contacts = read(rest, &options);
    kept(&contacts, &as_csv);
}

pub fn vcard(bytes: &[u8]) {
    let contacts = read(bytes, &Options::default());
    kept(&contacts, &|list| as_vcard(list, true));
    kept(&contacts, &|list| as_vcard(list, false));
}

pub fn json(bytes: &[u8]) {
    let contacts = read(bytes, &Options::default());
    stable(&contacts, &as_jsonl);
}

/// jCard and JSContact.
pub fn json_cards(bytes: &[u8]) {
    let contacts = read(bytes, &Options::default());
    kept(&contacts, &as_jcard);
    kept(&contacts, &as_jscontact);
}

pub fn ldif(bytes: &[u8]) {
    let contacts = read(bytes, &Options::default());
    kept(&contacts, &as_ldif);
}

pub fn abook(bytes: &[u8]) {
    let contacts = read(bytes, &Options::default());
    stable(&contacts, &as_abook);
}

pub fn ics(bytes: &[u8]) {
    let contacts = read(bytes, &Options::default());
    let mut out = Vec::new();
    written(&contacts, &mut ics::Writer::new(&mut out, ics::Words::default(), "2026-09-14T12:00:00Z"));
    let source = open(Box::new(Cursor::new(out.clone())), "file", &Options::default()).unwrap();
    assert_eq!(source.format(), Format::ICalendar);
    assert!(rows(source).len() <= contacts.len() * 16, "{}", String::from_utf8_lossy(&out));
}

pub fn calls(bytes: &[u8]) {
    read(bytes, &Options::default());
}

pub fn monica(bytes: &[u8]) {
    read(bytes, &Options::default());
}

pub fn knotter(bytes: &[u8]) {
    read(bytes, &Options::default());
}

/// Archives as they are: mostly what is wrong with their outside.
pub fn xlsx(bytes: &[u8]) {
    read(bytes, &Options::default());
}

/// The sheet, its strings, its styles and what follows the rows, parted by NUL.
pub fn xlsx_parts(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let mut parts = text.splitn(4, '\0');
    let mut next = || parts.next().unwrap_or_default();
    let (rows, strings, styles, after) = (next(), next(), next(), next());
    read(&build::xlsx(rows, strings, styles, after), &Options::default());
}

/// OLE files as they are.
pub fn xls(bytes: &[u8]) {
    read(bytes, &Options::default());
}

/// The stream of a workbook, put into a whole file.
pub fn xls_stream(bytes: &[u8]) {
    read(&build::ole("Workbook", bytes), &Options::default());
}

/// The tables of a document.
pub fn ods_parts(bytes: &[u8]) {
    read(&build::ods(&String::from_utf8_lossy(bytes)), &Options::default());
}

/// A system of the user's own.
pub fn profile(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let Ok(profile) = Profile::parse("own.toml", &text) else { return };
    for column in
        ["Name", "E-mail 1 - Value", "Phone 99 - Type", "a9", "", "联系人 1"].into_iter().chain(text.lines())
    {
        profile.target(column);
    }
    profile.id_system();
}

/// The filter language: what it says back of a query means the same.
pub fn filter(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let fields = query::Known::default();
    match query::parse(&text, &fields) {
        Ok(found) => {
            let shown = found.to_string();
            let again = query::parse(&shown, &fields).unwrap_or_else(|error| panic!("{shown:?}: {error:?}"));
            assert_eq!(again.to_string(), shown, "{text:?}");
        }
        Err(error) => drop(error.caret(&text)),
    }
}

/// Phones, days, times, names and e-mails as people type them.
pub fn words(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let text = text.get(..text.char_indices().nth(4096).map_or(text.len(), |(at, _)| at)).unwrap_or_default();
    let now: DateTime<FixedOffset> = DateTime::parse_from_rfc3339("2026-09-14T12:00:00+02:00").unwrap();
    for country in [None, Some("CN"), Some("US"), Some("DE")] {
        if let Some(number) = phone::e164(text, country) {
            assert!(number.starts_with('+') && number.len() <= 32, "{number}");
            assert_eq!(phone::e164(&number, country).as_deref(), Some(number.as_str()), "{text:?}");
        }
    }
    phone::digits(text);
    for order in [None, Some(DateOrder::Dmy), Some(DateOrder::Mdy), Some(DateOrder::Ymd)] {
        if let Some(day) = when::parse_date(text, order) {
            assert_eq!(when::parse_date(&day, order).as_deref(), Some(day.as_str()), "{text:?}");
        }
    }
    let _ = (when::parse_instant(text, now), when::parse_when(text, now), when::day_range(text, now));
    if let Ok(span) = when::parse_span(text) {
        let _ = (span.before(now), span.after(now), span.to_string());
    }
    email::email_key(text);
    let _ = (email::is_email(text), email::email_domain(text), email::is_shared_mailbox(text));
    let parts = text::split_name(text);
    text::display_name(&parts.prefix, &parts.given, &parts.middle, &parts.family, &parts.suffix);
    let folded = text::fold(text);
    assert_eq!(text::fold(&folded), folded);
    let _ = (
        text::sort_key(text),
        text::pinyin_keys(text),
        text::width(text),
        text::safe_line(text),
        text::safe_text(text),
    );
}
