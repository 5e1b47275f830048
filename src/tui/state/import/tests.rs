//! The wizard by messages in, state and effects out.

use super::data::{Change, Choices, Column, Fresh, Particulars, Past, Plan};
use super::prompt::Ask;
use super::*;
use crate::tui::message::Message;
use crate::tui::state::State;
use crate::tui::state::tests::{keys, people, typed};

/// A plan as the worker gives it for a table of three columns.
pub(in crate::tui) fn plan(choices: &Choices) -> Plan {
    let column = |name: &str, target: &str, why, confidence, samples: &[&str]| Column {
        name: name.into(),
        samples: samples.iter().map(|sample| (*sample).to_owned()).collect(),
        target: target.into(),
        kept: target == "extra",
        left_out: false,
        why,
        confidence,
    };
    let usual = Choices {
        match_by: ["id", "email", "phone", "name"].map(String::from).to_vec(),
        on_match: "update".into(),
        settled: true,
        ..choices.clone()
    };
    Plan {
        lines: vec![
            Notice::good("screen-failed")
                .text("what", "people.csv: CSV, the columns Full Name, E-mail are known by their names"),
        ],
        remarks: vec![Notice::warning("screen-failed").text("what", "kept as they are: Shoe Size")],
        columns: vec![
            column("Full Name", "name", "name", 90, &["Ann Lee", "王伟", "Søren Østergaard"]),
            column("E-mail", "email", "name", 95, &["ann@x.example"]),
            column("Shoe Size", "extra", "unmapped", 0, &["38", "41"]),
        ],
        set: choices.set.clone(),
        choices: if choices.match_by.is_empty() { usual } else { choices.clone() },
        dates: false,
        targets: ["name", "given", "email", "email.work", "phone", "note", "extra", "ignore"]
            .map(String::from)
            .to_vec(),
        kinds: [("auto", ""), ("people", "2026-11-22"), ("google", "Google Contacts"), ("csv", "Any table")]
            .map(|(name, about)| (name.to_owned(), about.to_owned()))
            .to_vec(),
        sheets: Vec::new(),
        is_text: true,
    }
}

pub(in crate::tui) fn report() -> Report {
    let fresh = |line, name: &str, doubtful: Option<&str>| Fresh {
        line,
        name: name.into(),
        doubtful: doubtful.map(Into::into),
        several: false,
    };
    let change = |field: &str, before: &str, after: &str| Change {
        contact: "Ann Lee".into(),
        field: field.into(),
        before: before.into(),
        after: after.into(),
    };
    Report {
        read: 6,
        created: 3,
        updated: 1,
        unchanged: 1,
        rejected: 1,
        doubtful: 2,
        more: Particulars {
            fresh: vec![
                fresh(3, "王伟", None),
                fresh(4, "Bob", Some("Ann Lee")),
                fresh(5, "Cid", Some("#4")),
            ],
            changes: vec![change("title", "VP", "CEO"), change("tag", "", "fair")],
            changes_total: 2,
            refused: vec![(
                6,
                Notice::bad("screen-failed").text("what", "no name, company, e-mail or phone"),
            )],
            batch: 7,
            rejects: Some("/tmp/rejects".into()),
        },
        ..Report::default()
    }
}

/// The wizard with a file that was looked at.
pub(in crate::tui) fn opened() -> State {
    let mut state = people();
    keys(&mut state, "I");
    typed(&mut state, "people.csv");
    let effects = keys(&mut state, "enter");
    let Some(Effect::Inspect { path, choices, .. }) = effects.last() else { panic!("{effects:?}") };
    assert!(!choices.settled);
    assert_eq!(path.to_str(), Some("people.csv"));
    answer(&mut state, &effects);
    state
}

fn wizard(state: &State) -> &Import {
    let Some(super::super::overlay::Overlay::Import(import)) = state.overlays.last() else { panic!() };
    import
}

