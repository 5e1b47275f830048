//! Commands that were taken for more, or for less, than was typed.
// A test fails by panicking; helpers are no `#[test]` functions, where clippy would let them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::Rolo;

/// A book with Ann Lee of Acme Corp.
fn with_ann() -> Rolo {
    let rolo = Rolo::new();
    rolo.ok(&["add", "Ann Lee", "--email", "ann@acme.example", "--company", "Acme Corp", "--tag", "vip"]);
    rolo
}

#[test]
fn what_is_done_with_companies_is_done_with_nobody_else() {
    let rolo = with_ann();
    for args in [
        &["company", "show", "Ann Lee"][..],
        &["company", "edit", "Ann Lee", "--set", "title=x"],
        &["company", "delete", "Ann Lee"],
        &["company", "rm", "ann@acme.example"],
        &["company", "show", "nosuch"],
    ] {
        let said = rolo.fails(1, args);
        assert!(said.contains(&format!("there is no company {}", args[2])), "{args:?}: {said}");
    }
    assert!(
        rolo.fails(1, &["company", "edit", "vip", "--all", "--set", "title=x"]).contains("Nothing found")
    );
    assert!(rolo.json(&["show", "Ann Lee"])["title"].is_null());
    rolo.ok(&["company", "edit", "acme", "--all", "--set", "industry=anvils"]);
    assert_eq!(rolo.json(&["company", "show", "Acme Corp"])["industry"], "anvils");
    rolo.ok(&["company", "delete", "Acme Corp"]);
    assert_eq!(rolo.names(&[]), ["Ann Lee"]);
}

#[test]
fn a_minus_means_not_in_a_query_alone() {
    let rolo = with_ann();
    rolo.ok(&["add", "list", "-tcold", "-el@l.example"]);
    assert_eq!(rolo.names(&["-tag:vip"]), ["list"]);
    assert_eq!(rolo.json(&["show", "list"])["tags"][0], "cold");
    rolo.ok(&["company", "add", "Bolt", "-ei@bolt.example"]);
    assert_eq!(rolo.json(&["company", "show", "Bolt"])["emails"][0]["value"], "i@bolt.example");
    for args in [
        &["tag", "add", "-urgent", "Ann Lee"][..],
        &["tag", "rename", "vip", "-cold"],
        &["interaction", "add", "note", "Ann Lee", "-5 degrees"],
    ] {
        rolo.fails(2, args);
    }
    rolo.ok(&["interaction", "add", "note", "Ann Lee", "--", "-5 degrees"]);
    assert_eq!(rolo.json(&["timeline"])[0]["body"], "-5 degrees");
    rolo.ok(&["edit", "-tag:vip", "--all", "--set", "title=x", "--yes"]);
    assert!(rolo.json(&["show", "Ann Lee"])["title"].is_null());
}

#[test]
fn mail_programs_find_by_pinyin() {
    let rolo = with_ann();
    rolo.ok(&["add", "王伟", "--email", "w@y.example"]);
    for text in ["wang", "wangwei", "wei", "王", "w@y"] {
        assert_eq!(rolo.ok(&["query", text, "--as", "aerc"]), "w@y.example\t王伟\n", "{text}");
    }
    assert_eq!(rolo.ok(&["query", "annl", "--as", "aerc"]), "", "nothing fuzzy");
}

#[test]
fn whoever_stops_reading_a_table_breaks_nothing() {
    let rolo = Rolo::new();
    let people: String = (0..3000).map(|n| format!("{{\"name\":\"Person number {n}\"}}\n")).collect();
    assert_eq!(rolo.feed(&["add", "-"], &people).code, 0);
    for args in [
        &["list", "--format", "csv"][..],
        &["list", "--format", "tsv"],
        &["export", "--as", "csv"],
        &["export", "--as", "google"],
        &["export", "--as", "outlook"],
    ] {
        let mut command = rolo.command(args);
        command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped());
        let mut child = command.spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!((output.status.code(), said.as_ref()), (Some(0), ""), "{args:?}");
    }
}

#[test]
fn what_happened_keeps_its_time_and_its_kind() {
    let rolo = with_ann();
    rolo.ok(&["log", "call", "Ann Lee", "hello", "--at", "2026-09-01 10:00"]);
    let before = rolo.json(&["timeline"]);
    let id = before[0]["id"].as_str().unwrap();
    for (change, said) in [("at=", "at can't be empty"), ("kind= ", "a kind: call")] {
        let error = rolo.fails(2, &["interaction", "edit", id, "--set", change]);
        assert!(error.contains(said), "{error}");
    }
    assert_eq!(rolo.json(&["timeline"]), before);
    rolo.ok(&["interaction", "edit", id, "--set", "body="]);
}

