//! Every reader on some thousand mutations of its hand-made corpus: what `tests/fuzz` does for minutes under libFuzzer, for
//! seconds and always the same. A failure names the target and writes the bytes down.
// A test fails by panicking; helpers are no `#[test]` functions, where clippy would let them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "fuzz/checks.rs"]
mod checks;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

/// xorshift64*: the same numbers everywhere.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn below(&mut self, n: usize) -> usize {
        if n == 0 { 0 } else { (self.next() >> 16) as usize % n }
    }

    fn range(&mut self, len: usize) -> (usize, usize) {
        let from = self.below(len + 1);
        (from, from + self.below((len - from).min(40) + 1))
    }
}

/// Pieces that formats give a meaning to.
const PIECES: &[&[u8]] = &[
    b"\0",
    b"\r\n",
    b"\n",
    b"\r",
    b"\n ",
    b"\"",
    b"\"\"",
    b"\\",
    b"\\n",
    b",",
    b";",
    b":",
    b"::",
    b"=",
    b"=\n",
    b"\t",
    b" ",
    b"  ",
    b"\xff",
    b"\xef\xbb\xbf",
    b"\xc3",
    "王".as_bytes(),
    "\u{2028}".as_bytes(),
    "\u{85}".as_bytes(),
    "é".as_bytes(),
    b"BEGIN:VCARD\n",
    b"END:VCARD\n",
    b"BEGIN:VEVENT\n",
    b"[",
    b"]",
    b"{",
    b"}",
    b"[0]\n",
    b"#",
    b"<",
    b">",
    b"<!--",
    b"&#0;",
    b"&amp;",
    b"-1",
    b"0",
    b"99999999999999999999",
    b"4294967296",
    b"1e999",
    b"--02-30",
    b"\x1b[2J",
    b"(",
    b")",
    b" or ",
    b"..",
    b"ENCODING=QUOTED-PRINTABLE",
    b"dn: ",
    b"name=",
    b"null",
    b"true",
    b"\\u0000",
    b"\\ud800",
];

/// Most that a mutation grows to.
const LONGEST: usize = 16 << 10;

fn mutated(seed: &[u8], other: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for _ in 0..=dice.below(5) {
        let at = dice.below(bytes.len() + 1);
        match dice.below(8) {
            0 if at < bytes.len() => bytes[at] ^= 1 << dice.below(8),
            1 if at < bytes.len() => bytes[at] = dice.next() as u8,
            2 | 3 => {
                let piece = PIECES[dice.below(PIECES.len())];
                bytes.splice(at..at, piece.iter().copied());
            }
            4 => {
                let (from, to) = dice.range(bytes.len());
                bytes.drain(from..to);
            }
            5 => {
                let (from, to) = dice.range(bytes.len());
                let times = if dice.below(8) == 0 { 200 } else { 1 + dice.below(4) };
                let again = bytes[from..to].repeat(times);
                bytes.splice(at..at, again);
            }
            6 => {
                let (from, to) = dice.range(other.len());
                bytes.splice(at..at, other[from..to].iter().copied());
            }
            _ if dice.below(4) == 0 => bytes.truncate(at),
            _ => {
                let (from, to) = dice.range(bytes.len());
                bytes[from..to].reverse();
            }
        }
    }
    bytes.truncate(LONGEST);
    bytes
}

fn corpus(target: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/corpus").join(target);
    let mut paths: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert!(!paths.is_empty(), "{target} has no corpus");
    paths.iter().map(|path| std::fs::read(path).unwrap()).collect()
}

/// Tries one target on its corpus and on mutations of it.
fn hold((name, check): &checks::Target, times: usize) {
    let seeds = corpus(name);
    let mut dice =
        Dice(0x9e37_79b9_7f4a_7c15 ^ name.bytes().fold(1, |hash, byte| hash * 31 + u64::from(byte)));
    let mutations = std::iter::repeat_with(|| {
        let (seed, other) = (dice.below(seeds.len()), dice.below(seeds.len()));
        mutated(&seeds[seed], &seeds[other], &mut dice)
    });
    for bytes in seeds.iter().cloned().chain(mutations.take(times)) {
        if catch_unwind(AssertUnwindSafe(|| check(&bytes))).is_err() {
            let path = std::env::temp_dir().join(format!("rolo-{name}-failed"));
            std::fs::write(&path, &bytes).unwrap();
            panic!("{name}: {} bytes, see {}", bytes.len(), path.display());
        }
    }
}

#[test]
fn every_reader_holds_on_mutations_of_its_corpus() {
    let times = std::env::var("ROLO_MUTATIONS").ok().and_then(|times| times.parse().ok()).unwrap_or(1000);
    let only = std::env::var("ROLO_MUTATIONS_OF").unwrap_or_default();
    let targets: Vec<_> =
        checks::TARGETS.iter().filter(|(name, _)| only.is_empty() || only == *name).collect();
    let next = std::sync::atomic::AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(|| {
                while let Some(target) = targets.get(next.fetch_add(1, std::sync::atomic::Ordering::Relaxed))
                {
                    hold(target, times);
                }
            });
        }
    });
}
