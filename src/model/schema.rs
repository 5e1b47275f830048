//! The one table of records and fields. SQL, the log's encoding, the filter language, CSV mapping and JSON read it;
//! adding a field is one line here and one migration, and a test in `store::schema` holds the two together.

/// A kind of record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
#[allow(missing_docs)]
pub enum Kind {
    Contact,
    Method,
    Address,
    Date,
    Tag,
    Tagging,
    Field,
    FieldValue,
    Link,
    Interaction,
    Participant,
    Task,
    Deal,
    Project,
    Member,
    Consent,
    Same,
    Identity,
    Campaign,
    Sending,
    View,
    Template,
    Extra,
    Setting,
}

/// What a field holds and how it is written in the log, in SQL and in JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// One line of text.
    Text,
    /// Text with line breaks.
    Long,
    /// `true`, or absent.
    Flag,
    /// A whole number.
    Int,
    /// A decimal, in 1/10,000.
    Decimal,
    /// A fractional position among siblings.
    Position,
    /// `YYYY-MM-DD`, `--MM-DD`, `YYYY-MM`, `YYYY`, or (an import's) free text.
    Date,
    /// A date, or a date and time with offset, as ISO 8601 text.
    When,
    /// An instant, ms since 1970 UTC.
    Instant,
    /// One of some words; others are kept as they come.
    Choice(&'static [&'static str]),
    /// A span such as `3 months`, as typed in English.
    Span,
    /// Another record.
    Ref(Kind),
    /// A JSON document.
    Json,
}

/// One field. Each is a register: concurrent values are kept as siblings, `(hlc, device)` chooses the one shown.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// Its name, everywhere.
    pub name: &'static str,
    /// Its type.
    pub ty: Type,
    /// Part of the narrow search text of its contact.
    pub search: bool,
    /// A table's column can be mapped to it.
    pub map: bool,
    /// Can be shown as a column of a list.
    pub column: bool,
}

/// How the rows of a kind are keyed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// `id integer primary key`, with a UUID in `uid`.
    Top,
    /// `primary key(owner, n)`, clustered under the record that owns it, whose column has this name.
    Child(Kind, &'static str),
}

/// One kind of record.
#[derive(Clone, Copy, Debug)]
pub struct Record {
    /// Which.
    pub kind: Kind,
    /// Its name in the log, in JSON and in SQL.
    pub name: &'static str,
    /// How it is keyed.
    pub key: Key,
    /// Its fields. Only ever appended to; tables and log know them by name.
    pub fields: &'static [Field],
}

impl Record {
    /// The position of a field.
    pub fn field(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|field| field.name == name)
    }
}

impl Kind {
    /// The declaration of this kind.
    pub fn record(self) -> &'static Record {
        &RECORDS[self as usize]
    }

    /// The kind with this name.
    pub fn named(name: &str) -> Option<Self> {
        RECORDS.iter().find(|record| record.name == name).map(|record| record.kind)
    }

    /// The kinds that are clustered under this one.
    pub fn children(self) -> impl Iterator<Item = &'static Record> {
        RECORDS.iter().filter(move |record| matches!(record.key, Key::Child(owner, _) if owner == self))
    }
}

const fn field(name: &'static str, ty: Type) -> Field {
    Field { name, ty, search: false, map: false, column: false }
}

/// A field that a table can bring and a list can show.
const fn open(name: &'static str, ty: Type) -> Field {
    Field { name, ty, search: false, map: true, column: true }
}

/// The same, and found by typing.
const fn found(name: &'static str, ty: Type) -> Field {
    Field { name, ty, search: true, map: true, column: true }
}

/// Kinds of contact.
pub const CONTACT_KINDS: &[&str] = &["person", "company"];
/// Value tiers, best first.
pub const TIERS: &[&str] = &["high", "medium", "low"];
/// Types of methods.
pub const METHOD_TYPES: &[&str] = &["email", "phone", "url", "im", "social"];
/// Kinds of interactions that come with rolo.
pub const INTERACTION_KINDS: &[&str] =
    &["call", "email", "meeting", "message", "note", "visit", "purchase", "request", "feedback"];
/// Types of custom fields.
pub const FIELD_TYPES: &[&str] = &["text", "number", "date", "yes/no", "choice", "url"];

