//! The real binary in a pseudo-terminal: whole journeys, read from a terminal emulator's screen.
// A test fails by panicking; helpers are no `#[test]` functions, where clippy would let them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![cfg(unix)]

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use std::io::{Read, Write};
use std::num::NonZero;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

/// Nothing takes nearly so long, unless it never comes.
const DEADLINE: Duration = Duration::from_secs(30);

struct Screen {
    parser: Arc<(Mutex<vt100::Parser>, Condvar)>,
    keys: Box<dyn Write + Send>,
    child: Box<dyn Child + Send + Sync>,
    pty: Box<dyn MasterPty + Send>,
}

fn cells(count: u16) -> NonZero<u16> {
    NonZero::new(count).unwrap()
}

impl Screen {
    fn open(home: &Path, rows: u16, cols: u16, lang: &str) -> Self {
        Self::open_with(home, rows, cols, lang, &[])
    }

    fn open_with(home: &Path, rows: u16, cols: u16, lang: &str, env: &[(&str, &str)]) -> Self {
        let pair =
            native_pty_system().openpty(PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }).unwrap();
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_rolo"));
        command.env_clear();
        for (name, value) in
            [("TERM", "xterm-256color"), ("LC_ALL", lang), ("ROLO_NOW", "2026-11-22T10:00:00Z")]
        {
            command.env(name, value);
        }
        for (name, folder) in [
            ("HOME", ""),
            ("XDG_DATA_HOME", "data"),
            ("XDG_CONFIG_HOME", "config"),
            ("XDG_STATE_HOME", "state"),
        ] {
            command.env(name, home.join(folder));
        }
        for (name, value) in env {
            command.env(name, value);
        }
        command.cwd(home);
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let parser = Arc::new((Mutex::new(vt100::Parser::new(cells(rows), cells(cols), 0)), Condvar::new()));
        let mut output = pair.master.try_clone_reader().unwrap();
        let seen = parser.clone();
        std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            while let Ok(count @ 1..) = output.read(&mut bytes) {
                seen.0.lock().unwrap().process(&bytes[..count]);
                seen.1.notify_all();
            }
        });
        Self { parser, keys: pair.master.take_writer().unwrap(), child, pty: pair.master }
    }

    fn send(&mut self, keys: &str) -> &mut Self {
        self.keys.write_all(keys.as_bytes()).unwrap();
        self.keys.flush().unwrap();
        self
    }

    /// Waits until the screen is as wanted; says what it shows instead.
    fn until(&mut self, what: &str, wanted: impl Fn(&vt100::Screen) -> bool) -> &mut Self {
        let began = Instant::now();
        let mut parser = self.parser.0.lock().unwrap();
        while !wanted(parser.screen()) {
            let rest = DEADLINE.checked_sub(began.elapsed());
            let Some(rest) = rest else { panic!("never {what}:\n{}", parser.screen().contents()) };
            parser = self.parser.1.wait_timeout(parser, rest).unwrap().0;
        }
        drop(parser);
        self
    }

    fn sees(&mut self, text: &str) -> &mut Self {
        self.until(&format!("{text:?} on the screen"), |screen| screen.contents().contains(text))
    }

    fn misses(&mut self, text: &str) -> &mut Self {
        self.until(&format!("{text:?} off the screen"), |screen| !screen.contents().contains(text))
    }

    fn resize(&mut self, rows: u16, cols: u16) -> &mut Self {
        self.parser.0.lock().unwrap().screen_mut().set_size(cells(rows), cells(cols));
        self.pty.resize(PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }).unwrap();
        self
    }

    /// The process ends, and has given the terminal back.
    fn ends(&mut self) -> u32 {
        self.until("given back", |screen| !screen.alternate_screen() && !screen.bracketed_paste());
        self.child.wait().unwrap().exit_code()
    }
}

