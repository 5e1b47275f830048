//! Components to drafts: tasks, appointments with somebody, birthdays.

use std::collections::HashSet;

use calcard::common::timezone::Tz;
use chrono::{NaiveDate, NaiveDateTime, NaiveTime, SecondsFormat, TimeZone, Utc};

use super::{AGAIN, BIRTHDAY, CONTACT, DATE, SYSTEM};
use crate::exchange::lines::{Block, Lines};
use crate::exchange::scan::{MAX_QUOTED, Scanner};
use crate::exchange::{ExchangeError, Raw, Reason, Row, RowItem, Rows, Warning, WarningKind, notes};
use crate::model::draft::{ContactDraft, DateDraft, ExtraDraft, RecordDraft, Whom};
use crate::model::schema::Kind;

/// Components that become something.
const TAKEN: [&str; 3] = ["VEVENT", "VTODO", "VJOURNAL"];

/// One property: upper-case name, parameters with upper-case names, the value as it stands.
struct Property {
    name: String,
    params: Vec<(String, String)>,
    value: String,
}

impl Property {
    fn param(&self, name: &str) -> &str {
        self.params.iter().find(|(own, _)| own == name).map_or("", |(_, value)| value.as_str())
    }
}

/// One component, without those inside it.
struct Component(Vec<Property>);

impl Component {
    fn find(&self, name: &str) -> Option<&Property> {
        self.0.iter().find(|property| property.name == name)
    }

    fn text(&self, name: &str) -> String {
        self.find(name).map(|property| unescaped(&property.value)).unwrap_or_default()
    }

    fn raw(&self, name: &str) -> &str {
        self.find(name).map_or("", |property| property.value.trim())
    }
}

/// Reads components one by one.
pub(crate) struct Reader {
    lines: Lines,
}

impl Rows for Reader {
    fn read(&mut self) -> Result<Option<Row>, ExchangeError> {
        let Some((kind, block, unfolded)) = self.component()? else { return Ok(None) };
        let mut warnings = notes(&block.found);
        let line = block.found.line;
        // A file within an appointment may be as large as it likes: it is not read.
        let attached = |line: &str| line.get(..6).is_some_and(|head| head.eq_ignore_ascii_case("ATTACH"));
        let long = |line: &&String| line.len() > MAX_QUOTED && !attached(line);
        let item = match (block.found.bad.clone(), unfolded.iter().find(long)) {
            (Some(reason), _) => RowItem::Bad(reason),
            (None, Some(_)) => RowItem::Bad(Reason::TooLong { limit: MAX_QUOTED }),
            (None, None) => {
                let properties = unfolded.iter().filter(|line| !attached(line));
                let component = Component(properties.filter_map(|line| property(line)).collect());
                item(&kind, &component, line, &mut warnings)
            }
        };
        Ok(Some(Row { line, item, warnings, raw: Raw::Text(block.raw) }))
    }

    fn bytes(&self) -> u64 {
        self.lines.scanner().input().bytes()
    }

    fn guessed(&self) -> Option<&'static str> {
        self.lines.scanner().input().guessed()
    }
}

fn marker<'a>(line: &'a str, word: &str) -> Option<&'a str> {
    let (head, rest) = line.split_once(':')?;
    head.trim().eq_ignore_ascii_case(word).then(|| rest.trim())
}

impl Reader {
    pub(crate) const fn new(scanner: Scanner) -> Self {
        Self { lines: Lines::new(scanner) }
    }

    /// The next component that becomes something: its name, and its unfolded lines without those of the components in it.
    #[allow(clippy::type_complexity)]
    fn component(&mut self) -> Result<Option<(String, Block, Vec<String>)>, ExchangeError> {
        let mut kind = String::new();
        let mut block = Block::default();
        let mut unfolded: Vec<String> = Vec::new();
        let mut depth = 0usize;
        // Whether the line before is one to keep, so that its folded rest is kept, too.
        let mut kept = false;
        while let Some((line, found)) = self.lines.next()? {
            if kind.is_empty() {
                let name = marker(&line, "BEGIN").map(str::to_uppercase).unwrap_or_default();
                if TAKEN.contains(&name.as_str()) {
                    kind = name;
                    block.add(&line, &found);
                }
                continue;
            }
            block.add(&line, &found);
            if !block.is_whole() {
                unfolded.clear();
            }
            if let Some(rest) = line.strip_prefix([' ', '\t']) {
                if let (true, true, Some(last)) = (kept, block.is_whole(), unfolded.last_mut()) {
                    last.push_str(rest);
                }
                continue;
            }
            kept = false;
            if marker(&line, "BEGIN").is_some() {
                depth += 1;
            } else if marker(&line, "END").is_some() {
                match depth.checked_sub(1) {
                    None => return Ok(Some((kind, block, unfolded))),
                    Some(left) => depth = left,
                }
            } else if depth == 0 && block.is_whole() {
                kept = true;
                unfolded.push(line);
            }
        }
        // One that is not closed ends with the file.
        Ok((!kind.is_empty()).then_some((kind, block, unfolded)))
    }
}

