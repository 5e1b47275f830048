use super::*;
use crate::config::Dates;

#[test]
fn the_arguments_of_every_command_are_sound() {
    Cli::command().debug_assert();
}

fn abouts(command: &clap::Command, path: &str, found: &mut Vec<(String, String)>) {
    for sub in command.get_subcommands().filter(|sub| sub.get_name() != "help") {
        let path =
            if path.is_empty() { sub.get_name().to_owned() } else { format!("{path}-{}", sub.get_name()) };
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

fn arguments(command: &clap::Command, found: &mut Vec<String>) {
    for arg in command.get_arguments().filter(|arg| !arg.is_hide_set()) {
        let said = arg.get_help().map(ToString::to_string).unwrap_or_default();
        assert!(!said.is_empty(), "{} {} says nothing", command.get_name(), arg.get_id());
        found.push(said);
    }
    for sub in command.get_subcommands() {
        arguments(sub, found);
    }
}

#[test]
fn the_catalogues_say_what_each_argument_is() {
    let mut found = Vec::new();
    arguments(&Cli::command(), &mut found);
    assert!(found.len() > 100, "{found:?}");
    let (en, zh) = (Lang::new(Language::En, Dates::Words), Lang::new(Language::ZhCn, Dates::Words));
    for text in found {
        let key = help::key(&text);
        assert_eq!(en.maybe(&key, &[]).as_deref(), Some(text.as_str()), "{key}");
        assert!(zh.maybe(&key, &[]).is_some(), "{key}");
    }
}

#[test]
fn help_speaks_the_language_throughout() {
    let lang = Lang::new(Language::ZhCn, Dates::Words);
    help::translated(Cli::command(), &lang).debug_assert();
    for line in ["rolo --help", "rolo list --help", "rolo help import", "rolo tag add -h", "rolo help"] {
        let error =
            help::translated(Cli::command(), &lang).try_get_matches_from(line.split(' ')).unwrap_err();
        let said = error.render().to_string();
        assert!(said.contains("用法：") && said.contains("显示帮助"), "{line}: {said}");
        for english in
            ["Usage:", "Options:", "Arguments:", "Commands:", "Everywhere", "Print help\n", "How to"]
        {
            assert!(!said.contains(english), "{line} says {english}: {said}");
        }
    }
}

#[test]
fn a_minus_before_a_word_negates_it_in_a_query_and_nowhere_else() {
    for (line, parsed) in [
        ("rolo list -tag:cold acme", "rolo list|not tag:cold|acme"),
        ("rolo --book x list acme -\u{516c}司:a", "rolo --book x list acme|not 公司:a"),
        ("rolo list -qv --limit -5 -vip", "rolo list -qv --limit -5|not vip"),
        ("rolo ls --format=json -vip", "rolo ls --format=json|not vip"),
        ("rolo tag add x --fuzzy -a:b", "rolo tag add x --fuzzy|not a:b"),
        ("rolo tag add -urgent ann", "rolo tag add -urgent ann"),
        ("rolo tag rename x -hot", "rolo tag rename x -hot"),
        ("rolo company ls -city:rome", "rolo company ls|not city:rome"),
        ("rolo company add Acme -ei@acme.example", "rolo company add Acme -ei@acme.example"),
        ("rolo interaction list ann -vip", "rolo interaction list ann|not vip"),
        ("rolo interaction add note ann -5degrees", "rolo interaction add note ann -5degrees"),
        ("rolo edit -vip", "rolo edit -vip"),
        ("rolo edit -tag:vip --all --set -x=y", "rolo edit|not tag:vip|--all --set -x=y"),
        ("rolo export -vip --to x", "rolo export|not vip|--to x"),
        ("rolo query -vip", "rolo query -vip"),
        ("rolo show -- -dash", "rolo show -- -dash"),
        ("rolo list -- -vip", "rolo list -- -vip"),
        ("rolo add list -tvip", "rolo add list -tvip"),
        ("rolo", "rolo"),
    ] {
        let args = negated::negated(line.split(' ').map(OsString::from).collect());
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
