use super::*;
use crate::exchange::json::{ContactOut, DateOut, MethodOut};
use crate::exchange::testing::{contacts, fields, opened, records, rows, write_all};
use crate::exchange::{ContactWriter, Format, RowItem, WarningKind};

const ID: &str = "0198c0de-0000-7000-8000-000000000001";

fn calendar(list: &[ContactOut], tasks: &[TaskOut]) -> String {
    let words = Words { birthday: "🎂 {name}".into(), ..Words::default() };
    let mut out = Vec::new();
    let mut writer = Writer::new(&mut out, words, "2026-09-14T12:00:00Z");
    list.iter().for_each(|contact| writer.write(contact).unwrap());
    tasks.iter().for_each(|task| writer.task(task).unwrap());
    writer.finish().unwrap();
    String::from_utf8(out).unwrap()
}

fn ann(birthday: &str) -> ContactOut {
    ContactOut {
        id: ID.into(),
        name: "Ann; \"Lee\", 王".into(),
        birthday: birthday.into(),
        updated: "2026-01-02T03:04:05Z".into(),
        ..ContactOut::default()
    }
}

#[test]
fn days_come_every_year_and_keep_their_uid() {
    for (date, start, rule) in [
        ("1980-05-17", "DTSTART;VALUE=DATE:19800517", "RRULE:FREQ=YEARLY"),
        ("--05-17", "DTSTART;VALUE=DATE:20000517", "RRULE:FREQ=YEARLY"),
        ("1980-02-29", "DTSTART;VALUE=DATE:19800229", "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1"),
    ] {
        let text = calendar(&[ann(date)], &[]);
        for line in [
            start,
            rule,
            "SUMMARY:🎂 Ann\\; \"Lee\"\\, 王",
            "DTSTAMP:20260102T030405Z",
            &format!("UID:{ID}-birthday@rolo"),
        ] {
            assert!(text.contains(&format!("\r\n{line}\r\n")), "{line}\n{text}");
        }
        assert!(text.split("\r\n").all(|line| line.len() <= 75 && !line.contains('\n')), "{text}");
        let back = contacts(text.as_bytes()).remove(0);
        assert_eq!((back.id.as_deref(), back.dates[0].date.as_str()), (Some(ID), date));
        assert_eq!(back.get("name"), Some("Ann; \"Lee\", 王"));
    }
    for none in ["1980", "1980-05", "spring"] {
        assert!(!calendar(&[ann(none)], &[]).contains("VEVENT"), "{none}");
    }
    let day = |label: &str, calendar: &str| DateOut {
        label: label.into(),
        date: "2015-06-01".into(),
        calendar: calendar.into(),
    };
    let dates = vec![day("anniversary", ""), day("anniversary", ""), day("birthday", "chinese")];
    let text = calendar(&[ContactOut { dates, ..ann("") }], &[]);
    let ids: Vec<&str> = text.lines().filter(|line| line.starts_with("UID:")).collect();
    assert_eq!(ids[..2], [format!("UID:{ID}-anniversary@rolo"), format!("UID:{ID}-anniversary-2@rolo")]);
    // A day of the Chinese calendar is another one of ours each year: 1 June 2015 is the first day of its sixth month.
    let lunar = (2026..2036).map(|year| format!("UID:{ID}-birthday-{year}@rolo"));
    assert_eq!(ids[2..], lunar.collect::<Vec<_>>());
    assert!(text.contains("\r\nDTSTART;VALUE=DATE:20260714\r\n"), "{text}");
    let back = contacts_of(&text);
    let days: Vec<_> = back.iter().flat_map(|draft| &draft.dates).collect();
    let said: Vec<_> =
        days.iter().map(|day| (day.label.as_str(), day.date.as_str(), day.calendar.as_str())).collect();
    assert_eq!(
        said,
        [
            ("anniversary", "2015-06-01", ""),
            ("anniversary", "2015-06-01", ""),
            ("birthday", "2015-06-01", "chinese")
        ],
        "each is read once"
    );
    assert!(back.iter().all(|draft| draft.id.as_deref() == Some(ID)));
}

#[test]
fn an_appointment_that_comes_again_is_logged_once_and_that_is_said() {
    let text = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:e\r\nDTSTART:20250701T100000Z\r\nSUMMARY:Standup\r\n\
        RRULE:FREQ=DAILY;COUNT=5\r\nATTENDEE:mailto:ann@x.example\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
    let found = rows(text.as_bytes());
    assert_eq!(found.len(), 1);
    let warning = &found[0].warnings[0];
    assert_eq!(
        (warning.kind, warning.value.as_str(), warning.column.as_str()),
        (WarningKind::Recurs, "Standup", "FREQ=DAILY;COUNT=5")
    );
    let RowItem::Other(meeting) = &found[0].item else { panic!() };
    assert_eq!(meeting.extras, [("rrule".to_owned(), "FREQ=DAILY;COUNT=5".to_owned())]);
}

/// The contacts among a calendar's rows.
fn contacts_of(text: &str) -> Vec<crate::model::draft::ContactDraft> {
    let contact = |row: crate::exchange::Row| match row.item {
        RowItem::Contact(draft) => Some(*draft),
        RowItem::Blank => None,
        other => panic!("{other:?}"),
    };
    rows(text.as_bytes()).into_iter().filter_map(contact).collect()
}

