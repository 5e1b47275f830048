//! Entries to drafts.

use std::collections::{HashSet, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};

use super::names::{Slot, is_postal};
use super::{BINARY, COMMENT, ORDER, PADDED, SYSTEM, URL};
use crate::exchange::lines::{Block, Lines};
use crate::exchange::scan::{MAX_QUOTED, Scanner};
use crate::exchange::table::is_someone;
use crate::exchange::{
    ExchangeError, Raw, Reason, Row, RowItem, Rows, Warning, WarningKind, base64, carried, notes,
};
use crate::model::draft::{AddressDraft, ContactDraft, DateDraft, ExtraDraft, MethodDraft};

/// A value as the file has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Given {
    Text(String),
    Binary(Vec<u8>),
    /// `:<`
    Url(String),
}

/// One attribute of an entry.
#[derive(Clone, Debug)]
pub(super) struct Attribute {
    pub name: String,
    pub value: Given,
}

impl Attribute {
    fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    fn text(&self) -> Option<&str> {
        match &self.value {
            Given::Text(text) => Some(text),
            _ => None,
        }
    }
}

/// Reads entries one by one.
pub(crate) struct Reader {
    lines: Lines,
    /// The names of the entries read so far, hashed: a group's members are looked up by them.
    seen: HashSet<u64>,
    /// What is left of a group: one row a member.
    members: VecDeque<Row>,
    begun: bool,
}

fn hash(dn: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    for part in dn.split(',') {
        part.trim().to_lowercase().hash(&mut hasher);
    }
    hasher.finish()
}

impl Rows for Reader {
    fn read(&mut self) -> Result<Option<Row>, ExchangeError> {
        loop {
            if let Some(row) = self.members.pop_front() {
                return Ok(Some(row));
            }
            let Some((block, lines)) = self.block()? else { return Ok(None) };
            if lines.is_empty() && block.is_whole() {
                continue;
            }
            if let Some(row) = self.row(block, &lines) {
                return Ok(Some(row));
            }
        }
    }

    fn bytes(&self) -> u64 {
        self.lines.scanner().input().bytes()
    }

    fn guessed(&self) -> Option<&'static str> {
        self.lines.scanner().input().guessed()
    }
}

impl Reader {
    pub(crate) fn new(scanner: Scanner) -> Self {
        Self { lines: Lines::new(scanner), seen: HashSet::new(), members: VecDeque::new(), begun: false }
    }

    /// The next entry: its unfolded lines with their numbers, without version and comments, but for rolo's own.
    #[allow(clippy::type_complexity)]
    fn block(&mut self) -> Result<Option<(Block, Vec<(u64, String)>)>, ExchangeError> {
        let mut block = Block::default();
        let mut lines: Vec<(u64, String)> = Vec::new();
        let mut comment = false;
        while let Some((line, found)) = self.lines.next()? {
            if line.is_empty() && found.bad.is_none() {
                if lines.is_empty() && block.is_whole() {
                    continue;
                }
                return Ok(Some((block, lines)));
            }
            // Before an entry it is about nobody.
            let own = !lines.is_empty() && is_carried(&line);
            if (line.starts_with('#') && !own) || (comment && line.starts_with(' ')) {
                comment = true;
                continue;
            }
            comment = false;
            let version = line.get(..8).is_some_and(|head| head.eq_ignore_ascii_case("version:"));
            if !std::mem::replace(&mut self.begun, true) && version {
                continue;
            }
            block.add(&line, &found);
            if !block.is_whole() {
                lines.clear();
                continue;
            }
            match (line.strip_prefix(' '), lines.last_mut()) {
                (Some(rest), Some((_, last))) => last.push_str(rest),
                _ => lines.push((found.line, line)),
            }
        }
        Ok((!lines.is_empty() || !block.is_whole()).then_some((block, lines)))
    }

