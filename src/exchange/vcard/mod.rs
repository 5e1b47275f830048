//! vCard 2.1, 3.0 and 4.0: cards read one by one, and written so that a card gives back all that it brought.
//!
//! `cards` cuts the stream, `line` reads properties, `meaning` knows names and labels, `read` makes a draft of them.
//! What the draft can't say of a card (order, parameters, other spellings) lies in one extra, `layout`, which `write`
//! goes by.

mod cards;
mod charset;
mod dates;
pub mod jcard;
mod layout;
pub(crate) mod line;
mod meaning;
pub(crate) mod read;
#[cfg(test)]
mod tests;
mod uri;
mod values;
pub(crate) mod write;

use std::collections::{HashSet, VecDeque};
use std::hash::{BuildHasher, RandomState};
use std::io::Read;

use self::cards::{Cards, Piece, What};
use self::charset::Charsets;
use self::line::{Line, Unfold};
use super::scan::MAX_RECORD;
use super::table::is_someone;
use super::{ExchangeError, Raw, Reason, Row, RowItem, Rows, Warning, WarningKind};
use crate::model::draft::ContactDraft;

pub use self::write::Writer;

/// Whose ids and extras these are.
pub const SYSTEM: &str = "vcard";
/// The extra that says how the card looked. No property can be called so.
pub const LAYOUT: &str = "#card";
/// An extra that is a line which was no property.
pub(crate) const BROKEN: &str = "#line";

/// The most ids of one file that are remembered, to find a group's members by.
const UIDS_MAX: usize = 4_000_000;

/// Reads the cards of a stream.
pub(crate) struct Reader {
    cards: Cards,
    charsets: Charsets,
    groups: Groups,
    /// Rows that a card brought beside itself.
    waiting: VecDeque<Row>,
    warnings: Vec<Warning>,
    ended: bool,
}

impl Reader {
    /// Reads bytes that are text of an encoding compatible with ASCII.
    pub(crate) fn new(input: Box<dyn Read + Send>) -> Self {
        Self {
            cards: Cards::new(input),
            charsets: Charsets::default(),
            groups: Groups::default(),
            waiting: VecDeque::new(),
            warnings: Vec::new(),
            ended: false,
        }
    }

    fn row(&mut self, piece: &Piece) -> Row {
        let bytes = self.cards.text(piece);
        let raw = Raw::Text(String::from_utf8_lossy(bytes).into_owned());
        let refused = match piece.what {
            What::Card => None,
            What::Unclosed => Some(Reason::UnclosedCard),
            What::TooLong => Some(Reason::TooLong { limit: MAX_RECORD }),
            What::Stray => Some(Reason::NoCard),
        };
        if let Some(reason) = refused {
            return Row { line: piece.line, item: RowItem::Bad(reason), warnings: Vec::new(), raw };
        }
        let mut warnings = Vec::new();
        let without = without_nul(bytes, piece.line, &mut warnings);
        let read = card(without.as_deref().unwrap_or(bytes), piece.line, &mut self.charsets, &mut warnings);
        let item = match read {
            read::Read::Contact(draft) => {
                self.groups.met(&draft);
                contact(draft)
            }
            read::Read::Group { name, members } => {
                self.groups.add(piece.line, &name, members, &mut self.waiting);
                RowItem::Blank
            }
        };
        Row { line: piece.line, item, warnings, raw }
    }
}

/// A new file's charsets: nothing is known yet.
pub(crate) fn charsets() -> Charsets {
    Charsets::default()
}

/// Whether what begins so is JSON that holds cards: jCard or JSContact.
pub(crate) fn is_json(head: &str) -> bool {
    let head: String = head.chars().filter(|c| !c.is_whitespace()).take(8192).collect();
    let jcard = |text: &str| text.get(..8).is_some_and(|start| start.eq_ignore_ascii_case("[\"vcard\""));
    jcard(&head)
        || head.strip_prefix('[').is_some_and(jcard)
        || (head.starts_with(['{', '[']) && head.contains("\"@type\":\"Card\""))
}

/// A JSON value as a row, if it is a card.
pub(crate) fn json_row(value: &serde_json::Value, warnings: &mut Vec<Warning>) -> Option<RowItem> {
    let read = if jcard::is_card(value) {
        jcard::card(value, warnings)
    } else if super::jscontact::is_card(value) {
        super::jscontact::card(value, warnings)
    } else {
        return None;
    };
    Some(match read {
        Ok(read::Read::Contact(draft)) => contact(draft),
        Ok(read::Read::Group { .. }) => RowItem::Blank,
        Err(reason) => RowItem::Bad(reason),
    })
}

/// Whether two layouts differ in nothing but when the card was last written.
pub fn same_layout(a: &str, b: &str) -> bool {
    let rest = |line: &&str| !line.get(..3).is_some_and(|name| name.eq_ignore_ascii_case("REV"));
    a.lines().filter(rest).eq(b.lines().filter(rest))
}

