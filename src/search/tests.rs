use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::AtomicBool;

use proptest::prelude::*;
use proptest::sample::select;

use super::hay::{Class, HayBuilder, clean};
use super::*;

const ANN: &str = "nann lee\ncacme corp\ntvp marketing\neann@acme.example\nd12125550100\nd0301234567\ngvip";

/// The haystack of these lines, each a letter for its class and its text.
fn laid(lines: &str) -> String {
    let mut builder = HayBuilder::new();
    for line in lines.split('\n').filter(|line| !line.is_empty()) {
        let class = match line.as_bytes()[0] {
            b'n' => Class::Name,
            b'k' => Class::Nickname,
            b'p' => Class::Pinyin,
            b'c' => Class::Company,
            b't' => Class::Title,
            b'e' => Class::Email,
            b'd' => Class::Phone,
            b'g' => Class::Tag,
            _ => Class::Other,
        };
        builder.push(class, &line[1..]);
    }
    builder.finish()
}

/// What matching means, said as plainly as possible over such lines.
fn naive(hay: &str, term: &Term) -> bool {
    let word = clean(&term.text);
    word.is_empty()
        || hay.split('\n').filter(|line| !line.is_empty()).any(|line| naive_field(line, &word, term.exact))
}

fn naive_field(line: &str, word: &str, exact: bool) -> bool {
    let (class, text) = line.split_at(1);
    if !(exact && class == "p") && text.contains(word) {
        return true;
    }
    if class == "d" {
        return naive_phone(text, word);
    }
    if exact {
        return false;
    }
    let initials: String = (0..text.len())
        .filter(|at| naive_start(text, *at))
        .filter_map(|at| text[at..].chars().next().filter(|c| c.is_alphanumeric()))
        .collect();
    if "nc".contains(class) && initials.chars().count() > 1 && initials.contains(word) {
        return true;
    }
    let fuzzy = class != "x" && word.chars().count() >= 3 && word.chars().all(char::is_alphabetic);
    fuzzy && (0..text.len()).any(|at| naive_start(text, at) && naive_follow(text, at, word))
}

fn naive_phone(digits: &str, word: &str) -> bool {
    if !word.chars().all(|c| "0123456789+-()./ ".contains(c)) {
        return false;
    }
    let typed: String = word.chars().filter(char::is_ascii_digit).collect();
    let bare = typed.trim_start_matches('0');
    !typed.is_empty() && (digits.contains(&typed) || !bare.is_empty() && digits.contains(bare))
}

fn naive_start(text: &str, at: usize) -> bool {
    let before = text.get(..at).and_then(|before| before.chars().next_back());
    text.is_char_boundary(at) && before.is_none_or(|c| c.is_ascii() && !c.is_ascii_alphanumeric())
}

/// Whether some choice of places, not only the earliest, spells the word from `at` on within reach.
fn naive_follow(text: &str, at: usize, word: &str) -> bool {
    let mut ends = BTreeSet::from([at]);
    for (offset, c) in word.char_indices() {
        let far = at + 2 * (offset + c.len_utf8()) + 4;
        let places = text.char_indices().filter(|(_, there)| *there == c);
        let places = places.map(|(place, _)| place).filter(|place| {
            let first = ends.iter().next().copied().unwrap_or(usize::MAX);
            (if offset == 0 { *place == at } else { *place >= first }) && place + c.len_utf8() <= far
        });
        ends = places.map(|place| place + c.len_utf8()).collect();
    }
    !ends.is_empty()
}

fn words(texts: &[&str]) -> Vec<Term> {
    texts.iter().map(|text| Term::fuzzy(*text)).collect()
}

fn go() -> AtomicBool {
    AtomicBool::new(false)
}

fn search(index: &Index, words: &[Term]) -> Hits {
    let cancel = go();
    index.search(&SearchRequest { words, limit: 1000, within: None, cancel: &cancel }).unwrap()
}

