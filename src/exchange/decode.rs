//! Bytes to UTF-8, chunk by chunk: nothing is held but one chunk, and what is malformed is counted and located.

use std::collections::VecDeque;
use std::io::{self, Read};

use encoding_rs::{Decoder, DecoderResult, Encoding, UTF_8, UTF_16BE, UTF_16LE};

use super::ExchangeError;

/// How much is read at once.
const CHUNK: usize = 128 << 10;

/// How an encoding is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// The user said so.
    Given,
    /// By a byte-order mark.
    Mark,
    /// By how UTF-16 looks.
    Pattern,
    /// All of it that was read is UTF-8.
    Valid,
    /// By which characters it would be.
    Guessed,
}

/// A stream of text. Until something else than ASCII turns up, its encoding stays open.
pub(crate) struct Decoded {
    input: Box<dyn Read + Send>,
    /// Bytes that were read and not yet decoded: `chunk[at..]`.
    chunk: Vec<u8>,
    at: usize,
    decoder: Option<Decoder>,
    guessed: Option<&'static Encoding>,
    known: Option<Known>,
    bytes: u64,
    /// How much text was given out.
    written: u64,
    /// At which places of the text malformed sequences were replaced.
    malformed: VecDeque<u64>,
    end: bool,
}

impl Decoded {
    /// Reads the first chunk. `label` is what the user says the encoding is; a byte-order mark has the last word.
    pub(crate) fn new(input: Box<dyn Read + Send>, label: Option<&str>) -> Result<Self, ExchangeError> {
        let encoding = label
            .map(|label| {
                Encoding::for_label(label.trim().as_bytes())
                    .ok_or_else(|| ExchangeError::UnknownEncoding { name: label.to_owned() })
            })
            .transpose()?;
        let mut this = Self {
            input,
            chunk: Vec::new(),
            at: 0,
            decoder: None,
            guessed: None,
            known: None,
            bytes: 0,
            written: 0,
            malformed: VecDeque::new(),
            end: false,
        };
        this.refill()?;
        let marked = Encoding::for_bom(&this.chunk);
        if let Some((_, length)) = marked {
            this.at = length;
        }
        this.known = match (marked, encoding, utf16(&this.chunk)) {
            (Some(_), ..) => Some(Known::Mark),
            (_, Some(_), _) => Some(Known::Given),
            (_, _, Some(_)) => Some(Known::Pattern),
            _ => None,
        };
        let known = marked.map(|(encoding, _)| encoding).or(encoding).or_else(|| utf16(&this.chunk));
        this.decoder = known.map(Encoding::new_decoder_without_bom_handling);
        Ok(this)
    }

    /// The first chunk's bytes, before anything is decoded.
    pub(crate) fn head(&self) -> &[u8] {
        &self.chunk[self.at..]
    }

    /// Whether the encoding is given by the user, a byte-order mark or UTF-16's pattern.
    pub(crate) fn is_certain(&self) -> bool {
        self.decoder.is_some() && self.guessed.is_none()
    }

    /// Whether nothing but the bytes themselves says what they are, or that they are UTF-8.
    pub(crate) fn is_plain(&self) -> bool {
        self.decoder.as_ref().is_none_or(|decoder| decoder.encoding() == UTF_8)
    }

    /// The bytes as they came, without a byte-order mark. Nothing may have been decoded yet.
    pub(crate) fn into_bytes(self) -> Box<dyn Read + Send> {
        let mut first = self.chunk;
        first.drain(..self.at);
        Box::new(io::Cursor::new(first).chain(self.input))
    }

    /// The legacy encoding that was guessed, once there was something to guess by.
    pub(crate) fn guessed(&self) -> Option<&'static str> {
        self.guessed.map(Encoding::name)
    }

    /// The encoding and how it is known.
    pub(crate) fn encoding(&self) -> (&'static str, Known) {
        let name = self.decoder.as_ref().map_or(UTF_8.name(), |decoder| decoder.encoding().name());
        let known = self.known.unwrap_or(if self.guessed.is_some() { Known::Guessed } else { Known::Valid });
        (name, known)
    }

    /// How many bytes were read.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Takes note of the malformed sequences before a place in the text: how many there were since the last time.
    pub(crate) fn malformed_before(&mut self, place: u64) -> usize {
        let count = self.malformed.iter().take_while(|at| **at < place).count();
        self.malformed.drain(..count);
        count
    }

    fn refill(&mut self) -> Result<(), ExchangeError> {
        self.read_chunk().map_err(|error| match error.kind() {
            io::ErrorKind::IsADirectory => ExchangeError::Directory,
            _ => error.into(),
        })
    }

    /// Reads until the chunk is full or the input ends: pipes give little at once, and guessing needs much.
    fn read_chunk(&mut self) -> io::Result<()> {
        self.chunk.resize(CHUNK, 0);
        self.at = 0;
        let mut filled = 0;
        while filled < CHUNK {
            match self.input.read(&mut self.chunk[filled..]) {
                Ok(0) => {
                    self.end = true;
                    break;
                }
                Ok(count) => filled += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    self.chunk.truncate(0);
                    return Err(error);
                }
            }
        }
        self.chunk.truncate(filled);
        self.bytes += filled as u64;
        Ok(())
    }

    /// Appends the next piece of text; `false` when there is no more.
    pub(crate) fn fill(&mut self, out: &mut String) -> io::Result<bool> {
        if self.at == self.chunk.len() {
            if self.end {
                return Ok(false);
            }
            self.read_chunk()?;
        }
        let before = out.len();
        if self.decoder.is_none() {
            let plain = Encoding::ascii_valid_up_to(&self.chunk[self.at..]);
            if plain == self.chunk.len() - self.at {
                out.push_str(&String::from_utf8_lossy(&self.chunk[self.at..]));
                self.at = self.chunk.len();
                self.written += (out.len() - before) as u64;
                return Ok(!self.end);
            }
            let encoding = guess(&self.chunk[self.at..], self.end);
            self.guessed = (encoding != UTF_8).then_some(encoding);
            self.decoder = Some(encoding.new_decoder_without_bom_handling());
        }
        if let Some(decoder) = &mut self.decoder {
            decode(decoder, &self.chunk[self.at..], self.end, out, self.written, before, &mut self.malformed);
        }
        self.at = self.chunk.len();
        self.written += (out.len() - before) as u64;
        Ok(!self.end)
    }
}