/// Answers what the wizard asked of the worker; gives back the choices that it sent.
pub(in crate::tui) fn answer(state: &mut State, effects: &[Effect]) -> Choices {
    match effects.last() {
        Some(Effect::Inspect { ticket, choices, .. }) => {
            let choices = (**choices).clone();
            state.update(Message::Inspected(*ticket, Ok(Box::new(plan(&choices)))));
            choices
        }
        Some(Effect::Import { ticket, choices, .. }) => {
            state.update(Message::Imported(*ticket, Ok(report())));
            (**choices).clone()
        }
        other => panic!("{other:?}"),
    }
}

fn pairs(list: &[(String, String)]) -> Vec<(&str, &str)> {
    list.iter().map(|(left, right)| (left.as_str(), right.as_str())).collect()
}

#[test]
fn every_change_of_a_column_is_a_rule_of_the_command_line() {
    let mut state = opened();
    keys(&mut state, "enter");
    assert_eq!(wizard(&state).stage, Stage::Columns);
    for (pressed, text, then, rules) in [
        ("enter", "giv", "enter", vec![("Full Name", "given")]),
        ("enter", "phone.summer", "enter", vec![("Full Name", "phone.summer")]),
        ("s", "", "enter", vec![("Full Name", "split name")]),
        ("s", "given, family by \"-\"", "enter", vec![("Full Name", "split given, family by \"-\"")]),
        ("down x", "", "", vec![("Full Name", "split given, family by \"-\""), ("E-mail", "ignore")]),
        ("up backspace", "", "", vec![("E-mail", "ignore")]),
        ("down down f", "", "", vec![("E-mail", "ignore"), ("Shoe Size", "field:shoe_size")]),
        ("e", "", "", vec![("E-mail", "ignore"), ("Shoe Size", "extra")]),
        ("up space space +", "note by \" / \"", "enter", vec![("E-mail+Shoe Size", "note by \" / \"")]),
        ("up x", "", "", vec![("E-mail", "ignore")]),
    ] {
        let mut effects = keys(&mut state, pressed);
        effects.extend(typed(&mut state, text));
        effects.extend(keys(&mut state, then));
        assert_eq!(pairs(&answer(&mut state, &effects).map), rules, "{pressed} {text}");
    }
    keys(&mut state, "=");
    typed(&mut state, "stage=customer");
    let effects = keys(&mut state, "enter");
    assert_eq!(pairs(&answer(&mut state, &effects).set), [("stage", "customer")]);
    keys(&mut state, "=");
    typed(&mut state, "stage=");
    let effects = keys(&mut state, "enter");
    assert_eq!(pairs(&answer(&mut state, &effects).set), []);
}

#[test]
fn a_rule_that_is_refused_is_said_and_forgotten() {
    let mut state = opened();
    keys(&mut state, "enter enter");
    typed(&mut state, "nme");
    let effects = keys(&mut state, "enter");
    let Some(Effect::Inspect { ticket, .. }) = effects.last() else { panic!() };
    state.update(Message::Inspected(ticket - 1, Ok(Box::default())));
    assert_eq!(wizard(&state).plan.columns.len(), 3, "a stale answer is dropped");
    state
        .update(Message::Inspected(*ticket, Err(Notice::bad("screen-failed").text("what", "no such field"))));
    assert!(wizard(&state).error.is_some() && wizard(&state).choices.map.is_empty());
    let effects = keys(&mut state, "x");
    assert_eq!(pairs(&answer(&mut state, &effects).map), [("Full Name", "ignore")]);
    assert!(wizard(&state).error.is_none());
    keys(&mut state, "=");
    typed(&mut state, "customer");
    assert!(keys(&mut state, "enter").is_empty(), "without = nothing is asked");
    assert!(wizard(&state).error.is_some());
}

