//! The command line as its users and their scripts see it.
// A test fails by panicking; helpers are no `#[test]` functions, where clippy would let them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::Rolo;
use serde_json::Value;

fn ann(rolo: &Rolo) -> String {
    let args = ["add", "Ann Lee", "--email", "ann@acme.example", "--company", "Acme Corp", "--tag", "vip"];
    rolo.ok(&args).trim().to_owned()
}

#[test]
fn add_prints_the_id_alone_and_how_to_take_it_back() {
    let rolo = Rolo::new();
    let ran = rolo.run(&["add", "Ann Lee", "--email", "ann@acme.example", "--birthday", "--04-02"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.err.contains("Added Ann Lee") && ran.err.contains("undo with: rolo undo"), "{}", ran.err);
    let shown = rolo.json(&["show", ran.out.trim()]);
    assert_eq!(shown["id"], ran.out.trim());
    assert_eq!(shown["birthday"], "--04-02");
    assert_eq!(shown["emails"][0]["value"], "ann@acme.example");
    assert_eq!(shown["timeline"], Value::Array(Vec::new()));
    assert_eq!(rolo.run(&["-q", "add", "Bob"]).err, "");
    assert!(rolo.fails(2, &["add"]).contains("needs a name"));
    assert!(rolo.fails(2, &["add", "X", "--set", "foo=1"]).contains("foo"));
    assert_eq!(rolo.ok(&["count"]), "2\n");
}

#[test]
fn add_reads_json_and_refuses_all_of_it_for_one_mistake() {
    let rolo = Rolo::new();
    let ran = rolo.feed(&["add", "-"], "{\"name\":\"Ann\",\"company\":\"Acme\"}\n{\"name\":\"王伟\"}\n");
    assert_eq!((ran.code, ran.out.lines().count()), (0, 2), "{}", ran.err);
    assert_eq!(rolo.json(&["show", "Ann"])["company"]["name"], "Acme");
    let ran = rolo.feed(&["add", "-"], "{\"name\":\"Bob\"}\n{\"name\":[1]}\n");
    assert_eq!(ran.code, 3);
    assert!(ran.err.contains("line 2"), "{}", ran.err);
    assert_eq!(rolo.ok(&["count"]), "2\n");
}

#[test]
fn what_a_command_changed_goes_out_as_json() {
    let rolo = Rolo::new();
    ann(&rolo);
    for (args, label) in [
        (&["edit", "Ann Lee", "--set", "title=CTO"][..], "Changed Ann Lee"),
        (&["tag", "add", "cold", "Ann Lee"], "Tagged Ann Lee: cold"),
        (&["field", "add", "boat"], "Made the field boat"),
        (&["delete", "Ann Lee"], "Deleted Ann Lee"),
        (&["bin", "restore", "Ann Lee"], "Restored Ann Lee"),
    ] {
        let done = rolo.json(args);
        assert_eq!(done["label"], label);
        assert!(done["edits"].as_i64().unwrap() > 0, "{done}");
        let newest = rolo.json(&["history", "--limit", "1"])[0].clone();
        assert_eq!(done["batch"], newest["batch"], "{label}");
    }
    let again = rolo.json(&["edit", "Ann Lee", "--set", "title=CTO"]);
    assert!(again["batch"].is_null() && again["edits"] == 0, "{again}");
}

#[test]
fn kinds_are_found_by_either_languages_names_and_others_are_told() {
    let rolo = Rolo::new();
    ann(&rolo);
    for kind in ["kind:company", "kind=company", "kind:公司"] {
        assert_eq!(
            rolo.ok(&["list", kind, "--columns", "name", "--format", "csv"]),
            "name\nAcme Corp\n",
            "{kind}"
        );
    }
    for kind in ["kind:person", "kind:pers", "kind:个人", "kind:联系人"] {
        assert_eq!(rolo.ok(&["count", kind]), "1\n", "{kind}");
    }
    assert!(rolo.fails(2, &["list", "kind:robot"]).contains("^^^^^"));
    assert!(rolo.fails(2, &["list", "kind:机器人", "--lang", "zh-CN"]).contains("公司"));
}

#[test]
fn lists_come_in_every_format_and_only_as_asked_for() {
    let rolo = Rolo::new();
    let empty = rolo.run(&["list"]);
    assert_eq!((empty.code, empty.out.as_str()), (0, ""));
    assert!(empty.err.contains("empty"), "{}", empty.err);
    let id = ann(&rolo);
    rolo.ok(&["add", "=Bob", "--tag", "cold", "--email", "bob@b.example"]);
    let table = rolo.ok(&["ls", "--sort", "name:desc"]);
    assert!(table.starts_with("id  ") && table.contains("Ann Lee  Acme Corp  ann@acme.example"), "{table}");
    let csv = rolo.ok(&["list", "--format", "csv"]);
    assert!(csv.starts_with("id,name,company,email,phone,last\n"), "{csv}");
    assert!(
        csv.contains(&format!("{id},Ann Lee,Acme Corp,ann@acme.example,,")) && csv.contains(",'=Bob,"),
        "{csv}"
    );
    assert_eq!(rolo.ok(&["list", "--format", "jsonl"]).lines().count(), 2);
    assert_eq!(
        rolo.ok(&["list", "--columns", "name,tags", "--format", "tsv", "ann"]),
        "name\ttags\nAnn Lee\tvip\n"
    );
    assert_eq!(rolo.names(&["-tag:vip"]), ["=Bob"]);
    assert_eq!(rolo.names(&["--limit", "1"]).len(), 1);
    assert_eq!(rolo.json(&["list", "nobody-at-all"]), Value::Array(Vec::new()));
    assert!(rolo.fails(2, &["list", "--columns", "emial"]).contains("did you mean email?"));
    let caret = rolo.fails(2, &["list", "tga:vip"]);
    assert!(caret.contains("  tga:vip\n  ^^^") && caret.contains("did you mean tag?"), "{caret}");
    rolo.fails(2, &["list", "--colums", "name"]);
}

#[test]
fn one_contact_is_named_exactly_or_the_candidates_are_shown() {
    let rolo = Rolo::new();
    ann(&rolo);
    rolo.ok(&["add", "Ann Lee", "--email", "ann@other.example"]);
    let ran = rolo.run(&["show", "Ann Lee"]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert!(ran.err.contains("  Ann Lee  Acme Corp\n"), "{}", ran.err);
    assert_eq!(rolo.json(&["show", "company:acme"])["name"], "Ann Lee");
    rolo.fails(1, &["show", "nobody"]);
    rolo.fails(1, &["delete", "nobody"]);
}

#[test]
fn edits_by_flags_and_in_bulk_are_one_batch_that_undo_takes_back() {
    let rolo = Rolo::new();
    ann(&rolo);
    rolo.ok(&[
        "edit",
        "ann@acme.example",
        "--set",
        "title=CEO",
        "--add",
        "phone.mobile=+12125550100",
        "--remove",
        "tag=vip",
    ]);
    let shown = rolo.json(&["show", "Ann Lee"]);
    assert_eq!(
        (shown["title"].as_str(), shown["phones"][0]["label"].as_str()),
        (Some("CEO"), Some("mobile"))
    );
    assert_eq!(shown["tags"], Value::Null);
    rolo.ok(&["undo"]);
    let shown = rolo.json(&["show", "Ann Lee"]);
    assert_eq!((shown["title"].as_str(), shown["tags"][0].as_str()), (None, Some("vip")));
    rolo.ok(&["redo"]);
    rolo.ok(&["add", "Anna Lind"]);
    let refused = rolo.fails(2, &["edit", "kind:person", "--all", "--set", "stage=lead"]);
    assert!(refused.contains("2 contacts") && refused.contains("--yes"), "{refused}");
    rolo.ok(&["edit", "kind:person", "--all", "--set", "stage=lead", "--yes"]);
    assert_eq!(rolo.names(&["stage:lead"]).len(), 2);
    rolo.ok(&["undo"]);
    assert_eq!(rolo.names(&["stage:lead"]).len(), 0);
    rolo.fails(2, &["edit", "Ann Lee", "--set", "birthday=soon-ish"]);
    assert!(rolo.fails(2, &["edit", "Ann Lee"]).contains("--set"));
}

#[cfg(unix)]
#[test]
fn the_editor_reopens_with_the_mistake_and_loses_nothing() {
    let mut rolo = Rolo::new();
    ann(&rolo);
    let editor = rolo.path("editor");
    rolo.env("EDITOR", editor.to_str().unwrap());
    common::script(&editor, "#!/bin/sh\nexit 0\n");
    assert!(rolo.run(&["edit", "Ann Lee"]).err.contains("Nothing changed"));
    // The first save is broken, the second mends it, as the comment on top asks for.
    common::script(
        &editor,
        "#!/bin/sh\nif grep -q '^#! ' \"$1\"; then sed -i 's/^nmae/name/' \"$1\"; else sed -i 's/^name = .*/nmae = \"Ann Li\"/' \"$1\"; fi\n",
    );
    let ran = rolo.run(&["edit", "Ann Lee"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(rolo.names(&[]), ["Ann Li"]);
    common::script(&editor, "#!/bin/sh\ngrep -q '^#! ' \"$1\" || echo '= mine' >> \"$1\"\n");
    let ran = rolo.run(&["edit", "Ann Li"]);
    assert_eq!(ran.code, 3, "{}", ran.err);
    let kept = ran.err.lines().find_map(|line| line.split(" kept in ").nth(1)).unwrap();
    assert!(std::fs::read_to_string(kept).unwrap().contains("= mine"));
}

#[cfg(unix)]
#[test]
fn the_editor_keeps_what_others_wrote_meanwhile_and_names_what_both_did() {
    let mut rolo = Rolo::new();
    ann(&rolo);
    let editor = rolo.path("editor");
    rolo.env("EDITOR", editor.to_str().unwrap());
    let other = env!("CARGO_BIN_EXE_rolo");
    common::script(
        &editor,
        &format!(
            "#!/bin/sh\n'{other}' edit 'Ann Lee' --set note=x --set title=CFO --add tag=new || exit 1\n\
             sed -i 's/^title = .*/title = \"CEO\"/' \"$1\"\n"
        ),
    );
    let ran = rolo.run(&["edit", "Ann Lee"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.err.contains("yours stays") && ran.err.contains("title"), "{}", ran.err);
    assert_eq!(rolo.names(&["tag:new title:CEO text:x"]), ["Ann Lee"]);
}

#[test]
fn what_is_deleted_lies_in_the_bin_until_it_is_emptied() {
    let rolo = Rolo::new();
    ann(&rolo);
    rolo.ok(&["rm", "Ann Lee"]);
    assert_eq!(rolo.ok(&["count"]), "0\n");
    assert!(rolo.ok(&["bin"]).contains("Ann Lee"));
    rolo.ok(&["bin", "restore", "Ann Lee"]);
    assert_eq!(rolo.ok(&["count"]), "1\n");
    rolo.ok(&["delete", "Ann Lee"]);
    rolo.ok(&["bin", "empty", "--yes"]);
    assert_eq!(rolo.ok(&["bin", "list"]), "");
    rolo.ok(&["undo"]);
    assert!(rolo.ok(&["bin"]).contains("Ann Lee"));
}

#[test]
fn tags_and_fields_have_their_own_lists() {
    let rolo = Rolo::new();
    ann(&rolo);
    rolo.ok(&["tag", "add", "news,friend", "ann@acme.example"]);
    assert_eq!(rolo.json(&["show", "Ann Lee"])["tags"].as_array().unwrap().len(), 3);
    rolo.ok(&["tag", "remove", "news", "Ann Lee"]);
    rolo.ok(&["tag", "rename", "friend", "pal"]);
    rolo.ok(&["tag", "merge", "pal", "vip"]);
    assert_eq!(rolo.names(&["tag:vip"]), ["Ann Lee"]);
    rolo.fails(1, &["tag", "rename", "nope", "x"]);
    rolo.fails(1, &["tag", "add", "x", "nobody"]);
    rolo.ok(&["field", "add", "lead", "--choices", "hot,cold"]);
    rolo.ok(&["edit", "Ann Lee", "--set", "lead=hot"]);
    assert_eq!(rolo.json(&["show", "Ann Lee"])["fields"]["lead"], "hot");
    rolo.fails(2, &["edit", "Ann Lee", "--set", "lead=warm"]);
    rolo.fails(2, &["field", "add", "lead"]);
    assert_eq!(rolo.json(&["field", "list"])[0]["used"], 1);
    rolo.ok(&["field", "delete", "lead"]);
    assert_eq!(rolo.json(&["show", "Ann Lee"])["fields"], Value::Null);
}

#[test]
fn what_happened_is_logged_in_both_ways_and_read_newest_first() {
    let rolo = Rolo::new();
    ann(&rolo);
    rolo.ok(&["add", "Bob"]);
    let args = [
        "log",
        "call",
        "Ann Lee",
        "Bob",
        "about pricing",
        "--at",
        "3 days ago",
        "--duration",
        "15m",
        "--out",
    ];
    assert!(rolo.run(&args).err.contains("undo with: rolo undo"));
    rolo.ok(&["log", "purchase", "Bob", "--amount", "120.50", "--currency", "eur"]);
    rolo.ok(&["log", "note @bob likes tea"]);
    let all = rolo.json(&["timeline"]);
    let kinds: Vec<&str> =
        all.as_array().unwrap().iter().map(|event| event["kind"].as_str().unwrap()).collect();
    assert_eq!((kinds.len(), kinds[2]), (3, "call"));
    let call = &rolo.json(&["timeline", "Ann Lee"])[0];
    assert_eq!((call["duration"].as_i64(), call["direction"].as_str()), (Some(15), Some("out")));
    assert_eq!(call["body"], "about pricing");
    assert!(call["at"].as_str().unwrap().starts_with("2026-09-11"), "{call}");
    assert_eq!(rolo.json(&["timeline", "--since", "yesterday"]).as_array().unwrap().len(), 2);
    assert_eq!(rolo.json(&["timeline", "--kind", "purchase"])[0]["amount"], "120.5");
    let id = call["handle"].as_str().unwrap().to_owned();
    rolo.ok(&["interaction", "edit", &id, "--set", "outcome=agreed"]);
    assert_eq!(rolo.json(&["interaction", "show", &id])["outcome"], "agreed");
    rolo.ok(&["interaction", "delete", &id]);
    assert_eq!(rolo.json(&["timeline", "Ann Lee"]), Value::Array(Vec::new()));
    rolo.fails(1, &["log", "call", "nobody", "text"]);
    rolo.fails(2, &["log", "call", "Bob", "--at", "someday"]);
}

#[test]
fn history_tells_who_changed_what_from_what_to_what() {
    let rolo = Rolo::new();
    ann(&rolo);
    rolo.ok(&["--author", "Zoe", "edit", "Ann Lee", "--set", "title=VP"]);
    let history = rolo.json(&["history", "Ann Lee"]);
    let last = &history[0];
    assert_eq!(last["author"], "Zoe");
    assert_eq!(last["label"], "Changed Ann Lee");
    assert_eq!(
        (last["edits"][0]["field"].as_str(), last["edits"][0]["after"].as_str()),
        (Some("title"), Some("VP"))
    );
    for key in ["batch", "device", "at", "edits"] {
        assert!(!last[key].is_null(), "{key}: {last}");
    }
    assert_eq!(history[1]["author"], "tester");
    let number = last["batch"].to_string();
    rolo.ok(&["undo", &number]);
    rolo.fails(1, &["undo", &number]);
    rolo.fails(1, &["undo", "99"]);
    assert!(rolo.ok(&["history"]).contains("took back"));
}

#[test]
fn companies_are_implied_until_somebody_works_with_them() {
    let rolo = Rolo::new();
    ann(&rolo);
    assert_eq!(rolo.ok(&["count"]), "1\n");
    let companies = rolo.json(&["company", "list"]);
    assert_eq!(
        (companies[0]["name"].as_str(), companies[0]["people"].as_i64()),
        (Some("Acme Corp"), Some(1))
    );
    rolo.ok(&["company", "edit", "Acme Corp", "--set", "industry=Rockets"]);
    assert!(rolo.ok(&["company", "show", "Acme Corp"]).contains("Ann Lee"));
    rolo.ok(&["company", "add", "Initech"]);
    assert_eq!(rolo.ok(&["count"]), "3\n");
}

#[test]
fn mail_programs_get_the_lines_that_they_expect() {
    let rolo = Rolo::new();
    ann(&rolo);
    let mutt = rolo.ok(&["query", "ann", "lee"]);
    let lines: Vec<&str> = mutt.lines().collect();
    assert_eq!(lines.len(), 2);
    assert!(lines[1].starts_with("ann@acme.example\tAnn Lee\t"), "{mutt}");
    assert_eq!(rolo.ok(&["query", "--as", "aerc", "acme"]), "ann@acme.example\tAnn Lee\n");
    assert_eq!(rolo.ok(&["query", "--as", "aerc", "zzz"]), "");
    assert_eq!(rolo.run(&["query", "zzz"]).code, 1);
}

#[test]
fn an_import_is_told_undone_and_comes_out_again() {
    let rolo = Rolo::new();
    let file = rolo.file(
        "a.csv",
        "First Name,Last Name,E-mail 1 - Value,Odd\nAnn,Lee,ann@x.example,1\nBob,Ray,bob@x.example,\n,,,\n",
    );
    let dry = rolo.json(&["import", &file, "--dry-run"]);
    assert_eq!((dry["created"].as_u64(), rolo.ok(&["count"]).as_str()), (Some(2), "0\n"));
    let report = rolo.json(&["import", &file, "--tag", "new"]);
    let number = |key: &str| report[key].as_u64().unwrap();
    assert_eq!(
        number("read"),
        number("created") + number("updated") + number("unchanged") + number("skipped") + number("rejected")
    );
    assert!(
        number("batch") > 0 && report["seconds"].is_number() && report["warnings"].is_array(),
        "{report}"
    );
    assert_eq!(rolo.names(&["tag:new"]).len(), 2);
    assert_eq!(rolo.json(&["import", &file, "--tag", "new"])["unchanged"], 2);
    let jsonl = rolo.path("all.jsonl").to_str().unwrap().to_owned();
    rolo.ok(&["export", "--as", "jsonl", "--to", &jsonl]);
    rolo.ok(&["--book", "copy", "import", &jsonl]);
    assert_eq!(
        rolo.ok(&["--book", "copy", "list", "--columns", "name,email,tags"]),
        rolo.ok(&["list", "--columns", "name,email,tags"])
    );
    assert!(rolo.ok(&["export", "bob"]).contains("bob@x.example"));
    assert!(rolo.fails(2, &["export", "--as", "klingon"]).contains("klingon"));
    rolo.ok(&["--book", "copy", "undo"]);
    assert_eq!(rolo.ok(&["--book", "copy", "count"]), "0\n");
    assert!(rolo.fails(3, &["import", "nowhere.csv"]).contains("no such file"));
    rolo.fails(3, &["import", "."]);
}

#[test]
fn settings_are_set_and_mistakes_in_them_name_their_line() {
    let rolo = Rolo::new();
    rolo.ok(&["config", "set", "author", "Ann"]);
    assert_eq!(rolo.ok(&["config", "get", "author"]), "Ann\n");
    rolo.fails(2, &["config", "set", "lagn", "en"]);
    rolo.fails(2, &["config", "set", "lang", "tlh"]);
    rolo.ok(&["config", "set", "lang", "zh-CN"]);
    assert!(rolo.run(&["list"]).err.contains("通讯录是空的"));
    assert!(rolo.ok(&["list", "--help"]).contains("列出联系人"));
    std::fs::write(rolo.ok(&["config", "path"]).trim(), "lang = \"en\"\nauthr = \"x\"\n").unwrap();
    let error = rolo.fails(2, &["list"]);
    assert!(error.contains("config.toml:2: ") && error.contains("author"), "{error}");
    rolo.ok(&["config", "path"]);
}

#[test]
fn books_have_names_and_a_file_that_is_none_is_refused() {
    let rolo = Rolo::new();
    ann(&rolo);
    rolo.ok(&["--book", "work", "add", "Bob"]);
    assert!(rolo.ok(&["book", "list"]).contains("work"));
    assert_eq!(rolo.ok(&["--book", "work", "list", "--columns", "name", "--format", "tsv"]), "name\nBob\n");
    assert!(rolo.ok(&["--book", "work", "book", "path"]).trim().ends_with("books/work.rolo"));
    rolo.fails(2, &["book", "new", "work"]);
    let text = rolo.file(
        "text.rolo",
        "this is a plain text, and a little longer than the header of a database would be, no?",
    );
    rolo.fails(4, &["--book", &text, "list"]);
    assert!(rolo.ok(&["check"]).is_empty());
}

#[test]
fn text_from_data_cannot_steer_the_terminal() {
    let rolo = Rolo::new();
    rolo.ok(&["add", "Eve\u{1b}[2J\u{202e}x", "--email", "eve@x.example"]);
    for args in [&["list"][..], &["show", "eve@x.example"], &["query", "eve"], &["history"]] {
        let out = rolo.ok(args);
        assert!(!out.contains(['\u{1b}', '\u{202e}']), "{args:?}: {out:?}");
    }
    assert!(rolo.ok(&["list", "--format", "json"]).contains("\\u001b"));
}

#[test]
fn a_closed_pipe_is_no_error() {
    let rolo = Rolo::new();
    let people: String = (0..3000).map(|n| format!("{{\"name\":\"Person number {n}\"}}\n")).collect();
    assert_eq!(rolo.feed(&["add", "-"], &people).code, 0);
    let mut child = rolo
        .command(&["list", "--format", "json"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr.len()), (Some(0), 0));
}

#[test]
fn wrong_usage_is_2_with_a_suggestion_and_help_is_0() {
    let rolo = Rolo::new();
    assert!(rolo.fails(2, &["lst"]).contains("list"));
    assert!(rolo.ok(&["--help"]).contains("timeline"));
    assert!(rolo.ok(&["--version"]).starts_with("rolo "));
    assert!(rolo.fails(2, &[]).contains("terminal"));
    assert!(rolo.ok(&["completions", "bash"]).contains("_rolo"));
    let path = rolo.ok(&["demo"]);
    assert!(rolo.ok(&["--book", path.trim(), "count"]).trim().parse::<u32>().unwrap() > 20);
}

#[test]
fn mistakes_and_help_speak_chinese_throughout() {
    let mut rolo = Rolo::new();
    rolo.env("LANG", "zh_CN.UTF-8");
    for (args, said) in [
        (&["frob"][..], "没有命令 frob"),
        (&["lst"], "list"),
        (&["list", "--colums", "name"], "没有参数 --colums"),
        (&["list", "--colums", "name"], "--columns"),
        (&["import", "--on-match", "foo", "x"], "可用值：update"),
        (&["show"], "缺少：<WHO>"),
        (&["list", "--limit", "many"], "--limit <N> 不能是 many"),
        (&["--lang"], "需要一个值"),
        (&["add", "--kind", "person", "--kind", "company"], "--kind"),
    ] {
        let err = rolo.fails(2, args);
        assert!(err.contains(said), "{args:?}: {said} is not in\n{err}");
        for english in ["error:", "Usage", "For more information", "tip:", "possible values"] {
            assert!(!err.contains(english), "{args:?} says {english}\n{err}");
        }
    }
    for args in [&["--help"][..], &["import", "--help"], &["help", "tag"]] {
        let out = rolo.ok(args);
        for english in ["possible values", "Print this", "[default", "[alias"] {
            assert!(!out.contains(english), "{args:?} says {english}\n{out}");
        }
    }
}

#[test]
fn sums_with_a_decimal_comma_are_no_hundredfold() {
    let rolo = Rolo::new();
    ann(&rolo);
    rolo.ok(&["log", "purchase", "Ann Lee", "tea", "--amount", "12,50", "--currency", "EUR"]);
    assert_eq!(rolo.json(&["timeline"])[0]["amount"], "12.5");
    assert!(rolo.fails(2, &["log", "purchase", "Ann Lee", "tea", "--amount", "1,2,3"]).contains("1,2,3"));
}

#[test]
fn a_kind_may_be_said_in_chinese() {
    let rolo = Rolo::new();
    rolo.ok(&["add", "王伟"]);
    rolo.ok(&["log", "打电话 @王伟 关于合同"]);
    rolo.ok(&["log", "会议", "王伟", "季度总结"]);
    rolo.ok(&["log", "下棋", "王伟", "在公园"]);
    let kinds: Vec<Value> =
        rolo.json(&["timeline"]).as_array().unwrap().iter().map(|event| event["kind"].clone()).collect();
    assert_eq!(kinds, ["下棋", "meeting", "call"]);
    assert_eq!(rolo.json(&["timeline", "--kind", "电话"]).as_array().unwrap().len(), 1);
}

#[test]
fn a_field_of_several_words_gets_a_key_that_queries_can_name() {
    let rolo = Rolo::new();
    rolo.ok(&["field", "add", "Shoe Size", "--type", "number"]);
    ann(&rolo);
    rolo.ok(&["edit", "Ann Lee", "--set", "shoe_size=38"]);
    assert_eq!(rolo.names(&["shoe_size:30..40"]), ["Ann Lee"]);
    let field = &rolo.json(&["field", "list"])[0];
    assert_eq!((&field["key"], &field["name"]), (&"shoe_size".into(), &"Shoe Size".into()));
}

#[test]
fn what_nobody_can_mean_is_refused() {
    let rolo = Rolo::new();
    for args in [
        &["add", "Bob", "--email", "notanemail"][..],
        &["add", "Bob", "--phone", "abc"],
        &["add", "Bob", "--tag", ""],
        &["add", "\u{200b}\u{200d}"],
    ] {
        rolo.fails(2, args);
    }
    rolo.ok(&["add", "Bob", "--email", "user@localhost", "--phone", "+49 30 1 ext. 5"]);
    for change in ["--add=email=foo", "--set=phone=x", "--add=tag=", "--set=name=\u{200b}"] {
        rolo.fails(2, &["edit", "Bob", change]);
    }
    rolo.fails(2, &["tag", "add", "", "Bob"]);
    rolo.ok(&["edit", "Bob", "--set", "email="]);
}

#[test]
fn columns_are_known_ones_and_add_up() {
    let rolo = Rolo::new();
    ann(&rolo);
    rolo.fails(2, &["list", "--columns", ""]);
    let list = rolo.ok(&["list", "--columns", "name", "--columns", "email", "--format", "csv"]);
    assert!(list.contains("Ann Lee,ann@acme.example"), "{list}");
    assert!(rolo.fails(2, &["export", "--as", "csv", "--columns", "name,bogus"]).contains("bogus"));
    rolo.fails(2, &["export", "--as", "google", "--columns", "name,email"]);
    let table = rolo.ok(&["export", "--as", "csv", "--columns", "name,email"]);
    assert!(table.contains("Ann Lee,ann@acme.example"), "{table}");
}

#[test]
fn what_is_added_to_a_single_value_replaces_nothing() {
    let rolo = Rolo::new();
    rolo.ok(&["add", "Tom Reed", "--set", "note=first", "--title", "Cook", "--company", "Acme"]);
    rolo.ok(&["edit", "Tom Reed", "--add", "note=second"]);
    assert_eq!(rolo.json(&["show", "Tom Reed"])["note"], "first\nsecond");
    rolo.ok(&["edit", "Tom Reed", "--add", "title=Cook"]);
    for field in ["title=Baker", "company=Beta"] {
        let said = rolo.fails(2, &["edit", "Tom Reed", "--add", field]);
        assert!(said.contains("--set"), "{said}");
    }
    let tom = rolo.json(&["show", "Tom Reed"]);
    assert_eq!((&tom["title"], &tom["company"]["name"]), (&"Cook".into(), &"Acme".into()));
}

/// What is no file is written to; a file keeps who may read it.
#[cfg(unix)]
#[test]
fn exports_go_into_pipes_and_leave_permissions_as_they_are() {
    use std::os::unix::fs::{FileTypeExt, PermissionsExt};
    let rolo = Rolo::new();
    rolo.ok(&["add", "Ann Lee"]);
    let pipe = rolo.path("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let reader = std::thread::spawn({
        let pipe = pipe.clone();
        move || std::fs::read_to_string(pipe).unwrap()
    });
    rolo.ok(&["export", "--to", pipe.to_str().unwrap()]);
    assert!(reader.join().unwrap().contains("Ann Lee"));
    assert!(pipe.symlink_metadata().unwrap().file_type().is_fifo(), "it is still a pipe");
    assert!(rolo.ok(&["export", "--to", "/dev/stdout"]).contains("Ann Lee"));
    let file = rolo.file("team.csv", "old");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o664)).unwrap();
    rolo.ok(&["export", "--to", &file]);
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o664);
    let new = rolo.path("new.csv");
    rolo.ok(&["export", "--to", new.to_str().unwrap()]);
    assert_eq!(std::fs::metadata(&new).unwrap().permissions().mode() & 0o777, 0o600);
}
