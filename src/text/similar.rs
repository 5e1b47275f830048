//! Whether two names may be one person's: what a shared phone number needs besides, to be the same contact.

use super::fold::{fold, is_han};
use super::names::is_title;
use super::pinyin::pinyin_keys;

/// Words shorter than this must be equal: `Lee` and `Lea` are two people.
const TYPO_LENGTH: usize = 5;

/// Whether two names may be the same person's: equal but for case, accents, order, titles, one typing error in a long
/// word, initials, missing words, or pinyin for Chinese. Symmetric, and careful: `Ann Lee` isn't `Ann Smith`.
pub fn similar_names(a: &str, b: &str) -> bool {
    let (a, b) = (fold(a), fold(b));
    let (a_words, b_words) = (words(&a), words(&b));
    if a_words.is_empty() || b_words.is_empty() {
        return false;
    }
    if a_words.concat() == b_words.concat() {
        return true;
    }
    let (a_han, b_han) = (han(&a), han(&b));
    match (a_han.is_empty(), b_han.is_empty()) {
        (true, true) => words_match(&a_words, &b_words),
        (false, false) => a_han == b_han,
        (false, true) => spells(&a_han, &b_words) || latin_match(&a_words, &b_words),
        (true, false) => spells(&b_han, &a_words) || latin_match(&a_words, &b_words),
    }
}

/// The folded words without titles; if there's nothing else, with them.
fn words(folded: &str) -> Vec<&str> {
    let all =
        || folded.split(|c: char| !c.is_alphanumeric() && c != '\'').map(|word| word.trim_matches('\''));
    let named: Vec<&str> = all().filter(|word| !word.is_empty() && !is_title(word)).collect();
    if named.is_empty() { all().filter(|word| !word.is_empty()).collect() } else { named }
}

fn han(folded: &str) -> String {
    folded.chars().filter(|c| is_han(*c)).collect()
}

/// Whether Latin words are the pinyin of a Chinese name, in either order.
fn spells(han: &str, words: &[&str]) -> bool {
    let straight = words.concat();
    let turned =
        words.split_last().map(|(last, rest)| [*last].iter().chain(rest).copied().collect::<String>());
    // A lone syllable or initials would be anyone's.
    let long_enough = words.len() > 1 || straight.len() > 5;
    let full = pinyin_keys(han).into_iter().filter(|key| key.len() > han.chars().count());
    long_enough && full.into_iter().any(|key| key == straight || turned.as_ref() == Some(&key))
}

/// Compares the Latin words of names one of which is also written in Chinese: `王伟 Wei Wang`.
fn latin_match(a: &[&str], b: &[&str]) -> bool {
    let latin = |words: &[&str]| words.iter().filter(|word| !word.contains(is_han)).count();
    let (a_latin, b_latin) = (latin(a), latin(b));
    let pick = |words: &[&str]| -> Vec<String> {
        words.iter().filter(|word| !word.contains(is_han)).map(|word| (*word).to_owned()).collect()
    };
    if a_latin < 2 || b_latin < 2 {
        return false;
    }
    let (a, b) = (pick(a), pick(b));
    words_match(
        &a.iter().map(String::as_str).collect::<Vec<_>>(),
        &b.iter().map(String::as_str).collect::<Vec<_>>(),
    )
}

/// Whether each word of the shorter name has its own in the longer one: equal, an initial, or one long word with a typo.
fn words_match(a: &[&str], b: &[&str]) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let mut free: Vec<&str> = long.to_vec();
    let mut left: Vec<&str> = Vec::new();
    let mut whole = 0;
    for word in short {
        match free.iter().position(|other| other == word) {
            Some(at) => {
                free.swap_remove(at);
                whole += usize::from(word.chars().nth(1).is_some());
            }
            None => left.push(word),
        }
    }
    if let [typo] = left[..]
        && (whole > 0 || short.len() == 1 && long.len() == 1)
        && free.iter().any(|other| is_typo(typo, other))
    {
        return true;
    }
    whole > 0
        && left.iter().all(|word| {
            let at = free.iter().position(|other| is_initial(word, other) || is_initial(other, word));
            at.map(|at| free.swap_remove(at)).is_some()
        })
}

