//! Global ids: what records are called in the log and on the wire, and the short handles that people type.

use std::fmt;

/// A device's id: 64 random bits.
pub type Device = u64;

/// A record's global id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Gid {
    /// Contacts, interactions, tasks and the like: a UUID, version 7, or version 8 where it is made from a name.
    Uid([u8; 16]),
    /// A child: the `index`-th Create of the row that `device` wrote as its `seq`-th.
    Born {
        /// Who made it.
        device: Device,
        /// In which row.
        seq: i64,
        /// Which Create of that row, from 0.
        index: i64,
    },
}

impl Gid {
    /// The UUID's 16 bytes, if it is one.
    pub const fn uid(&self) -> Option<[u8; 16]> {
        if let Self::Uid(bytes) = self { Some(*bytes) } else { None }
    }

    /// Reads a UUID (with or without hyphens) or `device.seq.index`.
    pub fn parse(text: &str) -> Option<Self> {
        if let Ok(uuid) = uuid::Uuid::try_parse(text) {
            return Some(Self::Uid(*uuid.as_bytes()));
        }
        let mut parts = text.split('.');
        let device = u64::from_str_radix(parts.next()?, 16).ok()?;
        let seq = parts.next()?.parse().ok()?;
        let index = parts.next()?.parse().ok()?;
        parts.next().is_none().then_some(Self::Born { device, seq, index })
    }
}

impl fmt::Display for Gid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Uid(bytes) => uuid::Uuid::from_bytes(*bytes).as_hyphenated().fmt(f),
            Self::Born { device, seq, index } => write!(f, "{device:016x}.{seq}.{index}"),
        }
    }
}

/// The id of the `index`-th Create of a row: version 7, with the row's time and random bits from its seed, so that
/// the log need not spell it out (RFC 9562, section 5.7).
pub fn derived_v7(millis: i64, seed: &[u8; 16], index: i64) -> [u8; 16] {
    let mut input = [0u8; 24];
    input[..16].copy_from_slice(seed);
    input[16..].copy_from_slice(&index.to_le_bytes());
    let hash = blake3::hash(&input);
    let mut id = [0u8; 16];
    id[..6].copy_from_slice(&millis.to_be_bytes()[2..8]);
    id[6..].copy_from_slice(&hash.as_bytes()[..10]);
    id[6] = 0x70 | (id[6] & 0x0f);
    id[8] = 0x80 | (id[8] & 0x3f);
    id
}

/// The id of a record that two devices must arrive at on their own, such as a tag or a company made from its name:
/// version 8, from the book's id, the kind and the name folded by `named_key` (rules version 1, frozen).
pub fn named_v8(book: &[u8; 16], kind: &str, name: &str) -> [u8; 16] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(b"rolo named id 1\0").update(book).update(kind.as_bytes()).update(b"\0");
    hasher.update(named_key(name).as_bytes());
    let mut id = [0u8; 16];
    id.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
    id[6] = 0x80 | (id[6] & 0x0f);
    id[8] = 0x80 | (id[8] & 0x3f);
    id
}

