//! Segments and heads with something altered: none is accepted, none panics. 20,000 of them here; `ROLO_MUTATIONS=1000000` in a
//! release build for all that were promised.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use rolo::model::row::Row;
use rolo::store::log;
use rolo::sync::head::Head;
use rolo::sync::members::Role;
use rolo::sync::names::{Name, short_hash};
use rolo::sync::trust::{Me, Offer, Put, Trust};
use std::collections::BTreeMap;

const BOOK: [u8; 16] = [7; 16];
const NOW: i64 = 1_790_000_000_000;

struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }

    fn below(&mut self, most: usize) -> usize {
        (self.next() % most.max(1) as u64) as usize
    }
}

fn rows(device: u64, first: i64, count: i64, random: &mut Random) -> Vec<Row> {
    let row = |seq: i64| {
        let mut seed = [0; 16];
        seed[..8].copy_from_slice(&random.next().to_le_bytes());
        Row {
            device,
            seq,
            batch: seq,
            part: 0,
            parts: 1,
            hlc: NOW << 16 | seq,
            deps: String::new(),
            author: "Ann".to_owned(),
            origin: "tui".to_owned(),
            label: "[\"edit\"]".to_owned(),
            undoes: String::new(),
            app: "rolo".to_owned(),
            seed,
            salt: seed,
            creates: 0,
            text: format!("{{\"set\":\"contact\",\"to\":\"{}\"}}\n", random.next()),
            hash: [0; 32],
        }
    };
    let mut rows: Vec<Row> = (first..first + count).map(row).collect();
    log::chain(&mut rows, &[first as u8; 32]);
    rows
}

fn head(n: u64) -> Head {
    Head {
        n,
        seq: n as i64,
        hash: [n as u8; 32],
        seen: BTreeMap::from([(2, 9)]),
        forks: BTreeMap::new(),
        members: BTreeMap::from([(1, 3)]),
        at: NOW,
        name: "laptop".to_owned(),
        author: "Ann".to_owned(),
        app: "rolo".to_owned(),
    }
}

/// What sync tools, disks and attackers do to bytes.
fn altered(bytes: &[u8], other: &[u8], random: &mut Random) -> Vec<u8> {
    let mut out = bytes.to_vec();
    for _ in 0..=random.below(2) {
        let at = random.below(out.len());
        match random.below(9) {
            0 if !out.is_empty() => out[at] ^= 1 << random.below(8),
            1 if !out.is_empty() => out[at] = random.next() as u8,
            2 => out.truncate(at),
            3 => out.extend((0..=random.below(40)).map(|_| random.next() as u8)),
            4 => {
                let end = (at + random.below(64)).min(out.len());
                out[at.min(end)..end].fill([0, 0xff][random.below(2)]);
            }
            5 => {
                let end = (at + random.below(64)).min(out.len()).min(other.len());
                if at < end {
                    out[at..end].copy_from_slice(&other[at..end]);
                }
            }
            6 => {
                let end = (at + 1 + random.below(16)).min(out.len());
                out.drain(at.min(end)..end);
            }
            7 => out.insert(at, random.next() as u8),
            // A header of one over the text of the other.
            _ => {
                let cut = random.below(90).min(out.len()).min(other.len());
                out = [&other[..cut], &out[cut..]].concat();
            }
        }
    }
    out
}

/// The name that fits the bytes, as whoever writes into the place would choose it, or another device's or range's.
fn named(name: &Name, bytes: &[u8], random: &mut Random) -> Name {
    let (length, hash) = (bytes.len() as u64, short_hash(bytes));
    let shift = i64::from(random.below(8) == 0);
    let device = 1 + u64::from(random.below(8) == 0);
    match *name {
        Name::Segment { first, last, .. } => {
            Name::Segment { device, first: first + shift, last: last + shift, length, hash }
        }
        Name::Head { n, .. } => Name::Head { device, n: n + shift as u64, hash },
        other => other,
    }
}

fn team() -> (Trust, Trust) {
    let me = |device, author: &str| Me { device, author: author.to_owned(), name: String::new() };
    let (mut ann, mut place) = Trust::found(BOOK, &me(1, "Ann"), NOW).unwrap();
    let offer = Offer { role: Role::Writer, name: "Bob".to_owned(), expires: NOW + 1 };
    let (code, puts) = ann.invite(&offer, NOW).unwrap();
    place.extend(puts);
    let (bob, _) = Trust::join(BOOK, &code, &place, &me(2, "Bob"), NOW).unwrap();
    (ann, bob)
}

#[test]
fn no_altered_segment_or_head_is_accepted() {
    let count = std::env::var("ROLO_MUTATIONS").ok().and_then(|text| text.parse().ok()).unwrap_or(20_000);
    let (mut ann, mut bob) = team();
    let mut random = Random(1);
    let mut files: Vec<Put> = Vec::new();
    for (first, count) in [(1, 1), (2, 3), (5, 20), (25, 100)] {
        files.push(ann.seal_rows(&rows(1, first, count, &mut random), [first as u8; 32]).unwrap());
    }
    files.extend((1..4).map(|n| ann.seal_head(&head(n)).unwrap()));
    let mut accepts = |name: &Name, bytes: &[u8]| match name {
        Name::Segment { .. } => bob.open_rows(name, bytes).is_ok(),
        _ => bob.open_head(name, bytes).is_ok(),
    };
    for (name, bytes) in &files {
        assert!(accepts(name, bytes), "{name} is good as it is");
    }
    let (mut tried, mut same) = (0u64, 0u64);
    while tried < count {
        let (name, bytes) = &files[random.below(files.len())];
        let wrong = altered(bytes, &files[random.below(files.len())].1, &mut random);
        let other = named(name, &wrong, &mut random);
        if files.iter().any(|(name, bytes)| (*name, bytes) == (other, &wrong)) {
            same += 1;
            continue;
        }
        tried += 1;
        assert!(!accepts(&other, &wrong), "{name} as {other} was accepted: {wrong:02x?}");
        assert!(!accepts(name, &wrong) || wrong == *bytes, "{name} was accepted under its name");
    }
    println!("{tried} altered files, none accepted ({same} were as before)");
}
