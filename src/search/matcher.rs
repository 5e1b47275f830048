//! Whether and how well words match one haystack. All that searches comes here, so that all find the same.

use memchr::memmem::Finder;

use super::hay::{clean, starts_word};
use super::layout::{self, CLASSES, Masks, NAME, PHONE, Pairs, is_fuzzy};
use super::query::Term;

/// How well a haystack matches; less is better, words add up.
pub type Rank = u16;

/// The rank of one word that only a subsequence matches, in a name and elsewhere.
const FUZZY_NAME: Rank = 24;
const FUZZY: Rank = 25;

/// Ranks of one word by class of field: the field as a whole, its beginning, a word's beginning, inside a word.
const RANKS: [[Rank; 4]; CLASSES] = [
    [22, 22, 22, 23], // no class
    [0, 1, 2, 10],    // name
    [5, 5, 6, 6],     // initials
    [3, 4, 7, 7],     // pinyin
    [8, 8, 8, 9],     // nickname
    [11, 11, 11, 18], // company
    [12, 12, 13, 13], // e-mail
    [14, 14, 14, 15], // tag
    [16, 16, 16, 17], // title
    [19, 19, 20, 20], // phone
    [21, 21, 21, 22], // other
    [23, 23, 23, 23], // company's initials
];

/// The rank of a word that is nowhere better than inside of a name's word.
pub(super) const IN_NAME: Rank = RANKS[NAME as usize][3];

/// The best rank that any later field can have once fields of a class have begun.
const BEST_FROM: [Rank; CLASSES] = [0, 0, 3, 3, 8, 11, 12, 14, 16, 19, 21, 23];

/// A subsequence of at least so many letters counts.
const FUZZY_LETTERS: usize = 3;

/// How far letter `i` may lie from the first, in bytes of haystack against bytes of word: each prefix of a match is
/// tight itself, so that results narrow as one types.
pub(super) const fn reach(bytes: usize) -> usize {
    2 * bytes + 4
}

/// One word, made ready.
#[derive(Debug)]
pub(super) struct Word {
    folded: String,
    exact: bool,
    finder: Finder<'static>,
    /// The digits, if it can be a phone number: as typed, and without zeros in front where there are any.
    digits: Option<(String, Option<String>)>,
    fuzzy: bool,
    /// What haystacks must have that hold it as it is.
    run: (u64, Pairs),
    /// What those must have that hold the digits.
    phone: Option<(u64, Pairs)>,
    /// What those must have that hold it letter by letter: letters, beginnings of words, and what follows closely.
    apart: (u64, u64, Pairs),
}

/// The digits of what looks like a phone number.
pub(super) fn phone_digits(folded: &str) -> Option<(String, Option<String>)> {
    let phone = |c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '(' | ')' | '.' | '/' | ' ');
    let digits: String = folded.chars().filter(char::is_ascii_digit).collect();
    if digits.is_empty() || !folded.chars().all(phone) {
        return None;
    }
    let rest = digits.trim_start_matches('0');
    let rest = (rest.len() < digits.len() && !rest.is_empty()).then(|| rest.to_string());
    Some((digits, rest))
}

impl Word {
    fn new(term: &Term) -> Option<Self> {
        let folded = clean(&term.text);
        if folded.is_empty() {
            return None;
        }
        let digits = phone_digits(&folded);
        let needs = |text: &str| (layout::letters(text.as_bytes()), layout::neighbours(text.as_bytes()));
        let (letters, neighbours) = needs(&folded);
        let phone = digits.as_ref().map(|(all, rest)| needs(rest.as_ref().unwrap_or(all)));
        let fuzzy =
            !term.exact && folded.chars().count() >= FUZZY_LETTERS && folded.chars().all(char::is_alphabetic);
        let bytes = folded.as_bytes();
        let mut close = Pairs::default();
        if fuzzy && bytes[..3].is_ascii() {
            bytes[1..3].iter().for_each(|behind| close.insert(bytes[0], *behind));
        }
        let apart = (letters, layout::bit(bytes[0]), close);
        let finder = Finder::new(bytes).into_owned();
        Some(Self {
            exact: term.exact,
            finder,
            digits,
            fuzzy,
            run: (letters, neighbours),
            phone,
            apart,
            folded,
        })
    }

    /// Whether everything that `newer` matches this matches too.
    pub(super) fn admits(&self, newer: &Self) -> bool {
        if !newer.folded.starts_with(&self.folded) {
            return false;
        }
        if self.folded == newer.folded {
            return !self.exact || newer.exact;
        }
        if self.exact && !newer.exact {
            return false;
        }
        let phones = match (&self.digits, &newer.digits) {
            (_, None) => true,
            (None, Some(_)) => false,
            // Without its zeros the newer one may be found where the older has none to be found by.
            (Some((_, rest)), Some((_, newer_rest))) => newer_rest.is_none() || rest.is_some(),
        };
        // A single letter is in whatever a longer word matches; two letters may be apart in it.
        phones && (!newer.fuzzy || self.fuzzy || self.folded.chars().count() == 1)
    }

