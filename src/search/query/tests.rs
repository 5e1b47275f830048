use proptest::prelude::*;

use super::*;

fn known() -> Known {
    Known { custom: vec![("lead_status".into(), CustomType::Text), ("score".into(), CustomType::Number)] }
}

fn parsed(text: &str) -> Query {
    parse(text, &known()).unwrap_or_else(|error| panic!("{text}: {error}"))
}

#[test]
fn each_spelling_means_the_same_as_the_plain_one() {
    for (text, plain) in [
        ("", ""),
        ("  ann   lee ", "ann lee"),
        ("ann and lee", "ann lee"),
        ("and", "(and)"),
        ("or", "(or)"),
        ("ann OR bob -carl", "ann or bob not carl"),
        ("not (a or b) c", "not (a or b) c"),
        ("((a b)) (c d)", "a b c d"),
        ("a or (b or c)", "a or b or c"),
        ("- & --", "- & --"),
        ("Lee, Ann; 王伟，李娜", "Lee Ann 王伟 李娜"),
        ("标签：vip　城市＝巴黎", "tag:vip city=巴黎"),
        ("（ann 或 bob）非 tag:cold", "(ann or bob) not tag:cold"),
        ("“Acme Corp” -＂x y＂", "\"Acme Corp\" not \"x y\""),
        ("company:\"Acme \\\"A\\\" Corp\"", "company:\"Acme \\\"A\\\" Corp\""),
        ("created:2026-01-01..", "created:2026-01-01.."),
        ("创建：2026-01-01。。2026-02-01", "created:2026-01-01..2026-02-01"),
        ("amount:..500 amount:>=10 amount》3", "amount:..500 amount>=10 amount>3"),
        ("Lead-Status:hot field.score=5", "lead_status:hot score=5"),
        ("http://a.example/x 12:30 mailto:a@b.example", "http://a.example/x 12:30 mailto:a@b.example"),
        (
            "starred:yes quiet:90d last:30d.. birthday:today due:overdue owner:me",
            "starred:yes quiet:90d last:30d.. birthday:today due:overdue owner:me",
        ),
        ("has:e-mail no:phone has:deal.stage", "has:email no:phone has:deal.stage"),
        ("+1 (212) 555", "+1 212 555"),
        ("tag:vip, ann", "tag:vip ann"),
    ] {
        assert_eq!(parsed(text).to_string(), plain, "{text}");
    }
}

#[test]
fn days_and_spans_are_taken_as_people_type_them() {
    for text in [
        "last:90d",
        "last:..3个月",
        "created:去年",
        "created>=2026-01",
        "created:yesterday",
        "updated:昨天..今天",
        "birthday:--02-29",
        "birthday:2月29日",
        "birthday:today",
        "birthday:30d",
        "due:Overdue",
        "due:过期",
        "due:逾期",
        "due:next week",
        "quiet:半年",
        "quiet:2w",
        "created:2026-01-01T10:00..",
    ] {
        let kept = text.replace("next week", "\"next week\"");
        assert!(parse(&kept, &known()).is_ok(), "{kept}: {:?}", parse(&kept, &known()));
    }
    let kind = |text: &str| parse(text, &known()).unwrap_err().kind;
    assert_eq!(kind("last:30.2.2026"), QueryErrorKind::BadDate("30.2.2026".into()));
    assert_eq!(kind("quiet:2026-01-01"), QueryErrorKind::BadSpan("2026-01-01".into()));
}

#[test]
fn words_are_those_that_every_match_has() {
    let query = parsed("ann \"vp sales\" -carl tag:x (bob or dan)");
    let texts = |terms: Vec<&Term>| terms.iter().map(|term| term.text.clone()).collect::<Vec<_>>();
    assert_eq!(texts(query.words()), ["ann", "vp sales"]);
    assert_eq!(texts(query.positive_words()), ["ann", "vp sales", "bob", "dan"]);
    assert_eq!(query.rest().to_string(), "not carl tag:x (bob or dan)");
    let mut exact = parsed("ann not bob");
    exact.make_exact();
    assert_eq!(exact.to_string(), "\"ann\" not \"bob\"");
}

#[test]
fn a_caret_stands_under_the_mistake() {
    for (text, caret) in [
        ("ann tgas:vip", "ann tgas:vip\n    ^^^^"),
        ("王伟 \"x", "王伟 \"x\n     ^^"),
        ("a (b", "a (b\n  ^"),
        ("a b)", "a b)\n   ^"),
        ("ann or", "ann or\n      ^"),
        ("not", "not"),
        ("ann not", "ann not\n       ^"),
        ("tag: vip", "tag: vip\n    ^"),
        ("amount:1..x", "amount:1..x\n          ^"),
        ("starred:perhaps", "starred:perhaps\n        ^^^^^^^"),
        ("kind:robot", "kind:robot\n     ^^^^^"),
        ("tag<3", "tag<3\n    ^"),
        ("a\n\tfoo:1", "a  foo:1\n   ^^^"),
        ("last:2026-02-30", "last:2026-02-30\n     ^^^^^^^^^^"),
        ("created:2026-01-01..2026-13-01", "created:2026-01-01..2026-13-01\n                    ^^^^^^^^^^"),
        ("quiet:soon", "quiet:soon\n      ^^^^"),
        ("birthday：王伟", "birthday：王伟\n          ^^^^"),
        ("created:overdue", "created:overdue\n        ^^^^^^^"),
    ] {
        match parse(text, &known()) {
            Ok(query) => assert_eq!(query.to_string(), "(not)"),
            Err(error) => assert_eq!(error.caret(text), caret, "{text}"),
        }
    }
    let nearest = |text: &str| match parse(text, &known()).unwrap_err().kind {
        QueryErrorKind::UnknownField { nearest, .. } => nearest,
        other => panic!("{other:?}"),
    };
    assert_eq!(nearest("tgas:vip").as_deref(), Some("tags"));
    assert_eq!(nearest("has:emial").as_deref(), Some("email"));
    assert_eq!(nearest("lead_statu:x").as_deref(), Some("lead_status"));
    assert_eq!(nearest("wholly_else:x"), None);
}

#[test]
fn depth_and_length_have_an_end() {
    let deep = |text: &str| parse(text, &known()).unwrap_err().kind;
    assert_eq!(deep(&"(".repeat(60_000)), QueryErrorKind::TooDeep);
    assert_eq!(deep(&format!("{}x", "-".repeat(60_000))), QueryErrorKind::TooDeep);
    assert_eq!(deep(&"not ".repeat(16_000)), QueryErrorKind::TooDeep);
    assert_eq!(deep(&"王".repeat(60_000)), QueryErrorKind::TooLong);
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused_and_prints_what_it_means(
        text in prop_oneof![
            any::<String>(),
            proptest::collection::vec(
                proptest::sample::select(vec![
                    "ann", "王", "and", "or", "not", "或", "(", ")", "（", "-", "－", "\"", "“", "”", "\\", " ", "　", ",",
                    "tag:", "amount:", "last", ":", "=", "<", "》", "..", "。", "5", "has:", "no：", "http://", "due:overdue", ".",
                ]),
                0..24,
            ).prop_map(|parts| parts.concat()),
        ]
    ) {
        match parse(&text, &known()) {
            Ok(query) => {
                let shown = query.to_string();
                prop_assert_eq!(parse(&shown, &known()).map_err(|e| format!("{shown}: {e}")), Ok(query.clone()), "{}", shown);
            }
            Err(error) => {
                prop_assert!(text.get(error.span.clone()).is_some());
                prop_assert_eq!(error.caret(&text).lines().count(), 2);
            }
        }
    }
}