#[test]
fn flags_beside_objects_on_stdin_are_refused() {
    let rolo = Rolo::new();
    let object = "{\"name\":\"Bob\"}\n";
    for flags in [&["--tag", "t"][..], &["--email", "q@x.example"], &["--set", "city=Rome"]] {
        let ran = rolo.feed(&[&["add", "-"], flags].concat(), object);
        assert_eq!(ran.code, 2, "{}", ran.err);
        assert!(ran.err.contains("stdin"), "{}", ran.err);
    }
    assert_eq!(rolo.feed(&["company", "add", "-"], object).code, 0);
    assert_eq!(rolo.json(&["company", "show", "Bob"])["kind"], "company");
}

#[test]
fn a_book_that_was_named_and_is_not_there_is_no_empty_book() {
    let mut rolo = with_ann();
    let kept = rolo.file("kept.csv", "kept\n");
    for args in [
        &["export", "--book", "nosuch", "--to", &kept][..],
        &["export", "--book", "nosuch", "--as", "outlook", "--to", &kept],
        &["export", "--book", "nosuch", "--records", "notes", "--as", "hubspot", "--to", &kept],
        &["check", "--book", "nosuch"],
    ] {
        let said = rolo.fails(4, args);
        assert!(said.contains("here is no book at") && said.contains("nosuch"), "{said}");
    }
    assert_eq!(std::fs::read_to_string(&kept).unwrap(), "kept\n");
    rolo.env("ROLO_BOOK", "nosuch");
    rolo.fails(4, &["check"]);
}

#[test]
fn thousands_of_conditions_are_none_too_many() {
    let rolo = with_ann();
    let many = |with: &str| (0..3000).map(|n| format!("{with}tag:{n}")).collect::<Vec<_>>();
    assert_eq!(rolo.ok(&["count", &format!("{} or tag:vip", many("").join(" or "))]), "1\n");
    assert_eq!(rolo.ok(&["count", &many("no").join(" ").replace("notag", "not tag")]), "1\n");
}

#[test]
fn an_export_of_the_whole_book_counts_its_contacts() {
    let rolo = with_ann();
    rolo.ok(&["field", "add", "boat"]);
    let ran = rolo.run(&["export", "--as", "jsonl"]);
    assert!(ran.out.lines().count() > 2, "{}", ran.out);
    assert!(ran.err.contains("Exported 1 contact"), "{}", ran.err);
    assert_eq!(rolo.json(&["history", "--limit", "1"])[0]["label"], "Exported 1 contact");
}

#[test]
fn a_number_may_be_a_name() {
    let rolo = Rolo::new();
    rolo.ok(&["add", "7"]);
    for (args, label) in [
        (&["edit", "7", "--set", "title=x"][..], "Changed 7"),
        (&["tag", "add", "hot", "7"], "Tagged 7: hot"),
        (&["delete", "7"], "Deleted 7"),
        (&["bin", "restore", "7"], "Restored 7"),
        (&["field", "add", "7"], "Made the field 7"),
    ] {
        assert_eq!(rolo.json(args)["label"], label);
        assert_eq!(rolo.json(&["history", "--limit", "1"])[0]["label"], label);
    }
    rolo.ok(&["add", "8"]);
    assert_eq!(rolo.json(&["history", "--limit", "1"])[0]["label"], "Added 8");
    let both = rolo.json(&["edit", "kind:person", "--all", "--set", "title=y", "--yes"]);
    assert_eq!(both["label"], "Changed 2 contacts");
}

#[test]
fn a_line_of_text_is_no_table() {
    let rolo = Rolo::new();
    let ran = rolo.feed(&["import", "-"], "Internal Server Error\n");
    assert_eq!(ran.code, 3, "{}", ran.err);
    assert!(ran.err.contains("a line of text"), "{}", ran.err);
    for fine in ["ann@acme.example\n", "email\n", "name\nBob\n", "ann@a.example\nbob@a.example\n"] {
        assert_eq!(rolo.feed(&["import", "-"], fine).code, 0, "{fine}");
    }
}

#[test]
fn candidates_that_are_not_named_are_counted() {
    let rolo = Rolo::new();
    assert_eq!(rolo.feed(&["add", "-"], &"{\"name\":\"Ann Lee\"}\n".repeat(23)).code, 0);
    let said = rolo.fails(2, &["show", "Ann Lee"]);
    assert!(said.contains("… and 3 more\n"), "{said}");
    assert_eq!(said.matches("  Ann Lee").count(), 20, "{said}");
}

#[test]
#[cfg(unix)]
fn broken_settings_open_in_the_editor_and_all_keys_are_named() {
    let mut rolo = Rolo::new();
    assert!(rolo.fails(2, &["config", "get", "nosuch"]).contains("lang, country, name"));
    assert!(rolo.fails(2, &["config", "get", "contry"]).contains("did you mean country?"));
    let path = rolo.ok(&["config", "path"]).trim().to_owned();
    std::fs::create_dir_all(std::path::Path::new(&path).parent().unwrap()).unwrap();
    std::fs::write(&path, "lang = \"en\n").unwrap();
    let editor = rolo.path("editor");
    common::script(&editor, "#!/bin/sh\necho 'author = \"Ann\"' > \"$1\"\n");
    rolo.env("EDITOR", editor.to_str().unwrap());
    rolo.ok(&["config", "edit"]);
    assert_eq!(rolo.ok(&["config", "get", "author"]), "Ann\n");
}