    /// Whether the masks leave it possible.
    #[inline]
    fn possible(&self, masks: &Masks) -> bool {
        self.can_run(masks)
            || self.phone.as_ref().is_some_and(|needs| has(masks, needs))
            || self.can_apart(masks)
    }

    #[inline]
    const fn can_run(&self, masks: &Masks) -> bool {
        has(masks, &self.run)
    }

    #[inline]
    const fn can_apart(&self, masks: &Masks) -> bool {
        let (letters, first, close) = &self.apart;
        self.fuzzy
            && masks.letters & *letters == *letters
            && masks.starts & *first != 0
            && masks.close.has_all(close)
    }

    /// The letter, if it is one whose bit in a mask says for sure whether a haystack has it.
    const fn letter(&self) -> Option<u64> {
        match self.folded.as_bytes() {
            [b'a'..=b'z' | b'0'..=b'9'] if !self.exact => Some(self.run.0),
            _ => None,
        }
    }

    #[inline]
    fn rank(&self, hay: &[u8], masks: &Masks) -> Option<Rank> {
        let mut best = if self.can_run(masks) { self.substring(hay) } else { None };
        if best.is_none() {
            best = self.phone(hay);
        }
        if best.is_none() && self.can_apart(masks) {
            best = self.subsequence(hay);
        }
        best
    }

    #[inline]
    fn substring(&self, hay: &[u8]) -> Option<Rank> {
        let mut best = None;
        let mut from = 0;
        while let Some(found) = self.finder.find(&hay[from..]) {
            let at = from + found;
            let (class, rank) = place(hay, at, self.folded.len());
            from = at + 1;
            if !self.exact || !matches!(class, layout::PINYIN | layout::INITIALS | layout::COMPANY_INITIALS) {
                let least = best.map_or(rank, |best: Rank| best.min(rank));
                best = Some(least);
                let mut next = class;
                if rank != RANKS[usize::from(class) % CLASSES][3] {
                    // The rest of this field holds nothing better.
                    let rest = hay[from..].iter().position(|byte| *byte < b' ');
                    let Some(rest) = rest else { break };
                    from += rest;
                    next = hay[from];
                }
                if least <= BEST_FROM[usize::from(next) % CLASSES] {
                    break;
                }
            }
        }
        best
    }

    fn phone(&self, hay: &[u8]) -> Option<Rank> {
        let (digits, rest) = self.digits.as_ref()?;
        let typed = (digits != &self.folded).then_some(digits);
        let wanted = typed.into_iter().chain(rest);
        let ranks = wanted.flat_map(|digits| {
            fields(hay).filter(|(class, _)| *class == PHONE).filter_map(|(_, text)| {
                let at = memchr::memmem::find(text, digits.as_bytes())?;
                Some(RANKS[usize::from(PHONE)][if at == 0 { 1 } else { 3 }])
            })
        });
        ranks.min()
    }

    /// Whether a tight subsequence begins at some word's start.
    fn subsequence(&self, hay: &[u8]) -> Option<Rank> {
        let word = self.folded.as_bytes();
        let mut best = None;
        for at in memchr::memchr_iter(word[0], hay) {
            if !starts_word(hay, at) || !self.tight(&hay[at..]) {
                continue;
            }
            match class_at(hay, at) {
                NAME | layout::PINYIN | layout::NICKNAME => return Some(FUZZY_NAME),
                class if is_fuzzy(class) => best = Some(FUZZY),
                _ => {}
            }
        }
        best
    }

    /// Whether the letters follow each other from here on, each within reach, before the field ends. Taking each
    /// letter where it first occurs leaves most room to the next, so nothing is missed.
    fn tight(&self, text: &[u8]) -> bool {
        let mut at = 0;
        for (offset, c) in self.folded.char_indices() {
            let mut buffer = [0; 4];
            let c = c.encode_utf8(&mut buffer).as_bytes();
            let end = text.len().min(reach(offset + c.len()));
            if let [c] = c {
                // Nearly every letter is one byte.
                let Some(ahead) = text.get(at..end) else { return false };
                match ahead.iter().position(|byte| byte == c || *byte < b' ') {
                    Some(found) if ahead[found] == *c && (offset > 0 || found == 0) => at += found + 1,
                    _ => return false,
                }
                continue;
            }
            if offset == 0 && !text.starts_with(c) {
                return false;
            }
            loop {
                if at + c.len() > end || text[at] < b' ' {
                    return false;
                }
                at += 1;
                if text[at - 1..].starts_with(c) {
                    at += c.len() - 1;
                    break;
                }
            }
        }
        true
    }

