//! The columns of Google's table, in the format since 2024 and in the one before.

use super::{Column, Shape, Side, Style};
use crate::exchange::mapping::Part;

/// The names of text columns in the format since 2024.
const NEW: [(&str, Column); 16] = [
    ("First Name", Column::GivenOrName),
    ("Middle Name", Column::Text("middle")),
    ("Last Name", Column::Text("family")),
    ("Phonetic First Name", Column::Text("phonetic_given")),
    ("Phonetic Middle Name", Column::Text("phonetic_middle")),
    ("Phonetic Last Name", Column::Text("phonetic_family")),
    ("Name Prefix", Column::Text("prefix")),
    ("Name Suffix", Column::Text("suffix")),
    ("Nickname", Column::Text("nickname")),
    ("Organization Name", Column::Organization),
    ("Organization Title", Column::Text("title")),
    ("Organization Department", Column::Text("department")),
    ("Birthday", Column::Birthday),
    ("Notes", Column::Text("note")),
    ("Photo", Column::Text("photo")),
    ("Labels", Column::Tags),
];

/// The same in the format before; the organisation stands behind the methods.
const OLD: [(&str, Column); 14] = [
    ("Name", Column::WholeName),
    ("Given Name", Column::Text("given")),
    ("Additional Name", Column::Text("middle")),
    ("Family Name", Column::Text("family")),
    ("Given Name Yomi", Column::Text("phonetic_given")),
    ("Additional Name Yomi", Column::Text("phonetic_middle")),
    ("Family Name Yomi", Column::Text("phonetic_family")),
    ("Name Prefix", Column::Text("prefix")),
    ("Name Suffix", Column::Text("suffix")),
    ("Nickname", Column::Text("nickname")),
    ("Birthday", Column::Birthday),
    ("Gender", Column::Text("gender")),
    ("Notes", Column::Text("note")),
    ("Group Membership", Column::Tags),
];

const ORGANIZATION: [(&str, Column); 3] = [
    ("Organization 1 - Name", Column::Organization),
    ("Organization 1 - Title", Column::Text("title")),
    ("Organization 1 - Department", Column::Text("department")),
];

const ADDRESS: [(Part, &str); 8] = [
    (Part::Formatted, "Formatted"),
    (Part::Street, "Street"),
    (Part::City, "City"),
    (Part::PoBox, "PO Box"),
    (Part::Region, "Region"),
    (Part::Postcode, "Postal Code"),
    (Part::Country, "Country"),
    (Part::Extended, "Extended Address"),
];

/// The format that a table of Google's with these columns is in.
pub(super) fn style_of(columns: &[String]) -> Option<Style> {
    let has = |name: &str| columns.iter().any(|column| column == name);
    let old = has("Given Name") || has("Group Membership") || has("E-mail 1 - Type") || has("Phone 1 - Type");
    (!columns.is_empty()).then_some(if old { Style::GoogleOld } else { Style::Google })
}

impl Shape {
    /// How many of a group the table has room for.
    fn room(&self, what: &str, name: &str, least: usize) -> usize {
        let numbers = self.seen.iter().filter_map(|column| {
            column.strip_prefix(name)?.strip_prefix(' ')?.split(' ').next()?.parse::<usize>().ok()
        });
        self.most(what).max(numbers.filter(|number| *number < 1000).max().unwrap_or(0)).max(least)
    }

    /// The columns that are needed, those of the last table before all others and in its order.
    pub(super) fn google_columns(&self) -> Vec<(String, Column)> {
        let old = self.style == Style::GoogleOld;
        let mut columns = self.known(old);
        if self.seen.is_empty() {
            if !old {
                let after = columns.iter().position(|(name, _)| name == "Nickname").map_or(0, |at| at + 1);
                columns.insert(after, ("File As".to_owned(), Column::Extra("File As".to_owned())));
            }
            return columns;
        }
        let mut all = Vec::with_capacity(columns.len());
        for name in &self.seen {
            let known = columns.iter().position(|(own, _)| own == name).map(|at| columns.remove(at));
            all.push(known.unwrap_or_else(|| (name.clone(), Column::Extra(name.clone()))));
        }
        columns.retain(|(_, column)| self.needs(column));
        all.extend(columns);
        all
    }

    /// Whether a contact has something for a column that the last table did not have.
    fn needs(&self, column: &Column) -> bool {
        match column {
            Column::Text(field) => self.most(field) > 0,
            Column::GivenOrName => self.most("given").max(self.most("name")) > 0,
            Column::WholeName => self.most("name") > 0,
            Column::Organization => self.most("company").max(self.most("organization")) > 0,
            Column::Birthday => self.most("birthday") > 0,
            Column::Tags => self.most("tags").max(self.most("starred")) > 0,
            Column::Method(kind, n, _) => *n < self.most(kind),
            Column::Address(n, _) | Column::AddressLabel(n) => *n < self.most("address"),
            Column::Site(n, _) => *n < self.most("site"),
            Column::Date(n, _) => *n < self.most("date"),
            Column::Link(n, _) => *n < self.most("link"),
            Column::NthField(n, _) => *n < self.most("field"),
            _ => true,
        }
    }

    fn known(&self, old: bool) -> Vec<(String, Column)> {
        let named = |(name, column): &(&str, Column)| ((*name).to_owned(), column.clone());
        let heads: &[(&str, Column)] = if old { &OLD } else { &NEW };
        let mut columns: Vec<(String, Column)> = heads.iter().map(named).collect();
        let label = if old { "Type" } else { "Label" };
        let mut group =
            |name: &str, count: usize, sides: &[(&str, Side)], of: &dyn Fn(usize, Side) -> Column| {
                for n in 0..count {
                    for (side, which) in sides {
                        columns.push((format!("{name} {} - {side}", n + 1), of(n, *which)));
                    }
                }
            };
        let pair = [(label, Side::Label), ("Value", Side::Value)];
        let served = [(label, Side::Label), ("Service", Side::Second), ("Value", Side::Value)];
        let method = |kind: &'static str| move |n, side| Column::Method(kind, n, side);
        group("E-mail", self.room("email", "E-mail", 1), &pair, &method("email"));
        if old {
            group("IM", self.room("im", "IM", 0), &served, &method("im"));
            group("Phone", self.room("phone", "Phone", 1), &pair, &method("phone"));
        } else {
            group("Phone", self.room("phone", "Phone", 1), &pair, &method("phone"));
            group("IM", self.room("im", "IM", 0), &served, &method("im"));
        }
        for n in 0..self.room("address", "Address", 0) {
            columns.push((format!("Address {} - {label}", n + 1), Column::AddressLabel(n)));
            let part = |(part, name): (Part, &str)| {
                (format!("Address {} - {name}", n + 1), Column::Address(n, part))
            };
            columns.extend(ADDRESS.map(part));
        }
        if old {
            columns.extend(ORGANIZATION.iter().map(named));
        }
        let mut group = |name: &str, count: usize, of: &dyn Fn(usize, Side) -> Column| {
            for n in 0..count {
                for (side, which) in pair {
                    columns.push((format!("{name} {} - {side}", n + 1), of(n, which)));
                }
            }
        };
        group("Relation", self.room("link", "Relation", 0), &Column::Link);
        group("Website", self.room("site", "Website", 0), &Column::Site);
        group("Event", self.room("date", "Event", 0), &Column::Date);
        group("Custom Field", self.room("field", "Custom Field", 0), &Column::NthField);
        if old && self.most("photo") > 0 {
            columns.push(("Photo".to_owned(), Column::Text("photo")));
        }
        columns
    }
}
