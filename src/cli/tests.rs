use super::*;
use crate::config::Dates;

#[test]
fn the_arguments_of_every_command_are_sound() {
    Cli::command().debug_assert();
}

fn abouts(command: &clap::Command, path: &str, found: &mut Vec<(String, String)>) {
    for sub in command.get_subcommands().filter(|sub| sub.get_name() != "help") {
        let path = if path.is_empty() { sub.get_name().to_owned() } else { format!("{path}-{}", sub.get_name()) };
        found.push((path.clone(), sub.get_about().map(ToString::to_string).unwrap_or_default()));
        abouts(sub, &path, found);
    }
}

#[test]
fn the_catalogues_say_what_each_command_does_and_the_english_one_says_the_same_as_the_help() {
    let mut found = Vec::new();
    abouts(&Cli::command(), "", &mut found);
    assert!(found.len() > 40, "{found:?}");
    let (en, zh) = (Lang::new(Language::En, Dates::Words), Lang::new(Language::ZhCn, Dates::Words));
    for (path, text) in found {
        let key = format!("about-{path}");
        assert_eq!(en.maybe(&key, &[]).as_deref(), Some(text.as_str()), "{key}");
        assert!(zh.maybe(&key, &[]).is_some(), "{key}");
    }
}

#[test]
fn a_minus_before_a_word_negates_it_wherever_a_query_stands() {
    for (line, parsed) in [
        ("rolo list -tag:cold acme", "rolo list|not tag:cold|acme"),
        ("rolo --book x list acme -\u{516c}司:a", "rolo --book x list acme|not 公司:a"),
        ("rolo list -qv --limit -5 -vip", "rolo list -qv --limit -5|not vip"),
        ("rolo list --format=json -vip", "rolo list --format=json|not vip"),
        ("rolo tag add x --fuzzy -a:b", "rolo tag add x --fuzzy|not a:b"),
        ("rolo list -- -vip", "rolo list -- -vip"),
        ("rolo add Ann -tvip", "rolo add Ann -tvip"),
        ("rolo", "rolo"),
    ] {
        let args = negated(line.split(' ').map(OsString::from).collect());
        let expected: Vec<OsString> = parsed
            .split('|')
            .flat_map(|part| match part.starts_with("not ") {
                true => vec![OsString::from(part)],
                false => part.split(' ').map(OsString::from).collect(),
            })
            .collect();
        assert_eq!(args, expected, "{line}");
    }
}
