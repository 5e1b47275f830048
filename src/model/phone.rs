//! Phone numbers: what was typed stays; the E.164 form is what they are compared and found by.

use std::collections::HashMap;

pub use super::country::{country_code, guess_country};

/// How many digits decide how a national number becomes an international one, in nearly all countries.
const DECIDING: usize = 6;
/// Countries where later digits decide, too (the 15 behind Argentina's area codes), so that nothing can be remembered.
const UNPREDICTABLE: &[[u8; 2]] = &[*b"AR"];
/// Most transformations that are remembered, so that hostile files can't fill the memory.
const REMEMBERED: usize = 100_000;

/// The digits of a text, of any width and script that has its zero in Unicode's usual places, as ASCII.
pub fn digits(text: &str) -> String {
    let mut digits = String::with_capacity(text.len().min(24));
    digits.extend(text.chars().filter_map(digit));
    digits
}

/// Whether a spreadsheet took the number for one to count with and rounded it, as in `1.23457E+11`: what it was is lost.
pub fn is_rounded(typed: &str) -> bool {
    let Some((mantissa, exponent)) = typed.trim().split_once(['E', 'e']) else { return false };
    let all = |text: &str, more: &str| {
        !text.is_empty() && text.chars().all(|c| c.is_ascii_digit() || more.contains(c))
    };
    all(mantissa, ".,") && exponent.strip_prefix('+').is_some_and(|power| all(power, ""))
}

/// The E.164 form (`+442079460958`) of a number as typed; the country is that of national numbers.
///
/// `None` if it is no phone number, or a national one without a (known) country. Extensions are left out.
pub fn e164(typed: &str, country: Option<&str>) -> Option<String> {
    match Typed::read(typed)? {
        Typed::International(digits) => international(&digits),
        Typed::National(digits) => national(&digits, country_bytes(country?)?),
    }
}

/// Loads the tables of national numbers, for whoever will need them soon and has another thread to spare.
pub fn preload() {
    let _ = phonenumber::metadata::DATABASE.by_id("US");
}