#[test]
fn words_match_as_the_design_says() {
    let (wang, soren) = ("n王伟\npwangwei\npww", "n  SØREN\tØstergaard \nd+1 (212) 555");
    for (hay, word, matches) in [
        (ANN, "ann", true),
        (ANN, "nann", false),
        (ANN, "al", true),
        (ANN, "ac", true),
        (ANN, "anl", true),
        (ANN, "leac", false),
        (ANN, "vmk", true),
        (ANN, "+1 (212) 555-0100", true),
        (ANN, "00 1 212", true),
        (ANN, "030 123", true),
        (ANN, "+0301", true),
        (ANN, "5551", false),
        (ANN, "ann lee", true),
        (ANN, "annq", false),
        (ANN, "ANN@Acme", true),
        (ANN, "", true),
        (ANN, "vp\nmark", true),
        (wang, "wangwei", true),
        (wang, "ww", true),
        (wang, "王", true),
        (wang, "wngw", true),
        (wang, "pww", false),
        (soren, "soren", true),
        (soren, "ostergaard", true),
        (soren, "sø", true),
        (soren, "212-555", true),
    ] {
        assert_eq!(filter_hay(&laid(hay), &words(&[word])).is_some(), matches, "{word} in {hay:?}");
    }
    for (hay, word, matches) in [
        (ANN, "ann l", true),
        (ANN, "al", false),
        (ANN, "anl", false),
        (ANN, "212-555", true),
        (wang, "ww", false),
    ] {
        assert_eq!(
            filter_hay(&laid(hay), &[Term::exact(word)]).is_some(),
            matches,
            "exactly {word} in {hay:?}"
        );
    }
}

