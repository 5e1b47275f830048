//! Which bytes are which characters: vCard 2.1 says it property by property, and not always the truth.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8};

/// Decodes the lines of a file.
#[derive(Debug, Default)]
pub(crate) struct Charsets {
    /// What bytes that are no UTF-8 turned out to be where nothing is said about them.
    guessed: Option<&'static Encoding>,
}

impl Charsets {
    /// The encoding that was guessed, if one had to be.
    pub(crate) fn guessed(&self) -> Option<&'static str> {
        self.guessed.map(Encoding::name)
    }

    /// Bytes as text, and how many malformed sequences were replaced. `label` is what the property says.
    pub(crate) fn text<'a>(&mut self, bytes: &'a [u8], label: Option<&str>) -> (Cow<'a, str>, usize) {
        let valid = std::str::from_utf8(bytes);
        let said =
            label.and_then(|label| Encoding::for_label(label.as_bytes())).filter(|said| *said != UTF_8);
        match (valid, said) {
            (Ok(text), None) => return (text.into(), 0),
            (Ok(text), Some(said)) if !said.is_ascii_compatible() || text.is_ascii() => {
                return (text.into(), 0);
            }
            // UTF-8 under another name is common; what a legacy encoding means hardly ever reads as UTF-8 by chance,
            // but for pairs of bytes, where the label is believed.
            (Ok(text), Some(said)) if said.is_single_byte() || long(text) => return (text.into(), 0),
            _ => {}
        }
        let encoding = said.unwrap_or_else(|| self.guess(bytes));
        let (text, malformed) = encoding.decode_without_bom_handling(bytes);
        match valid {
            Ok(utf8) if malformed => (utf8.into(), 0),
            _ => {
                let bad = if malformed { text.matches('\u{fffd}').count() } else { 0 };
                (text, bad)
            }
        }
    }

    fn guess(&mut self, bytes: &[u8]) -> &'static Encoding {
        if mostly_utf8(bytes) {
            return UTF_8;
        }
        self.guessed.get_or_insert_with(|| {
            let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
            detector.feed(bytes, true);
            detector.guess(None, chardetng::Utf8Detection::Deny)
        })
    }

    /// Takes the guess from a whole card: one line alone says too little.
    pub(crate) fn learn(&mut self, card: &[u8]) {
        if self.guessed.is_none() && std::str::from_utf8(card).is_err() && !mostly_utf8(card) {
            let plain: Vec<&[u8]> = card
                .split(|byte| *byte == b'\n')
                .filter(|line| !line.is_ascii() && memchr::memmem::find(line, b"CHARSET=").is_none())
                .collect();
            if !plain.is_empty() {
                self.guess(&plain.join(&b'\n'));
            }
        }
    }
}

/// Whether there are characters of three bytes or more.
fn long(text: &str) -> bool {
    text.bytes().any(|byte| byte >= 0xe0)
}

/// Whether far more of it is UTF-8 than isn't.
fn mostly_utf8(bytes: &[u8]) -> bool {
    let (mut good, mut bad) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().bytes().filter(|byte| *byte >= 0xc0).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    good > bad * 5
}
