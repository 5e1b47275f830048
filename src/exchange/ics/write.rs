//! Days and tasks to components.

use std::io::{self, Write};

use super::{AGAIN, BIRTHDAY, CONTACT, DATE, lunar};
use crate::exchange::ContactWriter;
use crate::exchange::json::{ContactOut, DateOut};

/// A leap year, for days of which the year is unknown: calendars know no others.
const SOME_YEAR: &str = "2000";
/// The longest line, in bytes, its end not counted (RFC 5545, 3.1).
const WIDTH: usize = 75;

/// The words in a calendar; `{name}` and `{label}` stand for the contact's name and the day's.
#[derive(Clone, Debug)]
pub struct Words {
    /// `Ann Lee's birthday`
    pub birthday: String,
    /// `Ann Lee: anniversary`
    pub day: String,
    /// What the calendar is called.
    pub calendar: String,
}

impl Default for Words {
    fn default() -> Self {
        let [birthday, day, calendar] = ["{name}: birthday", "{name}: {label}", "rolo"].map(str::to_owned);
        Self { birthday, day, calendar }
    }
}

/// A task as it leaves the book. Instants are RFC 3339.
#[derive(Clone, Debug, Default)]
#[allow(missing_docs)]
pub struct TaskOut {
    pub id: String,
    pub title: String,
    pub note: String,
    /// A date, or an instant.
    pub due: String,
    /// A recurrence rule (RFC 5545, 3.3.10).
    pub repeat: String,
    pub done: String,
    pub created: String,
    /// The contact's id, name and e-mail.
    pub contact: Option<(String, String, String)>,
}

/// Writes a calendar. Each day and task keeps its UID from export to export, so that a calendar that takes the file in again
/// updates what it has.
pub struct Writer<W: Write> {
    out: W,
    words: Words,
    /// `DTSTAMP` of what has no time of its own.
    stamp: String,
    /// The year from which days of another calendar are written out.
    year: i32,
    begun: bool,
}

impl<W: Write> Writer<W> {
    /// Writes to `out`; `now` is RFC 3339.
    pub fn new(out: W, words: Words, now: &str) -> Self {
        let stamp = utc(now).unwrap_or_else(|| format!("{SOME_YEAR}0101T000000Z"));
        let year = stamp[..4].parse().unwrap_or_default();
        Self { out, words, stamp, year, begun: false }
    }

    fn begin(&mut self) -> io::Result<()> {
        if std::mem::replace(&mut self.begun, true) {
            return Ok(());
        }
        let mut text = String::new();
        line(&mut text, "BEGIN:VCALENDAR");
        line(&mut text, "VERSION:2.0");
        line(&mut text, "PRODID:-//rolo//rolo//EN");
        line(&mut text, "CALSCALE:GREGORIAN");
        line(&mut text, "METHOD:PUBLISH");
        line(&mut text, &format!("X-WR-CALNAME:{}", escaped(&self.words.calendar)));
        self.out.write_all(text.as_bytes())
    }

    fn day(&mut self, contact: &ContactOut, date: &DateOut, at: usize) -> io::Result<()> {
        if date.calendar == "chinese" {
            for (nth, day) in lunar::days(&date.date, self.year).iter().enumerate() {
                self.event(contact, date, at, (day, None), nth > 0)?;
            }
            return Ok(());
        }
        let Some((start, rule)) = yearly(&date.date) else { return Ok(()) };
        self.event(contact, date, at, (&start, Some(rule)), false)
    }