/// `NAME;PARAM=value;PARAM="value":value`
fn property(line: &str) -> Option<Property> {
    let mut quoted = false;
    let colon = line.find(|c: char| {
        quoted ^= c == '"';
        c == ':' && !quoted
    })?;
    let (head, value) = (&line[..colon], &line[colon + 1..]);
    let mut quoted = false;
    let mut parts = head.split(|c: char| {
        quoted ^= c == '"';
        c == ';' && !quoted
    });
    let name = parts.next()?.trim().to_uppercase();
    let params = parts.filter_map(|part| part.split_once('=')).map(|(name, value)| {
        let value = value.trim_matches('"').replace("^n", "\n").replace("^'", "\"").replace("^^", "^");
        (name.trim().to_uppercase(), value)
    });
    Some(Property { name, params: params.collect(), value: value.to_owned() })
}

fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match (c, c == '\\') {
            (_, false) => out.push(c),
            _ => match chars.next() {
                Some('n' | 'N') => out.push('\n'),
                Some(other) => out.push(other),
                None => out.push('\\'),
            },
        }
    }
    out.trim().to_owned()
}

/// A day (`YYYY-MM-DD`), or an instant (RFC 3339, UTC). What names no zone is taken as UTC.
fn when(property: &Property) -> Option<String> {
    let value = property.value.trim();
    let day = NaiveDate::parse_from_str(value.get(..8)?, "%Y%m%d").ok()?;
    let Some(time) = value.get(8..).filter(|rest| !rest.is_empty()) else {
        return Some(day.format("%Y-%m-%d").to_string());
    };
    let time = NaiveTime::parse_from_str(time.strip_prefix('T')?.trim_end_matches('Z'), "%H%M%S").ok()?;
    let local = NaiveDateTime::new(day, time);
    let zone = property.param("TZID").parse::<Tz>().ok().filter(|_| !value.ends_with('Z'));
    let at = match zone {
        Some(Tz::Floating) | None => Utc.from_utc_datetime(&local),
        // An hour that the clocks skip or repeat: the first that there is.
        Some(zone) => zone.from_local_datetime(&local).earliest()?.to_utc(),
    };
    Some(at.to_rfc3339_opts(SecondsFormat::Secs, true))
}

/// Whom a calendar address means.
fn somebody(property: &Property, role: &str) -> Option<Whom> {
    let address = property.value.trim();
    let mail = address.get(..7).filter(|head| head.eq_ignore_ascii_case("mailto:")).map(|_| &address[7..]);
    let email = mail.or_else(|| Some(property.param("EMAIL")).filter(|mail| !mail.is_empty()));
    let room = matches!(property.param("CUTYPE"), "ROOM" | "RESOURCE");
    let (name, email) = (property.param("CN"), email.unwrap_or_default());
    // Calendars repeat the address where there is no name.
    let name = if name.contains('@') { "" } else { name };
    let whom = Whom { role: role.into(), name: name.into(), email: email.into(), ..Whom::default() };
    let named = !whom.name.is_empty() || !whom.email.is_empty();
    (named && !room).then_some(whom)
}

/// Everybody that a component names.
fn everybody(component: &Component) -> Vec<Whom> {
    let mut all: Vec<Whom> = Vec::new();
    let mut seen: HashSet<String> = HashSet::new();
    let mut add = |whom: Option<Whom>| {
        let Some(whom) = whom else { return };
        let known = if whom.email.is_empty() { whom.name.clone() } else { whom.email.to_lowercase() };
        if seen.insert(known) {
            all.push(whom);
        }
    };
    for property in &component.0 {
        match property.name.as_str() {
            "ORGANIZER" => add(somebody(property, "organizer")),
            "ATTENDEE" => add(somebody(property, "")),
            // `Ann Lee <ann@x.example>`, or a name with whatever follows it.
            "CONTACT" => {
                let text = unescaped(&property.value);
                let (name, mail) = match text.rsplit_once('<') {
                    Some((name, mail)) if mail.contains('@') => (name.trim(), mail.trim_end_matches('>')),
                    _ => (text.as_str(), ""),
                };
                let whom = Whom { name: name.to_owned(), email: mail.to_owned(), ..Whom::default() };
                add((!text.is_empty()).then_some(whom));
            }
            _ => {}
        }
    }
    all
}