#[test]
fn first_start_add_search_edit_undo_resize_quit() {
    let home = tempfile::tempdir().unwrap();
    let mut screen = Screen::open(home.path(), 24, 80, "C.UTF-8");
    screen.sees("Welcome to rolo").send("\r").sees("New contact");
    screen.send("Ann Lee").sees("Ann Lee").send("\x13").sees("Added Ann Lee").misses("Welcome");
    screen.send("a").sees("New contact").send("王伟\tAcme").sees("Acme").send("\x13").sees("Added 王伟");
    screen.send("/ww").sees("1 of 2").send("\x1b").misses("1 of 2");
    screen.send("/ann\r").sees("1 of 2").send("e").sees("Edit contact").sees("Ann Lee");
    screen.send("\x7f\x7f\x7fMay\x13").misses("Edit contact").sees("Ann May");
    screen.send("u").sees("Undid").sees("Ann Lee");
    screen.resize(12, 40).until("40 columns wide", |screen| {
        screen.contents().lines().all(|line| line.chars().count() <= 40)
            && screen.contents().contains("Ann Lee")
    });
    screen.resize(30, 120).sees("Timeline");
    screen.resize(8, 30).sees("too small");
    screen.resize(24, 80).sees("1 of 2").send("q").sees("People · 2").send("q");
    assert_eq!(screen.ends(), 0);
}

#[test]
fn the_import_wizard_from_the_first_start_to_taking_it_back() {
    let home = tempfile::tempdir().unwrap();
    std::fs::create_dir(home.path().join("Downloads")).unwrap();
    std::fs::write(
        home.path().join("Downloads/people-2026.csv"),
        "Full Name;Mail;City, State\n\"Lee, Ann\";ann@x.example;Boston, MA\n王伟;w@x.example;\n;;x\n",
    )
    .unwrap();
    let mut screen = Screen::open(home.path(), 24, 80, "C.UTF-8");
    screen.sees("people-2026.csv").send("\x1b[B\r").sees("what it is").sees("separated by ;");
    screen.send("\r").sees("Enter changes").sees("kept as it is");
    screen.send("s").sees("Split Full Name").send("\r").sees("split name");
    screen.send("\x1b[B\x1b[Bs").sees("Split City, State").send("city\r").sees("split address city");
    screen.send("=").sees("A value for all").send("stage=customer\r").sees("stage is customer");
    screen.send("\t").sees("The same contact").send("\t").sees("would do").sees("line 2: Ann Lee");
    screen.sees("line 4: no name").send("\r").sees("takes the import back");
    screen.send("s").sees("Save the mapping").send("\r").sees("Saved as mapping people");
    screen.send("w").sees("Write the refused").send("\r").sees("mend them there");
    screen.send("\r").sees("People · 2").sees("Ann Lee");
    // The next file of that shape is read in the same way, and each import can be taken back from the list.
    screen.send("I").sees("which file").send("Downloads/people-2026.csv\r").sees("mapping people");
    screen.send("r").sees("nothing new").send("\x1b").sees("The same contact");
    screen.send("\x1b").sees("Enter changes").send("\x1b").sees("what it is").send("\x1b").sees("which file");
    screen.send("\x1bOQ").sees("earlier imports").sees("Imported people-2026.csv").send("u");
    screen.sees("Undid").sees("Welcome to rolo").send("\x03");
    assert_eq!(screen.ends(), 0);
    let rejects = std::fs::read_to_string(home.path().join("Downloads/people-2026-rejects.csv")).unwrap();
    assert!(rejects.lines().nth(1).is_some_and(|row| row.starts_with(";;x;line 4")), "{rejects}");
    assert!(home.path().join("config/rolo/mappings/people.toml").exists());
}

#[test]
fn an_import_that_is_cancelled_leaves_all_or_nothing() {
    let home = tempfile::tempdir().unwrap();
    let rows: String = (0..60_000).map(|n| format!("Person {n},p{n}@x.example\n")).collect();
    std::fs::write(home.path().join("many.csv"), format!("Name,E-mail\n{rows}")).unwrap();
    let mut screen = Screen::open(home.path(), 24, 80, "C.UTF-8");
    screen.sees("many.csv").send("\x1b[B\r").sees("what it is").send("r").sees("would do").sees("60,000");
    screen.send("\r").until("under way", |screen| !screen.contents().contains("would do")).send("\x1b");
    screen.until("at an end", |screen| {
        let text = screen.contents();
        text.contains("nothing was changed") || text.contains("takes the import back")
    });
    let cancelled = screen.parser.0.lock().unwrap().screen().contents().contains("nothing was changed");
    screen.send("\x03");
    assert_eq!(screen.ends(), 0);
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_rolo"));
    command.env_clear().env("HOME", home.path()).env("XDG_DATA_HOME", home.path().join("data"));
    command
        .env("XDG_CONFIG_HOME", home.path().join("config"))
        .env("XDG_STATE_HOME", home.path().join("state"));
    let count = command.arg("count").output().unwrap();
    let count = String::from_utf8(count.stdout).unwrap();
    assert_eq!(count.trim(), if cancelled { "0" } else { "60000" });
}

