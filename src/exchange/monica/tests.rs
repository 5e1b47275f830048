use crate::exchange::testing::{contacts, fields, opened, records, rows};
use crate::exchange::{Format, RowItem};

const FILE: &str = r#"{
"version": "1.0-preview.1", "app_version": "4.0.0", "export_date": "2025-01-01T00:00:00.000000Z", "url": "https://m.example", "exported_by": "u1",
"account": { "uuid": "a1", "data": [
  {"count": 1, "type": "photo", "values": [{"uuid": "p", "properties": {"dataUrl": "data:image/jpeg;base64,AAAA"}}]},
  {"count": 2, "type": "contact", "values": [
    {"uuid": "c1", "created_at": "2024-01-01T00:00:00.000000Z", "updated_at": "2024-01-02T00:00:00.000000Z",
     "properties": {"first_name": "Ann", "last_name": "Lee", "is_starred": true, "is_active": true, "is_dead": false, "job": "VP", "company": "Acme",
       "stay_in_touch_frequency": 14, "tags": ["vip"], "gender": "F", "food_preferences": "no nuts", "custom": "kept",
       "birthdate": {"uuid": "d", "is_age_based": false, "is_year_unknown": true, "date": "2017-05-17T00:00:00.000000Z"}, "first_met_through": "c2"},
     "data": [
       {"count": 1, "type": "call", "values": [{"uuid": "k1", "created_at": "2024-02-01T10:00:00Z", "properties": {"called_at": "2024-02-01T09:00:00Z", "content": "Hi", "contact_called": false}}]},
       {"count": 2, "type": "contact_field", "values": [{"properties": {"data": "ann@x.example", "type": "f1"}}, {"properties": {"data": "@ann", "type": "f2"}}]},
       {"count": 1, "type": "note", "values": [{"uuid": "n1", "created_at": "2024-03-01T00:00:00Z", "properties": {"body": "Likes tea"}}]},
       {"count": 2, "type": "reminder", "values": [{"uuid": "r1", "properties": {"initial_date": "2025-06-01T00:00:00.000000Z", "title": "Visit", "frequency_type": "month", "frequency_number": 3, "delible": true}},
         {"uuid": "r2", "properties": {"initial_date": "2025-05-17", "title": "Birthday", "delible": false}}]},
       {"count": 1, "type": "task", "values": [{"uuid": "t1", "properties": {"title": "Call", "completed": true, "completed_at": "2024-04-01T00:00:00Z"}}]},
       {"count": 1, "type": "conversation", "values": [{"properties": {"happened_at": "2024-05-01T00:00:00Z", "contact_field_type": "f2", "messages": [{"properties": {"content": "yo", "written_at": "2024-05-01T01:00:00Z", "written_by_me": true}}]}}]},
       {"count": 1, "type": "address", "values": [{"properties": {"name": "home", "street": "1 High St", "city": "London", "province": "", "postal_code": "N1", "country": "GB"}}]},
       {"count": 1, "type": "pet", "values": [{"properties": {"name": "Rex", "category": "dog"}}]},
       {"count": 1, "type": "activity", "values": ["x1"]}]},
    {"uuid": "c2", "properties": {"first_name": "Bob"}, "data": [{"count": 1, "type": "activity", "values": ["x1"]}]}]},
  {"count": 1, "type": "relationship", "values": [{"properties": {"type": "spouse", "contact_is": "c2", "of_contact": "c1"}}]},
  {"count": 1, "type": "activity", "values": [{"uuid": "x1", "properties": {"summary": "Lunch", "description": "Long", "happened_at": "2024-06-01T00:00:00.000000Z", "type": "y1"}}]}],
 "instance": {"contact_field_types": [{"uuid": "f1", "properties": {"name": "Email", "protocol": "mailto:", "type": "email"}}, {"uuid": "f2", "properties": {"name": "Telegram", "protocol": "telegram:"}}],
   "activity_types": [{"uuid": "y1", "properties": {"translation_key": "ate_at_restaurant"}}]}}}"#;

#[test]
fn an_account_comes_in_with_everything_that_hangs_together() {
    let source = opened(FILE.as_bytes()).unwrap();
    assert_eq!((source.format(), source.system()), (Format::Monica, super::SYSTEM));
    let found = rows(FILE.as_bytes());
    assert_eq!(found.len(), 3);
    let people: Vec<_> = found
        .iter()
        .filter_map(|row| if let RowItem::Contact(draft) = &row.item { Some(draft) } else { None })
        .collect();
    let ann = people[0];
    for (field, text) in [
        ("name", "Ann Lee"),
        ("title", "VP"),
        ("starred", "true"),
        ("keep_in_touch", "14 days"),
        ("gender", "F"),
    ] {
        assert_eq!(ann.get(field), Some(text), "{field}");
    }
    assert_eq!((ann.dates[0].label.as_str(), ann.dates[0].date.as_str()), ("birthday", "--05-17"));
    let methods: Vec<_> = ann.methods.iter().map(|m| (m.kind.as_str(), m.service.as_str())).collect();
    assert_eq!(methods, [("email", ""), ("im", "Telegram")]);
    let links: Vec<_> = ann.links.iter().map(|l| (l.relation.as_str(), l.name.as_str())).collect();
    assert_eq!(links, [("introduced by", "Bob"), ("spouse", "Bob")]);
    let extras: Vec<_> = ann.extras.iter().map(|e| (e.name.as_str(), e.value.as_str())).collect();
    assert_eq!(extras, [("custom", "kept"), ("pet", "Rex (dog)")]);
    let said: Vec<_> = ann.records.iter().map(fields).collect();
    assert_eq!(
        said,
        [
            vec!["kind=call", "at=2024-02-01T09:00:00Z", "direction=out", "body=Hi"],
            vec!["kind=note", "at=2024-03-01T00:00:00Z", "body=Likes tea"],
            vec!["kind=message", "channel=telegram", "at=2024-05-01T01:00:00Z", "direction=out", "body=yo"],
            vec!["title=Call", "done=2024-04-01T00:00:00Z"],
            vec!["title=Visit", "due=2025-06-01", "repeat=FREQ=MONTHLY;INTERVAL=3"],
        ]
    );
    let lunch = &records(FILE.as_bytes())[0];
    assert_eq!(
        fields(lunch),
        ["kind=meeting", "at=2024-06-01T00:00:00.000000Z", "subject=Lunch", "body=Long"]
    );
    let present: Vec<_> = lunch.whom.iter().map(|w| (w.external_id.as_str(), w.name.as_str())).collect();
    assert_eq!(present, [("c1", "Ann Lee"), ("c2", "Bob")]);
    assert_eq!(lunch.extras, [("type".to_owned(), "ate_at_restaurant".to_owned())]);
}

#[test]
fn an_older_export_is_known_by_its_account() {
    let old = r#"{"account":{"uuid":"a","created_at":null,"data":[{"count":1,"type":"contact","values":[{"uuid":"c","properties":{"nickname":"Zed"}}]}]}}"#;
    assert_eq!(contacts(old.as_bytes())[0].get("nickname"), Some("Zed"));
}