#[test]
fn chinese_calls_things_by_their_names() {
    let rolo = with_ann();
    rolo.ok(&["field", "add", "boat", "--type", "yes/no"]);
    let zh = |args: &[&str]| rolo.ok(&[&["--lang", "zh-CN"], args].concat());
    for list in [&["tag", "list"][..], &["field", "list"], &["book", "list"]] {
        let said = zh(list);
        assert!(said.contains("名称") && !said.contains("姓名"), "{said}");
    }
    assert!(zh(&["field", "list"]).contains("是/否"));
    assert!(rolo.ok(&["field", "list", "--format", "csv"]).contains(",yes/no,"));
    let said = rolo.fails(2, &["--lang", "zh-CN", "list", "--limit", "x"]);
    assert!(said.contains("应为整数") && !said.contains("digit"), "{said}");
    let said = rolo.fails(2, &["list", "has:x"]);
    assert!(!said.contains("did you mean"), "{said}");
    assert!(rolo.fails(2, &["--lang", "zh-CN", "list", "has:城布"]).contains("城市"));
}

#[test]
fn lists_are_sorted_by_custom_fields_and_by_what_is_next() {
    let rolo = Rolo::new();
    rolo.ok(&["field", "add", "boats", "--type", "number"]);
    for (name, boats) in [("Ann", "10"), ("Bob", "9"), ("Cy", "")] {
        rolo.ok(&["add", name, "--set", &format!("boats={boats}")]);
    }
    assert_eq!(rolo.names(&["--sort", "boats"]), ["Bob", "Ann", "Cy"]);
    assert_eq!(rolo.names(&["--sort", "field:boats:desc"]), ["Ann", "Bob", "Cy"]);
    assert!(rolo.fails(2, &["list", "--sort", "boat"]).contains("did you mean boats?"));
    let ids = rolo.json(&["list", "--sort", "name"]);
    let id = |at: usize| ids[at]["id"].as_str().unwrap().to_owned();
    let task = |n: usize, due: &str, of: &str| {
        let own = format!("01900000-0000-7000-8000-00000000000{n}");
        format!(
            "{{\"record\":\"task\",\"id\":\"{own}\",\"title\":\"t\",\"due\":\"{due}\",\"contact\":\"{of}\"}}\n"
        )
    };
    let tasks = task(1, "2026-10-02", &id(0)) + &task(2, "2026-10-01", &id(1));
    let ran = rolo.feed(&["import", "-"], &tasks);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(rolo.names(&["--sort", "next"]), ["Bob", "Ann", "Cy"]);
    assert_eq!(rolo.names(&["--sort", "next:desc"]), ["Ann", "Bob", "Cy"]);
}

#[test]
fn chosen_columns_keep_their_types_in_json() {
    let rolo = with_ann();
    rolo.ok(&["field", "add", "score", "--type", "number"]);
    rolo.ok(&["edit", "Ann Lee", "--set", "score=12", "--set", "starred=yes"]);
    let found = rolo.json(&["list", "Ann", "--columns", "name,company,starred,score,tags,title"]);
    let ann = serde_json::json!({
        "name": "Ann Lee", "company": "Acme Corp", "starred": true, "score": 12, "tags": ["vip"]
    });
    assert_eq!(found, serde_json::json!([ann]));
}

#[test]
fn one_of_two_days_is_taken_away_by_its_date() {
    let rolo = with_ann();
    rolo.ok(&["edit", "Ann Lee", "--add", "date:party=2001-02-03", "--add", "date:party=2002-03-04"]);
    rolo.ok(&["edit", "Ann Lee", "--remove", "date:party=3 Feb 2001"]);
    let dates = rolo.json(&["show", "Ann Lee"])["dates"].clone();
    assert_eq!(dates, serde_json::json!([{"label": "party", "date": "2002-03-04"}]));
    rolo.ok(&["edit", "Ann Lee", "--remove", "date:party"]);
    assert!(rolo.json(&["show", "Ann Lee"])["dates"].is_null());
}

#[test]
fn what_is_stored_in_english_is_shown_in_chinese() {
    let rolo = with_ann();
    rolo.ok(&["edit", "Ann Lee", "--set", "keep_in_touch=3 months", "--add", "phone.work=+12125550100"]);
    let shown = rolo.ok(&["--lang", "zh-CN", "show", "Ann Lee"]);
    assert!(shown.contains("3 个月") && !shown.contains("month"), "{shown}");
    assert!(!shown.contains("work"), "{shown}");
    assert!(rolo.ok(&["show", "Ann Lee"]).contains("3 months"));
}
