//! What to highlight in text as it is shown.

use std::ops::Range;

use fuzzy_matcher::FuzzyMatcher;
use fuzzy_matcher::skim::SkimMatcherV2;

use super::hay::{clean, starts_word};
use super::matcher::phone_digits;
use super::query::Term;
use crate::text::{fold_map, is_han, pinyin_keys};

/// Longer texts are searched for runs of text only.
const FUZZY_BYTES: usize = 1024;

/// Byte ranges of `text` that the words match, in order, apart from each other.
pub fn highlight(text: &str, words: &[Term]) -> Vec<Range<usize>> {
    let (folded, origins) = fold_map(text);
    let shown = Shown { text, folded, origins };
    let mut ranges: Vec<Range<usize>> = words.iter().flat_map(|word| shown.ranges(word)).collect();
    ranges.sort_unstable_by_key(|range| (range.start, range.end));
    let mut apart: Vec<Range<usize>> = Vec::with_capacity(ranges.len());
    for range in ranges {
        match apart.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => apart.push(range),
        }
    }
    apart
}

struct Shown<'a> {
    text: &'a str,
    folded: String,
    origins: Vec<usize>,
}

impl Shown<'_> {
    fn ranges(&self, term: &Term) -> Vec<Range<usize>> {
        let word = clean(&term.text);
        if word.is_empty() {
            return Vec::new();
        }
        let runs: Vec<_> =
            self.folded.match_indices(&word).map(|(at, _)| self.source(at, word.len())).collect();
        if !runs.is_empty() {
            return runs;
        }
        let phone = self.phone(&word);
        if !phone.is_empty() || term.exact {
            return phone;
        }
        let pinyin = self.pinyin(&word);
        if !pinyin.is_empty() {
            return pinyin;
        }
        self.initials(&word).unwrap_or_else(|| self.letters(&word))
    }

    /// The source of a stretch of folded text.
    fn source(&self, at: usize, len: usize) -> Range<usize> {
        let last = self.origins[at + len - 1];
        self.origins[at]..last + self.text[last..].chars().next().map_or(0, char::len_utf8)
    }

    fn phone(&self, word: &str) -> Vec<Range<usize>> {
        let Some((digits, rest)) = phone_digits(word) else { return Vec::new() };
        let places: Vec<usize> =
            self.folded.match_indices(|c: char| c.is_ascii_digit()).map(|(at, _)| at).collect();
        let shown: String = places.iter().map(|at| char::from(self.folded.as_bytes()[*at])).collect();
        let found = [Some(digits), rest].into_iter().flatten().find_map(|digits| {
            let at = shown.find(&digits)?;
            let (first, last) = (places[at], places[at + digits.len() - 1]);
            // A digit may stand there as `²`, which is longer than what it is folded to.
            Some(self.source(first, last + 1 - first))
        });
        found.into_iter().collect()
    }

    /// Runs of Han characters whose pinyin holds the word.
    fn pinyin(&self, word: &str) -> Vec<Range<usize>> {
        let mut ranges = Vec::new();
        let mut at = 0;
        for run in self.text.split_inclusive(|c| !is_han(c)) {
            let han = run.trim_end_matches(|c| !is_han(c));
            if !han.is_empty() && word.is_ascii() && pinyin_keys(han).iter().any(|key| key.contains(word)) {
                ranges.push(at..at + han.len());
            }
            at += run.len();
        }
        ranges
    }

    fn initials(&self, word: &str) -> Option<Vec<Range<usize>>> {
        let starts = self
            .folded
            .char_indices()
            .filter(|(at, c)| c.is_alphanumeric() && starts_word(self.folded.as_bytes(), *at));
        let starts: Vec<(usize, char)> = starts.collect();
        let letters: Vec<char> = word.chars().collect();
        let window = starts
            .windows(letters.len())
            .find(|window| window.iter().zip(&letters).all(|((_, start), letter)| start == letter))?;
        Some(window.iter().map(|(at, c)| self.source(*at, c.len_utf8())).collect())
    }

    fn letters(&self, word: &str) -> Vec<Range<usize>> {
        if word.chars().count() < 3 || self.folded.len() > FUZZY_BYTES {
            return Vec::new();
        }
        let found = SkimMatcherV2::default().fuzzy_indices(&self.folded, word);
        let Some((_, places)) = found else { return Vec::new() };
        let (Some(first), Some(last)) = (places.first(), places.last()) else { return Vec::new() };
        // The index would not have found letters so far apart.
        if last - first > 2 * word.chars().count() + 4 {
            return Vec::new();
        }
        let chars: Vec<(usize, char)> = self.folded.char_indices().collect();
        places.iter().map(|place| chars[*place]).map(|(at, c)| self.source(at, c.len_utf8())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_what_was_matched() {
        for (text, word, parts) in [
            ("Søren Østergaard", "ost", &["Øst"][..]),
            ("王伟 (Wei)", "ww", &["王伟"]),
            ("Ann Lee", "al", &["A", "L"]),
            ("Martin", "mrtn", &["M", "rt", "n"]),
            ("+1 212-555-0100", "5550100", &["555-0100"]),
            ("9a¹", "91", &["9a¹"]),
            ("Ann", "zzz", &[]),
        ] {
            let ranges = highlight(text, &[Term::fuzzy(word)]);
            assert_eq!(ranges.into_iter().map(|range| &text[range]).collect::<Vec<_>>(), parts, "{word}");
        }
    }

    proptest::proptest! {
        #[test]
        fn ranges_are_in_order_and_on_characters(text: String, word in "[a-z王é0-9]{1,4}") {
            let mut end = 0;
            for range in highlight(&text, &[Term::fuzzy(word)]) {
                proptest::prop_assert!(range.start >= end && text.get(range.clone()).is_some());
                end = range.end;
            }
        }
    }
}