/// Every kind, in the order of `Kind`.
pub static RECORDS: [Record; 24] = [
    Record {
        kind: Kind::Contact,
        name: "contact",
        key: Key::Top,
        fields: &[
            open("kind", Type::Choice(CONTACT_KINDS)),
            found("name", Type::Text),
            open("given", Type::Text),
            open("middle", Type::Text),
            open("family", Type::Text),
            open("prefix", Type::Text),
            open("suffix", Type::Text),
            found("nickname", Type::Text),
            open("phonetic_given", Type::Text),
            open("phonetic_middle", Type::Text),
            open("phonetic_family", Type::Text),
            found("company", Type::Ref(Kind::Contact)),
            found("title", Type::Text),
            open("department", Type::Text),
            open("language", Type::Text),
            open("time_zone", Type::Text),
            open("stage", Type::Text),
            open("tier", Type::Choice(TIERS)),
            open("industry", Type::Text),
            open("size", Type::Text),
            open("interests", Type::Text),
            open("source", Type::Text),
            open("owner", Type::Text),
            open("channel", Type::Text),
            open("keep_in_touch", Type::Span),
            open("photo", Type::Text),
            open("gender", Type::Text),
            open("pronouns", Type::Text),
            open("note", Type::Long),
            open("starred", Type::Flag),
            open("archived", Type::Flag),
            field("implied", Type::Flag),
            field("purged", Type::Flag),
            field("preferred_email", Type::Ref(Kind::Method)),
            field("preferred_phone", Type::Ref(Kind::Method)),
        ],
    },
    Record {
        kind: Kind::Method,
        name: "method",
        key: Key::Child(Kind::Contact, "contact"),
        fields: &[
            field("type", Type::Choice(METHOD_TYPES)),
            field("service", Type::Text),
            field("label", Type::Text),
            field("value", Type::Text),
            field("position", Type::Position),
        ],
    },
    Record {
        kind: Kind::Address,
        name: "address",
        key: Key::Child(Kind::Contact, "contact"),
        fields: &[
            field("label", Type::Text),
            field("street", Type::Long),
            field("extended", Type::Text),
            field("po_box", Type::Text),
            field("city", Type::Text),
            field("region", Type::Text),
            field("postcode", Type::Text),
            field("country", Type::Text),
            field("position", Type::Position),
        ],
    },
    Record {
        kind: Kind::Date,
        name: "date",
        key: Key::Child(Kind::Contact, "contact"),
        fields: &[
            field("label", Type::Text),
            field("date", Type::Date),
            field("calendar", Type::Choice(&["gregorian", "chinese"])),
        ],
    },
    Record {
        kind: Kind::Tag,
        name: "tag",
        key: Key::Top,
        fields: &[field("name", Type::Text), field("colour", Type::Text)],
    },
    Record {
        kind: Kind::Tagging,
        name: "tagging",
        key: Key::Child(Kind::Contact, "contact"),
        fields: &[field("tag", Type::Ref(Kind::Tag))],
    },
    Record {
        kind: Kind::Field,
        name: "field",
        key: Key::Top,
        fields: &[
            field("key", Type::Text),
            field("name", Type::Text),
            field("type", Type::Choice(FIELD_TYPES)),
            field("choices", Type::Json),
            field("required", Type::Flag),
            field("pattern", Type::Text),
        ],
    },
    Record {
        kind: Kind::FieldValue,
        name: "value",
        key: Key::Child(Kind::Contact, "contact"),
        fields: &[field("field", Type::Ref(Kind::Field)), field("value", Type::Long)],
    },
    Record {
        kind: Kind::Link,
        name: "link",
        key: Key::Child(Kind::Contact, "contact"),
        fields: &[
            field("relation", Type::Text),
            field("to", Type::Ref(Kind::Contact)),
            field("name", Type::Text),
            field("note", Type::Text),
        ],
    },
    Record {
        kind: Kind::Interaction,
        name: "interaction",
        key: Key::Top,
        fields: &[
            field("kind", Type::Text),
            field("channel", Type::Text),
            field("at", Type::Instant),
            field("duration", Type::Int),
            field("direction", Type::Choice(&["in", "out"])),
            field("subject", Type::Text),
            field("body", Type::Long),
            field("outcome", Type::Text),
            field("amount", Type::Decimal),
            field("currency", Type::Text),
            field("items", Type::Json),
            field("rating", Type::Int),
            field("status", Type::Text),
            field("assignee", Type::Text),
            field("answer_by", Type::When),
            field("campaign", Type::Ref(Kind::Campaign)),
            field("external_id", Type::Text),
            field("deal", Type::Ref(Kind::Deal)),
            field("project", Type::Ref(Kind::Project)),
            field("author", Type::Text),
            field("system", Type::Text),
            field("base", Type::Json),
            field("extras", Type::Json),
            field("waiting", Type::Json),
        ],
    },
    Record {
        kind: Kind::Participant,
        name: "participant",
        key: Key::Child(Kind::Interaction, "interaction"),
        fields: &[field("contact", Type::Ref(Kind::Contact)), field("role", Type::Text)],
    },
    Record {
        kind: Kind::Task,
        name: "task",
        key: Key::Top,
        fields: &[
            field("contact", Type::Ref(Kind::Contact)),
            field("deal", Type::Ref(Kind::Deal)),
            field("project", Type::Ref(Kind::Project)),
            field("kind", Type::Text),
            field("title", Type::Text),
            field("note", Type::Long),
            field("due", Type::When),
            field("repeat", Type::Text),
            field("done", Type::Instant),
            field("snoozed", Type::When),
            field("assignee", Type::Text),
            field("origin", Type::Choice(&["typed", "keep-in-touch", "birthday", "stale"])),
            field("external_id", Type::Text),
            field("system", Type::Text),
            field("base", Type::Json),
            field("extras", Type::Json),
            field("waiting", Type::Json),
        ],
    },
    Record {
        kind: Kind::Deal,
        name: "deal",
        key: Key::Top,
        fields: &[
            field("title", Type::Text),
            field("stage", Type::Text),
            field("amount", Type::Decimal),
            field("currency", Type::Text),
            field("probability", Type::Int),
            field("expected_close", Type::Date),
            field("closed", Type::Instant),
            field("won", Type::Flag),
            field("company", Type::Ref(Kind::Contact)),
            field("owner", Type::Text),
            field("note", Type::Long),
            field("external_id", Type::Text),
            field("system", Type::Text),
            field("base", Type::Json),
            field("extras", Type::Json),
            field("waiting", Type::Json),
        ],
    },
    Record {
        kind: Kind::Project,
        name: "project",
        key: Key::Top,
        fields: &[
            field("name", Type::Text),
            field("status", Type::Text),
            field("start", Type::Date),
            field("end", Type::Date),
            field("note", Type::Long),
            field("external_id", Type::Text),
            field("system", Type::Text),
            field("base", Type::Json),
            field("extras", Type::Json),
            field("waiting", Type::Json),
        ],
    },
    Record {
        kind: Kind::Member,
        name: "member",
        key: Key::Child(Kind::Contact, "contact"),
        fields: &[
            field("deal", Type::Ref(Kind::Deal)),
            field("project", Type::Ref(Kind::Project)),
            field("role", Type::Text),
        ],
    },
    Record {
        kind: Kind::Consent,
        name: "consent",
        key: Key::Child(Kind::Contact, "contact"),
        fields: &[
            field("purpose", Type::Text),
            field("channel", Type::Text),
            field("status", Type::Choice(&["granted", "denied", "withdrawn", "pending"])),
            field("basis", Type::Text),
            field("at", Type::Instant),
            field("expires", Type::Date),
            field("evidence", Type::Long),
        ],
    },
    Record {
        kind: Kind::Same,
        name: "same",
        key: Key::Top,
        fields: &[
            field("a", Type::Ref(Kind::Contact)),
            field("b", Type::Ref(Kind::Contact)),
            field("different", Type::Flag),
        ],
    },
    Record {
        kind: Kind::Identity,
        name: "identity",
        key: Key::Child(Kind::Contact, "contact"),
        fields: &[
            field("system", Type::Text),
            field("ext", Type::Text),
            field("base", Type::Json),
            field("at", Type::Instant),
        ],
    },
    Record {
        kind: Kind::Campaign,
        name: "campaign",
        key: Key::Top,
        fields: &[
            field("name", Type::Text),
            field("template", Type::Ref(Kind::Template)),
            field("query", Type::Text),
        ],
    },
    Record {
        kind: Kind::Sending,
        name: "sending",
        key: Key::Child(Kind::Contact, "contact"),
        fields: &[
            field("campaign", Type::Ref(Kind::Campaign)),
            field("at", Type::Instant),
            field("status", Type::Text),
        ],
    },
    Record {
        kind: Kind::View,
        name: "view",
        key: Key::Top,
        fields: &[
            field("name", Type::Text),
            field("query", Type::Text),
            field("columns", Type::Json),
            field("sort", Type::Text),
        ],
    },
    Record {
        kind: Kind::Template,
        name: "template",
        key: Key::Top,
        fields: &[
            field("name", Type::Text),
            field("language", Type::Text),
            field("subject", Type::Text),
            field("body", Type::Long),
        ],
    },
    Record {
        kind: Kind::Extra,
        name: "extra",
        key: Key::Child(Kind::Contact, "contact"),
        fields: &[
            field("source", Type::Text),
            field("name", Type::Text),
            field("params", Type::Text),
            field("value", Type::Long),
        ],
    },
    Record {
        kind: Kind::Setting,
        name: "setting",
        key: Key::Top,
        fields: &[field("key", Type::Text), field("value", Type::Text)],
    },
];

/// The fields of a contact that a table's column can fill as text.
pub fn mappable() -> impl Iterator<Item = &'static Field> {
    Kind::Contact.record().fields.iter().filter(|field| field.map)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_stands_at_its_own_place_under_its_own_name() {
        for (index, record) in RECORDS.iter().enumerate() {
            assert_eq!(record.kind as usize, index, "{}", record.name);
            assert_eq!(Kind::named(record.name), Some(record.kind));
            for (at, field) in record.fields.iter().enumerate() {
                assert_eq!(record.field(field.name), Some(at), "{}.{}", record.name, field.name);
                assert!(
                    !["new", "record", "id", "of", "created", "updated", "deleted"].contains(&field.name),
                    "reserved in the log"
                );
                assert!(
                    record.kind.children().all(|child| child.name != field.name),
                    "{}.{} is also a child",
                    record.name,
                    field.name
                );
            }
        }
    }
}