fn item(kind: &str, component: &Component, line: u64, warnings: &mut Vec<Warning>) -> RowItem {
    if component.find(AGAIN).is_some() {
        return RowItem::Blank;
    }
    let draft = match kind {
        "VEVENT" => match own_day(component).or_else(|| birthday(component)) {
            Some(draft) => return RowItem::Contact(Box::new(draft)),
            None => event(component, "meeting"),
        },
        "VJOURNAL" => event(component, "note"),
        _ => return RowItem::Other(Box::new(task(component))),
    };
    if draft.whom.is_empty() || !draft.fields.iter().any(|(name, _)| *name == "at") {
        let (column, value) = (String::new(), component.text("SUMMARY"));
        warnings.push(Warning { line, column, value, kind: WarningKind::Nobody });
        return RowItem::Blank;
    }
    let rule = component.raw("RRULE");
    if !rule.is_empty() {
        let (column, value) = (rule.to_owned(), component.text("SUMMARY"));
        warnings.push(Warning { line, column, value, kind: WarningKind::Recurs });
    }
    RowItem::Other(Box::new(draft))
}

/// What two occurrences of one appointment have different.
fn id(component: &Component) -> Option<String> {
    let uid = component.raw("UID");
    let again = component.raw("RECURRENCE-ID");
    (!uid.is_empty()).then(|| if again.is_empty() { uid.to_owned() } else { format!("{uid} {again}") })
}

