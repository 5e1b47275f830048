//! Personal names: putting the parts together as their language does, and taking a full name apart.

use super::fold::is_cjk;
use super::is_han;
use super::surnames::surname_length;

/// A personal name in parts; what a name lacks is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NameParts {
    /// What stands before: `Dr.`.
    pub prefix: String,
    /// The given or first name.
    pub given: String,
    /// Names between given and family name.
    pub middle: String,
    /// The family name with its particles.
    pub family: String,
    /// What stands behind: `Jr.`, `PhD`, 先生.
    pub suffix: String,
}

const PREFIXES: &[&str] = &[
    "dr",
    "prof",
    "professor",
    "doctor",
    "mr",
    "mrs",
    "ms",
    "miss",
    "mx",
    "sir",
    "dame",
    "rev",
    "hon",
    "herr",
    "frau",
    "mme",
    "mlle",
    "monsieur",
    "madame",
    "señor",
    "señora",
    "sra",
    "ing",
    "dipl-ing",
    "capt",
    "lt",
    "col",
    "gen",
];
const SUFFIXES: &[&str] = &[
    "jr", "sr", "ii", "iii", "iv", "phd", "ph.d", "md", "m.d", "mba", "esq", "cpa", "dds", "jd", "llm",
    "msc", "bsc", "cfa", "pe", "rn", "2nd", "3rd",
];
const PARTICLES: &[&str] = &[
    "von", "van", "vom", "de", "del", "della", "der", "den", "des", "di", "da", "do", "dos", "das", "du",
    "la", "le", "las", "los", "bin", "ibn", "bint", "al", "el", "ten", "ter", "te", "zu", "zum", "zur", "af",
    "av", "st", "san", "santa", "'t", "y",
];
const HAN_SUFFIXES: &[&str] = &[
    "先生", "女士", "小姐", "太太", "夫人", "老师", "老師", "教授", "博士", "医生", "醫生", "律师", "律師",
    "さん", "様", "씨", "님",
];

/// The name as its bearer's language writes it: 王伟 and 김민수 family first without a space, else `Dr. Ann Lee Jr.`.
pub fn display_name(prefix: &str, given: &str, middle: &str, family: &str, suffix: &str) -> String {
    let [prefix, given, middle, family, suffix] = [prefix, given, middle, family, suffix].map(str::trim);
    let parts = [given, middle, family];
    let eastern = parts.iter().all(|part| part.chars().all(is_cjk))
        && parts.iter().any(|part| part.chars().any(|c| is_han(c) || is_hangul(c)));
    let mut out =
        String::with_capacity(prefix.len() + given.len() + middle.len() + family.len() + suffix.len() + 4);
    if eastern {
        add_word(&mut out, prefix);
        add_word(&mut out, family);
        out.push_str(middle);
        out.push_str(given);
        if !suffix.chars().all(is_cjk) {
            add_word(&mut out, suffix);
        } else {
            out.push_str(suffix);
        }
    } else {
        for part in [prefix, given, middle, family, suffix] {
            add_word(&mut out, part);
        }
    }
    out
}

/// Takes a full name apart: `Lee, Ann`, `Prof. Ludwig van Beethoven`, 欧阳修, 王伟先生. Loses no character but that comma
/// and white space; what doesn't look like a name is all given name.
pub fn split_name(full: &str) -> NameParts {
    let words: Vec<&str> = full.split_whitespace().collect();
    let letters: Vec<char> = words.iter().flat_map(|word| word.chars()).collect();
    if !letters.is_empty() && letters.iter().all(|c| is_cjk(*c)) {
        return split_eastern(&words, &letters);
    }
    if letters.iter().any(|c| is_cjk(*c)) {
        return NameParts { given: words.join(" "), ..NameParts::default() };
    }
    split_western(full, &words)
}

