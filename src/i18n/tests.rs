use super::*;
use catalogue::source;
use fluent_bundle::FluentResource;
use fluent_syntax_keys::keys;
use std::collections::BTreeSet;

/// The messages of a catalogue and the variables that each uses.
mod fluent_syntax_keys {
    use std::collections::{BTreeMap, BTreeSet};

    pub fn keys(source: &str) -> BTreeMap<String, BTreeSet<String>> {
        let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let mut current = String::new();
        for line in source.lines() {
            if let Some((key, _)) = line.split_once(" =").filter(|(key, _)| {
                key.starts_with(|c: char| c.is_ascii_lowercase())
                    && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
            }) {
                current = key.to_owned();
                assert!(found.insert(current.clone(), BTreeSet::new()).is_none(), "{current} stands twice");
            }
            for part in line.split('$').skip(1) {
                let name: String =
                    part.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
                found.entry(current.clone()).or_default().insert(name);
            }
        }
        found
    }
}

#[test]
fn both_catalogues_parse_and_have_the_same_keys_with_the_same_arguments() {
    for language in Language::ALL {
        if let Err((_, errors)) = FluentResource::try_new(source(language).to_owned()) {
            panic!("{language:?}: {errors:?}");
        }
    }
    let (en, zh) = (keys(source(Language::En)), keys(source(Language::ZhCn)));
    for (key, args) in &en {
        assert_eq!(zh.get(key), Some(args), "zh-CN: {key}");
    }
    assert_eq!(zh.keys().find(|key| !en.contains_key(*key)), None);
}

#[test]
fn each_message_is_read_alone_as_in_the_whole_catalogue() {
    use fluent_bundle::FluentBundle;
    for language in Language::ALL {
        let source = source(language);
        let entries = catalogue::entries(source);
        assert_eq!(
            entries.keys().copied().collect::<BTreeSet<_>>(),
            keys(source).keys().map(String::as_str).collect()
        );
        let bundle = |text: &str| {
            let mut bundle = FluentBundle::default();
            bundle.add_resource(FluentResource::try_new(text.to_owned()).unwrap()).unwrap();
            bundle
        };
        let whole = bundle(source);
        for (key, text) in entries {
            let alone = bundle(text);
            let (a, b) = (alone.get_message(key).unwrap(), whole.get_message(key).unwrap());
            assert_eq!(format!("{:?}", a.value()), format!("{:?}", b.value()), "{key}");
            let attributes = |message: &fluent_bundle::FluentMessage<'_>| -> Vec<String> {
                message.attributes().map(|one| format!("{} {:?}", one.id(), one.value())).collect()
            };
            assert_eq!(attributes(&a), attributes(&b), "{key}");
            // One that refers to another could not be put together.
            let said = format!("{:?}{:?}", a.value(), attributes(&a));
            assert!(!said.contains("MessageReference") && !said.contains("TermReference"), "{key}");
        }
    }
}

/// Every `"some-key"` handed to `t`, `say` and the like in the sources.
fn used(folder: &std::path::Path, found: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            used(&path, found);
        } else if path.extension().is_some_and(|ext| ext == "rs") {
            let text: String = std::fs::read_to_string(&path).unwrap();
            for call in [".t(", ".say(", ".note(", ".did(", ".warn(", "usage(", "hint(", ".ask("] {
                for part in text.split(call).skip(1) {
                    let Some(rest) = part.trim_start().strip_prefix('"') else { continue };
                    let key = rest.split('"').next().unwrap_or_default();
                    if !key.is_empty()
                        && key.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
                    {
                        found.insert(key.to_owned());
                    }
                }
            }
        }
    }
}

#[test]
fn every_key_in_the_code_is_in_the_catalogue() {
    let mut found = BTreeSet::new();
    used(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    let known = keys(source(Language::En));
    let missing: Vec<_> = found.iter().filter(|key| !known.contains_key(*key)).collect();
    assert!(missing.is_empty(), "not in en.ftl: {missing:?}");
    assert!(found.len() > 50, "the scan finds next to nothing: {found:?}");
}

#[test]
fn days_spans_and_counts_read_as_each_language_writes_them() {
    let en = Lang::new(Language::En, Dates::Words);
    let zh = Lang::new(Language::ZhCn, Dates::Words);
    for (stored, english, chinese) in [
        ("2026-09-14", "14 Sep 2026", "2026年9月14日"),
        ("--02-29", "29 Feb", "2月29日"),
        ("2026-09", "Sep 2026", "2026年9月"),
        ("1980", "1980", "1980"),
        ("spring 1980", "spring 1980", "spring 1980"),
        ("12-13-14", "12-13-14", "12-13-14"),
    ] {
        assert_eq!((day(&en, stored).as_str(), day(&zh, stored).as_str()), (english, chinese));
    }
    const DAY: i64 = 86_400_000;
    for (millis, english, chinese) in [
        (12 * DAY, "12d", "12天"),
        (95 * DAY, "3mo", "3个月"),
        (400 * DAY, "1y", "1年"),
        (3_600_000, "1h", "1小时"),
    ] {
        assert_eq!((span(&en, millis).as_str(), span(&zh, millis).as_str()), (english, chinese));
    }
    assert_eq!([decimal(0), decimal(-1234), decimal(100_000)], ["0", "-1,234", "100,000"]);
    assert_eq!(day(&Lang::new(Language::En, Dates::Iso), "2026-09-14"), "2026-09-14");
}

#[test]
fn data_in_messages_cannot_steer_the_terminal() {
    let en = Lang::new(Language::En, Dates::Words);
    let text = en.t("added", &[("name", "a\u{1b}[2Jb\u{202e}".into()), ("handle", "k7m2".into())]);
    assert!(!text.contains(['\u{1b}', '\u{202e}']), "{text:?}");
}

#[test]
fn labels_name_the_kinds_that_are_known_in_the_language() {
    use crate::ops::Label;
    let said = |language, kind: &str| {
        super::label(&Lang::new(language, Dates::Words), &Label::new("log", [kind, "Ann"]))
    };
    assert_eq!(said(Language::En, "email"), "Logged e-mail with Ann");
    assert_eq!(said(Language::ZhCn, "call"), "已添加与 Ann 的电话");
    assert!(said(Language::ZhCn, "golf").contains("golf"), "a kind of their own stands for itself");
}

#[test]
fn where_columns_go_and_what_changes_is_said_in_chinese() {
    let lang = Lang::new(Language::ZhCn, Dates::Words);
    let target = |target: &str| inspection::target_words(&lang, target).unwrap_or_default();
    assert_eq!(target("external id"), "外部编号");
    assert_eq!(target("deal.title"), "商机·名称");
    assert_eq!(changed_field(&lang, "deal.title"), "商机的名称");
    assert_eq!(changed_field(&lang, "field:shoes"), "shoes");
    assert_eq!(changed_field(&lang, "extra:First.Name"), "First.Name");
}
