//! Invitation codes: 90 random bits that people read to each other, as `K7M2P-9QXFA-0B3TD-VW8ZC`.

use super::crypto::{BoxKey, Cost, SealKey, SignKey, random};
use super::error::{CodeError, Result};
use std::fmt;
use zeroize::Zeroizing;

/// Crockford's base 32: no I, L, O, U.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Letters that are random.
const RANDOM: usize = 18;

/// All letters: two more check the others.
const LETTERS: usize = RANDOM + 2;

/// Crockford takes the number modulo 37 for one check letter; this prime does the same for two: any one wrong letter and any two
/// neighbours in the wrong order are noticed.
const MODULUS: u32 = 1021;

/// A code that lets one person in.
#[derive(Clone, PartialEq, Eq)]
pub struct Code(Zeroizing<[u8; LETTERS]>);

impl Code {
    /// A new one.
    pub fn generate() -> Result<Self> {
        let random: Zeroizing<[u8; RANDOM]> = Zeroizing::new(random()?);
        let mut digits = Zeroizing::new([0; LETTERS]);
        for (digit, random) in digits.iter_mut().zip(random.iter()) {
            *digit = random & 31;
        }
        let check = check(&digits[..RANDOM]);
        digits[RANDOM] = (check >> 5) as u8;
        digits[RANDOM + 1] = (check & 31) as u8;
        Ok(Self(digits))
    }

    /// Reads what somebody typed: in any case, with or without hyphens, with letters that look like digits.
    pub fn parse(text: &str) -> std::result::Result<Self, CodeError> {
        let mut digits = Zeroizing::new([0; LETTERS]);
        let mut count = 0;
        for letter in
            text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '\u{2010}'..='\u{2015}'))
        {
            let letter = match letter.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                other => other,
            };
            let digit = ALPHABET.iter().position(|known| char::from(*known) == letter);
            *digits.get_mut(count).ok_or(CodeError::Typo)? = digit.ok_or(CodeError::Typo)? as u8;
            count += 1;
        }
        let given = u32::from(digits[RANDOM]) << 5 | u32::from(digits[RANDOM + 1]);
        if count != LETTERS || given != check(&digits[..RANDOM]) {
            return Err(CodeError::Typo);
        }
        Ok(Self(digits))
    }

    /// The keys that it stands for in one book; takes some 20 ms on purpose.
    pub fn keys(&self, book: &[u8; 16]) -> Result<CodeKeys> {
        let root = Cost::CODE.stretch(&self.0[..], book)?;
        let derive = |what: &str| Zeroizing::new(blake3::derive_key(what, root.bytes()));
        let id = derive("rolo 2026 invitation id");
        let mut short = [0; 16];
        short.copy_from_slice(&id[..16]);
        Ok(CodeKeys {
            id: short,
            seal: SealKey::from_bytes(*derive("rolo 2026 invitation seal")),
            sign: SignKey::from_bytes(&derive("rolo 2026 invitation signature")),
            open: BoxKey::from_bytes(*derive("rolo 2026 invitation box")),
        })
    }
}

fn check(digits: &[u8]) -> u32 {
    digits.iter().fold(0, |sum, digit| (sum * 32 + u32::from(*digit)) % MODULUS)
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, digit) in self.0.iter().enumerate() {
            if at > 0 && at % 5 == 0 {
                f.write_str("-")?;
            }
            write!(f, "{}", char::from(ALPHABET[usize::from(*digit & 31)]))?;
        }
        Ok(())
    }
}

/// What a code unlocks.
pub struct CodeKeys {
    /// By what the invitation is found; says nothing of the code.
    pub id: [u8; 16],
    /// What the inviter sealed for whoever has the code.
    pub seal: SealKey,
    /// Signs the joining.
    pub sign: SignKey,
    /// Keys of later epochs are wrapped for it.
    pub open: BoxKey,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_however_it_is_typed() {
        let code = Code::generate().unwrap();
        let text = code.to_string();
        assert_eq!(text.len(), 23);
        assert!(Code::parse(&text).unwrap() == code);
        let sloppy = text.to_lowercase().replace('-', " ").replace('0', "o").replace('1', "l");
        assert!(Code::parse(&sloppy).unwrap() == code);
        assert!(Code::parse(&text.replace('-', "\u{2013}")).unwrap() == code);
    }

    #[test]
    fn every_wrong_letter_and_every_swap_is_a_typo() {
        for _ in 0..20 {
            let code = Code::generate().unwrap();
            let text: Vec<char> = code.to_string().replace('-', "").chars().collect();
            for at in 0..text.len() {
                for other in ALPHABET {
                    let mut wrong = text.clone();
                    wrong[at] = char::from(*other);
                    if wrong != text {
                        assert_eq!(Code::parse(&String::from_iter(&wrong)).err(), Some(CodeError::Typo));
                    }
                }
            }
            for at in 1..RANDOM {
                let mut wrong = text.clone();
                wrong.swap(at - 1, at);
                if wrong != text {
                    assert_eq!(Code::parse(&String::from_iter(&wrong)).err(), Some(CodeError::Typo));
                }
            }
        }
        for wrong in ["", "K7M2P", "K7M2P-9QXFA-0B3TD-VW8ZC-1", "no code at all, this", "\u{1f600}"] {
            assert_eq!(Code::parse(wrong).err(), Some(CodeError::Typo), "{wrong}");
        }
    }

    #[test]
    fn a_code_stands_for_other_keys_in_another_book() {
        let code = Code::generate().unwrap();
        let (one, same, other) =
            (code.keys(&[1; 16]).unwrap(), code.keys(&[1; 16]).unwrap(), code.keys(&[2; 16]).unwrap());
        assert_eq!(one.id, same.id);
        assert_eq!(one.open.public(), same.open.public());
        assert_ne!(one.id, other.id);
        assert_ne!(one.sign.public(), other.sign.public());
        assert_ne!(one.seal.bytes(), other.seal.bytes());
    }
}