#[test]
fn options_are_chosen_and_go_with_the_import() {
    let mut state = opened();
    keys(&mut state, "enter tab");
    assert_eq!(wizard(&state).stage, Stage::Options);
    // Not by e-mail any more, by phone no and yes again.
    keys(&mut state, "down space down space space");
    keys(&mut state, "down down right down");
    let effects = keys(&mut state, "space");
    assert_eq!(answer(&mut state, &effects).date_order, "dmy");
    keys(&mut state, "down space down space");
    typed(&mut state, "fair, 客户");
    keys(&mut state, "enter");
    let effects = keys(&mut state, "enter");
    let Some(Effect::Import { trial: true, .. }) = effects.last() else { panic!("{effects:?}") };
    let choices = answer(&mut state, &effects);
    assert_eq!(choices.match_by, ["id", "phone", "name"]);
    assert_eq!((choices.on_match.as_str(), choices.empty_clears), ("fill", true));
    assert_eq!(choices.tags, ["fair", "客户"]);
    assert!(matches!(wizard(&state).stage, Stage::Plan(_)));
    // Back keeps what was chosen, forth does it.
    keys(&mut state, "esc");
    let effects = keys(&mut state, "r");
    assert_eq!(answer(&mut state, &effects), choices);
    let effects = keys(&mut state, "enter");
    let Some(Effect::Import { trial: false, .. }) = effects.last() else { panic!("{effects:?}") };
    assert!(wizard(&state).is_running());
    assert_eq!(answer(&mut state, &effects), choices);
}

#[test]
fn escape_cancels_a_rehearsal_and_an_import() {
    let mut state = opened();
    let rehearse = keys(&mut state, "r");
    assert_eq!(keys(&mut state, "esc"), [Effect::CancelImport]);
    let Some(Effect::Import { ticket, .. }) = rehearse.last() else { panic!() };
    let cancelled = || Err(Notice::bad("screen-failed").text("what", "cancelled"));
    state.update(Message::Imported(*ticket, cancelled()));
    assert_eq!(wizard(&state).stage, Stage::Options);
    let effects = keys(&mut state, "r");
    answer(&mut state, &effects);
    let run = keys(&mut state, "enter");
    assert!(keys(&mut state, "q x enter").is_empty(), "while it runs no other key does anything");
    assert_eq!(keys(&mut state, "esc"), [Effect::CancelImport]);
    let Some(Effect::Import { ticket, .. }) = run.last() else { panic!() };
    state.update(Message::Imported(*ticket, cancelled()));
    assert_eq!(state.notice.as_ref().map(|notice| &*notice.key), Some("screen-import-cancelled"));
    assert_eq!(wizard(&state).stage, Stage::Options);
}

#[test]
fn the_report_undoes_this_import_saves_the_mapping_and_hands_the_refused_rows_over() {
    let mut state = opened();
    let effects = keys(&mut state, "r");
    answer(&mut state, &effects);
    let effects = keys(&mut state, "enter");
    answer(&mut state, &effects);
    keys(&mut state, "w");
    assert_eq!(wizard(&state).prompt.as_ref().unwrap().input.text(), "people-rejects.csv");
    let effects = keys(&mut state, "enter");
    let Some(Effect::SaveRejects { ticket, from, to }) = effects.last() else { panic!("{effects:?}") };
    assert_eq!((from.to_str(), to.to_str()), (Some("/tmp/rejects"), Some("people-rejects.csv")));
    state.update(Message::Kept(*ticket, Err(Notice::bad("screen-failed").text("what", "there already"))));
    assert!(wizard(&state).error.is_some());
    keys(&mut state, "s");
    let effects = keys(&mut state, "enter");
    let Some(Effect::SaveMapping { ticket, name, columns, .. }) = effects.last() else {
        panic!("{effects:?}")
    };
    assert_eq!((name.as_str(), columns.len()), ("people", 3));
    state.update(Message::Kept(*ticket, Ok(Notice::good("import-saved-as").text("name", "people"))));
    assert!(wizard(&state).error.is_none() && wizard(&state).note.is_some());
    let effects = keys(&mut state, "u");
    assert!(
        matches!(effects.as_slice(), [Effect::Write(_, Write::UndoBatch(7))]),
        "not just the latest change: {effects:?}"
    );
    assert!(state.overlays.is_empty());
}

