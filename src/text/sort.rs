//! Sort keys: names of all scripts in one order, by comparing bytes.

use super::fold::fold;
use super::pinyin::each_syllable;

/// Sorts behind every letter: the start of the keys of names that have none.
const LAST: char = '\u{10FFFF}';

/// The key that a name sorts by, compared as bytes.
///
/// Letters are folded; each Han character is its pinyin, a space, and itself, so that 王伟 stands among the W and those
/// with the same syllable group by character; numbers sort by value; punctuation doesn't count; names without
/// any letter come last, the empty one behind them all.
pub fn sort_key(name: &str) -> String {
    let mut spelled = String::with_capacity(name.len() * 2);
    if name.is_ascii() {
        spelled.push_str(name);
    } else {
        // Two to four characters are a person, more of them a company or a place.
        let as_name = |run: &[char]| (2..=4).contains(&run.len());
        each_syllable(name, as_name, &mut |c, reading| match reading {
            Some(reading) => {
                spelled.push_str(reading);
                spelled.push(' ');
                spelled.push(c);
            }
            None => spelled.push(c),
        });
    }
    let folded = fold(&spelled);
    let mut key = String::with_capacity(folded.len() + 4);
    if !folded.chars().any(char::is_alphabetic) {
        key.push(LAST);
        if !folded.chars().any(char::is_alphanumeric) {
            key.push(LAST);
        }
    }
    write_key(&folded, &mut key);
    key
}

fn write_key(folded: &str, key: &mut String) {
    let mut rest = folded;
    let start = key.len();
    let mut gap = false;
    while let Some(c) = rest.chars().next() {
        // Letters come in runs, and most are plain.
        let letters = rest.bytes().take_while(u8::is_ascii_alphabetic).count();
        if letters > 0 {
            if std::mem::take(&mut gap) && key.len() > start {
                key.push(' ');
            }
            key.push_str(&rest[..letters]);
            rest = &rest[letters..];
            continue;
        }
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let counts =
            digits > 0 || c.is_alphanumeric() || !c.is_ascii() && !c.is_whitespace() && !is_punctuation(c);
        if counts && gap && key.len() > start {
            key.push(' ');
        }
        if counts {
            gap = false;
        }
        if digits > 0 {
            write_number(rest[..digits].trim_start_matches('0'), key);
            rest = &rest[digits..];
            continue;
        }
        if counts {
            key.push(c);
        } else if !matches!(c, '\'' | '.') {
            gap = true;
        }
        rest = &rest[c.len_utf8()..];
    }
}

/// Writes the length before the digits, so that a longer number is a greater one; nines continue the length.
fn write_number(digits: &str, key: &mut String) {
    let mut length = digits.len();
    while length >= 9 {
        key.push('9');
        length -= 9;
    }
    key.extend(char::from_digit(u32::try_from(length).unwrap_or_default(), 10));
    key.push_str(digits);
}

const fn is_punctuation(c: char) -> bool {
    matches!(c, '\u{A1}'..='\u{A9}' | '\u{AB}'..='\u{B4}' | '\u{B6}'..='\u{B8}' | '\u{2000}'..='\u{206F}'
        | '\u{3000}'..='\u{3004}' | '\u{3008}'..='\u{3020}' | '\u{30FB}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_order() {
        let order = [
            "3M",
            "(Ann) Lee",
            "Ann-Marie",
            "ann mills",
            "Éva",
            "file 2",
            "file 10",
            "file 010b",
            "李娜",
            "O'Brien",
            "OBrien 2",
            "Øystein",
            "Walter",
            "汪伟",
            "王芳",
            "王伟",
            "Wanger",
            "曾国藩",
            "Zoe",
            "김민수",
            "+1 212",
            "2",
            "10",
            "---",
        ];
        let keys: Vec<String> = order.iter().map(|name| sort_key(name)).collect();
        for pair in keys.windows(2).zip(order.windows(2)) {
            assert!(pair.0[0] < pair.0[1], "{:?}: {:?}", pair.1, pair.0);
        }
        assert_eq!(sort_key("Søren"), sort_key("soren"));
        assert_eq!(sort_key("O'Brien"), sort_key("OBrien"));
    }

    proptest! {
        #[test]
        fn numbers_sort_by_value(a in any::<u64>(), b in any::<u64>()) {
            prop_assert_eq!(sort_key(&format!("x{a}")).cmp(&sort_key(&format!("x{b}"))), a.cmp(&b));
        }

        #[test]
        fn case_and_leading_punctuation_do_not_count(text in any::<String>(), name in "[A-Za-z ]{1,12}") {
            sort_key(&text);
            prop_assert_eq!(sort_key(&format!("({name}")), sort_key(&name.to_lowercase()));
        }
    }
}
