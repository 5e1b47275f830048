//! Elements to interactions.

use chrono::{DateTime, SecondsFormat, Utc};

use super::{Attributes, Message, Outcome, row};
use crate::exchange::{Reason, Row, RowItem, Warning, WarningKind};
use crate::model::draft::{RecordDraft, Whom};
use crate::model::schema::Kind;

/// Whom a number and a name mean; nobody if the number was hidden and there is no name.
fn whom(number: Option<&str>, name: Option<&str>) -> Option<Whom> {
    // -1 unknown, -2 private, -3 a pay phone (CallLog.Calls).
    let number =
        number.filter(|number| !matches!(*number, "-1" | "-2" | "-3" | "0" | "insert-address-token"));
    let name = name.filter(|name| !matches!(*name, "(Unknown)" | "Unknown"));
    let whom = Whom {
        name: name.unwrap_or_default().into(),
        phone: number.unwrap_or_default().into(),
        ..Whom::default()
    };
    (!whom.name.is_empty() || !whom.phone.is_empty()).then_some(whom)
}

/// The instant of an attribute in milliseconds since 1970.
fn instant(attributes: &Attributes, element: &'static str) -> Result<String, Reason> {
    let millis = attributes.get("date").and_then(|text| text.parse::<i64>().ok());
    millis
        .and_then(DateTime::<Utc>::from_timestamp_millis)
        .filter(|at| (0..253_402_300_800).contains(&at.timestamp()))
        .map(|at| at.to_rfc3339_opts(SecondsFormat::AutoSi, true))
        .ok_or_else(|| Reason::WrongType {
            key: format!("{element} date"),
            expected: "milliseconds since 1970",
        })
}

/// What an interaction has no field for.
fn extras(attributes: &Attributes, known: &[&str]) -> Vec<(String, String)> {
    let derived = ["readable_date", "date", "contact_name"];
    let says = |value: &str| !value.is_empty() && value != "null";
    attributes
        .0
        .iter()
        .filter(|(name, value)| {
            !known.contains(&name.as_str()) && !derived.contains(&name.as_str()) && says(value.trim())
        })
        .map(|(name, value)| (name.clone(), value.trim().to_owned()))
        .collect()
}

fn finished(record: RecordDraft, line: u64) -> Outcome {
    if record.whom.is_empty() {
        let value = record.fields.iter().find(|(name, _)| *name == "at").map(|(_, at)| at.clone());
        let (column, value) = (String::new(), value.unwrap_or_default());
        return (RowItem::Blank, Some(Warning { line, column, value, kind: WarningKind::Hidden }));
    }
    (RowItem::Other(Box::new(record)), None)
}

fn draft(fields: Vec<(&'static str, String)>, whom: Vec<Whom>, extras: Vec<(String, String)>) -> RecordDraft {
    let fields = fields.into_iter().filter(|(_, value)| !value.is_empty()).collect();
    RecordDraft { kind: Kind::Interaction, external_id: None, fields, company: None, whom, extras }
}

pub(super) fn call(attributes: &Attributes, line: u64) -> Outcome {
    let at = match instant(attributes, "call") {
        Ok(at) => at,
        Err(reason) => return (RowItem::Bad(reason), None),
    };
    let given = attributes.get("type").unwrap_or_default();
    // CallLog.Calls: what is no call of one's own came in.
    let (direction, outcome) = match given {
        "1" => ("in", ""),
        "2" => ("out", ""),
        "3" => ("in", "missed"),
        "4" => ("in", "voicemail"),
        "5" => ("in", "rejected"),
        "6" => ("in", "refused"),
        "7" => ("in", "answered elsewhere"),
        _ => ("", ""),
    };
    let seconds = attributes.get("duration").and_then(|text| text.parse::<u64>().ok()).filter(|n| *n > 0);
    let fields = vec![
        ("kind", "call".to_owned()),
        ("at", at),
        ("duration", seconds.map(|seconds| seconds.to_string()).unwrap_or_default()),
        ("direction", direction.to_owned()),
        ("outcome", outcome.to_owned()),
    ];
    let known: &[&str] =
        if direction.is_empty() { &["number", "duration"] } else { &["number", "duration", "type"] };
    let whom = whom(attributes.get("number"), attributes.get("contact_name"));
    finished(draft(fields, whom.into_iter().collect(), extras(attributes, known)), line)
}

pub(super) fn sms(attributes: &Attributes, line: u64) -> Outcome {
    let at = match instant(attributes, "sms") {
        Ok(at) => at,
        Err(reason) => return (RowItem::Bad(reason), None),
    };
    // Telephony.TextBasedSmsColumns: 1 came in, the others are on their way out.
    let given = attributes.get("type").unwrap_or_default();
    let (direction, status) = match given {
        "1" => ("in", ""),
        "2" => ("out", ""),
        "3" => ("out", "draft"),
        "4" | "6" => ("out", "queued"),
        "5" => ("out", "failed"),
        _ => ("", ""),
    };
    let text = |name: &str| attributes.get(name).unwrap_or_default().to_owned();
    let fields = vec![
        ("kind", "message".to_owned()),
        ("channel", "sms".to_owned()),
        ("at", at),
        ("direction", direction.to_owned()),
        ("status", status.to_owned()),
        ("subject", text("subject")),
        ("body", text("body")),
    ];
    let whom = whom(attributes.get("address"), attributes.get("contact_name"));
    let plumbing = [
        "address",
        "type",
        "subject",
        "body",
        "protocol",
        "toa",
        "sc_toa",
        "service_center",
        "read",
        "status",
        "locked",
        "date_sent",
        "sub_id",
    ];
    finished(draft(fields, whom.into_iter().collect(), extras(attributes, &plumbing)), line)
}

impl Message {
    pub(super) fn row(self) -> Row {
        let Self { line, raw, attributes, texts, sender } = self;
        let at = match instant(&attributes, "mms") {
            Ok(at) => at,
            Err(reason) => return row(line, raw, (RowItem::Bad(reason), None)),
        };
        let direction = match attributes.get("msg_box") {
            Some("1") => "in",
            Some(_) => "out",
            None => "",
        };
        let fields = vec![
            ("kind", "message".to_owned()),
            ("channel", "mms".to_owned()),
            ("at", at),
            ("direction", direction.to_owned()),
            ("subject", attributes.get("sub").unwrap_or_default().to_owned()),
            ("body", texts.join("\n")),
        ];
        let numbers: Vec<&str> = attributes.get("address").unwrap_or_default().split('~').collect();
        let name = attributes.get("contact_name").filter(|_| numbers.len() == 1);
        let mut all: Vec<Whom> = numbers.iter().filter_map(|number| whom(Some(number), name)).collect();
        for one in &mut all {
            if direction == "in" && !sender.is_empty() && one.phone == sender {
                "from".clone_into(&mut one.role);
            }
        }
        row(line, raw, finished(draft(fields, all, Vec::new()), line))
    }
}
