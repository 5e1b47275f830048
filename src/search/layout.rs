//! How a haystack lies in the arena: each field begins with a control byte that names its class, so that a word never
//! matches a tag and never reaches across fields; fields stand best class first, initials among them.

use super::hay::Class;

/// Classes as the arena has them, best first; the value is the byte that begins the field.
pub(super) const NAME: u8 = 1;
/// Made here from names of several words: `al` for Ann Lee.
pub(super) const INITIALS: u8 = 2;
pub(super) const PINYIN: u8 = 3;
pub(super) const NICKNAME: u8 = 4;
pub(super) const COMPANY: u8 = 5;
pub(super) const EMAIL: u8 = 6;
pub(super) const TAG: u8 = 7;
pub(super) const TITLE: u8 = 8;
pub(super) const PHONE: u8 = 9;
pub(super) const OTHER: u8 = 10;
/// Made here from companies of several words.
pub(super) const COMPANY_INITIALS: u8 = 11;
/// One more than the last class.
pub(super) const CLASSES: usize = 12;

const fn place(class: Class) -> u8 {
    match class {
        Class::Name => NAME,
        Class::Nickname => NICKNAME,
        Class::Pinyin => PINYIN,
        Class::Company => COMPANY,
        Class::Title => TITLE,
        Class::Email => EMAIL,
        Class::Phone => PHONE,
        Class::Tag => TAG,
        Class::Other => OTHER,
    }
}

/// Whether fields of a class are matched letter by letter.
pub(super) const fn is_fuzzy(class: u8) -> bool {
    !matches!(class, INITIALS | PHONE | OTHER | COMPANY_INITIALS)
}

/// What can be told of a haystack without reading it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Masks {
    /// Characters that occur in it.
    pub letters: u64,
    /// Characters that begin a word of a fuzzily matched field.
    pub starts: u64,
    /// Pairs of a byte that begins a word of such a field and one close behind it.
    pub pairs: [u64; 4],
}

/// How close a pair of `Masks` lies: the third letter of a subsequence is at most so far from the first.
pub(super) const PAIR_REACH: usize = 9;

/// The word and the bit of a pair.
#[inline]
pub(super) const fn pair(first: u8, behind: u8) -> (usize, u64) {
    let hash =
        (first as u32).wrapping_mul(59).wrapping_add((behind as u32).wrapping_mul(151)).wrapping_mul(0x9e37);
    ((hash >> 14) as usize & 3, 1 << ((hash >> 8) & 63))
}

/// The bit of the character that begins with `first`: one each for a-z and 0-9, the rest share the others.
pub(super) const fn bit(first: u8) -> u64 {
    match first {
        b'a'..=b'z' => 1 << (first - b'a'),
        b'0'..=b'9' => 1 << (26 + first - b'0'),
        // Bytes that go on a character carry most of what tells Han characters apart.
        _ => 1 << (36 + (first as u32).wrapping_mul(37) % 28),
    }
}

/// The bits of all characters of a text.
pub(super) fn letters(text: &[u8]) -> u64 {
    text.iter().filter(|byte| **byte >= b' ').fold(0, |mask, byte| mask | bit(*byte))
}

/// Whether a word begins at `at`: at the start of a field or after an ASCII sign.
pub(super) fn starts_word(text: &[u8], at: usize) -> bool {
    at == 0 || (text[at - 1] < 0x80 && !text[at - 1].is_ascii_alphanumeric())
}

/// Appends a haystack as the book has it in the arena's layout.
pub(super) fn append(hay: &str, arena: &mut Vec<u8>) -> Masks {
    let start = arena.len();
    let mut lines = Vec::with_capacity(12);
    for line in hay.split('\n') {
        let Some(tag) = line.chars().next() else { continue };
        let text = &line[tag.len_utf8()..];
        let class = u8::try_from(tag).map_or(Class::Other, Class::of);
        lines.push((place(class), text));
        match class {
            Class::Name if text.contains(' ') => lines.push((INITIALS, text)),
            Class::Company if text.contains(' ') => lines.push((COMPANY_INITIALS, text)),
            _ => {}
        }
    }
    lines.sort_by_key(|(class, _)| *class);
    for (class, text) in lines {
        match class {
            INITIALS | COMPANY_INITIALS => initials(class, text, arena),
            _ => field(class, text, arena),
        }
    }
    masks(&arena[start..])
}

fn field(class: u8, text: &str, arena: &mut Vec<u8>) {
    arena.push(class);
    // Control bytes would look like classes.
    arena.extend(text.bytes().map(|byte| if byte < b' ' { b' ' } else { byte }));
}

fn initials(class: u8, text: &str, arena: &mut Vec<u8>) {
    let start = arena.len();
    arena.push(class);
    let mut words = 0;
    for (at, c) in text.char_indices() {
        if c.is_alphanumeric() && starts_word(text.as_bytes(), at) {
            words += 1;
            arena.extend(c.encode_utf8(&mut [0; 4]).bytes());
        }
    }
    if words < 2 {
        arena.truncate(start);
    }
}

fn masks(hay: &[u8]) -> Masks {
    let mut masks = Masks::default();
    let (mut fuzzy, mut before) = (false, 0u8);
    for (at, byte) in hay.iter().enumerate() {
        if *byte < b' ' {
            fuzzy = is_fuzzy(*byte);
        } else {
            masks.letters |= bit(*byte);
            if fuzzy && before < 0x80 && !before.is_ascii_alphanumeric() {
                masks.starts |= bit(*byte);
                for behind in hay[at + 1..].iter().take(PAIR_REACH).take_while(|byte| **byte >= b' ') {
                    let (word, bit) = pair(*byte, *behind);
                    masks.pairs[word] |= bit;
                }
            }
        }
        before = *byte;
    }
    masks
}
