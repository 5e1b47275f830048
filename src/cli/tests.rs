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
