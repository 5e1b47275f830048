//! Pinyin of Chinese text: the keys that it is found by, and the reading that it is sorted by.

use pinyin::ToPinyinMulti;

use super::fold::{fold_into, is_han};
use super::surnames::{phrase_reading, surname_reading};

/// How many full readings a run of Chinese text may have at most.
const MAX_READINGS: usize = 8;
/// Longer runs are no names: they get their likeliest reading only.
const MAX_VARIED: usize = 4;
/// Readings of one character that are kept; what follows is rare.
const MAX_PER_CHAR: usize = 4;

/// The readings that Chinese text is found by, for each run of Han: all syllables (`wangwei`), then initials (`ww`).
///
/// The likeliest come first, of a surname its reading as such; ü is both `v` and `u`. Empty if there is no Han.
pub fn pinyin_keys(name: &str) -> Vec<String> {
    let mut keys = Vec::new();
    if name.is_ascii() {
        return keys;
    }
    let mut run: Vec<char> = Vec::new();
    for c in name.chars().chain(std::iter::once(' ')) {
        if is_han(c) {
            run.push(c);
        } else if !run.is_empty() {
            add_keys(&run, &mut keys);
            run.clear();
        }
    }
    keys
}

/// The likeliest reading of text with Han, syllables joined, and its initials: for companies and tags, whose many
/// unlikely readings would find what nobody means. `None` if there is no Han.
pub fn pinyin_likely(text: &str) -> Option<(String, String)> {
    if text.is_ascii() || !text.chars().any(is_han) {
        return None;
    }
    let (mut full, mut initials) = (String::with_capacity(text.len() * 2), String::new());
    each_syllable(text, |_| false, &mut |_, reading: Option<&'static str>| {
        if let Some(reading) = reading {
            full.push_str(reading);
            initials.push_str(reading.get(..1).unwrap_or_default());
        }
    });
    Some((full, initials))
}

/// The likeliest reading, syllables joined, other text folded; `as_name` reads the first characters as a surname.
pub fn pinyin_best(text: &str, as_name: bool) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    let mut syllables = |c, reading: Option<&'static str>| match reading {
        Some(reading) => out.push_str(reading),
        None => fold_into(char::encode_utf8(c, &mut [0; 4]), &mut out),
    };
    each_syllable(text, |_| as_name, &mut syllables);
    out
}

