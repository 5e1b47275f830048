//! Numbers and byte strings as the files of a shared place write them. What reads them never trusts a length.

use super::error::{Result, SyncError};

/// Appends a number in groups of seven bits, the lowest first; the top bit says that more follow.
pub(super) fn varint(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

/// The same for a number that may be below zero: small ones of either sign are short.
pub(super) fn signed(out: &mut Vec<u8>, number: i64) {
    varint(out, (number << 1 ^ number >> 63) as u64);
}

/// Appends a byte string with its length.
pub(super) fn string(out: &mut Vec<u8>, bytes: &[u8]) {
    varint(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

/// Reads from the front of what is left.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    rest: &'a [u8],
}

const SHORT: SyncError = SyncError::Damaged("it ends too early");

impl<'a> Reader<'a> {
    pub(super) const fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    pub(super) const fn rest(&self) -> &'a [u8] {
        self.rest
    }

    pub(super) fn take(&mut self, length: usize) -> Result<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(length).ok_or(SHORT)?;
        self.rest = rest;
        Ok(taken)
    }

    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        self.take(N)?.try_into().map_err(|_| SHORT)
    }

    pub(super) fn word(&mut self) -> Result<u64> {
        Ok(u64::from_be_bytes(self.array()?))
    }

    /// A number, which must be written in as few bytes as it takes: each has one spelling.
    pub(super) fn varint(&mut self) -> Result<u64> {
        let mut number = 0u64;
        for shift in (0..64).step_by(7) {
            let [byte] = self.array()?;
            let bits = u64::from(byte & 0x7f);
            if shift == 63 && bits > 1 || byte == 0 && shift > 0 {
                return Err(SyncError::Damaged("a number is not written as numbers are"));
            }
            number |= bits << shift;
            if byte < 0x80 {
                return Ok(number);
            }
        }
        Err(SyncError::Damaged("a number is too long"))
    }

    pub(super) fn signed(&mut self) -> Result<i64> {
        let number = self.varint()?;
        Ok((number >> 1) as i64 ^ -((number & 1) as i64))
    }

    /// A number that counts something of which there can be no more than `most`.
    pub(super) fn count(&mut self, most: usize) -> Result<usize> {
        let number = self.varint()?;
        usize::try_from(number)
            .ok()
            .filter(|count| *count <= most)
            .ok_or(SyncError::Damaged("it says that more follows than can"))
    }

    /// A positive number that fits into SQLite's.
    pub(super) fn positive(&mut self) -> Result<i64> {
        i64::try_from(self.varint()?).map_err(|_| SyncError::Damaged("a number is too large"))
    }

    pub(super) fn string(&mut self) -> Result<&'a [u8]> {
        let length = self.count(self.rest.len())?;
        self.take(length)
    }

    /// Nothing may follow.
    pub(super) const fn end(&self) -> Result<()> {
        if self.rest.is_empty() { Ok(()) } else { Err(SyncError::Damaged("something follows its end")) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_back_and_have_one_spelling() {
        for number in [0, 1, 127, 128, 300, u64::from(u32::MAX), u64::MAX - 1, u64::MAX] {
            let mut out = Vec::new();
            varint(&mut out, number);
            let mut reader = Reader::new(&out);
            assert_eq!(reader.varint().unwrap(), number);
            reader.end().unwrap();
        }
        for number in [0, -1, 1, i64::MIN, i64::MAX] {
            let mut out = Vec::new();
            signed(&mut out, number);
            assert_eq!(Reader::new(&out).signed().unwrap(), number);
        }
        for wrong in [&[0x80, 0][..], &[0xff; 10], &[0xff; 11], &[0x80], &[]] {
            assert!(Reader::new(wrong).varint().is_err(), "{wrong:x?}");
        }
    }
}