/// What makes two names the same for `named_v8`: NFKC, lower case, white space runs as one space. Rules version 1;
/// changing them would give old records new ids, so they never change.
pub fn named_key(name: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    if name.is_ascii() {
        return name.to_ascii_lowercase().split_whitespace().collect::<Vec<_>>().join(" ");
    }
    let lower: String = name.nfkc().flat_map(char::to_lowercase).collect();
    lower.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Crockford's base 32, lower case: no i, l, o, u.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// The most letters a handle can have: 60 of the 62 random bits at the end of a UUID.
pub const HANDLE_MAX: usize = 12;

/// The handle of a UUID with `letters` letters, from its random end.
pub fn handle(uid: &[u8; 16], letters: usize) -> String {
    let mut handle = String::with_capacity(letters);
    tail_into(tail(uid), letters, &mut handle);
    handle
}

/// The same of a UUID's tail, appended to a text.
pub fn tail_into(tail: u64, letters: usize, text: &mut String) {
    let letter = |i: usize| ALPHABET[((tail >> (59 - 5 * i)) & 31) as usize];
    let all: [u8; HANDLE_MAX] = std::array::from_fn(letter);
    text.push_str(std::str::from_utf8(&all[..letters.min(HANDLE_MAX)]).unwrap_or_default());
}

/// How many letters two UUIDs' handles share at the front.
pub fn shared_letters(a: &[u8; 16], b: &[u8; 16]) -> usize {
    (tail(a) ^ tail(b)).leading_zeros() as usize / 5
}

/// The random 62 bits of a UUID, at the top of the word; 0 if these are not 16 bytes.
pub fn tail(uid: &[u8]) -> u64 {
    let last = uid.get(8..).and_then(|last| last.try_into().ok());
    last.map_or(0, u64::from_be_bytes) << 2
}

/// The letters that a handle has at least.
pub const HANDLE_MIN: usize = 4;

/// Bits that those letters stand for.
const SHORT: u32 = 5 * HANDLE_MIN as u32;

/// Which of very many UUIDs share the first letters of their handles with another: few do, so only those are sorted.
#[derive(Clone, Debug)]
pub struct Handles {
    /// A bit for each beginning that more than one has.
    shared: Vec<u64>,
    /// The tails that begin with one of them, sorted.
    crowded: Vec<u64>,
}

impl Default for Handles {
    fn default() -> Self {
        Self::new(&[])
    }
}

impl Handles {
    /// For the UUIDs with these tails.
    pub fn new(tails: &[u64]) -> Self {
        let place = |tail: u64| {
            let short = (tail >> (64 - SHORT)) as usize;
            (short / 64, 1 << (short % 64))
        };
        let (mut seen, mut shared) = (vec![0u64; 1 << (SHORT - 6)], vec![0u64; 1 << (SHORT - 6)]);
        for tail in tails {
            let (word, bit) = place(*tail);
            shared[word] |= seen[word] & bit;
            seen[word] |= bit;
        }
        let is_shared = |tail: &u64| {
            let (word, bit) = place(*tail);
            shared[word] & bit != 0
        };
        let mut crowded: Vec<u64> = tails.iter().copied().filter(is_shared).collect();
        crowded.sort_unstable();
        Self { shared, crowded }
    }

    /// The fewest letters that name just the one with this tail.
    pub fn letters(&self, own: u64) -> usize {
        let short = (own >> (64 - SHORT)) as usize;
        let mut letters = HANDLE_MIN;
        if self.shared[short / 64] >> (short % 64) & 1 == 1 {
            let at = self.crowded.partition_point(|tail| *tail < own);
            let before = at.checked_sub(1).and_then(|at| self.crowded.get(at));
            for other in [before, self.crowded.get(at + 1)].into_iter().flatten() {
                letters = letters.max((own ^ other).leading_zeros() as usize / 5 + 1);
            }
        }
        letters.min(HANDLE_MAX)
    }

    /// Appends these letters.
    pub fn push(&self, own: u64, text: &mut String) {
        tail_into(own, self.letters(own), text);
    }
}

/// The first and last value that the second half of a UUID can have if its handle begins with `text`; `None` if
/// `text` is no handle.
pub fn handle_range(text: &str) -> Option<([u8; 8], [u8; 8])> {
    if text.is_empty() || text.len() > HANDLE_MAX {
        return None;
    }
    let mut bits = 0u64;
    for (i, letter) in text.bytes().enumerate() {
        let digit = ALPHABET.iter().position(|a| *a == letter.to_ascii_lowercase())? as u64;
        bits |= digit << (59 - 5 * i);
    }
    let rest = u64::MAX >> (5 * text.len());
    let place = |bits: u64| (0b10 << 62 | bits >> 2).to_be_bytes();
    Some((place(bits), place(bits | rest)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_read_back_what_they_print() {
        let uid = Gid::Uid(derived_v7(1_700_000_000_000, &[7; 16], 3));
        let born = Gid::Born { device: 0xabc, seq: 12, index: 345 };
        assert_eq!(Gid::parse(&uid.to_string()), Some(uid));
        assert_eq!(Gid::parse(&born.to_string()), Some(born));
        assert_eq!(Gid::parse("k7m2"), None);
    }

    #[test]
    fn a_handle_is_found_in_the_range_of_each_of_its_prefixes() {
        for index in 0..200 {
            let id = derived_v7(1_700_000_000_000, &[9; 16], index);
            let mut half = [0u8; 8];
            half.copy_from_slice(&id[8..]);
            for letters in 1..=HANDLE_MAX {
                let (low, high) = handle_range(&handle(&id, letters)).unwrap();
                assert!(low <= half && half <= high);
                let other = derived_v7(1_700_000_000_000, &[9; 16], index + 1);
                let mut other_half = [0u8; 8];
                other_half.copy_from_slice(&other[8..]);
                assert_eq!(shared_letters(&id, &other) >= letters, low <= other_half && other_half <= high);
            }
        }
    }

    #[test]
    fn handles_of_many_are_as_short_as_is_unique() {
        // Tails that share from none to all but the last of their letters.
        let uid = |n: u64| {
            let mut uid = [7; 16];
            let tail = n.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (n % 5 * 12) | 1 << 63;
            uid[8..].copy_from_slice(&tail.to_be_bytes());
            uid
        };
        let uids: Vec<[u8; 16]> = (0..3000).map(uid).collect();
        let handles = Handles::new(&uids.iter().map(|uid| tail(uid)).collect::<Vec<_>>());
        for uid in &uids {
            let others = uids.iter().filter(|other| *other != uid);
            let shared = others.map(|other| shared_letters(uid, other) + 1).max().unwrap();
            let mut text = String::new();
            handles.push(tail(uid), &mut text);
            assert_eq!(text, handle(uid, shared.clamp(HANDLE_MIN, HANDLE_MAX)));
        }
    }

    #[test]
    fn the_same_name_gives_the_same_id_and_the_rules_stay() {
        let book = [1; 16];
        assert_eq!(named_v8(&book, "tag", "  ＶＩＰ  Club"), named_v8(&book, "tag", "vip club"));
        assert_ne!(named_v8(&book, "tag", "vip"), named_v8(&book, "contact", "vip"));
        let id = Gid::Uid(named_v8(&book, "tag", "vip")).to_string();
        assert_eq!(id.as_bytes()[14], b'8');
    }
}
