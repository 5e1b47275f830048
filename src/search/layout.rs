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
    pub(super) const fn insert(&mut self, first: u8, second: u8) {
        let place = place(first, second);
        self.0[place >> 6] |= 1 << (place & 63);
    }

    #[inline]
    pub(super) const fn has_all(&self, other: &Self) -> bool {
        let ([a, b, c, d], [e, f, g, h]) = (self.0, other.0);
        ((e & !a) | (f & !b) | (g & !c) | (h & !d)) == 0
    }
}

#[inline]
const fn place(first: u8, second: u8) -> usize {
    let pair = (first as u32) << 8 | second as u32;
    (pair.wrapping_mul(0x9e37_79b1) >> 24) as usize
}

/// Pairs being gathered, a byte for each place: setting bits of one word after another would wait for each other.
struct Gathered([u8; 256]);

impl Gathered {
    #[inline]
    fn insert(&mut self, first: u8, second: u8) {
        self.0[place(first, second)] = 1;
    }

    fn pairs(&self) -> Pairs {
        let mut pairs = Pairs::default();
        for (word, bytes) in pairs.0.iter_mut().zip(self.0.as_chunks::<64>().0) {
            for (at, eight) in bytes.as_chunks::<8>().0.iter().enumerate() {
                // Moves the lowest bit of each byte into the highest byte.
                let bits = u64::from_le_bytes(*eight).wrapping_mul(0x0102_0408_1020_4080) >> 56;
                *word |= bits << (8 * at);
            }
        }
        pairs
    }
}

/// How well one letter can match at best, by the masks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tier {
    /// It begins a word of a name.
    BeginsName,
    /// It is in what else a person is called.
    InAlias,
    /// It is inside of a name's word.
    InName,
    /// It is somewhere else.
    Elsewhere,
}

impl Tier {
    /// How many there are.
    pub(super) const COUNT: usize = 4;
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
    pub begin_name: u64,
    /// Characters of initials, pinyin and nicknames.
    pub in_alias: u64,
    /// Characters of names.
    pub in_name: u64,
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
        begin_name: u64::MAX,
        in_alias: u64::MAX,
        in_name: u64::MAX,
        starts: u64::MAX,
        neighbours: Pairs([u64::MAX; 4]),
        close: Pairs([u64::MAX; 4]),
    };

    /// Gathers them.
    pub(super) fn of(hay: &[u8]) -> Self {
        let mut masks = Self::default();
        let (mut neighbours, mut close) = (Gathered([0; 256]), Gathered([0; 256]));
        let mut rest = hay;
        while let Some((class, text)) = rest.split_first() {
            let end = text.iter().position(|byte| *byte < b' ').unwrap_or(text.len());
            let (text, behind) = text.split_at(end);
            rest = behind;
            let (letters, starts) = field(text, is_fuzzy(*class), &mut neighbours, &mut close);
            masks.letters |= letters;
            masks.starts |= starts;
            match *class {
                NAME => {
                    masks.begin_name |= starts;
                    masks.in_name |= letters;
                }
                INITIALS | PINYIN | NICKNAME => masks.in_alias |= letters,
                _ => {}
            }
        }
        (masks.neighbours, masks.close) = (neighbours.pairs(), close.pairs());
        masks
    }

    /// How well a letter can match at best; `None` if it is nowhere.
    #[inline]
    pub(super) const fn tier(&self, letter: u64) -> Option<Tier> {
        if self.letters & letter == 0 {
            None
        } else if self.begin_name & letter != 0 {
            Some(Tier::BeginsName)
        } else if self.in_alias & letter != 0 {
            Some(Tier::InAlias)
        } else if self.in_name & letter != 0 {
            Some(Tier::InName)
        } else {
            Some(Tier::Elsewhere)
        }
    }
}

/// The letters of a field, and those that begin its words if it is matched letter by letter.
#[inline]
fn field(text: &[u8], fuzzy: bool, neighbours: &mut Gathered, close: &mut Gathered) -> (u64, u64) {
    let (mut letters, mut starts, mut before) = (0, 0, b' ');
    for byte in text {
        letters |= bit(*byte);
        // The blank before the first is no neighbour, but to count it does no harm.
        neighbours.insert(before, *byte);
        before = *byte;
    }
    if fuzzy {
        before = b' ';
        for (at, byte) in text.iter().enumerate() {
            if SIGNS[usize::from(before)] {
                starts |= bit(*byte);
                let soon = &text[at + 1..text.len().min(at + 1 + CLOSE)];
                soon.iter().for_each(|behind| close.insert(*byte, *behind));
            }
            before = *byte;
        }
    }
    (letters, starts)
}

/// Behind which bytes a word begins: see `starts_word`.
static SIGNS: [bool; 256] = {
    let mut signs = [false; 256];
    let mut byte = 0;
    while byte < 128 {
        signs[byte] = !(byte as u8).is_ascii_alphanumeric();
        byte += 1;
    }
    signs
};

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
#[inline]
pub(super) fn bit(first: u8) -> u64 {
    BITS[usize::from(first)]
}

/// The bits of all characters of a text.
pub(super) fn letters(text: &[u8]) -> u64 {
    text.iter().filter(|byte| **byte >= b' ').fold(0, |mask, byte| mask | bit(*byte))
}
