//! Matching for mail programs: runs of text and pinyin, nothing fuzzy, straight on haystacks as the book has them.

use memchr::memmem::Finder;

use super::hay::{Class, clean};
use super::matcher::phone_digits;

/// Words made ready for plain matching.
#[derive(Debug)]
pub struct PlainMatcher {
    words: Vec<(Finder<'static>, Option<Finder<'static>>)>,
}

impl PlainMatcher {
    /// Blank words match everything.
    pub fn new(words: &[String]) -> Self {
        let ready = |text: &str| Finder::new(text.as_bytes()).into_owned();
        let words = words.iter().map(|word| clean(word)).filter(|word| !word.is_empty());
        let words = words.map(|word| {
            let digits = phone_digits(&word).map(|(digits, rest)| ready(&rest.unwrap_or(digits)));
            (ready(&word), digits)
        });
        Self { words: words.collect() }
    }

    /// Whether every word is in some field of the haystack, initials not counted.
    pub fn matches(&self, hay: &[u8]) -> bool {
        self.words.iter().all(|(word, digits)| {
            within(word, hay, |class| class != Class::Initials as u8 && class != Class::CompanyInitials as u8)
                || digits
                    .as_ref()
                    .is_some_and(|digits| within(digits, hay, |class| class == Class::Phone as u8))
        })
    }
}

/// Whether it occurs in a field whose class will do.
fn within(word: &Finder<'_>, hay: &[u8], will_do: impl Fn(u8) -> bool) -> bool {
    word.find_iter(hay)
        .any(|at| hay[..at].iter().rev().find(|byte| **byte < b' ').is_some_and(|class| will_do(*class)))
}

/// Whether every word is in some field of a haystack; for many, see `PlainMatcher`.
pub fn matches_plain(hay: &str, words: &[String]) -> bool {
    PlainMatcher::new(words).matches(hay.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::super::hay::HayBuilder;
    use super::*;

    #[test]
    fn finds_runs_of_text_pinyin_and_digits_but_nothing_fuzzy() {
        let mut builder = HayBuilder::new();
        builder
            .push(Class::Name, "王伟 Ann Lee")
            .push(Class::Pinyin, "wangwei")
            .push(Class::Company, "Acme Corp");
        let hay = builder.push(Class::Phone, "+49 171 5550100").push(Class::Tag, "0815").finish();
        for (words, matches) in [
            (&["ann"][..], true),
            (&["ÂNN  lee"], true),
            (&["lee", "cme"], true),
            (&["lee", "bob"], false),
            (&["wangw"], true),
            (&["王"], true),
            (&["annl"], false),
            (&["al"], false),
            (&["ac"], true),
            (&["cc"], false),
            (&["corp4917"], false),
            (&["+49 (171) 555"], true),
            (&["0171 555"], true),
            (&["0815"], true),
            (&["08 15"], false),
            (&["", " "], true),
        ] {
            let words: Vec<String> = words.iter().map(|word| (*word).to_string()).collect();
            assert_eq!(matches_plain(&hay, &words), matches, "{words:?}");
        }
    }
}
