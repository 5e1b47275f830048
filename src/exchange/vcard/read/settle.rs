//! What can be said only when every line of a card was seen.

use std::collections::HashMap;

use super::super::meaning::{Meaning, meaning};
use super::super::values::extra;
use super::super::{LAYOUT, write};
use super::{Fate, Read, Reader};
use crate::exchange::table::complete_name;

impl Reader<'_, '_> {
    pub(super) fn finish(mut self) -> Read {
        self.prefer();
        if self.group {
            let name = self.draft.get("name").unwrap_or_default().to_owned();
            return Read::Group { name, members: self.members };
        }
        let layout = self.layout();
        let mut draft = self.draft;
        let parts = ["given", "middle", "family"].iter().any(|field| draft.get(field).is_some());
        let named_so = draft.get("name").is_none_or(|name| name == draft.company);
        // An address book that knows no companies calls one by its organisation.
        if !self.own && !parts && named_so && !draft.company.is_empty() && draft.get("nickname").is_none() {
            self.company = true;
        }
        if self.company {
            "company".clone_into(&mut draft.kind);
            if draft.get("name").is_none() {
                let name = draft.company.clone();
                draft.set("name", name);
            }
            if draft.get("name") == Some(draft.company.as_str()) {
                draft.company.clear();
            }
        } else if !self.own {
            complete_name(&mut draft);
        }
        if let Some(layout) = layout {
            draft.extras.push(extra(LAYOUT, "", &layout));
        }
        Read::Contact(Box::new(draft))
    }

    /// Finds the preferred one of each kind; what else is said about preference only the card holds.
    pub(super) fn prefer(&mut self) {
        let mut best: HashMap<&str, (usize, u8)> = HashMap::new();
        for (line, method, pref) in &self.prefs {
            let kind = self.draft.methods[*method].kind.as_str();
            let slot = best.entry(kind).or_insert((*method, *pref));
            if *pref < slot.1 {
                *slot = (*method, *pref);
            }
            self.fates[*line] = self.fates[*line].max(if *pref == 1 { Fate::Plain } else { Fate::Params });
        }
        let chosen: Vec<usize> = best.values().map(|(method, _)| *method).collect();
        for (line, method, _) in &self.prefs {
            if chosen.contains(method) {
                self.draft.methods[*method].preferred = true;
            } else {
                self.fates[*line] = self.fates[*line].max(Fate::Params);
            }
        }
    }

    /// The properties in their order with what the draft can't say; `None` if the writer would do the same by itself.
    pub(super) fn layout(&self) -> Option<String> {
        let mut last = 0;
        let plain = self.lines.iter().zip(&self.fates).all(|(line, fate)| {
            let rank = match fate {
                Fate::Frame => return true,
                Fate::Plain if meaning(line.name) == Meaning::Label => return true,
                Fate::Plain => write::rank(line),
                Fate::Extra => u8::MAX,
                Fate::Params | Fate::Whole => return false,
            };
            let follows = rank >= last;
            last = rank;
            follows
        });
        if plain {
            return None;
        }
        let mut out = String::with_capacity(self.lines.len() * 24);
        for (line, fate) in self.lines.iter().zip(&self.fates) {
            if *fate == Fate::Frame || (meaning(line.name) == Meaning::Broken) {
                continue;
            }
            if !out.is_empty() {
                out.push('\n');
            }
            if *fate == Fate::Extra {
                out.push('+');
            }
            if !line.group.is_empty() {
                out.push_str(line.group);
                out.push('.');
            }
            out.push_str(line.name);
            if *fate == Fate::Extra {
                continue;
            }
            if !line.params.is_empty() {
                out.push(';');
                out.push_str(&line.params);
            }
            if *fate == Fate::Whole || meaning(line.name) == Meaning::Label {
                out.push(':');
                out.push_str(&line.value);
            }
        }
        Some(out)
    }
}
