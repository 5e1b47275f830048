//! What tests of this room share: rows as a store writes them, and a small team.

mod attacks;
mod keyring;
mod outcomes;
mod trust;
mod wire;

use super::code::Code;
use super::keyring::Keyring;
use super::members::Role;
use super::trust::{Me, Offer, Put, Trust};
use crate::model::ids::Device;
use crate::model::row::Row;
use crate::store::log;

pub(in crate::sync) const BOOK: [u8; 16] = [0xb0; 16];
pub(in crate::sync) const NOW: i64 = 1_790_000_000_000;
pub(in crate::sync) const DAY: i64 = 86_400_000;

/// Numbers that follow from a seed.
pub(in crate::sync) struct Random(pub u64);

impl Random {
    pub(in crate::sync) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }

    pub(in crate::sync) fn below(&mut self, most: usize) -> usize {
        (self.next() % most.max(1) as u64) as usize
    }

    pub(in crate::sync) fn bytes(&mut self) -> [u8; 16] {
        (u128::from(self.next()) << 64 | u128::from(self.next())).to_be_bytes()
    }

    /// A UUID of version 7, made within a quarter of an hour of the others.
    pub(in crate::sync) fn uid(&mut self) -> String {
        let mut id = self.bytes();
        let millis = (NOW - 900_000 + self.below(900_000) as i64).to_be_bytes();
        id[..6].copy_from_slice(&millis[2..]);
        id[6] = 0x70 | id[6] & 0x0f;
        id[8] = 0x80 | id[8] & 0x3f;
        uuid::Uuid::from_bytes(id).to_string()
    }

    pub(in crate::sync) fn pick<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[self.below(words.len())]
    }
}

const NAMES: [&str; 8] =
    ["Ann Lee", "王小明", "Jörg Müller", "Zoë O'Hara", "Li Na", "Ravi Patel", "Eva Nowak", "Tom Baker"];
const TITLES: [&str; 8] =
    ["CEO", "Head of Sales", "Engineer", "Buyer", "Partner", "Regional Manager", "Advisor", "Office Manager"];

/// A line that sets one field, as the log has it.
pub(in crate::sync) fn set_line(random: &mut Random) -> String {
    let (id, to, was) = (random.uid(), random.pick(&TITLES), random.pick(&TITLES));
    format!("{{\"set\":\"contact\",\"id\":\"{id}\",\"field\":\"title\",\"to\":\"{to}\",\"was\":\"{was}\"}}\n")
}

/// A row of one batch of its own.
pub(in crate::sync) fn row(device: Device, seq: i64, text: String, random: &mut Random) -> Row {
    let hash = *blake3::hash(text.as_bytes()).as_bytes();
    Row {
        device,
        seq,
        batch: seq,
        part: 0,
        parts: 1,
        hlc: (NOW + seq * 7_919) << 16 | (seq & 3),
        deps: if seq % 10 == 0 { format!("{:016x}:{}", device ^ 0xff, seq * 3) } else { String::new() },
        author: "Ann Lee".to_owned(),
        origin: random.pick(&["tui", "cli"]).to_owned(),
        label: format!("[\"edit\",\"{}\"]", random.pick(&NAMES)),
        undoes: if seq % 25 == 0 { format!("{device:016x}.{}", seq - 1) } else { String::new() },
        app: "rolo 0.1.0".to_owned(),
        seed: random.bytes(),
        salt: random.bytes(),
        creates: 0,
        text,
        hash,
    }
}

/// So many single edits, after a row whose hash is zero.
pub(in crate::sync) fn edits(device: Device, first: i64, count: i64, random: &mut Random) -> Vec<Row> {
    let edit = |seq| {
        let line = set_line(random);
        row(device, seq, line, random)
    };
    let mut rows: Vec<Row> = (first..first + count).map(edit).collect();
    log::chain(&mut rows, &[0; 32]);
    rows
}

pub(in crate::sync) fn me(device: Device, author: &str) -> Me {
    Me { device, author: author.to_owned(), name: format!("{author}'s laptop") }
}

pub(in crate::sync) fn offer(role: Role, name: &str) -> Offer {
    Offer { role, name: name.to_owned(), expires: NOW + 7 * DAY }
}

/// Everything that was ever put into a place, in that order.
#[derive(Default)]
pub(in crate::sync) struct Place(pub Vec<Put>);

impl Place {
    pub(in crate::sync) fn put(&mut self, puts: Vec<Put>) {
        self.0.extend(puts);
    }

    /// Has a device take in all that is there.
    pub(in crate::sync) fn read_by(&self, trust: &mut Trust) {
        for (name, bytes) in &self.0 {
            trust.take(name, bytes).unwrap();
        }
    }

    pub(in crate::sync) fn found(&mut self, device: Device, author: &str) -> Trust {
        let (trust, puts) = Trust::found(BOOK, &me(device, author), NOW).unwrap();
        self.put(puts);
        trust
    }

    pub(in crate::sync) fn invite(&mut self, by: &mut Trust, role: Role, name: &str) -> Code {
        self.read_by(by);
        let (code, puts) = by.invite(&offer(role, name), NOW).unwrap();
        self.put(puts);
        code
    }

    pub(in crate::sync) fn join(&mut self, code: &Code, device: Device, author: &str) -> Trust {
        let (trust, puts) = Trust::join(BOOK, code, &self.0, &me(device, author), NOW).unwrap();
        self.put(puts);
        trust
    }

    pub(in crate::sync) fn duties(&mut self, of: &mut Trust, now: i64) {
        self.read_by(of);
        let puts = of.duties(now).unwrap();
        self.put(puts);
    }

    /// Invites, lets join and settles it.
    pub(in crate::sync) fn add(&mut self, by: &mut Trust, role: Role, device: Device, author: &str) -> Trust {
        let code = self.invite(by, role, author);
        let mut new = self.join(&code, device, author);
        self.duties(by, NOW);
        self.read_by(&mut new);
        new
    }
}

/// A keyring a second time, through its file.
pub(in crate::sync) fn copy(of: &Trust) -> Keyring {
    let disk = super::files::cloud::Memory::default();
    let path = std::path::Path::new("/s/k");
    of.keyring.save(&disk, path).unwrap();
    Keyring::load(&disk, path).unwrap().unwrap()
}
