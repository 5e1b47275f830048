//! What commands and arguments are, in the user's language. The English texts stand at the arguments, where clap finds
//! them; the catalogues have them under keys that are made of them.

use crate::i18n::Lang;
use clap::{Arg, ArgAction, Command};

/// The key of what an argument is: its English text in lower-case words.
pub(super) fn key(text: &str) -> String {
    let words = text.to_lowercase();
    let words = words.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.fold("help".to_owned(), |key, word| key + "-" + word)
}

/// The commands with all that their help says in another language.
pub(super) fn translated(command: Command, lang: &Lang) -> Command {
    // Braces mean something to the template; headings have none.
    let usage = lang.t("help-head-usage", &[]);
    let template =
        format!("{{before-help}}{{about-with-newline}}\n{usage} {{usage}}\n\n{{all-args}}{{after-help}}");
    one(command, lang, "", &template)
}

fn one(command: Command, lang: &Lang, path: &str, template: &str) -> Command {
    let names: Vec<String> = command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
    let args: Vec<String> = command.get_arguments().map(|arg| arg.get_id().to_string()).collect();
    let about = if path.is_empty() { "about".to_owned() } else { format!("about-{path}") };
    let mut command = match lang.maybe(&about, &[]) {
        Some(text) => command.about(text.clone()).long_about(text),
        None => command,
    };
    for id in args {
        command = command.mut_arg(id, |arg| argument(arg, lang));
    }
    let options = lang.t("help-head-options", &[]);
    // clap's own flag would speak English.
    let help = Arg::new("help").short('h').long("help").action(ArgAction::Help);
    let help = help.help(lang.t("help-head-print-help", &[])).help_heading(options.clone());
    command = command.disable_help_flag(true).arg(help);
    if path.is_empty() {
        let version = Arg::new("version").short('V').long("version").action(ArgAction::Version);
        let version = version.help(lang.t("help-head-print-version", &[])).help_heading(options);
        command = command.disable_version_flag(true).arg(version);
    }
    command =
        command.help_template(template.to_owned()).subcommand_help_heading(lang.t("help-head-commands", &[]));
    for name in names {
        let path = if path.is_empty() { name.clone() } else { format!("{path}-{name}") };
        command = command.mut_subcommand(name, |sub| one(sub, lang, &path, template));
    }
    command
}

fn argument(arg: Arg, lang: &Lang) -> Arg {
    let heading = match arg.get_help_heading() {
        Some("Everywhere") => "help-head-everywhere",
        Some(_) => return arg,
        None if arg.is_positional() => "help-head-arguments",
        None => "help-head-options",
    };
    let said = arg.get_help().and_then(|text| lang.maybe(&key(&text.to_string()), &[]));
    let arg = arg.help_heading(lang.t(heading, &[]));
    match said {
        Some(text) => arg.help(text),
        None => arg,
    }
}