fn decode(
    decoder: &mut Decoder,
    mut bytes: &[u8],
    last: bool,
    out: &mut String,
    written: u64,
    before: usize,
    malformed: &mut VecDeque<u64>,
) {
    loop {
        let room = decoder.max_utf8_buffer_length_without_replacement(bytes.len()).unwrap_or(bytes.len() * 4);
        out.reserve(room + 4);
        let (result, read) = decoder.decode_to_string_without_replacement(bytes, out, last);
        bytes = &bytes[read..];
        match result {
            DecoderResult::InputEmpty => return,
            DecoderResult::OutputFull => {}
            DecoderResult::Malformed(..) => {
                malformed.push_back(written + (out.len() - before) as u64);
                out.push('\u{fffd}');
            }
        }
    }
}

/// UTF-16 without a mark: every other byte of its ASCII is NUL, and always on the same side.
fn utf16(bytes: &[u8]) -> Option<&'static Encoding> {
    let units = bytes.len() / 2;
    if units < 2 || (bytes.len() % 2 == 1 && bytes.len() < CHUNK) {
        return None;
    }
    let (mut even, mut odd) = (0, 0);
    for pair in bytes.chunks_exact(2) {
        even += usize::from(pair[0] == 0 && pair[1] < 128 && pair[1] != 0);
        odd += usize::from(pair[1] == 0 && pair[0] < 128 && pair[0] != 0);
    }
    let (most, least, encoding) = if odd >= even { (odd, even, UTF_16LE) } else { (even, odd, UTF_16BE) };
    let plenty = most * 10 >= units * 7;
    let some =
        most * 100 >= units && std::str::from_utf8(bytes).is_err_and(|error| error.error_len().is_some());
    if least * 10 > most || !(plenty || some) {
        return None;
    }
    // A binary file may have as many NULs; text has no unpaired surrogates and hardly a control character.
    let sample = &bytes[..(bytes.len() / 2 * 2).min(8192)];
    let (text, broken) = encoding.decode_without_bom_handling(sample);
    let odd_ones = text.chars().filter(|c| c.is_control() && !matches!(c, '\t' | '\r' | '\n' | '\0')).count();
    let unassigned =
        text.chars().filter(|c| matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{fff0}'..='\u{ffff}')).count();
    (!(broken && sample.len() == bytes.len()) && (odd_ones + unassigned) * 20 <= units.min(4096))
        .then_some(encoding)
}

/// The encoding of text that isn't all ASCII. A few bad bytes don't make UTF-8 something else.
fn guess(bytes: &[u8], end: bool) -> &'static Encoding {
    let (mut rest, mut bad) = (bytes, 0usize);
    // Characters of several bytes, and those of three or more: what is one by chance is mostly of two.
    let (mut good, mut wide) = (0usize, 0usize);
    let mut count = |valid: &[u8]| {
        good += valid.iter().filter(|byte| **byte >= 0xc0).count();
        wide += valid.iter().filter(|byte| **byte >= 0xe0).count();
    };
    loop {
        match std::str::from_utf8(rest) {
            Ok(text) => {
                count(text.as_bytes());
                break;
            }
            Err(error) => {
                let (valid, tail) = rest.split_at(error.valid_up_to());
                count(valid);
                let Some(length) = error.error_len() else {
                    bad += usize::from(end);
                    break;
                };
                bad += 1;
                rest = &tail[length..];
            }
        }
    }
    if bad == 0 || good > bad * 5 || (wide >= 4 && wide >= bad * 2) {
        return UTF_8;
    }
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    detector.feed(bytes, end);
    detector.guess(None, chardetng::Utf8Detection::Deny)
}