#[test]
fn earlier_imports_are_listed_and_taken_back() {
    let mut state = people();
    keys(&mut state, "I");
    let effects = keys(&mut state, "f2");
    let [Effect::PastImports(ticket)] = effects.as_slice() else { panic!("{effects:?}") };
    let past = |batch, undone| Past {
        batch,
        at: 1_789_000_000_000,
        what: Notice::good("screen-failed").text("what", "Imported a.csv"),
        undone,
    };
    state.update(Message::Past(*ticket, vec![past(9, true), past(4, false)]));
    assert!(keys(&mut state, "u").is_empty(), "what was taken back can't be taken back again");
    let effects = keys(&mut state, "down u");
    assert!(matches!(effects.as_slice(), [Effect::Write(_, Write::UndoBatch(4))]), "{effects:?}");
}

#[test]
fn a_saved_mapping_comes_with_its_choices_and_a_file_without_columns_skips_them() {
    let mut state = opened();
    let Stage::About = wizard(&state).stage else { panic!() };
    let mut state = {
        keys(&mut state, "esc");
        state
    };
    let effects = keys(&mut state, "enter");
    let Some(Effect::Inspect { ticket, .. }) = effects.last() else { panic!("{effects:?}") };
    let choices = Choices {
        map: vec![("a".into(), "name".into())],
        on_match: "fill".into(),
        match_by: vec!["id".into()],
        ..Choices::default()
    };
    state.update(Message::Inspected(
        *ticket,
        Ok(Box::new(Plan { choices: choices.clone(), ..Plan::default() })),
    ));
    assert_eq!(wizard(&state).choices, choices);
    keys(&mut state, "enter");
    assert_eq!(wizard(&state).stage, Stage::Options);
    keys(&mut state, "esc");
    assert_eq!(wizard(&state).stage, Stage::About);
}

/// The choices of the last inspection that was asked for, which is answered.
fn inspected(state: &mut State, pressed: &str) -> Choices {
    let effects = keys(state, pressed);
    assert!(matches!(effects.last(), Some(Effect::Inspect { .. })), "{effects:?}");
    answer(state, &effects)
}

#[test]
fn what_the_file_is_can_be_said_and_is_read_anew() {
    let mut state = opened();
    inspected(&mut state, "enter x");
    keys(&mut state, "esc e");
    assert_eq!(wizard(&state).prompt.as_ref().unwrap().found[..2], ["auto", "utf-8"]);
    typed(&mut state, "gb1");
    let asked = inspected(&mut state, "enter");
    assert_eq!((asked.encoding.as_deref(), asked.settled), (Some("gb18030"), false));
    assert_eq!(asked.map, [], "its columns may be others now");
    assert_eq!(wizard(&state).stage, Stage::About);
    keys(&mut state, "d");
    typed(&mut state, "tab");
    assert_eq!(inspected(&mut state, "enter").delimiter, Some(b'\t'));
    keys(&mut state, "d");
    typed(&mut state, ";;");
    assert_eq!(keys(&mut state, "enter"), [], "no separator");
    assert!(wizard(&state).error.is_some());
    keys(&mut state, "n");
    typed(&mut state, "3");
    assert_eq!(inspected(&mut state, "enter").header_row, Some(3));
    keys(&mut state, "f");
    assert_eq!(wizard(&state).prompt.as_ref().unwrap().label("google"), "Google Contacts");
    typed(&mut state, "goo");
    let asked = inspected(&mut state, "enter");
    assert_eq!((asked.kind.as_deref(), asked.encoding.as_deref()), (Some("google"), Some("gb18030")));
    keys(&mut state, "e");
    assert_eq!(inspected(&mut state, "enter").encoding, None, "auto finds out again");
}

#[test]
fn a_target_is_found_by_its_chinese_name() {
    let mut state = opened();
    state.words.switch();
    keys(&mut state, "enter enter");
    typed(&mut state, "备注");
    let effects = keys(&mut state, "enter");
    assert_eq!(pairs(&answer(&mut state, &effects).map), [("Full Name", "note")]);
}

