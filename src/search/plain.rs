//! Matching for mail programs: runs of text and pinyin, nothing fuzzy, straight on haystacks as the book has them.

use memchr::memmem::Finder;

use super::folding;
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
        let words = words.iter().map(|word| folding::clean(word)).filter(|word| !word.is_empty());
        let words = words.map(|word| {
            let digits = phone_digits(&word).map(|(digits, rest)| ready(&rest.unwrap_or(digits)));
            (ready(&word), digits)
        });
        Self { words: words.collect() }
    }

    /// Whether every word is in some field of the haystack.
    pub fn matches(&self, hay: &str) -> bool {
        let hay = hay.as_bytes();
        self.words.iter().all(|(word, digits)| {
            within(word, hay, |_| true)
                || digits.as_ref().is_some_and(|digits| within(digits, hay, |tag| tag == b'd'))
        })
    }
}

/// Whether it occurs in a field whose tag will do, the tag itself not counted.
fn within(word: &Finder<'_>, hay: &[u8], will_do: impl Fn(u8) -> bool) -> bool {
    let mut from = 0;
    while let Some(found) = word.find(&hay[from..]) {
        let at = from + found;
        let line = memchr::memrchr(b'\n', &hay[..at]).map_or(0, |end| end + 1);
        if at > line && will_do(hay[line]) {
            return true;
        }
        from = at + 1;
    }
    false
}

/// Whether every word is in some field of a haystack; for many, see `PlainMatcher`.
pub fn matches_plain(hay: &str, words: &[String]) -> bool {
    PlainMatcher::new(words).matches(hay)
}
