//! What this device keeps to itself: its secrets, the keys of all epochs, and how far it has seen the place. Lies in the state
//! directory, for its owner alone.

use super::crypto::{BoxKey, Cost, SealKey, SignKey, random};
use super::error::{Result, SyncError};
use super::files::{self, Files};
use super::head::Head;
use super::hex;
use super::members::EpochKeys;
use super::names::{Epoch, Name, ShortHash};
use crate::model::ids::Device;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// The layout that is written.
const FORMAT: u64 = 1;

/// No keyring is larger, bytes.
const MOST: usize = 16 << 20;

/// The last that was seen of a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastHead {
    /// Its head's number.
    pub n: u64,
    /// Its last row by then.
    pub seq: i64,
    /// That row's hash.
    #[serde(with = "super::hex")]
    pub hash: [u8; 32],
}

/// A row that ends a chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tip {
    /// Its number.
    pub seq: i64,
    /// Its hash.
    #[serde(with = "super::hex")]
    pub hash: [u8; 32],
}

/// How a head compares with what was seen before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It is newer, or the first.
    New,
    /// It is the one that was seen last.
    Same,
    /// A newer one was seen: the place was set back, or somebody took files away.
    Older,
    /// Another one with the same number was seen, or rows went back: the device exists twice.
    Forked,
}

/// Keys and positions of one device in one shared book.
pub struct Keyring {
    /// The book.
    pub book: [u8; 16],
    /// Where it is shared.
    pub place: String,
    /// Where the book lies; empty if nobody has said it yet.
    pub at: String,
    /// This device.
    pub device: Device,
    /// Signs what it writes.
    pub sign: SignKey,
    /// Opens what is wrapped for it.
    pub open: BoxKey,
    /// Opens what was wrapped for the code that it came in by, or for the device whose place it took.
    pub older: Vec<BoxKey>,
    /// The devices whose place it took, and what they signed with: what the place loses of their rows nobody else could put there
    /// again.
    pub former: BTreeMap<Device, SignKey>,
    /// The last row that it wrote under a former id, while others may still say that fewer of them count: what is beyond would be
    /// nobody's then but its own to write anew.
    pub left: BTreeMap<Device, Tip>,
    /// The hash of the founding statement: where trust begins.
    pub anchor: [u8; 32],
    /// Who founded.
    pub founder: Device,
    /// The keys that were handed to it. A key counts once a statement commits to it.
    pub keys: EpochKeys,
    /// The last of each device.
    pub heads: BTreeMap<Device, LastHead>,
    /// Its own last row that others may have seen.
    pub published: i64,
    /// Its own last row that has reached the place: what was to be put there may have failed.
    pub sent: i64,
    /// That row's hash; zeros for none, and in keyrings of versions that did not note it.
    pub tip: [u8; 32],
    /// Segments under its id of which it is known that they hold its own rows, by their hashes: another one would be a copy's of
    /// this device.
    pub known: BTreeSet<ShortHash>,
    /// The last row of each device that does not count and that its owner was told of.
    pub ignored: BTreeMap<Device, i64>,
    /// The number of its last head.
    pub head: u64,
    /// Every statement, joining and file of keys that it ever made: what the place lacks of them is put there again, and no number of
    /// its chain is used twice, whatever becomes of the place.
    pub own: BTreeMap<Name, Vec<u8>>,
}

/// As it is written: JSON, so that it can be read without rolo.
#[derive(Serialize, Deserialize)]
struct Written {
    rolo: String,
    format: u64,
    #[serde(with = "super::hex")]
    book: [u8; 16],
    place: String,
    /// Where the book lies; missing in what older versions wrote.
    #[serde(default)]
    at: String,
    device: Device,
    #[serde(with = "super::hex")]
    sign: [u8; 32],
    open: Secret,
    older: Vec<Secret>,
    #[serde(default)]
    former: Vec<(Device, Secret)>,
    #[serde(default)]
    left: Vec<(Device, Tip)>,
    #[serde(with = "super::hex")]
    anchor: [u8; 32],
    founder: Device,
    keys: Vec<(Epoch, Secret)>,
    heads: BTreeMap<Device, LastHead>,
    published: i64,
    #[serde(default)]
    sent: Option<i64>,
    #[serde(with = "super::hex", default)]
    tip: [u8; 32],
    #[serde(default)]
    known: Vec<String>,
    #[serde(default)]
    ignored: BTreeMap<Device, i64>,
    head: u64,
    own: Vec<(String, String)>,
}