fn split_eastern(words: &[&str], letters: &[char]) -> NameParts {
    let mut parts = NameParts::default();
    if let [family, given @ ..] = words
        && !given.is_empty()
    {
        parts.family = (*family).to_owned();
        parts.given = given.join(" ");
        return parts;
    }
    let whole: String = letters.iter().collect();
    let title = HAN_SUFFIXES.iter().find(|title| whole.len() > title.len() && whole.ends_with(**title));
    let name = title.map_or(whole.as_str(), |title| &whole[..whole.len() - title.len()]);
    let chars: Vec<char> = name.chars().collect();
    match surname_length(&chars) {
        Some(length) => {
            parts.family = chars[..length].iter().collect();
            parts.given = chars[length..].iter().collect();
            parts.suffix = title.copied().unwrap_or_default().to_owned();
        }
        None if title.is_some() && chars.len() == 1 && surname_length(&[chars[0], '一']).is_some() => {
            parts.family = name.to_owned();
            parts.suffix = title.copied().unwrap_or_default().to_owned();
        }
        None => parts.given = whole,
    }
    parts
}

fn split_western(full: &str, words: &[&str]) -> NameParts {
    if let Some((left, right)) = full.split_once([',', '，']) {
        let [left, right]: [Vec<&str>; 2] = [left, right].map(|side| side.split_whitespace().collect());
        let more = right.iter().any(|word| word.contains([',', '，']));
        if !left.is_empty() && !right.is_empty() && !more {
            return if right.iter().all(|word| is_one_of(SUFFIXES, word)) {
                let mut parts = in_order(&left);
                add_word(&mut parts.suffix, &right.join(" "));
                parts
            } else {
                family_first(&left, &right)
            };
        }
    }
    in_order(words)
}

/// `Lee Jr., Dr. Ann Marie`.
fn family_first(left: &[&str], right: &[&str]) -> NameParts {
    let mut parts = NameParts::default();
    let left = take_suffixes(left, 1, &mut parts.suffix);
    parts.family = left.join(" ");
    let right = take_prefixes(right, &mut parts.prefix);
    let right = take_suffixes(right, 1, &mut parts.suffix);
    if let [given, middle @ ..] = right {
        parts.given = (*given).to_owned();
        parts.middle = middle.join(" ");
    }
    parts
}

/// `Prof. Ludwig van Beethoven`.
fn in_order(words: &[&str]) -> NameParts {
    let mut parts = NameParts::default();
    let words = take_prefixes(words, &mut parts.prefix);
    let words = take_suffixes(words, 2, &mut parts.suffix);
    match words {
        [] => {}
        // `Dr. Lee` is addressed by the family name; a lone word without a title is what people call someone.
        [only] if parts.prefix.is_empty() => parts.given = (*only).to_owned(),
        [only] => parts.family = (*only).to_owned(),
        [first, ..] if is_one_of(PARTICLES, first) && first.starts_with(char::is_lowercase) => {
            parts.family = words.join(" ");
        }
        [first, middle @ .., _] => {
            let last = words.len() - 1;
            let particles = middle.iter().rev().take_while(|word| is_one_of(PARTICLES, word)).count();
            parts.given = (*first).to_owned();
            parts.middle = words[1..last - particles].join(" ");
            parts.family = words[last - particles..].join(" ");
        }
    }
    parts
}

/// Moves titles off the front, leaving at least one word.
fn take_prefixes<'a, 'b>(mut words: &'a [&'b str], prefix: &mut String) -> &'a [&'b str] {
    while let [first, rest @ ..] = words
        && !rest.is_empty()
        && is_one_of(PREFIXES, first)
    {
        add_word(prefix, first);
        words = rest;
    }
    words
}

/// Moves suffixes off the end, leaving at least `least` words.
fn take_suffixes<'a, 'b>(words: &'a [&'b str], least: usize, suffix: &mut String) -> &'a [&'b str] {
    let count = words.iter().rev().take_while(|word| is_one_of(SUFFIXES, word)).count();
    let count = count.min(words.len().saturating_sub(least));
    let (rest, taken) = words.split_at(words.len() - count);
    add_word(suffix, &taken.join(" "));
    rest
}

fn is_one_of(list: &[&str], word: &str) -> bool {
    let word = word.trim_end_matches(['.', ',']).to_lowercase();
    list.contains(&word.as_str())
}

/// Whether this word, folded, is a title or suffix that says nothing about who it is.
pub(super) fn is_title(word: &str) -> bool {
    PREFIXES.contains(&word) || SUFFIXES.contains(&word)
}

fn add_word(out: &mut String, word: &str) {
    if !out.is_empty() && !word.is_empty() {
        out.push(' ');
    }
    out.push_str(word);
}