    /// The class of fields that it matches only letter by letter, with their text: what the fuzzy score is made of.
    fn fuzzy_score(&self, hay: &[u8], skim: &dyn Fn(&str, &str) -> i64) -> i64 {
        if !self.fuzzy {
            return 0;
        }
        let texts = fields(hay).filter(|(class, text)| {
            is_fuzzy(*class)
                && memchr::memchr_iter(self.folded.as_bytes()[0], text)
                    .any(|at| starts_word(text, at) && self.tight(&text[at..]))
        });
        let scores =
            texts.filter_map(|(_, text)| std::str::from_utf8(text).ok()).map(|text| skim(text, &self.folded));
        scores.max().unwrap_or(0)
    }
}

/// The fields of a haystack: class and text.
pub(super) fn fields(hay: &[u8]) -> impl Iterator<Item = (u8, &[u8])> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let class = *hay.get(at)?;
        let rest = &hay[at + 1..];
        let len = rest.iter().position(|byte| *byte < b' ').unwrap_or(rest.len());
        at += 1 + len;
        Some((class, &rest[..len]))
    })
}

#[inline]
fn class_at(hay: &[u8], at: usize) -> u8 {
    hay[..at].iter().rev().find(|byte| **byte < b' ').copied().unwrap_or(0)
}

#[inline]
fn place(hay: &[u8], at: usize, len: usize) -> (u8, Rank) {
    let class = class_at(hay, at);
    let row = &RANKS[usize::from(class) % CLASSES];
    let begins = at == 0 || hay[at - 1] < b' ';
    let ends = hay.get(at + len).is_none_or(|byte| *byte < b' ');
    let rank = match (begins, ends) {
        (true, true) => row[0],
        (true, false) => row[1],
        _ if starts_word(hay, at) => row[2],
        _ => row[3],
    };
    (class, rank)
}

#[inline]
const fn has(masks: &Masks, (letters, neighbours): &(u64, Pairs)) -> bool {
    masks.letters & *letters == *letters && masks.neighbours.has_all(neighbours)
}

/// Words made ready to be held against many haystacks.
#[derive(Debug)]
pub struct Matcher {
    words: Vec<Word>,
    joined: String,
}

impl Matcher {
    /// Words that are blank once folded match everything and are left out.
    pub fn new(words: &[Term]) -> Self {
        let words: Vec<Word> = words.iter().filter_map(Word::new).collect();
        let joined = words.iter().map(|word| word.folded.as_str()).collect::<Vec<_>>().join(" ");
        Self { words, joined }
    }

    /// Whether everything matches.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Whether all that `newer` matches this matches too, by the words alone.
    pub(super) fn admits(&self, newer: &Self) -> bool {
        self.words.iter().all(|old| newer.words.iter().any(|new| old.admits(new)))
    }

    /// Whether a haystack's masks leave it possible.
    #[inline]
    pub(super) fn possible(&self, masks: &Masks) -> bool {
        self.words.iter().all(|word| word.possible(masks))
    }

    /// The bit of the one letter that this is, if so: the masks then say what matches, and about how well.
    pub(super) fn letter(&self) -> Option<u64> {
        match self.words.as_slice() {
            [word] => word.letter(),
            _ => None,
        }
    }

    /// The rank of a haystack.
    #[inline]
    pub(super) fn rank(&self, hay: &[u8], masks: &Masks) -> Option<Rank> {
        let mut sum = 0;
        for word in &self.words {
            sum += word.rank(hay, masks)?;
        }
        Some(if self.words.len() > 1 { self.whole_name(hay).unwrap_or(sum + 2) } else { sum })
    }

    /// Several words that are a name, or its beginning, rank like one.
    fn whole_name(&self, hay: &[u8]) -> Option<Rank> {
        let (class, name) = fields(hay).next()?;
        let rest = name.strip_prefix(self.joined.as_bytes())?;
        (class == NAME).then_some(Rank::from(!rest.is_empty()))
    }

    /// Whether a rank means that some word matched letter by letter, so that the fuzzy score orders it.
    pub(super) fn may_be_fuzzy(&self, rank: Rank) -> bool {
        rank >= FUZZY_NAME && self.words.iter().any(|word| word.fuzzy)
    }

    /// The fuzzy matcher's score of the words that match letter by letter only.
    pub(super) fn fuzzy_score(&self, hay: &[u8], skim: &dyn Fn(&str, &str) -> i64) -> i64 {
        let fuzzy = self.words.iter().filter(|word| word.substring(hay).is_none());
        fuzzy.map(|word| word.fuzzy_score(hay, skim)).sum()
    }
}

/// The rank of a haystack; `None` if some word doesn't match. For many, see `StreamSearch`.
pub fn filter_hay(hay: &str, words: &[Term]) -> Option<Rank> {
    Matcher::new(words).rank(hay.as_bytes(), &Masks::ALL)
}
