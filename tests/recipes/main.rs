//! Every command of README's First steps and Import runs as it stands there, on files such as those systems write.
// A test fails by panicking; helpers are no `#[test]` functions, where clippy would let them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../common/mod.rs"]
mod common;
mod fixtures;
mod recipes;

use common::Rolo;
use recipes::{RECIPES, Recipe};

/// A heading of the README and the commands under it.
struct Section {
    heading: String,
    commands: Vec<String>,
}

/// The commands of fenced blocks between two headings, without their comments.
fn sections(readme: &str, from: &str, to: &str) -> Vec<Section> {
    let start = readme.find(from).unwrap_or_else(|| panic!("README has no {from}"));
    let text = &readme[start..];
    let text = &text[..text[from.len()..].find(to).map_or(text.len(), |end| from.len() + end)];
    let mut sections: Vec<Section> = Vec::new();
    // `None` outside a block, `Some(false)` in one that is no commands.
    let mut block = None;
    for line in text.lines() {
        if let Some(language) = line.strip_prefix("```") {
            block = match block {
                Some(_) => None,
                None => Some(language.is_empty()),
            };
        } else if block.is_none() && line.starts_with('#') {
            let heading = line.trim_start_matches('#').trim().to_owned();
            sections.push(Section { heading, commands: Vec::new() });
        } else if block == Some(true) && !line.trim().is_empty() {
            let command = line.split("  #").next().unwrap().trim().to_owned();
            sections.last_mut().unwrap().commands.push(command);
        }
    }
    sections.retain(|section| !section.commands.is_empty());
    sections
}

/// Runs a line as a shell would where `rolo` is on the path.
fn run(rolo: &Rolo, line: &str) -> (i32, String) {
    let shell = rolo.command(&[]);
    let path = format!("{}:/usr/bin:/bin", rolo.path("bin").display());
    let mut command = std::process::Command::new("/bin/sh");
    command.env_clear().args(["-c", line]).current_dir(rolo.path(".")).stdin(std::process::Stdio::null());
    command.envs(shell.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let output = command.env("PATH", path).output().unwrap();
    let text = [output.stdout, output.stderr].concat();
    (output.status.code().unwrap_or(-1), String::from_utf8_lossy(&text).into_owned())
}

/// A home with the files of a recipe, and rolo on the path.
fn home(recipe: &Recipe) -> Rolo {
    let rolo = Rolo::new();
    std::fs::create_dir(rolo.path("bin")).unwrap();
    let program = env!("CARGO_BIN_EXE_rolo");
    common::script(&rolo.path("bin/rolo"), &format!("#!/bin/sh\nexec '{program}' \"$@\"\n"));
    for (name, bytes) in (recipe.files)() {
        if name == fixtures::BOOK {
            rolo.ok(&["import", &rolo.file(name, bytes)]);
            continue;
        }
        let path = rolo.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
    rolo
}

#[cfg(unix)]
#[test]
fn every_recipe_of_the_readme_does_what_it_says() {
    let readme = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
    let mut sections = sections(&readme, "## First steps\n", "\n## ");
    sections.extend(self::sections(&readme, "## Import\n", "\n## "));
    for recipe in RECIPES {
        let there = sections.iter().any(|section| section.heading == recipe.heading);
        assert!(there, "README has no recipe `{}`", recipe.heading);
    }
    let mut wrong = Vec::new();
    for section in &sections {
        let mut cases = RECIPES.iter().filter(|recipe| recipe.heading == section.heading).peekable();
        if cases.peek().is_none() {
            wrong.push(format!("no fixture for the recipe `{}`", section.heading));
        }
        for recipe in cases {
            let tried = std::panic::catch_unwind(|| follow(recipe, &section.commands));
            if tried.is_err() {
                wrong.push(format!("{}, {}", recipe.heading, recipe.case));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Runs the commands of a recipe in a home of their own.
fn follow(recipe: &Recipe, commands: &[String]) {
    let what = format!("{}, {}", recipe.heading, recipe.case);
    let rolo = home(recipe);
    for (at, command) in commands.iter().enumerate() {
        let Some((code, told)) = recipe.told.get(at) else {
            panic!("{what}: nothing says what `{command}` is to do")
        };
        let (ended, text) = run(&rolo, command);
        assert_eq!(ended, *code, "{what}: {command}\n{text}");
        assert!(text.contains(told), "{what}: {command}\nhas no {told:?}:\n{text}");
    }
    assert_eq!(recipe.told.len(), commands.len(), "{what}: one result for each command");
    (recipe.then)(&rolo);
}