fn record(
    kind: Kind,
    component: &Component,
    fields: Vec<(&'static str, String)>,
    known: &[&str],
) -> RecordDraft {
    let extras = component.0.iter().filter(|property| known.contains(&property.name.as_str()));
    let extras = extras.map(|property| (property.name.to_lowercase(), unescaped(&property.value)));
    RecordDraft {
        kind,
        external_id: id(component),
        fields: fields.into_iter().filter(|(_, value)| !value.is_empty()).collect(),
        company: None,
        whom: everybody(component),
        extras: extras.filter(|(_, value)| !value.is_empty()).collect(),
    }
}

fn event(component: &Component, kind: &str) -> RecordDraft {
    let at = component.find("DTSTART").and_then(when).unwrap_or_default();
    let seconds = |text: &str| chrono::DateTime::parse_from_rfc3339(text).ok().map(|at| at.timestamp());
    let end = component.find("DTEND").and_then(when);
    let duration = match (seconds(&at), end.as_deref().and_then(seconds)) {
        (Some(from), Some(to)) if to > from => (to - from).to_string(),
        (Some(_), None) => span(component.raw("DURATION")).map(|n| n.to_string()).unwrap_or_default(),
        _ => String::new(),
    };
    let status = component.raw("STATUS").to_lowercase();
    let fields = vec![
        ("kind", kind.to_owned()),
        ("at", at),
        ("duration", duration),
        ("subject", component.text("SUMMARY")),
        ("body", component.text("DESCRIPTION")),
        ("status", if status == "confirmed" { String::new() } else { status }),
    ];
    record(Kind::Interaction, component, fields, &["LOCATION", "URL", "RRULE", "CATEGORIES"])
}

fn task(component: &Component) -> RecordDraft {
    let due = component.find("DUE").or_else(|| component.find("DTSTART")).and_then(when);
    let done = component.find("COMPLETED").and_then(when);
    // A task that is done without a time was done when it was last changed.
    let done = done.or_else(|| {
        let changed = component.find("LAST-MODIFIED").or_else(|| component.find("DTSTAMP"));
        (component.raw("STATUS").eq_ignore_ascii_case("COMPLETED")).then(|| changed.and_then(when)).flatten()
    });
    let title = component.text("SUMMARY");
    let fields = vec![
        ("title", if title.is_empty() { component.raw("UID").to_owned() } else { title }),
        ("note", component.text("DESCRIPTION")),
        ("due", due.unwrap_or_default()),
        ("repeat", component.raw("RRULE").to_owned()),
        ("done", done.unwrap_or_default()),
    ];
    record(Kind::Task, component, fields, &["LOCATION", "URL", "CATEGORIES", "PRIORITY"])
}

/// Seconds of a duration: `PT1H30M`, `P2D`, `P1W`.
fn span(text: &str) -> Option<i64> {
    let (mut total, mut number) = (0i64, String::new());
    for c in text.strip_prefix('P')?.chars() {
        let unit = match c {
            '0'..='9' => {
                number.push(c);
                continue;
            }
            'T' => continue,
            'W' => 604_800,
            'D' => 86_400,
            'H' => 3_600,
            'M' => 60,
            'S' => 1,
            _ => return None,
        };
        total = total.checked_add(number.parse::<i64>().ok()?.checked_mul(unit)?)?;
        number.clear();
    }
    (total > 0).then_some(total)
}

/// How Google's, Apple's and others' birthday calendars name a birthday, around the name.
const BIRTHDAYS: [(&str, &str); 9] = [
    ("", "'s birthday"),
    ("", "’s birthday"),
    ("", "' birthday"),
    ("birthday: ", ""),
    ("", ": birthday"),
    ("", " (birthday)"),
    ("", "的生日"),
    ("", "生日"),
    ("", "'s bday"),
];

/// A day that rolo itself has written, with the label and the calendar that it has there.
fn own_day(component: &Component) -> Option<ContactDraft> {
    let (own, day) = (component.find(CONTACT)?, component.find(DATE)?);
    let mut draft = ContactDraft { id: Some(own.value.trim().to_owned()), ..ContactDraft::default() };
    draft.set("name", own.param("CN"));
    draft.dates.push(DateDraft {
        label: day.param("X-LABEL").to_owned(),
        date: day.value.trim().to_owned(),
        calendar: day.param("X-CALENDAR").to_owned(),
    });
    draft.get("name").is_some().then_some(draft)
}

/// A day of every year that is somebody's birthday.
fn birthday(component: &Component) -> Option<ContactDraft> {
    let rule = component.raw("RRULE").to_uppercase();
    let day = component.find("DTSTART").and_then(when).filter(|day| day.len() == 10)?;
    if !rule.contains("FREQ=YEARLY") {
        return None;
    }
    let own = component.find(CONTACT);
    let marked = component.text("CATEGORIES").to_uppercase().split(',').any(|word| word.trim() == BIRTHDAY);
    let summary = component.text("SUMMARY");
    let name = match own {
        // Other days of rolo's own have a category, too.
        Some(_) if !marked => return None,
        Some(own) => own.param("CN").to_owned(),
        None => named(&summary).or_else(|| marked.then(|| summary.clone()))?,
    };
    // 1604 is Apple's year for those of whom it isn't known.
    let no_year =
        component.find("X-ROLO-NO-YEAR").is_some() || day.starts_with("1604-") || day.starts_with("1600-");
    let date = if no_year { format!("-{}", &day[4..]) } else { day };
    let mut draft =
        ContactDraft { id: own.map(|own| own.value.trim().to_owned()), ..ContactDraft::default() };
    if own.is_none() {
        draft.external_id = id(component);
    }
    draft.set("name", name);
    draft.dates.push(DateDraft { label: "birthday".into(), date, calendar: String::new() });
    let note = component.text("DESCRIPTION");
    if own.is_none() && !note.is_empty() {
        let (source, name, params) = (SYSTEM.to_owned(), "DESCRIPTION".to_owned(), String::new());
        draft.extras.push(ExtraDraft { source, name, params, value: note });
    }
    draft.get("name").is_some().then_some(draft)
}

/// The name in a birthday's title.
fn named(summary: &str) -> Option<String> {
    let text = summary.trim().trim_start_matches(['🎂', '🎉', ' ', '\u{fe0f}']);
    let lower = text.to_lowercase();
    // `Ann Lee’s 40th Birthday`
    let plain = lower.len() == text.len();
    BIRTHDAYS.iter().find_map(|(before, after)| {
        let rest = if plain {
            lower.strip_prefix(before)?.strip_suffix(after)?
        } else {
            text.strip_prefix(before)?.strip_suffix(after)?
        };
        let name = text.get(before.len()..before.len() + rest.len())?.trim();
        (!name.is_empty()).then(|| name.to_owned())
    })
}