#[derive(Serialize, Deserialize)]
struct Secret(#[serde(with = "super::hex")] [u8; 32]);

impl Drop for Secret {
    fn drop(&mut self) {
        zeroize::Zeroize::zeroize(&mut self.0);
    }
}

impl Drop for Written {
    fn drop(&mut self) {
        zeroize::Zeroize::zeroize(&mut self.sign);
    }
}

const BAD_OWN: SyncError = SyncError::Damaged("the keyring keeps a file that is none");

fn own((name, bytes): &(String, String)) -> Option<(Name, Vec<u8>)> {
    Some((Name::parse(name)?, hex::read_any(bytes)?))
}

const SAYS: &str =
    "keys of a shared book: whoever has this file can read the book and write in its owner's name";

impl Keyring {
    /// A device that knows nothing yet.
    pub fn new(book: [u8; 16], device: Device, founder: Device, anchor: [u8; 32]) -> Result<Self> {
        Ok(Self {
            book,
            place: String::new(),
            at: String::new(),
            device,
            sign: SignKey::generate()?,
            open: BoxKey::generate()?,
            older: Vec::new(),
            former: BTreeMap::new(),
            left: BTreeMap::new(),
            anchor,
            founder,
            keys: EpochKeys::new(),
            heads: BTreeMap::new(),
            published: 0,
            sent: 0,
            tip: [0; 32],
            known: BTreeSet::new(),
            ignored: BTreeMap::new(),
            head: 0,
            own: BTreeMap::new(),
        })
    }

    /// Where the keyring of a book at this path lies.
    pub fn path(state: &Path, book: &[u8; 16], at: &Path) -> PathBuf {
        let at = at.canonicalize().unwrap_or_else(|_| at.to_owned());
        let mut hasher = blake3::Hasher::new();
        hasher.update(book).update(at.as_os_str().as_encoded_bytes());
        state.join("sharing").join(format!("{}.keys", &hasher.finalize().to_hex()[..32]))
    }

    fn write(&self) -> Result<Zeroizing<Vec<u8>>> {
        let secret = |key: &BoxKey| Secret(*key.bytes());
        let written = Written {
            rolo: SAYS.to_owned(),
            format: FORMAT,
            book: self.book,
            place: self.place.clone(),
            at: self.at.clone(),
            device: self.device,
            sign: *self.sign.bytes(),
            open: secret(&self.open),
            older: self.older.iter().map(secret).collect(),
            left: self.left.iter().map(|(device, tip)| (*device, *tip)).collect(),
            former: self.former.iter().map(|(device, key)| (*device, Secret(*key.bytes()))).collect(),
            anchor: self.anchor,
            founder: self.founder,
            keys: self.keys.iter().map(|(epoch, key)| (*epoch, Secret(*key.bytes()))).collect(),
            heads: self.heads.clone(),
            published: self.published,
            sent: Some(self.sent),
            tip: self.tip,
            known: self.known.iter().map(|hash| hex::write(hash)).collect(),
            ignored: self.ignored.clone(),
            head: self.head,
            own: self.own.iter().map(|(name, bytes)| (name.to_string(), hex::write(bytes))).collect(),
        };
        // Large enough at once: a buffer that grows leaves copies of secrets behind.
        let of_devices =
            self.heads.len() + self.former.len() + self.left.len() + self.known.len() + self.ignored.len();
        let lists = self.keys.len() + self.older.len() + self.own.len() + of_devices;
        let own: usize = self.own.values().map(Vec::len).sum();
        let size = 4096 + 256 * lists + 2 * own + 6 * self.place.len();
        let mut out = Zeroizing::new(Vec::with_capacity(size));
        serde_json::to_writer(&mut *out, &written)
            .map_err(|_| SyncError::Damaged("the keyring can't be written"))?;
        Ok(out)
    }

    fn read(text: &[u8]) -> Result<Self> {
        let damaged = |_| SyncError::Damaged("it does not read as a keyring");
        let written: Written = serde_json::from_slice(text).map_err(damaged)?;
        if written.format != FORMAT {
            return Err(SyncError::Newer { found: written.format, known: FORMAT });
        }
        Ok(Self {
            book: written.book,
            place: written.place.clone(),
            at: written.at.clone(),
            device: written.device,
            sign: SignKey::from_bytes(&written.sign),
            open: BoxKey::from_bytes(written.open.0),
            older: written.older.iter().map(|key| BoxKey::from_bytes(key.0)).collect(),
            former: written
                .former
                .iter()
                .map(|(device, key)| (*device, SignKey::from_bytes(&key.0)))
                .collect(),
            left: written.left.iter().copied().collect(),
            anchor: written.anchor,
            founder: written.founder,
            keys: written.keys.iter().map(|(epoch, key)| (*epoch, SealKey::from_bytes(key.0))).collect(),
            heads: written.heads.clone(),
            published: written.published,
            sent: written.sent.unwrap_or(written.published),
            tip: written.tip,
            known: written.known.iter().filter_map(|hash| hex::read_any(hash)?.try_into().ok()).collect(),
            ignored: written.ignored.clone(),
            head: written.head,
            own: written.own.iter().map(own).collect::<Option<_>>().ok_or(BAD_OWN)?,
        })
    }

    /// Writes it whole, or leaves what was there.
    pub fn save(&self, files: &dyn Files, path: &Path) -> Result<()> {
        let folder = path.parent().unwrap_or(Path::new("."));
        files.make_folder(folder, true).map_err(SyncError::io(folder))?;
        files::replace(files, path, &self.write()?, true).map_err(SyncError::io(path))
    }

    /// Reads it; `None` if there is none.
    pub fn load(files: &dyn Files, path: &Path) -> Result<Option<Self>> {
        match files.read(path, MOST) {
            Ok(text) => Self::read(&Zeroizing::new(text)).map(Some),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(SyncError::io(path)(error)),
        }
    }

    /// The keyring of a book that lay elsewhere and is not there any more, if there is just one: a keyring is found by where its book
    /// lies, and people move files and rename accounts.
    pub fn left_behind(files: &dyn Files, state: &Path, book: &[u8; 16]) -> Result<Option<PathBuf>> {
        let Ok(entries) = std::fs::read_dir(state.join("sharing")) else { return Ok(None) };
        let mut found = Vec::new();
        for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
            // What is damaged, or a newer version's, is nobody's.
            let keyring = if path.extension().is_some_and(|ending| ending == "keys") {
                Self::load(files, &path).ok().flatten()
            } else {
                None
            };
            if keyring
                .is_some_and(|one| one.book == *book && !one.at.is_empty() && !Path::new(&one.at).exists())
            {
                found.push(path);
            }
        }
        Ok(found.pop().filter(|_| found.is_empty()))
    }

    /// Compares a head with what was seen of its device before, and remembers the newer one.
    pub fn see(&mut self, device: Device, head: &Head) -> Standing {
        let now = LastHead { n: head.n, seq: head.seq, hash: head.hash };
        let standing = match self.heads.get(&device) {
            None => Standing::New,
            Some(last) if *last == now => Standing::Same,
            Some(last) if last.n == now.n => Standing::Forked,
            Some(last) if last.n > now.n => Standing::Older,
            Some(last) if last.seq > now.seq || last.seq == now.seq && last.hash != now.hash => {
                Standing::Forked
            }
            Some(_) => Standing::New,
        };
        if standing == Standing::New {
            self.heads.insert(device, now);
        }
        standing
    }

    /// A copy under a pass-phrase, as a text that says what it is.
    pub fn export(&self, passphrase: &str) -> Result<String> {
        let salt: [u8; 16] = random()?;
        let cost = Cost::PASSPHRASE;
        let lines = header(cost, &salt);
        let sealed = cost.stretch(passphrase.as_bytes(), &salt)?.seal(lines.as_bytes(), &self.write()?)?;
        let body = hex::write(&sealed);
        let mut out = lines;
        for at in (0..body.len()).step_by(96) {
            out.push_str(&body[at..body.len().min(at + 96)]);
            out.push('\n');
        }
        Ok(out)
    }

    /// Reads such a copy.
    pub fn import(text: &str, passphrase: &str) -> Result<Self> {
        if text.len() > 2 * MOST {
            return Err(SyncError::TooLarge { what: "the key back-up", size: text.len() as u64 });
        }
        let damaged = || SyncError::Damaged("it is no key back-up of rolo");
        let text = text.replace('\r', "");
        let mut lines = text.lines();
        if lines.next() != Some(TITLE) {
            return Err(damaged());
        }
        let costs = text.lines().find_map(|line| line.strip_prefix("argon2id ")).ok_or_else(damaged)?;
        let mut words = costs.split(' ');
        let mut number = |what: &str| words.next()?.strip_prefix(what)?.parse().ok();
        let (memory, passes) = (number("m=").ok_or_else(damaged)?, number("t=").ok_or_else(damaged)?);
        let salt: [u8; 16] =
            words.next().and_then(|word| hex::read(word.strip_prefix("salt=")?)).ok_or_else(damaged)?;
        let cost = Cost { memory, passes };
        let lines = header(cost, &salt);
        let body: String = text.strip_prefix(&lines).ok_or_else(damaged)?.split_whitespace().collect();
        let sealed = hex::read_any(&body);
        let key = cost.stretch(passphrase.as_bytes(), &salt)?;
        let text =
            key.open(lines.as_bytes(), &sealed.ok_or_else(damaged)?).map_err(|_| SyncError::Passphrase)?;
        Self::read(&text)
    }
}

const TITLE: &str = "rolo key back-up 1";

fn header(cost: Cost, salt: &[u8; 16]) -> String {
    format!(
        "{TITLE}\nWith its pass-phrase this file gives one device's place in a shared book back. Keep it apart from the \
         pass-phrase.\nargon2id m={} t={} salt={}\n\n",
        cost.memory,
        cost.passes,
        hex::write(salt)
    )
}