    fn row(&mut self, block: Block, lines: &[(u64, String)]) -> Option<Row> {
        let mut warnings = notes(&block.found);
        let line = block.found.line;
        let item = match block.found.bad.clone() {
            Some(reason) => RowItem::Bad(reason),
            None => match self.entry(lines) {
                Err(reason) => RowItem::Bad(reason),
                Ok((dn, attributes)) if is_group(&attributes) => {
                    self.group(&dn, &attributes, &block);
                    return None;
                }
                Ok((dn, attributes)) => {
                    self.seen.insert(hash(&dn));
                    contact(dn, attributes, line, &mut warnings)
                }
            },
        };
        Some(Row { line, item, warnings, raw: Raw::Text(block.raw) })
    }

    fn entry(&self, lines: &[(u64, String)]) -> Result<(String, Vec<Attribute>), Reason> {
        let mut attributes = Vec::with_capacity(lines.len());
        let mut dn = None;
        for (number, line) in lines {
            if let Some(carried) = line.strip_prefix(COMMENT) {
                // Whatever a comment says, the entry counts.
                attributes.extend(attribute(*number, carried));
                continue;
            }
            let attribute = attribute(*number, line)?;
            if dn.is_none() {
                match attribute {
                    Attribute { name, value: Given::Text(text) } if name.eq_ignore_ascii_case("dn") => {
                        dn = Some(text);
                        continue;
                    }
                    _ => return Err(Reason::NoDn { line: *number }),
                }
            }
            if attribute.is("changetype") {
                let change = attribute.text().unwrap_or_default().trim().to_lowercase();
                if change != "add" {
                    return Err(Reason::ChangeType { line: *number, change });
                }
            } else if !attribute.is("control") {
                attributes.push(attribute);
            }
        }
        dn.map(|dn| (dn, attributes)).ok_or(Reason::NoDn { line: lines.first().map_or(0, |line| line.0) })
    }

    /// A group's members get a tag of its name: one row each, because each is about another contact.
    fn group(&mut self, dn: &str, attributes: &[Attribute], block: &Block) {
        let of = |name: &str| attributes.iter().find(|found| found.is(name)).and_then(Attribute::text);
        let tag = of("cn").or_else(|| part(dn, "cn")).unwrap_or(dn).trim().to_owned();
        let line = block.found.line;
        for member in attributes.iter().filter(|found| found.is("member") || found.is("uniqueMember")) {
            let Some(other) = member.text().map(str::trim).filter(|text| !text.is_empty()) else { continue };
            let mut draft = ContactDraft { external_id: Some(other.to_owned()), ..ContactDraft::default() };
            draft.tags.push(tag.clone());
            let mut warnings = Vec::new();
            let item = if self.seen.contains(&hash(other)) {
                RowItem::Contact(Box::new(draft))
            } else {
                draft.set("name", part(other, "cn").unwrap_or_default());
                if let Some(mail) = part(other, "mail").or_else(|| part(other, "email")) {
                    draft.methods.push(MethodDraft {
                        kind: "email".into(),
                        value: mail.into(),
                        ..Default::default()
                    });
                }
                if draft.get("name").is_some() || !draft.methods.is_empty() {
                    draft.extras.push(extra("dn", "", other.to_owned()));
                    RowItem::Contact(Box::new(draft))
                } else {
                    let (column, value) = (member.name.clone(), other.to_owned());
                    warnings.push(Warning { line, column, value, kind: WarningKind::Dangling });
                    RowItem::Blank
                }
            };
            let raw = Raw::Text(format!("dn: {dn}\n{}: {other}\n", member.name));
            self.members.push_back(Row { line, item, warnings, raw });
        }
    }
}

/// Whether a line is the comment in which rolo keeps what no attribute holds.
fn is_carried(line: &str) -> bool {
    let name = line.strip_prefix(COMMENT).and_then(|line| line.strip_prefix(carried::NAME));
    name.is_some_and(|rest| rest.starts_with(':'))
}

