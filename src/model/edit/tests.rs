//! Lines that are written and read back.

use super::*;
use proptest::prelude::*;

fn round_trip(edit: &Edit) {
    let mut line = String::new();
    edit.write(&mut line);
    assert!(!line.contains('\n'), "one edit is one line: {line}");
    assert_eq!(Edit::read(&line).as_ref(), Ok(edit), "{line}");
}

#[test]
fn every_edit_reads_back_from_its_line() {
    let ann = Gid::Uid([1; 16]);
    let child = Gid::Born { device: 7, seq: 1, index: 2 };
    let mut new = New::of(Kind::Contact)
        .with("name", Value::text("Ann \"A\" \\ Lee\n\u{1}王伟"))
        .with("company", Value::Named("Acme = Corp".into()))
        .with("preferred_email", Value::Own(1))
        .with("starred", Value::flag(true));
    new.children.push(New::of(Kind::Method).with("value", Value::text("a@b.example")));
    new.children.push(New::of(Kind::Method).with("position", Value::Real(1.5)));
    new.children.push(New::of(Kind::Tagging).with("tag", Value::Named("vip".into())));
    round_trip(&Edit::Create { owner: None, new: new.clone() });
    round_trip(&Edit::Create { owner: None, new: new.with_id(NewId::Named("=x".into())) });
    let call = New::of(Kind::Interaction).with("amount", Value::Int(-1_205_000)).with("at", Value::Int(-5));
    round_trip(&Edit::Create { owner: None, new: call.with_id(NewId::Given(ann)) });
    let at = At::child(Kind::Method, ann, child);
    round_trip(&Edit::Create { owner: Some(ann), new: New::of(Kind::Method) });
    round_trip(&Edit::Set { at, field: 3, before: Value::Null, after: Value::text("x") });
    let made = Some(Gid::Born { device: 5, seq: 2, index: 1 });
    for edit in [
        Edit::Delete(at),
        Edit::Restore(at),
        Edit::Drop { at: At::top(Kind::Contact, ann), made },
        Edit::Drop { at, made: None },
        Edit::Erase(at),
        Edit::Erased { hash: [0xa5; 32], creates: 7, of: None },
        Edit::Erased { hash: [0xa5; 32], creates: 0, of: Some((Kind::Contact, ann)) },
    ] {
        round_trip(&edit);
    }
}

#[test]
fn what_a_newer_version_wrote_is_told_from_what_nobody_wrote() {
    for line in [r#"{"new":"spaceship"}"#, r#"{"new":"contact","shoe":"42"}"#, r#"{"weave":"contact"}"#] {
        assert!(matches!(Edit::read(line), Err(LineError::Unknown(_))), "{line}");
    }
    for line in ["", "[]", "{}", r#"{"set":"contact"}"#, r#"{"new":"contact","name":3}"#] {
        assert!(Edit::read(line).is_err(), "{line}");
    }
}

proptest! {
    #[test]
    fn any_text_survives(text in any::<String>()) {
        let new = New::of(Kind::Contact).with("note", Value::text(text.clone())).with("company", Value::Named(text));
        let edit = Edit::Create { owner: None, new };
        let mut line = String::new();
        edit.write(&mut line);
        prop_assert_eq!(Edit::read(&line).unwrap(), edit);
    }
}