    /// A day on which something is remembered. `again`: it only repeats what another event says.
    fn event(
        &mut self,
        contact: &ContactOut,
        date: &DateOut,
        at: usize,
        (start, rule): (&str, Option<&str>),
        again: bool,
    ) -> io::Result<()> {
        let label = date.label.as_str();
        let birthday = label == "birthday";
        let pattern = if birthday { &self.words.birthday } else { &self.words.day };
        let summary = pattern.replace("{name}", &contact.name).replace("{label}", label);
        let number = if at == 0 { String::new() } else { format!("-{}", at + 1) };
        let slug: String =
            label.to_lowercase().chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).collect();
        let year = if rule.is_none() { format!("-{}", &start[..4]) } else { String::new() };
        let mut text = String::new();
        line(&mut text, "BEGIN:VEVENT");
        line(&mut text, &format!("UID:{}-{}{number}{year}@rolo", contact.id, escaped(&slug)));
        line(&mut text, &format!("DTSTAMP:{}", utc(&contact.updated).unwrap_or_else(|| self.stamp.clone())));
        line(&mut text, &format!("DTSTART;VALUE=DATE:{start}"));
        line(&mut text, "DURATION:P1D");
        if let Some(rule) = rule {
            line(&mut text, &format!("RRULE:{rule}"));
        }
        line(&mut text, &format!("SUMMARY:{}", escaped(&summary)));
        let category = if birthday { BIRTHDAY.to_owned() } else { escaped(label) };
        line(&mut text, &format!("CATEGORIES:{category}"));
        line(&mut text, "CLASS:PRIVATE");
        line(&mut text, "TRANSP:TRANSPARENT");
        line(&mut text, &format!("{CONTACT};CN={}:{}", parameter(&contact.name), contact.id));
        if again {
            line(&mut text, &format!("{AGAIN}:TRUE"));
        } else if !birthday || rule.is_none() {
            let calendar = if date.calendar == "chinese" { ";X-CALENDAR=chinese" } else { "" };
            line(&mut text, &format!("{DATE};X-LABEL={}{calendar}:{}", parameter(label), date.date));
        }
        if date.date.starts_with("--") {
            line(&mut text, "X-ROLO-NO-YEAR:TRUE");
        }
        line(&mut text, "END:VEVENT");
        self.out.write_all(text.as_bytes())
    }

    /// Writes one task.
    pub fn task(&mut self, task: &TaskOut) -> io::Result<()> {
        self.begin()?;
        let mut text = String::new();
        line(&mut text, "BEGIN:VTODO");
        line(&mut text, &format!("UID:{}", escaped(&task.id)));
        line(&mut text, &format!("DTSTAMP:{}", utc(&task.created).unwrap_or_else(|| self.stamp.clone())));
        line(&mut text, &format!("SUMMARY:{}", escaped(&task.title)));
        if !task.note.is_empty() {
            line(&mut text, &format!("DESCRIPTION:{}", escaped(&task.note)));
        }
        let due = match utc(&task.due) {
            Some(at) => Some(format!(":{at}")),
            None => Some(task.due.replace('-', ""))
                .filter(|day| day.len() == 8 && day.bytes().all(|b| b.is_ascii_digit()))
                .map(|day| format!(";VALUE=DATE:{day}")),
        };
        let rule = task.repeat.strip_prefix("RRULE:").unwrap_or(&task.repeat);
        let repeats = rule.to_uppercase().contains("FREQ=") && !rule.contains(['\r', '\n']);
        if let Some(due) = due {
            // What repeats needs a beginning to count from (RFC 5545, 3.8.2.4).
            if repeats {
                line(&mut text, &format!("DTSTART{due}"));
                line(&mut text, &format!("RRULE:{rule}"));
            }
            line(&mut text, &format!("DUE{due}"));
        }
        match utc(&task.done) {
            Some(at) => {
                line(&mut text, "STATUS:COMPLETED");
                line(&mut text, &format!("COMPLETED:{at}"));
            }
            None => line(&mut text, "STATUS:NEEDS-ACTION"),
        }
        if let Some((id, name, mail)) = &task.contact {
            let shown = if mail.is_empty() { name.clone() } else { format!("{name} <{mail}>") };
            line(&mut text, &format!("CONTACT:{}", escaped(&shown)));
            line(&mut text, &format!("{CONTACT};CN={}:{id}", parameter(name)));
        }
        line(&mut text, "END:VTODO");
        self.out.write_all(text.as_bytes())
    }
}

impl<W: Write> ContactWriter for Writer<W> {
    fn write(&mut self, contact: &ContactOut) -> io::Result<()> {
        self.begin()?;
        if !contact.birthday.is_empty() {
            let birthday =
                DateOut { label: "birthday".into(), date: contact.birthday.clone(), calendar: String::new() };
            self.day(contact, &birthday, 0)?;
        }
        let mut seen = vec!["birthday"];
        for date in &contact.dates {
            let at = seen.iter().filter(|label| **label == date.label).count();
            let at = if date.label == "birthday" && contact.birthday.is_empty() { at - 1 } else { at };
            seen.push(&date.label);
            self.day(contact, date, at)?;
        }
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        self.begin()?;
        self.out.write_all(b"END:VCALENDAR\r\n")?;
        self.out.flush()
    }
}

/// The first day and the rule of what comes every year; nothing if the day isn't known. Who was born on 29 February is
/// remembered on the last day of February.
fn yearly(date: &str) -> Option<(String, &'static str)> {
    let (year, rest) = match date.strip_prefix("--") {
        Some(rest) => (SOME_YEAR, rest),
        None => (date.get(..4)?, date.get(5..)?),
    };
    let digits = rest.replace('-', "");
    let known =
        rest.len() == 5 && digits.len() == 4 && format!("{year}{digits}").bytes().all(|b| b.is_ascii_digit());
    let rule = if digits == "0229" { "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1" } else { "FREQ=YEARLY" };
    known.then(|| (format!("{year}{digits}"), rule))
}

/// An instant of RFC 3339 in UTC, as iCalendar writes it.
fn utc(text: &str) -> Option<String> {
    let at = chrono::DateTime::parse_from_rfc3339(text).ok()?;
    Some(at.to_utc().format("%Y%m%dT%H%M%SZ").to_string())
}

/// A text value (RFC 5545, 3.3.11).
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.replace("\r\n", "\n").chars() {
        match c {
            '\\' | ';' | ',' => out.extend(['\\', c]),
            '\n' | '\r' => out.push_str("\\n"),
            c if c.is_control() && c != '\t' => {}
            c => out.push(c),
        }
    }
    out
}

/// A quoted parameter's value: quotes and line breaks are written as RFC 6868 has it.
fn parameter(text: &str) -> String {
    let text = text.replace('^', "^^").replace('\n', "^n").replace('"', "^'");
    format!("\"{}\"", text.chars().filter(|c| !c.is_control()).collect::<String>())
}

/// Writes a line, folded between characters.
fn line(out: &mut String, text: &str) {
    let mut room = WIDTH;
    for c in text.chars() {
        if c.len_utf8() > room {
            out.push_str("\r\n ");
            room = WIDTH - 1;
        }
        room -= c.len_utf8();
        out.push(c);
    }
    out.push_str("\r\n");
}