fn is_initial(short: &str, long: &str) -> bool {
    let mut letters = short.chars();
    letters.next().is_some_and(|first| long.starts_with(first)) && letters.next().is_none()
}

fn is_typo(a: &str, b: &str) -> bool {
    let (length_a, length_b) = (a.chars().count(), b.chars().count());
    let numbers = a.contains(char::is_numeric) || b.contains(char::is_numeric);
    length_a.min(length_b) >= TYPO_LENGTH
        && length_a.abs_diff(length_b) <= 1
        && !numbers
        && edit_distance(a, b) <= 1
}

/// Damerau-Levenshtein distance in characters (optimal string alignment: no substring is edited twice).
pub fn edit_distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=b.len()).collect();
    let mut previous = None;
    for (row, x) in a.chars().enumerate() {
        let mut current = Vec::with_capacity(b.len() + 1);
        current.push(row + 1);
        for (column, y) in b.iter().enumerate() {
            let mut cost =
                (above[column] + usize::from(x != *y)).min(above[column + 1] + 1).min(current[column] + 1);
            if column > 0 && previous == Some(*y) && b[column - 1] == x {
                cost = cost.min(before[column - 1] + 1);
            }
            current.push(cost);
        }
        before = std::mem::replace(&mut above, current);
        previous = Some(x);
    }
    above[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn who_may_be_the_same() {
        for (a, b, same) in [
            ("Ann Lee", "ann LEE", true),
            ("Lee, Ann", "Ann Lee", true),
            ("A. Lee", "Ann Lee", true),
            ("Dr. Ann Lee", "Ann Lee PhD", true),
            ("Ann", "Ann Lee", true),
            ("Ann Marie Lee", "Ann Lee", true),
            ("Søren Østergaard", "Soren Ostergaard", true),
            ("Catherine Miller", "Catherine Miler", true),
            ("Jonathan Smith", "Jonahtan Smith", true),
            ("Mary-Ann Lee", "Maryann Lee", true),
            ("王伟", "Wang Wei", true),
            ("Wei Wang", "王伟", true),
            ("王伟 (Wei Wang)", "Wei Wang", true),
            ("王伟 (William Wang)", "William Wang", true),
            ("曾国藩", "Zeng Guofan", true),
            ("Ann Lee", "Ann Smith", false),
            ("Ann Lee", "Ann Lea", false),
            ("A. L.", "Ann Lee", false),
            ("Ann Lee", "Bob Lee", false),
            ("王伟", "王炜", false),
            ("王伟", "Wang", false),
            ("王伟", "ww", false),
            ("王伟", "Li Wei", false),
            ("", "", false),
            ("Dr.", "Ann", false),
            ("John Smith", "Jane Smyth", false),
            ("Martin Miller", "Marta Miler", false),
        ] {
            assert_eq!(similar_names(a, b), same, "{a} / {b}");
            assert_eq!(similar_names(b, a), same, "{b} / {a}");
        }
    }

    #[test]
    fn distances() {
        for (a, b, distance) in [
            ("", "", 0),
            ("abc", "", 3),
            ("kitten", "sitting", 3),
            ("ab", "ba", 1),
            ("ca", "abc", 3),
            ("王伟", "王炜", 1),
        ] {
            assert_eq!(edit_distance(a, b), distance, "{a} {b}");
            assert_eq!(edit_distance(b, a), distance, "{b} {a}");
        }
    }

    proptest! {
        #[test]
        fn similarity_is_mutual(a in "([A-Z]\\.? |[a-z]{3,7} |王伟|Wang |Wei ){0,4}", b in "([A-Z]\\.? |[a-z]{3,7} |王伟|Wang |Wei ){0,4}") {
            prop_assert_eq!(similar_names(&a, &b), similar_names(&b, &a));
        }

        #[test]
        fn a_name_is_like_itself(name in "[\\PC]{0,20}") {
            let has_letters = name.chars().any(char::is_alphanumeric);
            prop_assert!(!has_letters || similar_names(&name, &name) || fold(&name).chars().all(|c| !c.is_alphanumeric()));
        }
    }
}
