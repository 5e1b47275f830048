//! What comes from outside before it is a record: a contact as a file, a form or a script describes it.
//!
//! Everything is text here, as it was typed. The book derives normal forms; nothing that was given gets lost: what
//! no field can hold goes into `extras`.

use super::schema::Kind;
use serde::{Deserialize, Serialize};

/// How someone can be reached.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MethodDraft {
    /// `email`, `phone`, `url`, `im` or `social`.
    pub kind: String,
    /// The service of an `im` or `social` (`WeChat`, `LinkedIn`), empty otherwise.
    pub service: String,
    /// `work`, `home`, `mobile`, or anything else.
    pub label: String,
    /// As it was typed.
    pub value: String,
    /// Whether it is the one to use first among its kind.
    pub preferred: bool,
}

/// A postal address. Field names are those of `schema::ADDRESS`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddressDraft {
    /// `home`, `work`, or anything else.
    pub label: String,
    /// May hold line breaks.
    pub street: String,
    /// Flat, building, second line.
    pub extended: String,
    /// PO box.
    pub po_box: String,
    /// City or town.
    pub city: String,
    /// State, province, county.
    pub region: String,
    /// Postal code.
    pub postcode: String,
    /// As it was written: a name or a code.
    pub country: String,
}

impl AddressDraft {
    /// Whether nothing but perhaps a label is there.
    pub fn is_empty(&self) -> bool {
        [&self.street, &self.extended, &self.po_box, &self.city, &self.region, &self.postcode, &self.country]
            .iter()
            .all(|part| part.is_empty())
    }
}

/// A day that belongs to a person.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DateDraft {
    /// `birthday`, `anniversary`, or anything else.
    pub label: String,
    /// `YYYY-MM-DD`, `--MM-DD`, `YYYY-MM` or `YYYY` where it was understood, otherwise as it was typed.
    pub date: String,
    /// `gregorian` (or empty) or `chinese`.
    pub calendar: String,
}

/// Something that rolo has no field for, kept so that an export to the same format can give it back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExtraDraft {
    /// The format it came from: `google`, `csv`, `vcard`, ...
    pub source: String,
    /// The column's or property's name.
    pub name: String,
    /// Parameters of a property, verbatim.
    pub params: String,
    /// Its value, verbatim.
    pub value: String,
}

/// A link to another contact, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkDraft {
    /// `spouse`, `manager`, ...
    pub relation: String,
    /// The other's id, if known.
    pub id: String,
    /// The other's name.
    pub name: String,
}

/// Whom a record of another system is about: everything it says to find the contact by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Whom {
    /// The part that they play in it (`decision maker`, `from`); may be empty.
    pub role: String,
    /// The system's id of the contact or company.
    pub external_id: String,
    /// Name, as written.
    pub name: String,
    /// Their company's name.
    pub company: String,
    /// An e-mail.
    pub email: String,
    /// A phone, as written.
    pub phone: String,
    /// It is a company, not a person.
    pub is_company: bool,
}

/// Something of another system that is no contact: an interaction, a task, a deal, a project, a consent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordDraft {
    /// Its kind.
    pub kind: Kind,
    /// The system's id of it. Without one it is known by what it says.
    pub external_id: Option<String>,
    /// Scalar fields by their name in the kind's record, as text; instants RFC 3339 or a date, amounts with a point,
    /// durations in seconds. None stands twice, none is empty.
    pub fields: Vec<(&'static str, String)>,
    /// The company that it belongs to, if its kind has one.
    pub company: Option<Whom>,
    /// Whom it is about.
    pub whom: Vec<Whom>,
    /// What has no field: name and value.
    pub extras: Vec<(String, String)>,
}

/// The status of a consent that says no more than that its system knows of no opt-out (any more).
pub const OPEN: &str = "open";

/// The parts of a name, by their fields.
pub const NAME_PARTS: [&str; 5] = ["prefix", "given", "middle", "family", "suffix"];

/// A contact as something outside describes it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ContactDraft {
    /// rolo's own id, if the source carries one.
    pub id: Option<String>,
    /// The source's id for it, if it has one.
    pub external_id: Option<String>,
    /// `person` or `company`; empty means person.
    pub kind: String,
    /// Scalar fields by their name in `schema::CONTACT` (`name`, `given`, `title`, `note`, ...), as text: booleans
    /// are `true`/`false`. No field stands twice; no value is empty.
    pub fields: Vec<(&'static str, String)>,
    /// Those of them that the source doesn't give: parts of a name that were made from the whole.
    pub split: Vec<&'static str>,
    /// The company's name, for a person.
    pub company: String,
    /// The source's id for that company, if it has one.
    pub company_id: String,
    /// Methods in order.
    pub methods: Vec<MethodDraft>,
    /// Addresses in order.
    pub addresses: Vec<AddressDraft>,
    /// Dates in order, the birthday among them.
    pub dates: Vec<DateDraft>,
    /// Tag names.
    pub tags: Vec<String>,
    /// Custom fields: key, value.
    pub values: Vec<(String, String)>,
    /// Links by name or id.
    pub links: Vec<LinkDraft>,
    /// What has no field.
    pub extras: Vec<ExtraDraft>,
    /// What comes with the contact and is about it alone: interactions, tasks, consents.
    pub records: Vec<RecordDraft>,
    /// It lay in the bin of the book that it comes from.
    pub deleted: bool,
    /// When it was made and last changed, RFC 3339, if the source says.
    pub created: String,
    /// See `created`.
    pub updated: String,
}

impl ContactDraft {
    /// The value of a scalar field.
    pub fn get(&self, field: &str) -> Option<&str> {
        self.fields.iter().find(|(name, _)| *name == field).map(|(_, value)| value.as_str())
    }

    /// Sets a scalar field; an empty value leaves it unset.
    pub fn set(&mut self, field: &'static str, value: impl Into<String>) {
        let value = value.into();
        self.fields.retain(|(name, _)| *name != field);
        if !value.is_empty() {
            self.fields.push((field, value));
        }
    }

    /// Takes the parts of a name, in the order of `NAME_PARTS`, that were made from the whole; those that are there stay.
    pub fn split_into(&mut self, parts: [String; 5]) {
        for (field, text) in NAME_PARTS.into_iter().zip(parts) {
            if !text.is_empty() && self.get(field).is_none() {
                self.fields.push((field, text));
                self.split.push(field);
            }
        }
    }

    /// Whether nothing identifies it: no name, no company, no way to reach it.
    pub fn is_blank(&self) -> bool {
        self.fields.is_empty()
            && self.company.is_empty()
            && self.methods.is_empty()
            && self.addresses.is_empty()
            && self.dates.is_empty()
            && self.tags.is_empty()
            && self.values.is_empty()
            && self.extras.is_empty()
    }
}