const fn is_hangul(c: char) -> bool {
    matches!(c, '\u{AC00}'..='\u{D7A3}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_are_written_as_their_language_does() {
        for (parts, name) in [
            (["", "伟", "", "王", ""], "王伟"),
            (["", "伟", "", "王", "先生"], "王伟先生"),
            (["", "민수", "", "김", ""], "김민수"),
            (["", "太郎", "", "山田", ""], "山田太郎"),
            (["", "さくら", "", "宮脇", ""], "宮脇さくら"),
            (["Dr.", "Ann", "M.", "Lee", "Jr."], "Dr. Ann M. Lee Jr."),
            (["", " Ann ", "", "", ""], "Ann"),
            (["", "Wei", "", "王", ""], "Wei 王"),
            (["Dr.", "伟", "", "王", "PhD"], "Dr. 王伟 PhD"),
            (["", "", "", "", ""], ""),
        ] {
            let [prefix, given, middle, family, suffix] = parts;
            assert_eq!(display_name(prefix, given, middle, family, suffix), name);
        }
    }

    #[test]
    fn full_names_come_apart() {
        for (full, parts) in [
            ("Ann Lee", ["", "Ann", "", "Lee", ""]),
            ("Ann", ["", "Ann", "", "", ""]),
            ("Lee, Ann", ["", "Ann", "", "Lee", ""]),
            ("van der Berg, Jan Piet", ["", "Jan", "Piet", "van der Berg", ""]),
            ("Prof. Dr. Ludwig van Beethoven", ["Prof. Dr.", "Ludwig", "", "van Beethoven", ""]),
            ("Martin Luther King Jr.", ["", "Martin", "Luther", "King", "Jr."]),
            ("Ann Lee, PhD", ["", "Ann", "", "Lee", "PhD"]),
            ("Dr. Lee", ["Dr.", "", "", "Lee", ""]),
            ("María de la Cruz", ["", "María", "", "de la Cruz", ""]),
            ("de Gaulle", ["", "", "", "de Gaulle", ""]),
            ("Al Pacino", ["", "Al", "", "Pacino", ""]),
            ("王伟", ["", "伟", "", "王", ""]),
            ("欧阳修", ["", "修", "", "欧阳", ""]),
            ("诸葛孔明", ["", "孔明", "", "诸葛", ""]),
            ("王 伟", ["", "伟", "", "王", ""]),
            ("山田 太郎", ["", "太郎", "", "山田", ""]),
            ("王伟先生", ["", "伟", "", "王", "先生"]),
            ("李先生", ["", "", "", "李", "先生"]),
            ("김민수", ["", "민수", "", "김", ""]),
            ("小明", ["", "小明", "", "", ""]),
            ("约翰·史密斯", ["", "约翰·史密斯", "", "", ""]),
            ("Jr.", ["", "Jr.", "", "", ""]),
            ("", ["", "", "", "", ""]),
        ] {
            let split = split_name(full);
            let got = [&split.prefix, &split.given, &split.middle, &split.family, &split.suffix];
            assert_eq!(got, parts, "{full}");
        }
    }

    fn letters(text: &str) -> Vec<char> {
        let mut letters: Vec<char> =
            text.chars().filter(|c| !c.is_whitespace() && !matches!(c, ',' | '，')).collect();
        letters.sort_unstable();
        letters
    }

    proptest! {
        #[test]
        fn no_letter_is_lost(full in "((Dr\\.|Lee|Ann|van|der|Jr\\.|PhD|,|，|王|欧阳|先生|김|伟| |\\PC){0,8})") {
            let parts = split_name(&full);
            let all = [parts.prefix, parts.given, parts.middle, parts.family, parts.suffix].concat();
            prop_assert_eq!(letters(&all), letters(&full));
        }

        #[test]
        fn taking_apart_and_putting_together_keeps_plain_names(full in "[A-Z][a-z]{1,8}( [A-Z][a-z]{1,8}){0,3}|[王李张][一-龥]{1,2}") {
            let parts = split_name(&full);
            let again = display_name(&parts.prefix, &parts.given, &parts.middle, &parts.family, &parts.suffix);
            prop_assert_eq!(again, full);
        }
    }
}