#[test]
fn refused_rows_are_written_with_reasons_in_the_language_of_the_screen() {
    let home = tempfile::tempdir().unwrap();
    std::fs::create_dir(home.path().join("Downloads")).unwrap();
    std::fs::write(home.path().join("Downloads/people.csv"), "姓名,电子邮件,备注\n王伟,w@x.example,\n,,x\n")
        .unwrap();
    let mut screen = Screen::open(home.path(), 24, 80, "zh_CN.UTF-8");
    screen
        .sees("people.csv")
        .send("\x1b[B\r")
        .sees("文件信息")
        .send("r")
        .sees("将会")
        .send("\r")
        .sees("u 撤销导入");
    screen.send("w").sees("写出被拒收的行").send("\r").misses("写出被拒收的行").sees("people-rejects.csv");
    screen.send("\x03");
    assert_eq!(screen.ends(), 0);
    let rejects = std::fs::read_to_string(home.path().join("Downloads/people-rejects.csv")).unwrap();
    let row = rejects.lines().nth(1).unwrap_or_default();
    assert!(row.starts_with(",,x,") && row.contains("第 3 行"), "{rejects}");
}

#[test]
fn a_folder_of_cards_comes_in_from_where_other_programs_keep_it() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join(".contacts/family");
    std::fs::create_dir_all(&folder).unwrap();
    for (file, name) in [("1.vcf", "Ann Lee"), ("2.vcf", "王伟"), ("3.vcf", "Bob May")] {
        let card = format!("BEGIN:VCARD\nVERSION:3.0\nFN:{name}\nEND:VCARD\n");
        std::fs::write(folder.join(file), card).unwrap();
    }
    std::fs::write(folder.join("4.vcf"), "no card\n").unwrap();
    let mut screen = Screen::open(home.path(), 24, 80, "C.UTF-8");
    screen
        .sees("Import family")
        .send("\x1b[B\r")
        .sees("a folder of 4 cards")
        .send("\r")
        .sees("The same contact");
    screen
        .send("\t")
        .sees("would do")
        .sees("Refused")
        .sees("Bob May")
        .send("\r")
        .sees("takes the import back");
    screen.send("\r").sees("People · 3");
    // The same by its path, typed.
    screen.send("I").sees("which file").send("~/.contacts/\r").sees("a folder of 4 cards").send("r");
    screen.sees("nothing new").send("\x03");
    assert_eq!(screen.ends(), 0);
}

#[test]
fn a_profile_of_the_users_own_is_known_to_the_wizard() {
    let home = tempfile::tempdir().unwrap();
    let profiles = home.path().join("config/rolo/profiles");
    std::fs::create_dir_all(&profiles).unwrap();
    let text = "name = \"guild\"\ntitle = \"The guild\"\ndetect = [[\"Guild No\"]]\n\n[columns]\n\
                external_id = [\"Guild No\"]\nname = [\"Member\"]\n";
    std::fs::write(profiles.join("guild.toml"), text).unwrap();
    std::fs::write(home.path().join("members.csv"), "Guild No,Member\n7,Ann Lee\n").unwrap();
    let mut screen = Screen::open(home.path(), 24, 80, "C.UTF-8");
    screen.sees("members.csv").send("\x1b[B\r").sees("CSV · guild").send("f").sees("What kind of file");
    screen
        .send("linkedin\r")
        .sees("CSV · linkedin")
        .send("fguild\r")
        .sees("CSV · guild")
        .send("r")
        .sees("Ann Lee");
    screen.send("\r").sees("takes the import back").send("\r").sees("People · 1").send("q");
    assert_eq!(screen.ends(), 0);
}

#[test]
fn a_sheet_of_a_workbook_is_picked_and_read_anew() {
    let home = tempfile::tempdir().unwrap();
    let mut book = rust_xlsxwriter::Workbook::new();
    for (name, person) in [("Old", "Ann Old"), ("New", "Bob New")] {
        let sheet = book.add_worksheet().set_name(name).unwrap();
        for (row, cells) in [["Name", "E-mail"], [person, "p@x.example"]].iter().enumerate() {
            for (column, cell) in cells.iter().enumerate() {
                sheet.write_string(row as u32, column as u16, *cell).unwrap();
            }
        }
    }
    book.save(home.path().join("people.xlsx")).unwrap();
    let mut screen = Screen::open(home.path(), 24, 80, "C.UTF-8");
    screen.sees("people.xlsx").send("\x1b[B\r").sees("sheet Old (1 of 2)").sees("t chooses");
    screen.send("t").sees("Which sheet?").send("new\r").sees("sheet New (2 of 2)").misses("t chooses");
    screen
        .send("r")
        .sees("Bob New")
        .send("\r")
        .sees("takes the import back")
        .send("\r")
        .sees("Bob New")
        .send("q");
    assert_eq!(screen.ends(), 0);
}