/// The text without NUL characters, if there are any.
fn without_nul(bytes: &[u8], line: u64, warnings: &mut Vec<Warning>) -> Option<Vec<u8>> {
    memchr::memchr(0, bytes)?;
    let clean: Vec<u8> = bytes.iter().copied().filter(|byte| *byte != 0).collect();
    let value = (bytes.len() - clean.len()).to_string();
    warnings.push(Warning { line, column: String::new(), value, kind: WarningKind::Nul });
    Some(clean)
}

/// A draft as a row, if there is someone in it.
pub(crate) fn contact(draft: Box<ContactDraft>) -> RowItem {
    let named = draft.get("name").is_some() || draft.get("given").is_some() || draft.get("family").is_some();
    // A book may hold somebody of whom it knows no name: rolo's own card says by its id who it is.
    let known = draft.id.is_some()
        || named
        || !draft.methods.is_empty()
        || !draft.company.is_empty()
        || draft.get("nickname").is_some();
    if known && is_someone(&draft) { RowItem::Contact(draft) } else { RowItem::Bad(Reason::NoName) }
}

/// Reads one card's text; `first` is the number of its first line.
pub(crate) fn card(
    bytes: &[u8],
    first: u64,
    charsets: &mut Charsets,
    warnings: &mut Vec<Warning>,
) -> read::Read {
    charsets.learn(bytes);
    let mut strays = Vec::new();
    let mut malformed = 0;
    let unfolded: Vec<_> = Unfold::new(bytes, first).collect();
    let mut texts = Vec::with_capacity(unfolded.len());
    for (no, line) in &unfolded {
        if line::is_begin(line) || line::is_end(line) {
            continue;
        }
        let (text, bad) = line::decoded(line, charsets);
        malformed += bad;
        texts.push((*no, text));
    }
    let mut lines: Vec<Line<'_>> = Vec::with_capacity(texts.len());
    for (no, text) in &texts {
        match line::parse(*no, text).filter(|line| line.has_value) {
            Some(line) => lines.push(line),
            None => strays.push(read::Stray { no: *no, text: text.to_string(), behind: lines.len() }),
        }
    }
    if malformed > 0 {
        let (column, value) = (String::new(), malformed.to_string());
        warnings.push(Warning { line: first, column, value, kind: WarningKind::Malformed });
    }
    read::read(&lines, &strays, warnings)
}

impl Rows for Reader {
    fn read(&mut self) -> Result<Option<Row>, ExchangeError> {
        if let Some(row) = self.waiting.pop_front() {
            return Ok(Some(row));
        }
        if let Some(piece) = self.cards.next()? {
            return Ok(Some(self.row(&piece)));
        }
        if !self.ended {
            self.ended = true;
            self.groups.finish(&mut self.waiting, &mut self.warnings);
        }
        Ok(self.waiting.pop_front())
    }

    fn bytes(&self) -> u64 {
        self.cards.bytes()
    }

    fn guessed(&self) -> Option<&'static str> {
        self.charsets.guessed()
    }

    fn warnings(&mut self) -> Vec<Warning> {
        std::mem::take(&mut self.warnings)
    }
}

/// Groups become tags of those that they hold.
#[derive(Default)]
struct Groups {
    /// Hashes of the ids of this file's cards.
    met: HashSet<u64>,
    hashes: RandomState,
    /// Line, tag and member that haven't been met yet.
    open: Vec<(u64, String, String)>,
}

impl Groups {
    fn met(&mut self, draft: &ContactDraft) {
        if let Some(uid) = &draft.external_id
            && self.met.len() < UIDS_MAX
        {
            self.met.insert(self.hashes.hash_one(uid.as_str()));
        }
    }

    /// The id that a card of this file has for a member; a group may name it as a URN where the card doesn't.
    fn known<'m>(&self, member: &'m str) -> Option<&'m str> {
        let bare = member.strip_prefix("urn:uuid:");
        [Some(member), bare].into_iter().flatten().find(|uid| self.met.contains(&self.hashes.hash_one(*uid)))
    }

    fn add(&mut self, line: u64, name: &str, members: Vec<String>, waiting: &mut VecDeque<Row>) {
        for member in members.into_iter().filter(|_| !name.is_empty()) {
            match self.known(&member) {
                Some(uid) => waiting.push_back(tagged(line, name, uid)),
                None => self.open.push((line, name.to_owned(), member)),
            }
        }
    }

    fn finish(&mut self, waiting: &mut VecDeque<Row>, warnings: &mut Vec<Warning>) {
        for (line, name, member) in std::mem::take(&mut self.open) {
            match self.known(&member) {
                Some(uid) => waiting.push_back(tagged(line, &name, uid)),
                None => {
                    let column = "MEMBER".to_owned();
                    warnings.push(Warning { line, column, value: member, kind: WarningKind::Dangling });
                }
            }
        }
    }
}

/// A row that gives a card of the same file a tag.
fn tagged(line: u64, tag: &str, uid: &str) -> Row {
    let draft = ContactDraft {
        external_id: Some(uid.to_owned()),
        tags: vec![tag.to_owned()],
        ..ContactDraft::default()
    };
    let raw = Raw::Text(format!("MEMBER:{uid}\n{tag}"));
    Row { line, item: RowItem::Contact(Box::new(draft)), warnings: Vec::new(), raw }
}
