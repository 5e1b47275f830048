//! Entries to drafts.

use std::collections::HashSet;

use super::{ORDER, SYSTEM, Slot};
use crate::exchange::lines::{Block, Lines};
use crate::exchange::scan::{MAX_QUOTED, Scanner};
use crate::exchange::table::is_someone;
use crate::exchange::{ExchangeError, Raw, Reason, Row, RowItem, Rows, Warning, WarningKind, carried, notes};
use crate::model::draft::{AddressDraft, ContactDraft, DateDraft, ExtraDraft, MethodDraft};
use crate::model::when::parse_date;

/// Reads entries one by one.
pub(crate) struct Reader {
    lines: Lines,
}

impl Rows for Reader {
    fn read(&mut self) -> Result<Option<Row>, ExchangeError> {
        while let Some((section, mut block)) = self.section()? {
            if section == "format" {
                continue;
            }
            let mut warnings = notes(&block.found);
            let line = block.found.line;
            let item = match block.found.bad.take() {
                Some(reason) => RowItem::Bad(reason),
                None => entry(&block.raw, line, &mut warnings).unwrap_or_else(RowItem::Bad),
            };
            return Ok(Some(Row { line, item, warnings, raw: Raw::Text(block.raw) }));
        }
        Ok(None)
    }

    fn bytes(&self) -> u64 {
        self.lines.scanner().input().bytes()
    }

    fn guessed(&self) -> Option<&'static str> {
        self.lines.scanner().input().guessed()
    }
}

/// The name of the section that a line begins.
pub(super) fn header(line: &str) -> Option<&str> {
    line.trim().strip_prefix('[')?.strip_suffix(']')
}

impl Reader {
    pub(crate) const fn new(scanner: Scanner) -> Self {
        Self { lines: Lines::new(scanner) }
    }

    /// The next section that holds something. What stands before the first is one, too.
    fn section(&mut self) -> Result<Option<(String, Block)>, ExchangeError> {
        let mut name = String::new();
        let mut block = Block::default();
        let mut filled = false;
        loop {
            let ends = self.lines.peek()?.map(|line| header(line).is_some());
            if ends.is_none() || (ends == Some(true) && filled) {
                return Ok(filled.then_some((name, block)));
            }
            let Some((line, found)) = self.lines.next()? else { return Ok(None) };
            if let Some(found_name) = header(&line) {
                found_name.trim().clone_into(&mut name);
                block = Block::default();
            } else if line.trim().is_empty() || line.trim_start().starts_with('#') {
                continue;
            } else {
                filled = true;
            }
            block.add(&line, &found);
        }
    }
}

/// What reading gives for an entry that was just written.
pub(super) fn again(raw: &str) -> ContactDraft {
    match entry(raw, 0, &mut Vec::new()) {
        Ok(RowItem::Contact(draft)) => *draft,
        _ => ContactDraft::default(),
    }
}

fn entry(raw: &str, first: u64, warnings: &mut Vec<Warning>) -> Result<RowItem, Reason> {
    let mut draft = ContactDraft::default();
    let mut address = AddressDraft::default();
    let (mut keys, mut in_order, mut last) = (Vec::new(), true, None);
    let mut custom = HashSet::new();
    let mut repeated = false;
    let mut carried = None;
    for (at, text) in raw.lines().enumerate() {
        if header(text).is_some() {
            continue;
        }
        let line = first + at as u64;
        let (key, value) = text
            .split_once('=')
            .map(|(key, value)| (key.trim(), value.trim()))
            .filter(|(key, _)| !key.is_empty())
            .ok_or_else(|| Reason::NoAttribute { line, text: text.chars().take(60).collect() })?;
        if value.is_empty() {
            continue;
        }
        if key == carried::NAME && carried.is_none() {
            carried = Some(value);
            continue;
        }
        if value.len() > MAX_QUOTED {
            return Err(Reason::TooLong { limit: MAX_QUOTED });
        }
        let slot = Slot::named(key);
        let placed = slot.is_some_and(|slot| {
            put(&mut draft, slot, value) || put_address(&mut address, slot, value) || {
                put_date(&mut draft, slot, key, value, line, warnings)
            }
        });
        if !placed {
            if slot.is_none() && custom.insert(key) {
                draft.values.push((key.to_owned(), value.to_owned()));
                // What a key has a second time is written after all fields.
                in_order &= !repeated;
            } else {
                repeated |= slot.is_none();
                draft.extras.push(extra(key, value));
            }
        }
        let rank = slot.map_or((1, None), |slot| (0, Some(slot)));
        let own = slot.is_none_or(|slot| slot != Slot::MorePhones && slot.key() == key);
        in_order &= own && last.is_none_or(|last| last <= rank);
        last = Some(rank);
        keys.push(key);
    }
    if !address.is_empty() {
        draft.addresses.push(address);
    }
    if !in_order {
        draft.extras.push(extra(ORDER, &keys.join("\n")));
    }
    // abook has no entry without a name: there, something else stands in its place.
    let stands_in =
        draft.methods.iter().any(|method| method.kind != "url" && draft.get("name") == Some(&method.value));
    if stands_in || draft.get("name") == Some("-") {
        draft.set("name", "");
    }
    let mut restored = false;
    if let Some(value) = carried {
        restored = carried::restore(&mut draft, value, super::holds);
        if !restored {
            draft.extras.push(extra(carried::NAME, value));
        }
    }
    let nobody = draft.fields.is_empty() && draft.company.is_empty() && draft.methods.is_empty();
    // A book may hold somebody of whom it knows no name.
    Ok(if !restored && (nobody || !is_someone(&draft)) {
        RowItem::Bad(Reason::NoName)
    } else {
        RowItem::Contact(Box::new(draft))
    })
}