/// `name: text`, `name:: base64` or `name:< address`.
pub(super) fn attribute(line: u64, text: &str) -> Result<Attribute, Reason> {
    let malformed = || Reason::NoAttribute { line, text: text.chars().take(60).collect() };
    let (name, rest) = text.split_once(':').ok_or_else(malformed)?;
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | ';' | '.' | '_');
    if name.is_empty() || !name.chars().all(plain) {
        return Err(malformed());
    }
    let value = if let Some(coded) = rest.strip_prefix(':') {
        let bytes =
            base64::decode(coded).ok_or_else(|| Reason::BadBase64 { line, attribute: name.to_owned() })?;
        match String::from_utf8(bytes) {
            Ok(text) if !text.contains('\0') && Slot::named(name) != Some(Slot::Photo) => Given::Text(text),
            Ok(text) => Given::Binary(text.into_bytes()),
            Err(error) => Given::Binary(error.into_bytes()),
        }
    } else if let Some(url) = rest.strip_prefix('<') {
        Given::Url(url.trim_start_matches(' ').to_owned())
    } else {
        Given::Text(rest.trim_start_matches(' ').to_owned())
    };
    if matches!(&value, Given::Text(text) if text.len() > MAX_QUOTED) && name != carried::NAME {
        return Err(Reason::TooLong { limit: MAX_QUOTED });
    }
    Ok(Attribute { name: name.to_owned(), value })
}

fn classes(attributes: &[Attribute]) -> impl Iterator<Item = String> {
    attributes
        .iter()
        .filter(|found| found.is("objectClass"))
        .filter_map(|found| found.text().map(str::to_lowercase))
}

fn is_group(attributes: &[Attribute]) -> bool {
    let named = |class: String| {
        matches!(class.as_str(), "groupofnames" | "groupofuniquenames" | "mailgroup" | "rfc822mailgroup")
    };
    classes(attributes).any(named)
}

/// The first value of a type in a distinguished name, unescaped (RFC 4514).
fn part<'a>(dn: &'a str, name: &str) -> Option<&'a str> {
    let mut rest = dn;
    while !rest.is_empty() {
        let mut escaped = false;
        let end = rest
            .find(|c: char| {
                let stop = !escaped && matches!(c, ',' | '+');
                escaped = c == '\\' && !escaped;
                stop
            })
            .unwrap_or(rest.len());
        let (own, value) = rest[..end].split_once('=').unwrap_or_default();
        if own.trim().eq_ignore_ascii_case(name) && !value.trim().is_empty() && !value.contains('\\') {
            return Some(value.trim());
        }
        rest = rest.get(end + 1..).unwrap_or_default();
    }
    None
}

pub(super) fn extra(name: &str, params: &str, value: String) -> ExtraDraft {
    ExtraDraft { source: SYSTEM.to_owned(), name: name.to_owned(), params: params.to_owned(), value }
}

/// The field that each attribute fills, seen together: `displayName` is the name only where no `cn` is, a postal address
/// in one value only where its parts are not.
pub(super) fn slots<'a>(names: impl Iterator<Item = &'a str> + Clone) -> Vec<Option<Slot>> {
    let has = |wanted: &[Slot]| {
        names
            .clone()
            .any(|name| !is_postal(name) && Slot::named(name).is_some_and(|slot| wanted.contains(&slot)))
    };
    let (named, work, home) = (
        has(&[Slot::Name]),
        has(&[Slot::Street, Slot::City, Slot::Postcode]),
        has(&[Slot::HomeStreet, Slot::HomeCity, Slot::HomePostcode]),
    );
    names
        .map(|name| match Slot::named(name) {
            None if name.eq_ignore_ascii_case("displayName") && !named => Some(Slot::Name),
            Some(Slot::Street) if is_postal(name) && work => None,
            Some(Slot::HomeStreet) if is_postal(name) && home => None,
            slot => slot,
        })
        .collect()
}