/// A run of the command line on the book of a home.
fn command(home: &Path, args: &[&str]) -> String {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_rolo"));
    command.env_clear().env("HOME", home).env("XDG_DATA_HOME", home.join("data"));
    command.env("XDG_CONFIG_HOME", home.join("config")).env("XDG_STATE_HOME", home.join("state"));
    command.env("ROLO_NOW", "2026-11-22T10:00:00Z").env("LC_ALL", "C.UTF-8");
    let output = command.args(args).output().unwrap();
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Two people, a folder that something carries between them, and nothing but what the screen says.
#[test]
fn a_book_is_shared_joined_and_kept_in_step_by_itself() {
    let (cloud, ann, bob) =
        (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let folder = cloud.path().join("Dropbox");
    std::fs::create_dir(&folder).unwrap();
    for home in [&ann, &bob] {
        std::os::unix::fs::symlink(&folder, home.path().join("Dropbox")).unwrap();
    }
    let mut a = Screen::open_with(ann.path(), 24, 80, "C.UTF-8", &[("ROLO_AUTHOR", "Ann")]);
    a.sees("Welcome to rolo").send("\rAda Byron\x13").sees("Added Ada Byron").misses("Welcome");
    a.send("P").sees("~/Dropbox/team.rolo").send("\r").sees("Shared at").sees("Nobody else is in yet");
    a.send("i").sees("Let somebody in").send("Bob\r\r").sees("What the other person does");
    let shown = a.parser.0.lock().unwrap().screen().contents();
    let code = shown.lines().skip_while(|line| !line.contains("A code for Bob")).nth(1).unwrap();
    let code = code.trim_matches(|c: char| !c.is_ascii_alphanumeric()).to_owned();
    a.send("\x1b").sees("Nobody else is in yet").send("\x1b").misses("Nobody else");

    let mut b = Screen::open(bob.path(), 24, 80, "C.UTF-8");
    b.sees("Welcome to rolo").send("P").sees("Join a shared book").sees("~/Dropbox/team.rolo");
    b.send("\x1b[B\r\r").send("WRONG").send("\r\x15Bob\r").sees("the code is not typed as it was given");
    b.send("\x1b[A\x15").send(&code).send("\r\r").sees("Joined").sees("Ada Byron").sees("synced just now");

    // Each sees the other's doing without a key.
    b.send("aCid\x13").sees("Added Cid");
    a.sees("Cid").send("aDora\x13").sees("Added Dora");
    b.sees("Dora");
    a.send("P").sees("heard from just now").sees("Bob").send("\x1b");

    // What Bob does offline meets what Ann did meanwhile.
    b.send("q");
    assert_eq!(b.ends(), 0);
    command(bob.path(), &["edit", "Ada Byron", "--set", "title=Bob's title"]);
    command(ann.path(), &["edit", "Ada Byron", "--set", "title=Ann's title"]);
    let mut b = Screen::open(bob.path(), 24, 80, "C.UTF-8");
    b.sees("1 conflict").send("c").sees("shown, ").sees("Bob's title").send("\r");
    b.sees("Nobody contradicts anybody")
        .send("\x1b")
        .misses("Nobody contradicts")
        .send("aZed\x13")
        .sees("Added Zed");
    a.sees("Zed").misses("conflict").send("q");
    b.send("q");
    assert_eq!((a.ends(), b.ends()), (0, 0));
    let title = |home: &Path| command(home, &["list", "ada", "--columns", "title", "--format", "csv"]);
    assert_eq!(title(ann.path()), title(bob.path()));
}

#[test]
fn chinese_by_the_locale_and_english_by_a_key_from_then_on() {
    let home = tempfile::tempdir().unwrap();
    let mut screen = Screen::open(home.path(), 24, 80, "zh_CN.UTF-8");
    screen.sees("欢迎使用").send("L").sees("Welcome to rolo").send("q");
    assert_eq!(screen.ends(), 0);
    let mut screen = Screen::open(home.path(), 24, 80, "zh_CN.UTF-8");
    screen.sees("Welcome to rolo").send("q");
    assert_eq!(screen.ends(), 0);
}

#[test]
fn name_and_country_are_guessed_and_said_better() {
    let home = tempfile::tempdir().unwrap();
    let mut screen = Screen::open_with(home.path(), 24, 80, "de_DE.UTF-8", &[("USER", "u123")]);
    screen.sees("Your name and country: u123, DE").send("\x1b[A\x1b[A\r").sees("Who are you?");
    screen.send("\x15Ann Lee\t\x15Atlantis\r").sees("no country that is known").send("\x15china\r");
    screen
        .sees("Your name and country: Ann Lee, CN")
        .send("a")
        .sees("New contact")
        .send("王伟\x13")
        .sees("Added 王伟");
    screen.send("q");
    assert_eq!(screen.ends(), 0);
    assert_eq!(run(home.path(), &["config", "get", "country"]).trim(), "CN");
    assert_eq!(run(home.path(), &["config", "get", "author"]).trim(), "Ann Lee");
    assert!(run(home.path(), &["history"]).contains("Ann Lee"));
}

#[test]
fn signals_give_the_terminal_back() {
    for signal in ["TERM", "HUP", "INT"] {
        let home = tempfile::tempdir().unwrap();
        let mut screen = Screen::open(home.path(), 24, 80, "C.UTF-8");
        screen.sees("Welcome to rolo");
        let id = screen.child.process_id().unwrap().to_string();
        let sent = std::process::Command::new("kill").args([format!("-{signal}"), id]).status().unwrap();
        assert!(sent.success());
        screen.ends();
    }
}

/// Runs a command on the book that a screen of this home shows.
fn run(home: &Path, args: &[&str]) -> String {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_rolo"));
    command.env_clear().env("HOME", home).env("XDG_DATA_HOME", home.join("data"));
    command.env("XDG_CONFIG_HOME", home.join("config")).env("XDG_STATE_HOME", home.join("state"));
    String::from_utf8(command.args(args).output().unwrap().stdout).unwrap()
}

#[test]
fn what_was_typed_survives_a_signal_and_what_others_wrote_survives_the_form() {
    for signal in ["TERM", "HUP"] {
        let home = tempfile::tempdir().unwrap();
        let mut screen = Screen::open(home.path(), 24, 80, "C.UTF-8");
        screen.sees("Welcome to rolo").send("\rAnn Lee\x13").sees("Added Ann Lee");
        screen.send("e").sees("Edit contact").send("\t\tCEO").sees("CEO");
        let id = screen.child.process_id().unwrap().to_string();
        assert!(
            std::process::Command::new("kill").args([format!("-{signal}"), id]).status().unwrap().success()
        );
        screen.ends();
        let set = ["edit", "Ann Lee", "--yes", "--set", "note=met at the fair", "--add", "tag=vip"];
        run(home.path(), &set);
        let mut screen = Screen::open(home.path(), 24, 80, "C.UTF-8");
        screen.sees("You had typed this").sees("CEO").send("\x13").sees("Changed Ann Lee");
        screen.sees("met at the fair").sees("CEO").send("q");
        assert_eq!(screen.ends(), 0);
        let shown = run(home.path(), &["show", "Ann Lee"]);
        for part in ["CEO", "vip", "met at the fair"] {
            assert!(shown.contains(part), "{part} is not in\n{shown}");
        }
        let mut screen = Screen::open(home.path(), 24, 80, "C.UTF-8");
        screen.sees("People · 1").misses("You had typed this").send("q");
        assert_eq!(screen.ends(), 0);
    }
}

#[test]
fn what_was_logged_is_edited_and_deleted_where_it_is_listed() {
    let home = tempfile::tempdir().unwrap();
    let mut screen = Screen::open(home.path(), 30, 140, "C.UTF-8");
    screen.sees("Welcome to rolo").send("\rAnn Lee\x13").sees("Added Ann Lee");
    screen.send("i").sees("Log with").send("about the pilot\x13").sees("about the pilot").send("\r\r");
    screen.send("e").sees("Edit what was logged").send(" again\x13").sees("about the pilot again");
    screen.send("d").sees("Deleted what was logged").misses("about the pilot again").sees("People · 1");
    screen.send("u").sees("about the pilot again").send("qq");
    assert_eq!(screen.ends(), 0);
}

#[test]
fn pasted_garbage_is_searched_and_a_mistake_has_its_caret() {
    let home = tempfile::tempdir().unwrap();
    let mut screen = Screen::open(home.path(), 24, 80, "C.UTF-8");
    screen.sees("Welcome to rolo").send("\rAnn\x13").sees("Added Ann");
    screen
        .send("\x1b[200~d\x07d q\x1b[201~")
        .sees("/ dd q")
        .sees("0 of 1")
        .send("\x1b\x1b")
        .sees("People · 1");
    screen.send("/nix:1").sees("^^^").sees("Ann").send("\x1b\x1b").send("q");
    assert_eq!(screen.ends(), 0);
}

#[cfg(debug_assertions)]
#[test]
fn a_panic_gives_the_terminal_back_and_says_that_it_is_a_bug() {
    let home = tempfile::tempdir().unwrap();
    let mut screen = Screen::open_with(home.path(), 24, 80, "C.UTF-8", &[("ROLO_TEST_PANIC", "1")]);
    screen.sees("Welcome to rolo").send("\x0c").sees("this is a bug in rolo");
    assert_eq!(screen.ends(), 70);
}

#[test]
fn what_was_deleted_comes_back_from_the_bin() {
    let home = tempfile::tempdir().unwrap();
    let mut screen = Screen::open(home.path(), 24, 80, "C.UTF-8");
    screen.sees("Welcome to rolo").send("\rAnn\x13").sees("Added Ann");
    screen.send("aBob\x13").sees("Added Bob").sees("People · 2").send("d").sees("Deleted").sees("People · 1");
    // What lists leave out unless it is asked for is counted as it is listed.
    screen.send("A").sees("Archived").sees("People · 0").send("/archived:yes\r").sees("People · 1 ");
    screen.send("A").sees("0 of 1").send("q").sees("People · 1 ");
    screen.send("B").sees("takes it out of the bin").send("\r").sees("The bin is empty").send("\x1b");
    screen.sees("People · 2").send("d").sees("Deleted").sees("People · 1");
    screen.send("B").sees("takes it out of the bin").send("E").sees("Empty the bin").send("y");
    screen.sees("The bin is empty").send("u").sees("Undid").sees("takes it out of the bin").send("\x1b");
    screen.misses("takes it out of the bin").send("q");
    assert_eq!(screen.ends(), 0);
}

#[test]
fn a_resize_in_the_middle_of_anything_loses_nothing() {
    let home = tempfile::tempdir().unwrap();
    std::fs::write(home.path().join("people.csv"), "Name;E-mail;Shoe Size\n李娜;l@x.example;41\n").unwrap();
    let mut screen = Screen::open(home.path(), 24, 80, "zh_CN.UTF-8");
    // The form.
    screen.sees("people.csv").resize(12, 40).sees("Enter 选择").send("\r").sees("新建联系人");
    screen.send("王伟").sees("王伟").resize(40, 140).sees("Ctrl-O 全部字段").sees("王伟");
    screen.resize(8, 30).sees("太小").resize(12, 40).sees("王伟").send("\x13").sees("已添加");
    // The quick log.
    screen.send("i").sees("方向").send("\x1b[B\x1b[B").send("昨天").resize(24, 80).sees("昨天");
    screen.resize(12, 40).sees("昨天").send("\x13").sees("已记录");
    // The palette, the tags, the help.
    screen.send(":").sees("search").send("回收").sees("查看回收站").resize(30, 100).sees("查看回收站");
    screen.send("\x1b").sees("a 添加").send("t").sees("多个标签").send("客户").sees("客户");
    screen.resize(12, 40).sees("客户").send("\r").sees("已给").send("?").sees("按键");
    screen.resize(24, 80).sees("按键").send("\x1b").sees("a 添加");
    // The wizard, step by step.
    screen.send("I").sees("选择文件").send("people.csv").resize(12, 40).sees("people.csv").send("\r");
    screen
        .sees("文件信息")
        .resize(24, 80)
        .sees("Enter 继续")
        .send("\r")
        .sees("原样保留")
        .send("\x1b[B\x1b[Bf");
    screen.sees("field:shoe_size").resize(12, 40).sees("所有按键").send("\r").sees("是什么");
    screen.resize(40, 140).sees("是什么").send("昵称").sees("nickname").send("\x1b").sees("Tab 继续");
    screen.resize(12, 40).sees("所有按键").send("\t").sees("视为同一").send("\t").sees("将会");
    screen.resize(24, 80).sees("将会").send("\r").sees("u 撤销导入").resize(12, 40).sees("撤销导入");
    screen.send("\r").sees("联系人 · 2").send("q");
    assert_eq!(screen.ends(), 0);
}