fn extra(key: &str, value: &str) -> ExtraDraft {
    ExtraDraft { source: SYSTEM.into(), name: key.to_owned(), params: String::new(), value: value.to_owned() }
}

/// The parts of a list, `\,` and the like not being known to abook.
fn list(value: &str) -> impl Iterator<Item = &str> {
    value.split(',').map(str::trim).filter(|part| !part.is_empty())
}

fn put(draft: &mut ContactDraft, slot: Slot, value: &str) -> bool {
    let (kind, label) = match slot {
        Slot::Email => ("email", ""),
        Slot::Phone => ("phone", "home"),
        Slot::WorkPhone => ("phone", "work"),
        Slot::Fax => ("phone", "fax"),
        Slot::Mobile => ("phone", "mobile"),
        Slot::MorePhones => ("phone", ""),
        Slot::Url => ("url", ""),
        _ => return put_field(draft, slot, value),
    };
    if !label.is_empty() && draft.methods.iter().any(|other| other.label == label) {
        return false;
    }
    let mut add = |value: &str| {
        let (kind, label, value) = (kind.to_owned(), label.to_owned(), value.to_owned());
        draft.methods.push(MethodDraft { kind, label, value, ..MethodDraft::default() });
    };
    if slot == Slot::Email {
        list(value).for_each(add)
    } else {
        add(value)
    }
    true
}

fn put_field(draft: &mut ContactDraft, slot: Slot, value: &str) -> bool {
    let field = match slot {
        Slot::Name => "name",
        Slot::Nickname => "nickname",
        Slot::Note => "note",
        Slot::Title => "title",
        Slot::Department => "department",
        Slot::Company => {
            let free = draft.company.is_empty();
            if free {
                value.clone_into(&mut draft.company);
            }
            return free;
        }
        Slot::Tags => {
            let mut seen: HashSet<String> = draft.tags.iter().cloned().collect();
            let new = list(value).filter(|tag| seen.insert((*tag).to_owned()));
            draft.tags.extend(new.map(str::to_owned));
            return true;
        }
        _ => return false,
    };
    let free = draft.get(field).is_none();
    if free {
        draft.set(field, value);
    }
    free
}

fn put_address(address: &mut AddressDraft, slot: Slot, value: &str) -> bool {
    let place = match slot {
        Slot::Street => &mut address.street,
        Slot::Extended => &mut address.extended,
        Slot::City => &mut address.city,
        Slot::Region => &mut address.region,
        Slot::Postcode => &mut address.postcode,
        Slot::Country => &mut address.country,
        _ => return false,
    };
    let free = place.is_empty();
    if free {
        value.clone_into(place);
    }
    free
}

fn put_date(
    draft: &mut ContactDraft,
    slot: Slot,
    key: &str,
    value: &str,
    line: u64,
    warnings: &mut Vec<Warning>,
) -> bool {
    let label = match slot {
        Slot::Birthday => "birthday",
        Slot::Anniversary => "anniversary",
        _ => return false,
    };
    if draft.dates.iter().any(|date| date.label == label) {
        return false;
    }
    let date = parse_date(value, None).unwrap_or_else(|| {
        let (column, value) = (key.to_owned(), value.to_owned());
        warnings.push(Warning { line, column, value, kind: WarningKind::NoDate });
        warnings.last().map(|warning| warning.value.clone()).unwrap_or_default()
    });
    draft.dates.push(DateDraft { label: label.to_owned(), date, calendar: String::new() });
    true
}
