//! Runs the real binary with an emptied environment, folders of its own, a fixed clock.
#![allow(dead_code)] // Each test file takes what it needs.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A machine of its own: home, settings, books.
pub struct Rolo {
    home: tempfile::TempDir,
    env: Vec<(String, String)>,
}

/// What a run printed and ended with.
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Rolo {
    pub fn new() -> Self {
        Self { home: tempfile::tempdir().unwrap(), env: Vec::new() }
    }

    pub fn env(&mut self, name: &str, value: &str) -> &mut Self {
        self.env.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    /// Writes a file into the home folder and returns its path as text.
    pub fn file(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        std::fs::write(self.path(name), content).unwrap();
        self.path(name).to_str().unwrap().to_owned()
    }

    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rolo"));
        command.env_clear().args(args).current_dir(self.home.path());
        for (name, value) in [
            ("HOME", self.home.path()),
            ("XDG_DATA_HOME", &self.path("data")),
            ("XDG_CONFIG_HOME", &self.path("config")),
            ("XDG_STATE_HOME", &self.path("state")),
            ("TMPDIR", self.home.path()),
        ] {
            command.env(name, value);
        }
        for (name, value) in [
            ("PATH", "/usr/bin:/bin"),
            ("LANG", "C.UTF-8"),
            ("TZ", "UTC"),
            ("USER", "tester"),
            ("ROLO_NOW", "2026-09-14T12:00:00Z"),
        ] {
            command.env(name, value);
        }
        command.envs(self.env.iter().map(|(name, value)| (name, value)));
        command
    }

    /// A shell that sets something up and becomes rolo.
    #[cfg(unix)]
    pub fn through_shell(&self, setup: &str, args: &[&str]) -> Command {
        let real = self.command(args);
        let mut shell = Command::new("/bin/sh");
        shell
            .arg("-c")
            .arg(format!("{setup}; exec \"$@\""))
            .arg("sh")
            .arg(real.get_program())
            .args(real.get_args());
        shell.env_clear().current_dir(self.path(""));
        shell.envs(real.get_envs().filter_map(|(name, value)| Some((name, value?))));
        shell.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        shell
    }

    pub fn run(&self, args: &[&str]) -> Ran {
        self.feed(args, "")
    }

    pub fn feed(&self, args: &[&str], input: &str) -> Ran {
        let mut command = self.command(args);
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        // A command that doesn't read its input may be gone already.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        Ran::of(&child.wait_with_output().unwrap())
    }

    /// Runs what must succeed and returns its data.
    pub fn ok(&self, args: &[&str]) -> String {
        let ran = self.run(args);
        assert_eq!(ran.code, 0, "{args:?}\n{}\n{}", ran.out, ran.err);
        ran.out
    }

    /// Runs what must fail so and returns its message.
    pub fn fails(&self, code: i32, args: &[&str]) -> String {
        let ran = self.run(args);
        assert_eq!(ran.code, code, "{args:?}\n{}\n{}", ran.out, ran.err);
        ran.err
    }

    /// The data of a run as JSON.
    pub fn json(&self, args: &[&str]) -> serde_json::Value {
        let mut all = args.to_vec();
        all.extend(["--format", "json"]);
        serde_json::from_str(&self.ok(&all)).unwrap()
    }

    pub fn names(&self, query: &[&str]) -> Vec<String> {
        let mut args = vec!["list"];
        args.extend(query);
        let list = self.json(&args);
        list.as_array().unwrap().iter().map(|c| c["name"].as_str().unwrap_or_default().to_owned()).collect()
    }
}

impl Ran {
    fn of(output: &Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout.clone()).unwrap(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

/// Makes a file that can be run.
#[cfg(unix)]
pub fn script(path: &Path, text: &str) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::write(path, text).unwrap();
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
}