/// What reading gives for an entry that was just written.
pub(super) fn again(dn: String, attributes: Vec<Attribute>) -> ContactDraft {
    match contact(dn, attributes, 0, &mut Vec::new()) {
        RowItem::Contact(draft) => *draft,
        _ => ContactDraft::default(),
    }
}

/// An entry about a person or an organisation; other entries of a directory are no contacts.
fn contact(dn: String, mut attributes: Vec<Attribute>, line: u64, warnings: &mut Vec<Warning>) -> RowItem {
    let at = attributes.iter().position(|found| found.is(carried::NAME));
    let carried = at.map(|at| attributes.remove(at));
    let of = |wanted: &[&str]| classes(&attributes).any(|class| wanted.contains(&class.as_str()));
    let person = of(&["person", "inetorgperson", "organizationalperson", "mozillaabpersonalpha"]);
    if !person && of(&["organizationalunit", "domain", "dcobject"]) {
        return RowItem::Blank;
    }
    let company = !person && of(&["organization"]);
    let mut fill = Fill::default();
    fill.draft.extras.push(extra("dn", "", dn.clone()));
    fill.draft.external_id = Some(dn);
    let slots = slots(attributes.iter().map(|found| found.name.as_str()));
    let text = |slot: Slot| {
        let at = slots.iter().position(|found| *found == Some(slot))?;
        attributes[at].text()
    };
    // An entry must have cn and sn: where there is no name or no surname, they repeat something else.
    let (cn, sn, given) = (text(Slot::Name), text(Slot::Family), text(Slot::Given));
    let no_family = sn.is_some() && sn == cn && given.is_some();
    let no_name =
        cn.is_some() && cn == text(Slot::Mail) && given.is_none() && (sn.is_none() || sn == cn) && !company;
    let order = order(&attributes, &slots);
    let born = birthday(&attributes, &slots);
    for (attribute, slot) in attributes.iter().zip(&slots) {
        let repeats = match slot {
            Some(Slot::Name) => no_name,
            Some(Slot::Family) => no_family || no_name,
            Some(Slot::BirthYear | Slot::BirthMonth | Slot::BirthDay) => born.is_some(),
            _ => false,
        };
        if !repeats {
            fill.attribute(attribute, *slot);
        }
    }
    let mut draft = fill.finish();
    if let Some(date) = born {
        draft.dates.insert(0, DateDraft { label: "birthday".into(), date, calendar: String::new() });
    }
    if let Some(order) = order {
        draft.extras.push(extra(ORDER, "", order));
    }
    if company || (!person && draft.get("name").is_none() && !draft.company.is_empty()) {
        "company".clone_into(&mut draft.kind);
        let name = std::mem::take(&mut draft.company);
        if !name.is_empty() {
            let other = draft.get("name").filter(|other| *other != name).map(str::to_owned);
            draft.extras.extend(other.map(|other| extra(Slot::Name.name(), "", other)));
            draft.set("name", name);
        }
    }
    let mut restored = false;
    if let Some(text) = carried.as_ref().and_then(Attribute::text) {
        restored = carried::restore(&mut draft, text, super::holds);
        if !restored {
            draft.extras.push(extra(carried::NAME, "", text.to_owned()));
        }
    }
    let _ = draft.external_id.take_if(|id| id.trim().is_empty());
    let nobody = draft.fields.is_empty() && draft.company.is_empty() && draft.methods.is_empty();
    // A book may hold somebody of whom it knows no name.
    if !restored && (nobody || !is_someone(&draft)) {
        return RowItem::Bad(Reason::NoName);
    }
    for found in attributes.iter().filter(|found| matches!(found.value, Given::Url(_))) {
        let (column, Given::Url(value)) = (found.name.clone(), found.value.clone()) else { continue };
        warnings.push(Warning { line, column, value, kind: WarningKind::NotFetched });
    }
    RowItem::Contact(Box::new(draft))
}