#[test]
fn better_matches_come_first_then_later_contacts() {
    let hays = [
        "nann",
        "nann lee",
        "nlee ann",
        "nx\npann",
        "nalan n nu",
        "nbo\nkann",
        "njoanna",
        "nx\ncann corp",
        "nx\neann@x.example",
        "nx\ngann",
        "nx\ntann",
        "nx\nxann",
        "na xn xn",
    ];
    let mut builder = Index::builder();
    for (id, hay) in hays.iter().enumerate() {
        builder.push(id as i64, laid(hay).as_bytes(), 0);
    }
    builder.push(100, laid("nann lee").as_bytes(), 5);
    let ids: Vec<i64> = search(&builder.finish(), &words(&["ann"])).top.iter().map(|hit| hit.id).collect();
    assert_eq!(ids, [0, 100, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
}

#[test]
fn cancelled_searches_say_nothing_and_limits_keep_the_best() {
    let mut builder = Index::builder();
    let ann = laid("nann lee");
    (0..10_000).for_each(|id| builder.push(id, ann.as_bytes(), id));
    let index = builder.finish();
    let (all, stop) = (words(&["a"]), AtomicBool::new(true));
    assert!(index.search(&SearchRequest { words: &all, limit: 5, within: None, cancel: &stop }).is_none());
    let hits = index.search(&SearchRequest { words: &all, limit: 2, within: None, cancel: &go() }).unwrap();
    assert_eq!((hits.total, hits.top[0].id, hits.top[1].id, hits.top.len()), (10_000, 9_999, 9_998, 2));
    let some = index.candidates([3, 5, 77_777]);
    let hits =
        index.search(&SearchRequest { words: &all, limit: 9, within: Some(&some), cancel: &go() }).unwrap();
    assert_eq!(hits.total, 2);
}

#[test]
fn one_letter_that_many_have_ranks_as_if_each_was_read() {
    let hays = ["nann lee", "nbo anders", "ncy\nkann", "na", "nbo\neann@x.example", "nzz", "nalan"];
    let mut builder = Index::builder();
    let mut stream = StreamSearch::new(&words(&["a"]), 5);
    for id in 0..9000 {
        let hay = laid(hays[id as usize % hays.len()]);
        builder.push(id, hay.as_bytes(), id * 7919 % 1000);
        stream.push(id, hay.as_bytes(), id * 7919 % 1000);
    }
    let index = builder.finish();
    let all = words(&["a"]);
    let hits = index.search(&SearchRequest { words: &all, limit: 5, within: None, cancel: &go() }).unwrap();
    assert_eq!((hits.total, hits.top), stream.finish());
}

fn hay() -> impl Strategy<Value = String> {
    let class = select(vec!["n", "k", "p", "c", "t", "e", "d", "g", "x"]);
    let piece = select(vec!["a", "b", "l", "an", "le", " ", " ", "-", "@", "0", "1", "é", "王", "伟", "ab"]);
    let field = (class, proptest::collection::vec(piece, 1..12)).prop_map(|(class, pieces)| {
        let text = clean(&pieces.concat());
        let text = if class == "d" { text.replace(|c: char| !c.is_ascii_digit(), "") } else { text };
        if text.is_empty() { String::new() } else { format!("{class}{text}") }
    });
    proptest::collection::vec(field, 0..5).prop_map(|fields| {
        fields.into_iter().filter(|field| !field.is_empty()).collect::<Vec<_>>().join("\n")
    })
}

fn term() -> impl Strategy<Value = Term> {
    let pieces = select(vec!["a", "b", "l", "n", "e", "an", "0", "1", "+", "-", "王", "伟", "É", "@"]);
    (proptest::collection::vec(pieces, 0..5), proptest::bool::weighted(0.2))
        .prop_map(|(pieces, exact)| Term { exact, ..Term::fuzzy(pieces.concat()) })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn the_index_finds_what_the_plain_rules_find(
        built in proptest::collection::vec((0..12i64, hay()), 0..12),
        changes in proptest::collection::vec((0..16i64, proptest::option::of(hay())), 0..16),
        terms in proptest::collection::vec(term(), 0..3),
        longer in proptest::collection::vec(term(), 0..3),
    ) {
        let mut builder = Index::builder();
        let mut other = Index::builder();
        let mut truth = BTreeMap::new();
        for (at, (id, hay)) in built.iter().enumerate() {
            let half = if at < 6 { &mut builder } else { &mut other };
            half.push(*id, laid(hay).as_bytes(), *id % 3);
            truth.insert(*id, hay.clone());
        }
        builder.join(other);
        let mut index = builder.finish();
        for (id, hay) in &changes {
            match hay {
                Some(hay) => {
                    index.upsert(*id, laid(hay).as_bytes(), *id % 3);
                    truth.insert(*id, hay.clone());
                }
                None => prop_assert_eq!(index.remove(*id), truth.remove(id).is_some()),
            }
        }
        prop_assert_eq!(index.len(), truth.len());
        let hits = search(&index, &terms);
        let mut found: Vec<i64> = hits.top.iter().map(|hit| hit.id).collect();
        // Streams may be joined at any place.
        let mut stream = StreamSearch::new(&terms, 1000);
        let mut rest = StreamSearch::new(&terms, 1000);
        for (id, hay) in &truth {
            let half = if *id < 6 { &mut stream } else { &mut rest };
            half.push(*id, laid(hay).as_bytes(), *id % 3);
        }
        stream.join_all(vec![rest]);
        prop_assert_eq!((hits.total, hits.top), stream.finish());
        found.sort_unstable();
        let plain = |(id, hay): (&i64, &String)| terms.iter().all(|term| naive(hay, term)).then_some(*id);
        prop_assert_eq!(found, truth.iter().filter_map(plain).collect::<Vec<_>>());

        // As someone goes on typing: the last word grows, then another comes.
        let mut session = Session::new();
        let mut typed = terms;
        for more in longer {
            match typed.last_mut() {
                Some(last) if !more.exact => last.text.push_str(&more.text),
                _ => typed.push(more),
            }
            let hits = session.search(&index, &typed, 1000, &go()).unwrap();
            prop_assert_eq!(hits.top, search(&index, &typed).top);
        }
    }
}
