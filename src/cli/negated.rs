//! `-tag:cold` where a query is expected, which clap would take for short flags.

use clap::{Arg, ArgAction, Command};
use std::ffi::OsString;

/// The argument that is a query, and the one that is with `--all` only.
const QUERY: &str = "query";
const WITH_ALL: &str = "who";

/// Writes `-tag:cold` as `not tag:cold` where it stands in a query. What else begins with a dash is left to clap.
pub(super) fn negated(args: Vec<OsString>) -> Vec<OsString> {
    if !args.iter().skip(1).filter_map(|arg| arg.to_str()).any(is_candidate) {
        return args;
    }
    let mut root = super::command();
    root.build();
    let mut walk = Walk { command: &root, position: 0, valued: false };
    let all = args.iter().take_while(|arg| *arg != "--").any(|arg| arg == "--all");
    let mut open = true;
    let rewrite = |(at, arg): (usize, OsString)| {
        open = open && arg != "--";
        match arg.to_str().filter(|_| open && at > 0) {
            Some(word) if walk.step(word, all) => format!("not {}", &word[1..]).into(),
            _ => arg,
        }
    };
    args.into_iter().enumerate().map(rewrite).collect()
}

/// Whether it has the form: one dash and more than one letter behind it.
fn is_candidate(word: &str) -> bool {
    word.len() > 2 && word.starts_with('-') && !word.starts_with("--")
}

/// Where in the command line we are.
struct Walk<'a> {
    command: &'a Command,
    /// How many of the command's own words were met.
    position: usize,
    /// Whether the next one is the value of an option.
    valued: bool,
}

impl<'a> Walk<'a> {
    /// Takes the next one; whether it is a part of a query that is negated.
    fn step(&mut self, word: &str, all: bool) -> bool {
        if std::mem::take(&mut self.valued) {
            return false;
        }
        if let Some(long) = word.strip_prefix("--") {
            let (name, value) =
                long.split_once('=').map_or((long, None), |(name, value)| (name, Some(value)));
            let option = self.command.get_arguments().find(|arg| arg.get_long() == Some(name));
            self.valued = value.is_none() && option.is_some_and(takes_value);
            return false;
        }
        if word.len() > 1 && word.starts_with('-') {
            return !self.is_short(&word[1..]) && is_candidate(word) && self.is_query(all);
        }
        match self.command.find_subcommand(word).filter(|_| self.position == 0) {
            Some(command) => self.command = command,
            None => self.position += 1,
        }
        false
    }

    /// Whether it is short options: flags, or one with its value behind it.
    fn is_short(&mut self, letters: &str) -> bool {
        for (at, letter) in letters.char_indices() {
            let Some(option) = self.command.get_arguments().find(|arg| arg.get_short() == Some(letter))
            else {
                return false;
            };
            if takes_value(option) {
                self.valued = at + letter.len_utf8() == letters.len();
                return true;
            }
        }
        true
    }

    /// Whether the command's next word belongs to a query.
    fn is_query(&self, all: bool) -> bool {
        let mut places = self.command.get_positionals();
        let last = self.command.get_positionals().last();
        let place = places.nth(self.position).or(last);
        place.is_some_and(|arg| arg.get_id() == QUERY || (all && arg.get_id() == WITH_ALL))
    }
}

fn takes_value(option: &Arg) -> bool {
    matches!(option.get_action(), ArgAction::Set | ArgAction::Append)
}