#[test]
fn a_file_that_reads_no_other_way_stays_as_it_was() {
    let mut state = opened();
    let before = wizard(&state).choices.clone();
    keys(&mut state, "n");
    typed(&mut state, "99");
    let effects = keys(&mut state, "enter");
    let Some(Effect::Inspect { ticket, .. }) = effects.last() else { panic!("{effects:?}") };
    assert_eq!(wizard(&state).stage, Stage::Opening);
    state.update(Message::Inspected(*ticket, Err(Notice::bad("screen-failed").text("what", "no row 99"))));
    assert_eq!((&wizard(&state).stage, &wizard(&state).choices), (&Stage::About, &before));
    assert!(wizard(&state).error.is_some());
    keys(&mut state, "n");
    typed(&mut state, "2");
    keys(&mut state, "enter");
    keys(&mut state, "esc");
    assert_eq!((&wizard(&state).stage, &wizard(&state).choices), (&Stage::About, &before));
    keys(&mut state, "esc");
    assert_eq!(wizard(&state).stage, Stage::Path);
}

#[test]
fn a_sheet_is_chosen_where_there_are_several() {
    let mut state = opened();
    keys(&mut state, "t");
    assert!(wizard(&state).prompt.is_none(), "this one has none");
    keys(&mut state, "esc");
    let effects = keys(&mut state, "enter");
    let Some(Effect::Inspect { ticket, choices, .. }) = effects.last() else { panic!("{effects:?}") };
    let sheets = vec!["Summary".to_owned(), "People".to_owned()];
    let book = Plan { sheets, is_text: false, ..plan(choices) };
    state.update(Message::Inspected(*ticket, Ok(Box::new(book))));
    keys(&mut state, "d");
    assert!(wizard(&state).prompt.is_none(), "a workbook has no separator");
    keys(&mut state, "t");
    typed(&mut state, "peo");
    assert_eq!(inspected(&mut state, "enter").sheet.as_deref(), Some("People"));
}

#[test]
fn what_is_typed_counts_above_the_list() {
    let all = ["name", "nickname", "email"].map(String::from).to_vec();
    let mut prompt = Prompt::new(Ask::Target(vec!["x".into()]), "", all);
    let press = |prompt: &mut Prompt, c| {
        prompt.key(Key { code: KeyCode::Char(c), mods: crossterm::event::KeyModifiers::NONE }, None)
    };
    for c in "name".chars() {
        press(&mut prompt, c);
    }
    assert_eq!(prompt.found, ["name", "nickname"], "the word itself first");
    let enter = Key { code: KeyCode::Enter, mods: crossterm::event::KeyModifiers::NONE };
    let mut typed = prompt.clone();
    assert_eq!(prompt.key(enter, Some(Action::Accept)), Answer::Given("name".into()));
    press(&mut typed, 'x');
    assert_eq!(typed.key(enter, Some(Action::Accept)), Answer::Given("namex".into()));
    let up = Key { code: KeyCode::Up, mods: crossterm::event::KeyModifiers::NONE };
    let mut above = Prompt::new(Ask::Target(vec!["x".into()]), "ni", vec!["nickname".into()]);
    above.key(up, Some(Action::Up));
    assert_eq!(above.key(enter, Some(Action::Accept)), Answer::Given("ni".into()));
}

#[test]
fn what_was_chosen_holds_when_one_goes_back_to_the_name_of_the_file() {
    let mut state = opened();
    let mut effects = keys(&mut state, "enter =");
    effects.extend(typed(&mut state, "stage=lead"));
    let effects = keys(&mut state, "enter");
    assert_eq!(answer(&mut state, &effects).set, [("stage".to_owned(), "lead".to_owned())]);
    keys(&mut state, "esc esc");
    let effects = keys(&mut state, "enter");
    assert_eq!(answer(&mut state, &effects).set, [("stage".to_owned(), "lead".to_owned())]);
    keys(&mut state, "esc");
    // Another file is begun anew.
    typed(&mut state, "x");
    let effects = keys(&mut state, "enter");
    assert_eq!(answer(&mut state, &effects).set, []);
}

#[test]
fn a_mistake_in_a_value_for_all_rows_leaves_what_was_typed() {
    let mut state = opened();
    keys(&mut state, "enter =");
    typed(&mut state, "nonsense");
    keys(&mut state, "enter");
    let prompt = wizard(&state).prompt.as_ref().unwrap();
    assert_eq!(prompt.input.text(), "nonsense");
}