/// Makes E.164 forms in bulk: remembers by country, length and first digits what is done to national numbers.
#[derive(Debug, Default)]
pub struct Normaliser {
    /// `None` where such a number has no E.164 form.
    known: HashMap<Key, Option<Change>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Key {
    country: [u8; 2],
    length: u8,
    /// The first digits in decimal; the length says how many are zeros.
    head: u32,
}

/// Drop so many digits from the front, then set `prefix` there.
#[derive(Clone, Debug)]
struct Change {
    drop: usize,
    prefix: String,
}

impl Normaliser {
    /// One that knows nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same as [`e164`], quicker for the second number of a kind.
    pub fn e164(&mut self, typed: &str, country: Option<&str>) -> Option<String> {
        let digits = match Typed::read(typed)? {
            Typed::International(digits) => return international(&digits),
            Typed::National(digits) => digits,
        };
        let country = country_bytes(country?)?;
        let Some(key) = key_of(&digits, country) else { return national(&digits, country) };
        if let Some(change) = self.known.get(&key) {
            let change = change.as_ref()?;
            let rest = digits.get(change.drop..)?;
            let mut whole = String::with_capacity(change.prefix.len() + rest.len());
            whole.push_str(&change.prefix);
            whole.push_str(rest);
            return Some(whole);
        }
        let whole = national(&digits, country);
        let change = match &whole {
            Some(whole) => change_between(&digits, whole).map(Some),
            // Zeros alone say too little: what stands behind them may decide.
            None => (key.head > 9).then_some(None),
        };
        if let Some(change) = change
            && self.known.len() < REMEMBERED
        {
            self.known.insert(key, change);
        }
        whole
    }
}

fn key_of(digits: &str, country: [u8; 2]) -> Option<Key> {
    if UNPREDICTABLE.contains(&country) || digits.len() <= DECIDING {
        return None;
    }
    let head = digits.get(..DECIDING)?.parse().ok()?;
    Some(Key { country, length: u8::try_from(digits.len()).ok()?, head })
}

/// What turns `digits` into `whole`, if only the deciding digits are touched.
fn change_between(digits: &str, whole: &str) -> Option<Change> {
    let same = digits.bytes().rev().zip(whole.bytes().rev()).take_while(|(a, b)| a == b).count();
    let drop = digits.len() - same;
    (drop <= DECIDING).then(|| Change { drop, prefix: whole[..whole.len() - same].to_owned() })
}

/// What was typed, with nothing but digits.
enum Typed {
    International(String),
    National(String),
}

impl Typed {
    fn read(typed: &str) -> Option<Self> {
        let text = without_extension(typed.trim());
        let text = strip_scheme(text);
        let mut digits = String::with_capacity(16);
        let mut plus = false;
        let mut strange = 0;
        let mut chars = text.char_indices();
        while let Some((at, c)) = chars.next() {
            match c {
                '+' | '＋' | '﹢' if digits.is_empty() => plus = true,
                // The trunk zero that isn't dialled from abroad: +44 (0)20.
                '(' | '（' if plus || digits.starts_with("00") => {
                    let inside = &text[at + c.len_utf8()..];
                    if let Some(after) =
                        ["0)", "０）", "0）", "０)"].iter().find(|zero| inside.starts_with(**zero))
                        && digits.len() > usize::from(plus)
                    {
                        chars.nth(after.chars().count() - 1);
                    }
                }
                _ => match digit(c) {
                    Some(d) => digits.push(d),
                    None if c.is_alphabetic() || matches!(c, '@' | '*' | '#') => strange += 1,
                    None => {}
                },
            }
        }
        if strange > 0 || digits.len() < 3 || digits.len() > 20 {
            return None;
        }
        if plus {
            return Some(Self::International(digits.strip_prefix("00").map(str::to_owned).unwrap_or(digits)));
        }
        match digits.strip_prefix("00") {
            Some(rest) => Some(Self::International(rest.to_owned())),
            None => Some(Self::National(digits)),
        }
    }
}

fn strip_scheme(text: &str) -> &str {
    let head = text.get(..4).unwrap_or_default();
    if head.eq_ignore_ascii_case("tel:") { text[4..].split(';').next().unwrap_or_default() } else { text }
}

/// Cuts off `ext. 12`, `x12`, `#12`, `;ext=12`, `转12`, `доб. 12`, `Durchwahl 12`.
fn without_extension(text: &str) -> &str {
    let marks = |c: char| c.is_alphabetic() || matches!(c, '#' | ';' | ',' | '＃' | '，' | '；');
    let Some((end, _)) =
        text.char_indices().skip_while(|(_, c)| digit(*c).is_none()).find(|(_, c)| marks(*c))
    else {
        return text;
    };
    let word: String = text[end..].chars().take_while(|c| digit(*c).is_none()).collect();
    let word = word.to_lowercase();
    let word = word.trim_matches(|c: char| !c.is_alphabetic() && c != '#' && c != '＃');
    let number = digits(&text[end..]);
    const WORDS: &[&str] = &[
        "",
        "x",
        "ext",
        "extn",
        "extension",
        "ext=",
        "poste",
        "#",
        "＃",
        "转",
        "轉",
        "分机",
        "分機",
        "内线",
        "內線",
        "доб",
        "durchwahl",
        "dw",
        "anexo",
        "int",
        "interno",
        "ramal",
        "wew",
        "app",
        "p",
        "w",
        "isub",
    ];
    if WORDS.contains(&word) && number.len() <= 8 {
        text[..end].trim_end_matches([' ', '(', '（', '-'])
    } else {
        text
    }
}

fn digit(c: char) -> Option<char> {
    const ZEROS: [char; 8] =
        ['\u{660}', '\u{6F0}', '\u{966}', '\u{9E6}', '\u{E50}', '\u{FF10}', '\u{A66}', '\u{AE6}'];
    if c.is_ascii() {
        return c.is_ascii_digit().then_some(c);
    }
    let value = ZEROS
        .iter()
        .find_map(|zero| u32::from(c).checked_sub(u32::from(*zero)).filter(|value| *value < 10))?;
    char::from_digit(value, 10)
}

fn international(digits: &str) -> Option<String> {
    let fits = (7..=15).contains(&digits.len()) && !digits.starts_with('0');
    fits.then(|| format!("+{digits}"))
}

fn country_bytes(country: &str) -> Option<[u8; 2]> {
    let code = match country.as_bytes() {
        [a, b] if a.is_ascii_alphabetic() && b.is_ascii_alphabetic() => {
            [a.to_ascii_uppercase(), b.to_ascii_uppercase()]
        }
        _ => return country_code(country).and_then(|code| code.as_bytes().try_into().ok()),
    };
    Some(if code == *b"UK" { *b"GB" } else { code })
}

/// Interprets a national number by the tables of libphonenumber (loaded at the first call, some 0.2 s).
///
/// Only numbers as long as the country has them: seven digits in the US lack the area, so they are nobody's.
fn national(digits: &str, country: [u8; 2]) -> Option<String> {
    let id: phonenumber::country::Id = std::str::from_utf8(&country).ok()?.parse().ok()?;
    let number = phonenumber::parse(Some(id), digits).ok()?;
    let significant = number.national().to_string();
    if significant.len() < 5 || !is_usual_length(id, significant.len()) {
        return None;
    }
    international(&format!("{}{significant}", number.code().value()))
}

/// Whether any kind of number of that country has so many digits; also yes where the tables don't say.
fn is_usual_length(id: phonenumber::country::Id, length: usize) -> bool {
    let Some(metadata) = phonenumber::metadata::DATABASE.by_id(id.as_ref()) else { return false };
    let kinds = metadata.descriptors();
    let lists = [
        kinds.fixed_line(),
        kinds.mobile(),
        kinds.toll_free(),
        kinds.premium_rate(),
        kinds.shared_cost(),
        kinds.personal_number(),
        kinds.voip(),
        kinds.uan(),
    ];
    let mut lengths = lists.into_iter().flatten().flat_map(|kind| kind.possible_length()).peekable();
    lengths.peek().is_none() || lengths.any(|known| usize::from(*known) == length)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_as_typed() {
        for (typed, country, wanted) in [
            ("+1 (212) 555-0100", None, Some("+12125550100")),
            ("＋８６ １３８ ００１３ ８０００", None, Some("+8613800138000")),
            ("0044 (0)20 7946 0958", None, Some("+442079460958")),
            ("+44 (0) 20 7946 0958", None, Some("+442079460958")),
            ("+44 (0)20 7946 0958", None, Some("+442079460958")),
            ("tel:+1-212-555-0100;ext=5", None, Some("+12125550100")),
            ("+1 212 555 0100 ext. 12", None, Some("+12125550100")),
            ("+1 212 555 0100x12", None, Some("+12125550100")),
            ("+86 21 6888 8888转12", None, Some("+862168888888")),
            ("(212) 555-0100", Some("US"), Some("+12125550100")),
            ("1-212-555-0100", Some("us"), Some("+12125550100")),
            ("555-0100", Some("US"), None),
            ("020 7946 0958", Some("GB"), Some("+442079460958")),
            ("030 123456", Some("DE"), Some("+4930123456")),
            ("01 42 68 53 00", Some("FR"), Some("+33142685300")),
            ("138 0013 8000", Some("CN"), Some("+8613800138000")),
            ("010-62515166", Some("CN"), Some("+861062515166")),
            ("03-3210-7000", Some("JP"), Some("+81332107000")),
            ("06 6982 1234", Some("IT"), Some("+390669821234")),
            ("08-123 456 78", Some("SE"), Some("+46812345678")),
            ("(11) 96123-4567", Some("BR"), Some("+5511961234567")),
            ("98765 43210", Some("IN"), Some("+919876543210")),
            ("98765 43210", Some("India"), Some("+919876543210")),
            ("(212) 555-0100", None, None),
            ("(212) 555-0100", Some("ZZ"), None),
            ("ann@example.com", Some("US"), None),
            ("+12", None, None),
            ("+1234567890123456", None, None),
            ("12", Some("NZ"), None),
            ("", Some("US"), None),
        ] {
            assert_eq!(e164(typed, country).as_deref(), wanted, "{typed} {country:?}");
            assert_eq!(Normaliser::new().e164(typed, country).as_deref(), wanted, "{typed} {country:?}");
        }
    }

    #[test]
    fn what_a_spreadsheet_has_rounded_is_no_number() {
        for (typed, rounded) in [
            ("1.23457E+11", true),
            (" 8,6138e+12 ", true),
            ("1E+10", true),
            ("+123457", false),
            ("123 E 5", false),
            ("1-800-CALL-E+1", false),
            ("E+11", false),
            ("1.2E+", false),
        ] {
            assert_eq!(is_rounded(typed), rounded, "{typed}");
        }
        assert_eq!(e164("1.23457E+11", Some("US")), None);
    }

    /// Numbers that share their first digits, so that what is remembered is used.
    fn generated(seed: u64, count: usize) -> impl Iterator<Item = String> {
        const HEADS: [&str; 44] = [
            "0", "1", "20", "02", "030", "0171", "06", "011", "138", "010", "021", "03", "090", "039", "08",
            "070", "11", "015", "98", "0987", "44", "49", "33", "86", "81", "39", "46", "55", "91", "212",
            "1212", "0800", "900", "5", "7", "9", "021", "0055", "12", "14", "3", "6", "4", "0115",
        ];
        let mut state = seed;
        let mut next = move || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            state >> 33
        };
        (0..count).map(move |_| {
            let head = HEADS[usize::try_from(next()).unwrap() % HEADS.len()];
            let middle = next() % 1000;
            let length = 4 + next() % 6;
            let tail = next() % 10u64.pow(u32::try_from(length).unwrap());
            format!("{head}{middle:03}{tail:0width$}", width = usize::try_from(length).unwrap())
        })
    }

    #[test]
    fn remembering_changes_nothing() {
        for country in ["US", "GB", "DE", "FR", "CN", "JP", "IT", "SE", "BR", "IN"] {
            let mut normaliser = Normaliser::new();
            for number in generated(7, 400) {
                let first = normaliser.e164(&number, Some(country));
                let mut sibling = number.clone();
                let last = sibling.pop().unwrap();
                sibling.push(if last == '7' { '2' } else { '7' });
                assert_eq!(first, e164(&number, Some(country)), "{number} {country}");
                let (quick, slow) = (normaliser.e164(&sibling, Some(country)), e164(&sibling, Some(country)));
                assert_eq!(quick, slow, "{sibling} after {number} {country}");
            }
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read(typed in "[\\PC]{0,30}|[+＋0-9() xX#;=,*/.-]{0,30}") {
            if let Some(number) = e164(&typed, Some("IT")) {
                prop_assert!(number.starts_with('+') && (8..=16).contains(&number.len()));
                prop_assert_eq!(e164(&number, None), Some(number));
            }
        }
    }
}