/// Calls `emit` for each character with its likeliest reading; `as_name` says of a run of Han whether it's a person's name.
pub(super) fn each_syllable(
    text: &str,
    as_name: impl Fn(&[char]) -> bool,
    emit: &mut impl FnMut(char, Option<&'static str>),
) {
    let chars: Vec<char> = text.chars().collect();
    let mut at = 0;
    while at < chars.len() {
        if !is_han(chars[at]) {
            emit(chars[at], None);
            at += 1;
            continue;
        }
        let end = chars[at..].iter().position(|c| !is_han(*c)).map_or(chars.len(), |run| at + run);
        let run = &chars[at..end];
        let named = as_name(run);
        let readings = readings_of_run(run, named);
        for (c, readings) in run.iter().zip(&readings) {
            emit(*c, readings.first());
        }
        at = end;
    }
}

/// The readings of one character, the likeliest first; a fixed array, because millions of these are made.
#[derive(Clone, Copy, Default)]
struct Readings {
    list: [&'static str; MAX_PER_CHAR + 1],
    count: usize,
}

impl Readings {
    fn push(&mut self, reading: &'static str) {
        if self.count < self.list.len() && !self.as_slice().contains(&reading) {
            self.list[self.count] = reading;
            self.count += 1;
        }
    }

    fn as_slice(&self) -> &[&'static str] {
        &self.list[..self.count]
    }

    fn first(&self) -> Option<&'static str> {
        self.as_slice().first().copied()
    }
}

fn readings_of_run(run: &[char], as_name: bool) -> Vec<Readings> {
    let mut all = Vec::with_capacity(run.len());
    let mut phrase: &[&'static str] = &[];
    for (at, c) in run.iter().enumerate() {
        if phrase.is_empty() {
            phrase = phrase_reading(&run[at..]).unwrap_or(&[]);
        }
        let mut readings = Readings::default();
        if let [first, rest @ ..] = phrase {
            readings.push(first);
            phrase = rest;
        } else if at == 0
            && as_name
            && let Some(surname) = surname_reading(*c)
        {
            readings.push(surname);
        }
        for reading in c.to_pinyin_multi().into_iter().flatten() {
            match reading.plain() {
                plain if plain.is_ascii() => readings.push(plain),
                "lü" => ["lv", "lu"].into_iter().for_each(|plain| readings.push(plain)),
                "nü" => ["nv", "nu"].into_iter().for_each(|plain| readings.push(plain)),
                "lüe" => ["lve", "lue"].into_iter().for_each(|plain| readings.push(plain)),
                "nüe" => ["nve", "nue"].into_iter().for_each(|plain| readings.push(plain)),
                _ => {}
            }
        }
        if readings.count == 0 && *c == '〇' {
            readings.push("ling");
        }
        all.push(readings);
    }
    all
}

fn add_keys(run: &[char], keys: &mut Vec<String>) {
    let readings = readings_of_run(run, true);
    let mut chosen = vec![0; run.len()];
    let mut initials: Vec<String> = Vec::new();
    let mut found = 0;
    let most =
        if run.len() > MAX_VARIED { 0 } else { readings.iter().map(|r| r.count.saturating_sub(1)).sum() };
    for rarity in 0..=most {
        vary(&readings, 0, rarity, &mut chosen, &mut |chosen| {
            let (mut full, mut short) =
                (String::with_capacity(run.len() * 5), String::with_capacity(run.len()));
            for (readings, at) in readings.iter().zip(chosen) {
                let reading = readings.as_slice().get(*at).copied().unwrap_or_default();
                full.push_str(reading);
                short.push_str(reading.get(..1).unwrap_or_default());
            }
            add(keys, 0, full);
            add(&mut initials, 0, short);
            found += 1;
            found < MAX_READINGS
        });
        if found >= MAX_READINGS {
            break;
        }
    }
    initials.into_iter().for_each(|short| add(keys, 0, short));
}

fn add(keys: &mut Vec<String>, from: usize, key: String) {
    if !key.is_empty() && !keys[from..].contains(&key) {
        keys.push(key);
    }
}

/// Goes through the choices whose ranks add up to `rarity`, until `take` answers false.
fn vary(
    readings: &[Readings],
    at: usize,
    rarity: usize,
    chosen: &mut [usize],
    take: &mut impl FnMut(&[usize]) -> bool,
) -> bool {
    if at == readings.len() {
        return take(chosen);
    }
    let later: usize = readings[at + 1..].iter().map(|r| r.count.saturating_sub(1)).sum();
    let least = rarity.saturating_sub(later);
    for rank in least..=rarity.min(readings[at].count.saturating_sub(1)) {
        chosen[at] = rank;
        if !vary(readings, at + 1, rarity - rank, chosen, take) {
            return false;
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn companies_have_their_likeliest_reading_alone() {
        let likely = |text| pinyin_likely(text).map(|(full, initials)| format!("{full} {initials}"));
        assert_eq!(likely("通方文化").as_deref(), Some("tongfangwenhua tfwh"));
        assert_eq!(likely("Acme"), None);
        assert_eq!(likely("Zürich"), None);
    }

    #[test]
    fn names_have_full_readings_and_initials() {
        assert_eq!(pinyin_keys("王伟")[0], "wangwei");
        for (name, wanted) in [
            ("王伟", vec!["wangwei", "ww"]),
            ("曾国藩", vec!["zengguofan", "cengguofan", "zgf", "cgf"]),
            ("单雄信", vec!["shanxiongxin", "danxiongxin", "sxx", "dxx"]),
            ("吕布", vec!["lvbu", "lubu", "lb"]),
            ("尉迟恭", vec!["yuchigong", "ycg", "weichigong"]),
            ("万俟卨", vec!["moqixie", "mqx"]),
            ("乐毅", vec!["yueyi", "leyi", "yy", "ly"]),
            ("重庆银行", vec!["chongqingyinhang", "cqyh"]),
            ("王伟 Wei 李娜", vec!["wangwei", "ww", "lina", "ln"]),
            ("女娲", vec!["nvwa", "nuwa", "nw"]),
        ] {
            let keys = pinyin_keys(name);
            assert_eq!(keys[0], wanted[0], "{name}");
            for key in wanted {
                assert!(keys.iter().any(|k| k == key), "{name}: {key} not in {keys:?}");
            }
        }
        assert!(pinyin_keys("Søren").is_empty());
        assert!(pinyin_keys("カナ").is_empty());
    }

    #[test]
    fn surnames_are_read_as_such() {
        for (name, reading) in [
            ("仇英", "qiuying"),
            ("解缙", "xiejin"),
            ("任正非", "renzhengfei"),
            ("查良镛", "zhaliangyong"),
            ("翟志刚", "zhaizhigang"),
            ("朴槿惠", "piaojinhui"),
            ("盖叫天", "gejiaotian"),
            ("区志航", "ouzhihang"),
            ("欧阳修", "ouyangxiu"),
            ("长孙无忌", "zhangsunwuji"),
            ("张三", "zhangsan"),
        ] {
            assert_eq!(pinyin_best(name, true), reading, "{name}");
        }
        assert_eq!(pinyin_best("单位", false), "danwei");
        assert_eq!(pinyin_best("王Wei", true), "wangwei");
    }

    proptest! {
        #[test]
        fn keys_are_few_plain_and_different(name in "[一-龥a-z〇々 ]{0,16}") {
            let keys = pinyin_keys(&name);
            prop_assert!(keys.iter().all(|key| key.bytes().all(|b| b.is_ascii_lowercase())), "{:?}", keys);
            let mut sorted = keys.clone();
            sorted.sort();
            sorted.dedup();
            prop_assert_eq!(sorted.len(), keys.len());
        }

        #[test]
        fn any_text_has_a_reading(text in any::<String>()) {
            pinyin_best(&text, true);
            pinyin_keys(&text);
        }
    }
}
