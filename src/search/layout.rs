//! What can be told of a haystack without reading it.

use super::hay::Class;

/// Bytes that begin fields, as `text::hay` lays them out.
pub(super) const NAME: u8 = Class::Name as u8;
pub(super) const INITIALS: u8 = Class::Initials as u8;
pub(super) const PINYIN: u8 = Class::Pinyin as u8;
pub(super) const NICKNAME: u8 = Class::Nickname as u8;
pub(super) const PHONE: u8 = Class::Phone as u8;
pub(super) const OTHER: u8 = Class::Other as u8;
pub(super) const COMPANY_INITIALS: u8 = Class::CompanyInitials as u8;
/// One more than the last class.
pub(super) const CLASSES: usize = Class::COUNT;

/// Whether fields of a class are matched letter by letter.
#[inline]
pub(super) const fn is_fuzzy(class: u8) -> bool {
    !matches!(class, INITIALS | PHONE | OTHER | COMPANY_INITIALS)
}

/// A set of pairs of bytes, each in one of 256 places: what isn't in it was never put in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Pairs([u64; 4]);

impl Pairs {
    #[inline]
    pub(super) const fn insert(&mut self, first: u8, second: u8) {
        let pair = (first as u32) << 8 | second as u32;
        let place = pair.wrapping_mul(0x9e37_79b1) >> 24;
        self.0[(place >> 6) as usize] |= 1 << (place & 63);
    }

    #[inline]
    pub(super) const fn has_all(&self, other: &Self) -> bool {
        let ([a, b, c, d], [e, f, g, h]) = (self.0, other.0);
        ((e & !a) | (f & !b) | (g & !c) | (h & !d)) == 0
    }
}

/// The pairs of neighbours in a text.
pub(super) fn neighbours(text: &[u8]) -> Pairs {
    let mut pairs = Pairs::default();
    text.windows(2).for_each(|pair| pairs.insert(pair[0], pair[1]));
    pairs
}

/// What can be told of a haystack without reading it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Masks {
    /// Characters that occur in it.
    pub letters: u64,
    /// Characters that begin a word of a name.
    pub names: u64,
    /// Characters that begin a word of a fuzzily matched field.
    pub starts: u64,
    /// Neighbours within a field.
    pub neighbours: Pairs,
    /// A byte that begins a word of a fuzzily matched field and one close behind it.
    pub close: Pairs,
}

impl Masks {
    /// Leaves everything possible: of haystacks that are read once, nothing is gathered.
    pub(super) const ALL: Self = Self {
        letters: u64::MAX,
        names: u64::MAX,
        starts: u64::MAX,
        neighbours: Pairs([u64::MAX; 4]),
        close: Pairs([u64::MAX; 4]),
    };

    /// Gathers them.
    pub(super) fn of(hay: &[u8]) -> Self {
        let mut masks = Self::default();
        let (mut class, mut before) = (0u8, 0u8);
        for (at, byte) in hay.iter().enumerate() {
            if *byte < b' ' {
                class = *byte;
            } else {
                let letter = BITS[usize::from(*byte)];
                masks.letters |= letter;
                if before >= b' ' {
                    masks.neighbours.insert(before, *byte);
                }
                if before < 0x80 && !before.is_ascii_alphanumeric() && is_fuzzy(class) {
                    masks.starts |= letter;
                    if class == NAME {
                        masks.names |= letter;
                    }
                    for behind in hay[at + 1..].iter().take(CLOSE).take_while(|byte| **byte >= b' ') {
                        masks.close.insert(*byte, *behind);
                    }
                }
            }
            before = *byte;
        }
        masks
    }
}

/// How far the third letter of a subsequence is from the first at most.
pub(super) const CLOSE: usize = 9;

/// The bit of each byte: one each for a-z and 0-9, the rest share the others.
static BITS: [u64; 256] = {
    let mut bits = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        bits[byte] = 1
            << match byte as u8 {
                letter @ b'a'..=b'z' => letter - b'a',
                digit @ b'0'..=b'9' => 26 + digit - b'0',
                // Bytes that go on a character carry most of what tells Han characters apart.
                other => 36 + (other as u32).wrapping_mul(37) as u8 % 28,
            };
        byte += 1;
    }
    bits
};

/// The bit of the character that begins with `first`.
pub(super) fn bit(first: u8) -> u64 {
    BITS[usize::from(first)]
}

/// The bits of all characters of a text.
pub(super) fn letters(text: &[u8]) -> u64 {
    text.iter().filter(|byte| **byte >= b' ').fold(0, |mask, byte| mask | bit(*byte))
}
