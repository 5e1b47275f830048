//! What rolo writes, read by itself and by another reader.

use calamine::{Data, Reader, Xlsx};
use proptest::prelude::*;

use super::contacts;
use crate::exchange::ContactWriter;
use crate::exchange::csv_out::{Shape, Style};
use crate::exchange::json::ContactOut;
use crate::exchange::tests::{some_contact, sorted};
use crate::exchange::xlsx_out::XlsxWriter;
use crate::model::draft::ContactDraft;

fn written(list: &[ContactOut]) -> std::io::Result<Vec<u8>> {
    let mut shape = Shape::new(Style::Csv, None);
    list.iter().for_each(|contact| shape.see(contact));
    let mut out = Vec::new();
    let mut writer = XlsxWriter::new(&shape, list.len(), &mut out)?;
    list.iter().try_for_each(|contact| writer.write(contact))?;
    writer.finish()?;
    drop(writer);
    Ok(out)
}

fn one(note: &str) -> ContactOut {
    ContactOut { name: "Ann".into(), given: "Ann".into(), note: note.into(), ..ContactOut::default() }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn xlsx_gives_back_what_it_took(list in prop::collection::vec(some_contact(), 1..4)) {
        let bytes = written(&list).unwrap();
        let wanted: Vec<ContactDraft> = list.into_iter().map(|c| sorted(c.into())).collect();
        let read: Vec<ContactDraft> = contacts(&bytes).into_iter().map(sorted).collect();
        prop_assert_eq!(read, wanted);
    }

    #[test]
    fn any_text_comes_back_from_a_cell(text in "[ -~\r\n\t_x0D=+@'&<>中😀\u{1}\u{fffd}]{0,30}[a-z]") {
        let read = contacts(&written(&[one(&text)]).unwrap());
        prop_assert_eq!(read[0].get("note"), Some(text.as_str()));
    }
}

#[test]
fn another_reader_sees_types_and_no_formula() {
    let mut contact = one("=1+1");
    contact.birthday = "1980-05-17".into();
    contact.created = "2026-01-02T03:04:05Z".into();
    contact.starred = true;
    contact.phones =
        vec![crate::exchange::json::MethodOut { value: "13800138000".into(), ..Default::default() }];
    contact.fields = serde_json::json!({"age": 46, "ratio": 0.25, "code": "00420", "id": 12345678901234567890_u64, "seen": "2024-02-29", "paid": true})
        .as_object()
        .unwrap()
        .clone();
    let mut old = one("'=x");
    old.birthday = "--05-17".into();
    old.dates = vec![crate::exchange::json::DateOut {
        label: "born".into(),
        date: "1899-12-31".into(),
        calendar: String::new(),
    }];
    let bytes = written(&[contact.clone(), old.clone()]).unwrap();
    let mut book = Xlsx::new(std::io::Cursor::new(&bytes)).unwrap();
    let range = book.worksheet_range("Contacts").unwrap();
    let column = |name: &str| range.rows().next().unwrap().iter().position(|cell| cell == name).unwrap();
    let at = |row: usize, name: &str| range.rows().nth(row).unwrap()[column(name)].clone();
    assert_eq!(at(1, "Notes"), Data::String("=1+1".into()));
    assert_eq!(at(1, "Phone 1 - Value"), Data::String("13800138000".into()));
    assert!(matches!(at(1, "Birthday"), Data::DateTime(day) if day.as_f64() == 29_358.0));
    assert!(matches!(at(1, "Created"), Data::DateTime(_)));
    assert!(matches!(at(1, "Field: seen"), Data::DateTime(_)));
    assert_eq!(at(1, "Field: age"), Data::Float(46.0));
    assert_eq!(at(1, "Field: ratio"), Data::Float(0.25));
    assert_eq!(at(1, "Field: code"), Data::String("00420".into()));
    assert_eq!(at(1, "Field: id"), Data::String("12345678901234567890".into()));
    assert_eq!(at(1, "Field: paid"), Data::Bool(true));
    assert_eq!(at(1, "Starred"), Data::Bool(true));
    assert_eq!(at(2, "Birthday"), Data::String("--05-17".into()));
    assert_eq!(at(2, "Date 1 - Value"), Data::String("1899-12-31".into()));
    let wanted: Vec<ContactDraft> = [contact, old].into_iter().map(|c| sorted(c.into())).collect();
    let read: Vec<ContactDraft> = contacts(&bytes).into_iter().map(sorted).collect();
    assert_eq!(read, wanted);
}

#[test]
fn what_no_cell_can_hold_is_refused_by_name() {
    assert!(written(&[one(&"x".repeat(32_767))]).is_ok());
    let error = written(&[one(&"x".repeat(32_768))]).unwrap_err();
    assert_eq!(error.to_string(), "Notes of Ann is longer than the 32767 characters of a cell");
}