#[test]
fn tasks_go_out_and_come_back() {
    let task = TaskOut {
        id: "t1".into(),
        title: "Call, then write".into(),
        note: "one\ntwo".into(),
        due: "2026-10-01".into(),
        repeat: "FREQ=MONTHLY".into(),
        contact: Some((ID.into(), "Ann Lee".into(), "ann@x.example".into())),
        ..TaskOut::default()
    };
    let done = TaskOut {
        id: "t2".into(),
        title: "x".repeat(200),
        due: "2026-10-01T09:00:00+02:00".into(),
        done: "2026-10-02T00:00:00Z".into(),
        ..TaskOut::default()
    };
    let text = calendar(&[], &[task, done]);
    let found = records(text.as_bytes());
    assert_eq!(
        fields(&found[0]),
        ["title=Call, then write", "note=one\ntwo", "due=2026-10-01", "repeat=FREQ=MONTHLY"]
    );
    assert_eq!(
        (found[0].whom[0].name.as_str(), found[0].whom[0].email.as_str()),
        ("Ann Lee", "ann@x.example")
    );
    assert_eq!(fields(&found[1])[1..], ["due=2026-10-01T07:00:00Z", "done=2026-10-02T00:00:00Z"]);
    assert_eq!(found[1].external_id.as_deref(), Some("t2"));
    let mut empty = Vec::new();
    write_all(&mut Writer::new(&mut empty, Words::default(), ""), &[]);
    assert!(empty.ends_with(b"END:VCALENDAR\r\n"));
}

#[test]
fn appointments_are_meetings_with_those_they_name() {
    let text = "BEGIN:VCALENDAR\r\nBEGIN:VTIMEZONE\r\nTZID:X\r\nBEGIN:STANDARD\r\nDTSTART:19701025T030000\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n\
        BEGIN:VEVENT\r\nUID:e1\r\nDTSTART;TZID=Europe/Berlin:20250701T100000\r\nDTEND;TZID=Europe/Berlin:20250701T113000\r\nSUMMARY:Kick\r\n off\\, part 1\r\n\
        ORGANIZER;CN=\"Lee; Ann\":mailto:ann@x.example\r\nATTENDEE;CN=bob@x.example;ROLE=REQ-PARTICIPANT:MAILTO:bob@x.example\r\nATTENDEE;CUTYPE=ROOM;CN=Room:mailto:room@x.example\r\n\
        ATTENDEE:mailto:ann@x.example\r\nLOCATION:Paris\r\nBEGIN:VALARM\r\nSUMMARY:no\r\nTRIGGER:-PT5M\r\nEND:VALARM\r\nEND:VEVENT\r\n\
        BEGIN:VEVENT\r\nUID:e2\r\nDTSTART:20250701\r\nSUMMARY:Alone\r\nEND:VEVENT\r\n\
        BEGIN:VEVENT\r\nUID:b1\r\nDTSTART;VALUE=DATE:16040517\r\nRRULE:FREQ=YEARLY\r\nSUMMARY:Zoë Ek’s Birthday\r\nEND:VEVENT\r\n\
        BEGIN:VEVENT\r\nUID:b2\r\nDTSTART;VALUE=DATE:19800517\r\nRRULE:FREQ=YEARLY\r\nSUMMARY:王伟的生日\r\nEND:VEVENT\r\n\
        BEGIN:VTODO\r\nUID:t\r\nSTATUS:COMPLETED\r\nDTSTAMP:20250102T000000Z\r\nSUMMARY:Done\r\n";
    let found = rows(text.as_bytes());
    assert_eq!(opened(text.as_bytes()).unwrap().format(), Format::ICalendar);
    let RowItem::Other(meeting) = &found[0].item else { panic!() };
    assert_eq!(
        fields(meeting),
        ["kind=meeting", "at=2025-07-01T08:00:00Z", "duration=5400", "subject=Kickoff, part 1"]
    );
    let there: Vec<_> =
        meeting.whom.iter().map(|w| (w.role.as_str(), w.name.as_str(), w.email.as_str())).collect();
    assert_eq!(there, [("organizer", "Lee; Ann", "ann@x.example"), ("", "", "bob@x.example")]);
    assert_eq!(meeting.extras, [("location".to_owned(), "Paris".to_owned())]);
    assert!(matches!(found[1].item, RowItem::Blank) && found[1].warnings[0].kind == WarningKind::Nobody);
    let born: Vec<_> = found[2..4]
        .iter()
        .map(|row| {
            if let RowItem::Contact(d) = &row.item {
                (d.get("name").unwrap(), d.dates[0].date.as_str())
            } else {
                panic!()
            }
        })
        .collect();
    assert_eq!(born, [("Zoë Ek", "--05-17"), ("王伟", "1980-05-17")]);
    let RowItem::Other(task) = &found[4].item else { panic!() };
    assert_eq!(fields(task), ["title=Done", "done=2025-01-02T00:00:00Z"]);
    assert_eq!(found[4].line, 41);
}

#[test]
fn a_calendar_of_many_people_keeps_them_apart() {
    let mail = |value: &str| MethodOut { value: value.into(), ..MethodOut::default() };
    let list = [
        ann("1980-05-17"),
        ContactOut {
            id: "b".into(),
            name: "Bob".into(),
            birthday: "--01-02".into(),
            emails: vec![mail("b@x.example")],
            ..ContactOut::default()
        },
    ];
    let found = contacts(calendar(&list, &[]).as_bytes());
    assert_eq!(found.len(), 2);
    assert_eq!(found[1].get("name"), Some("Bob"));
}