/// The attributes' names in their order, if rolo would write them otherwise.
fn order(attributes: &[Attribute], slots: &[Option<Slot>]) -> Option<String> {
    let mut mails = 0;
    let mut last = None;
    let mut as_written = true;
    let mut names = Vec::with_capacity(attributes.len());
    for (attribute, slot) in attributes.iter().zip(slots) {
        let mut name = attribute.name.clone();
        if let Some(slot) = slot {
            let own = match slot {
                Slot::Mail => {
                    mails += 1;
                    if mails == 2 { super::names::SECOND_MAIL } else { slot.name() }
                }
                Slot::Country => country_name(attribute.text().unwrap_or_default()),
                _ => slot.name(),
            };
            as_written &= own == name && last.is_none_or(|last| last <= (0, Some(*slot)));
            last = Some((0, Some(*slot)));
            let birth = matches!(slot, Slot::BirthMonth | Slot::BirthDay);
            if birth && attribute.text().is_some_and(|text| text.starts_with('0')) {
                as_written = false;
                name.push_str(PADDED);
            }
        } else {
            last = Some((1, None));
        }
        names.push(name);
    }
    // Where a person has no surname, none is written either.
    as_written &= slots.contains(&Some(Slot::Family)) || !slots.contains(&Some(Slot::Name));
    (!as_written).then(|| names.join(" "))
}

/// `c` takes codes of two letters (RFC 4519), names go into `co` (RFC 4524).
pub(super) fn country_name(country: &str) -> &'static str {
    if country.len() == 2 && country.bytes().all(|byte| byte.is_ascii_alphabetic()) { "c" } else { "co" }
}

fn birthday(attributes: &[Attribute], slots: &[Option<Slot>]) -> Option<String> {
    let part = |slot: Slot| {
        let mut found = attributes.iter().zip(slots).filter(|(_, own)| **own == Some(slot));
        match (found.next(), found.next()) {
            (Some((attribute, _)), None) => attribute.text().filter(|text| is_number(text)),
            _ => None,
        }
    };
    let count = |slot: Slot| slots.iter().filter(|own| **own == Some(slot)).count();
    let given = |slot: Slot| (count(slot) > 0).then(|| part(slot));
    match (given(Slot::BirthYear), given(Slot::BirthMonth), given(Slot::BirthDay)) {
        (Some(Some(year)), Some(Some(month)), Some(Some(day))) if year.len() == 4 => {
            crate::model::when::parse_date(&format!("{year}-{month:0>2}-{day:0>2}"), None)
        }
        (None, Some(Some(month)), Some(Some(day))) => {
            crate::model::when::parse_date(&format!("--{month:0>2}-{day:0>2}"), None)
        }
        (Some(Some(year)), None, None) if year.len() == 4 => Some(year.to_owned()),
        _ => None,
    }
}

fn is_number(text: &str) -> bool {
    (1..=4).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Fills a draft.
#[derive(Default)]
struct Fill {
    draft: ContactDraft,
    /// The methods so far: a second one that says the same is none.
    methods: HashSet<String>,
    work: AddressDraft,
    home: AddressDraft,
}

impl Fill {
    fn attribute(&mut self, attribute: &Attribute, slot: Option<Slot>) {
        let (params, value) = match &attribute.value {
            Given::Text(text) => match slot {
                Some(slot) if self.put(slot, attribute, text) => return,
                _ => ("", text.clone()),
            },
            Given::Binary(bytes) => {
                if slot == Some(Slot::Photo)
                    && bytes.starts_with(b"\xff\xd8")
                    && self.draft.get("photo").is_none()
                {
                    self.draft.set("photo", format!("{}{}", super::write::JPEG, base64::encode(bytes)));
                    return;
                }
                (BINARY, base64::encode(bytes))
            }
            Given::Url(url) => (URL, url.clone()),
        };
        self.draft.extras.push(extra(&attribute.name, params, value));
    }

    /// Whether the value has found its place; a second one for the same field has none.
    fn put(&mut self, slot: Slot, attribute: &Attribute, text: &str) -> bool {
        let text = if slot == Slot::Note { text } else { text.trim() };
        if text.trim().is_empty() {
            return false;
        }
        let method = |kind: &str, label: &str, value: &str| MethodDraft {
            kind: kind.to_owned(),
            label: label.to_owned(),
            value: value.to_owned(),
            ..MethodDraft::default()
        };
        let found = match slot {
            Slot::Mail => method("email", "", text),
            Slot::WorkPhone => method("phone", "work", text),
            Slot::HomePhone => method("phone", "home", text),
            Slot::Mobile => method("phone", "mobile", text),
            Slot::Fax => method("phone", "fax", text),
            Slot::Pager => method("phone", "pager", text),
            Slot::WorkUrl => method("url", "work", text),
            Slot::HomeUrl => method("url", "home", text),
            // RFC 2079: the address, then white space and a label.
            Slot::Url => match text.split_once(' ') {
                // With more white space it could not be put together again.
                Some((url, label)) if label == label.trim() => method("url", label, url),
                _ => method("url", "", text),
            },
            _ => return self.put_single(slot, attribute, text),
        };
        let said = [&found.kind, &found.label, &found.value].map(String::as_str).join("\x1f");
        if !self.methods.insert(said) {
            return false;
        }
        self.draft.methods.push(found);
        true
    }

    fn put_single(&mut self, slot: Slot, attribute: &Attribute, text: &str) -> bool {
        let field = match slot {
            Slot::Name => "name",
            Slot::Family => "family",
            Slot::Given => "given",
            Slot::Prefix => "prefix",
            Slot::Suffix => "suffix",
            Slot::Nickname => "nickname",
            Slot::Title => "title",
            Slot::Department => "department",
            Slot::Language => "language",
            Slot::Note => "note",
            Slot::Company => {
                let free = self.draft.company.is_empty();
                if free {
                    text.clone_into(&mut self.draft.company);
                }
                return free;
            }
            _ => return self.put_address(slot, attribute, text),
        };
        let free = self.draft.get(field).is_none();
        if free {
            self.draft.set(field, text);
        }
        free
    }

    fn put_address(&mut self, slot: Slot, attribute: &Attribute, text: &str) -> bool {
        let place = match slot {
            Slot::Street => &mut self.work.street,
            Slot::Extended => &mut self.work.extended,
            Slot::PoBox => &mut self.work.po_box,
            Slot::City => &mut self.work.city,
            Slot::Region => &mut self.work.region,
            Slot::Postcode => &mut self.work.postcode,
            Slot::Country => &mut self.work.country,
            Slot::HomeStreet => &mut self.home.street,
            Slot::HomeExtended => &mut self.home.extended,
            Slot::HomeCity => &mut self.home.city,
            Slot::HomeRegion => &mut self.home.region,
            Slot::HomePostcode => &mut self.home.postcode,
            Slot::HomeCountry => &mut self.home.country,
            _ => return false,
        };
        let postal = is_postal(&attribute.name);
        let lines = if postal { lines_of(text) } else { text.to_owned() };
        // One whose escapes are not the standard's could not be given back.
        let free = place.is_empty() && (!postal || super::write::postal(&lines) == text);
        if free {
            *place = lines;
        }
        free
    }

    fn finish(mut self) -> ContactDraft {
        for (mut address, label) in [(self.work, "work"), (self.home, "home")] {
            if !address.is_empty() {
                label.clone_into(&mut address.label);
                self.draft.addresses.push(address);
            }
        }
        self.draft
    }
}

/// A postal address: `$` parts its lines (RFC 4517, 3.3.28).
fn lines_of(text: &str) -> String {
    text.replace('$', "\n").replace("\\24", "$").replace("\\5C", "\\")
}
