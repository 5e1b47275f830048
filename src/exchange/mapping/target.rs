//! What a column can be, and how people write it in `--map`.

use crate::exchange::ExchangeError;
use crate::model::schema::{self, Kind, Type};

/// A part of an address: the fields of `schema::ADDRESS` that a column can fill.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Part {
    Street,
    Extended,
    PoBox,
    City,
    Region,
    Postcode,
    Country,
    /// The whole address in one cell.
    Formatted,
}

impl Part {
    /// Every part that is a field of its own.
    pub const FIELDS: [Self; 7] =
        [Self::Street, Self::Extended, Self::PoBox, Self::City, Self::Region, Self::Postcode, Self::Country];

    /// Its name in `schema::ADDRESS`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Street => "street",
            Self::Extended => "extended",
            Self::PoBox => "po_box",
            Self::City => "city",
            Self::Region => "region",
            Self::Postcode => "postcode",
            Self::Country => "country",
            Self::Formatted => "formatted",
        }
    }

    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "state" | "province" => Self::Region,
            "zip" | "postal_code" => Self::Postcode,
            "pobox" => Self::PoBox,
            "formatted" | "full" => Self::Formatted,
            _ => return Self::FIELDS.into_iter().find(|part| part.name() == name),
        })
    }
}

/// What a column holds. `group` is the N of `Phone N`, 0 where there is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// Not read.
    Ignore,
    /// Kept as it stands, under the column's name.
    Extra,
    /// A text field of `schema::CONTACT`.
    Field(&'static str),
    /// The name of the company.
    Company,
    /// A way to reach someone.
    Method {
        /// `email`, `phone`, `url`, `im` or `social`.
        kind: &'static str,
        /// Of an `im` or `social`.
        service: String,
        /// Used where the row brings none.
        label: String,
        /// See above.
        group: u32,
    },
    /// The label of a method.
    MethodLabel {
        /// As in `Method`.
        kind: &'static str,
        /// See above.
        group: u32,
    },
    /// The service of an `im` or `social`.
    MethodService {
        /// As in `Method`.
        kind: &'static str,
        /// See above.
        group: u32,
    },
    /// A part of an address; parts with the same label and group belong together.
    Address {
        /// Which.
        part: Part,
        /// Used where the row brings none.
        label: String,
        /// See above.
        group: u32,
    },
    /// The label of an address.
    AddressLabel {
        /// See above.
        group: u32,
    },
    /// A date.
    Date {
        /// Used where the row brings none.
        label: String,
        /// See above.
        group: u32,
    },
    /// The label of a date.
    DateLabel {
        /// See above.
        group: u32,
    },
    /// The calendar of a date: `chinese`.
    DateCalendar {
        /// See above.
        group: u32,
    },
    /// A list of tags.
    Tags,
    /// A custom field, by key; an empty key is taken from the group's `ValueLabel`.
    Value {
        /// The field's key.
        key: String,
        /// See above.
        group: u32,
    },
    /// The name of a custom field.
    ValueLabel {
        /// See above.
        group: u32,
    },
    /// The name of a related contact; an empty relation is taken from the group's `LinkLabel`.
    Link {
        /// `spouse`, `manager`, ...
        relation: String,
        /// See above.
        group: u32,
    },
    /// The relation of a link.
    LinkLabel {
        /// See above.
        group: u32,
    },
    /// The id that the other system knows it by.
    ExternalId,
    /// rolo's own id.
    RoloId,
    /// When it was made.
    Created,
    /// When it was last changed.
    Updated,
    /// The id that the other system knows the company by.
    CompanyId,
    /// The day, the month or the year of the birthday.
    Birthday {
        /// 0 the year, 1 the month, 2 the day.
        part: usize,
    },
    /// Consent: `status` is a word, `granted`, `withdrawn` and `denied` are when, `records` is all of it as JSON.
    Consent {
        /// Which.
        part: &'static str,
    },
    /// A field of a record that is no contact.
    Record {
        /// Of what.
        kind: Kind,
        /// Its name in the schema.
        field: &'static str,
    },
    /// Whom such a record is about.
    Whom {
        /// Its company, not a person.
        company: bool,
        /// `id`, `name`, `email`, `phone`, `company` or `role`.
        part: &'static str,
    },
}

impl Target {
    /// Whether `Phone 2` may be another of it; a second `Company` is something else.
    pub(crate) const fn is_repeatable(&self) -> bool {
        !matches!(
            self,
            Self::Field(_)
                | Self::Company
                | Self::CompanyId
                | Self::RoloId
                | Self::ExternalId
                | Self::Birthday { .. }
                | Self::Consent { .. }
                | Self::Record { .. }
                | Self::Whom { .. }
        )
    }
}

impl std::fmt::Display for Target {
    /// What people read of a plan: `email 2`, `address.home city`, `phone 1 label`; where there is no group, as `--map`
    /// takes it.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let dotted = |head: &str, rest: [&str; 2]| {
            let rest = rest.into_iter().filter(|part| !part.is_empty());
            std::iter::once(head).chain(rest).collect::<Vec<_>>().join(".")
        };
        let (name, group, of) = match self {
            Self::Ignore => ("ignore".to_owned(), 0, ""),
            Self::Extra => ("extra".to_owned(), 0, ""),
            Self::Field(name) => ((*name).to_owned(), 0, ""),
            Self::Company => ("company".to_owned(), 0, ""),
            Self::Tags => ("tags".to_owned(), 0, ""),
            Self::ExternalId => ("external id".to_owned(), 0, ""),
            Self::RoloId => ("id".to_owned(), 0, ""),
            Self::Created => ("created".to_owned(), 0, ""),
            Self::Updated => ("updated".to_owned(), 0, ""),
            Self::Method { kind, service, label, group } => (dotted(kind, [service, label]), *group, ""),
            Self::MethodLabel { kind, group } => ((*kind).to_owned(), *group, "label"),
            Self::MethodService { kind, group } => ((*kind).to_owned(), *group, "service"),
            Self::Address { part, label, group } => (dotted("address", [label, ""]), *group, part.name()),
            Self::AddressLabel { group } => ("address".to_owned(), *group, "label"),
            Self::Date { label, .. } if label == "birthday" => (label.clone(), 0, ""),
            Self::Date { label, group } => (dotted("date", [label, ""]), *group, ""),
            Self::DateLabel { group } => ("date".to_owned(), *group, "label"),
            Self::DateCalendar { group } => ("date".to_owned(), *group, "calendar"),
            Self::Value { key, group } if key.is_empty() => ("field".to_owned(), *group, ""),
            Self::Value { key, .. } => (format!("field:{key}"), 0, ""),
            Self::ValueLabel { group } => ("field".to_owned(), *group, "name"),
            Self::Link { relation, group } => (dotted("link", [relation, ""]), *group, ""),
            Self::LinkLabel { group } => ("link".to_owned(), *group, "relation"),
            Self::CompanyId => ("company.id".to_owned(), 0, ""),
            Self::Birthday { part } => ("birthday".to_owned(), 0, BIRTHDAY_PARTS[*part]),
            Self::Consent { part } => (dotted("consent", [part, ""]), 0, ""),
            Self::Record { kind, field } => (dotted(kind.record().name, [field, ""]), 0, ""),
            Self::Whom { company: true, part: "name" } => ("company".to_owned(), 0, ""),
            Self::Whom { company, part } => {
                (dotted(if *company { "company" } else { "contact" }, [part, ""]), 0, "")
            }
        };
        f.write_str(&name)?;
        if group > 0 {
            write!(f, " {group}")?;
        }
        if of.is_empty() { Ok(()) } else { write!(f, " {of}") }
    }
}

/// The parts of a birthday that has a column for each.
const BIRTHDAY_PARTS: [&str; 3] = ["year", "month", "day"];
/// What a column can say of consent.
const CONSENT_PARTS: [&str; 5] = ["status", "granted", "withdrawn", "denied", "records"];
/// What a column can say of whom a record is about.
const WHOM_PARTS: [&str; 6] = ["id", "name", "email", "phone", "company", "role"];

/// The services that a target may name directly, and the kind of method that they are.
pub(crate) const SERVICES: &[(&str, &str, &str)] = &[
    ("wechat", "im", "WeChat"),
    ("qq", "im", "QQ"),
    ("whatsapp", "im", "WhatsApp"),
    ("telegram", "im", "Telegram"),
    ("signal", "im", "Signal"),
    ("skype", "im", "Skype"),
    ("line", "im", "LINE"),
    ("dingtalk", "im", "DingTalk"),
    ("linkedin", "social", "LinkedIn"),
    ("twitter", "social", "Twitter"),
    ("facebook", "social", "Facebook"),
    ("instagram", "social", "Instagram"),
    ("github", "social", "GitHub"),
    ("mastodon", "social", "Mastodon"),
    ("weibo", "social", "Weibo"),
    ("youtube", "social", "YouTube"),
];

/// Every word that `parse_target` takes, for messages and completion.
pub fn target_names() -> Vec<String> {
    let mut names: Vec<String> = schema::mappable()
        .map(|field| field.name.to_owned())
        .chain(["email", "phone", "url", "im", "social"].map(String::from))
        .chain(
            ["birthday", "anniversary", "date.LABEL", "tags", "address", "address.LABEL.PART"]
                .map(String::from),
        )
        .chain(
            ["field:KEY", "link.RELATION", "id", "external_id", "created", "updated", "ignore", "extra"]
                .map(String::from),
        )
        .collect();
    names.extend(SERVICES.iter().map(|(word, ..)| (*word).to_owned()));
    names
}

/// Reads a target as people write it: `email`, `phone.work`, `name`, `company`, `tags`, `field:lead_status`,
/// `address.home.city`, `date.anniversary`, `im.WeChat`, `link.spouse`, `ignore`, `extra`, `id`.
pub fn parse_target(text: &str) -> Result<Target, ExchangeError> {
    parse(text.trim(), 0).ok_or_else(|| unknown(text.trim()))
}

fn unknown(text: &str) -> ExchangeError {
    let known = target_names();
    let head = text.split(['.', ':']).next().unwrap_or(text);
    ExchangeError::UnknownTarget { name: text.to_owned(), nearest: super::nearest(head, &known), known }
}

/// Reads what people write in `--map` for a table whose rows are records of this kind.
pub(crate) fn parse_target_for(kind: Kind, text: &str) -> Result<Target, ExchangeError> {
    if kind == Kind::Contact {
        return parse_target(text);
    }
    let text = text.trim();
    parse_as(kind, text, 0).ok_or_else(|| {
        let mut known: Vec<String> = record_fields(kind).map(str::to_owned).collect();
        let whom = WHOM_PARTS.iter().flat_map(|part| [format!("contact.{part}"), format!("company.{part}")]);
        known.extend(whom.chain(["company", "external_id", "created", "ignore", "extra"].map(String::from)));
        ExchangeError::UnknownTarget { name: text.to_owned(), nearest: super::nearest(text, &known), known }
    })
}

/// The fields of a record that a column can fill as text.
fn record_fields(kind: Kind) -> impl Iterator<Item = &'static str> {
    let hidden = ["system", "external_id", "origin", "base", "extras", "waiting"];
    let plain = kind.record().fields.iter().filter(|field| !matches!(field.ty, Type::Ref(_)));
    plain.map(|field| field.name).filter(move |name| !hidden.contains(name))
}

/// The same as `parse` for a table whose rows are records of this kind.
pub(crate) fn parse_as(kind: Kind, text: &str, group: u32) -> Option<Target> {
    if kind == Kind::Contact {
        return parse(text, group);
    }
    let (head, rest) = text.split_once('.').map_or((text, ""), |(head, rest)| (head.trim(), rest.trim()));
    let word = head.to_lowercase().replace([' ', '-'], "_");
    match (word.as_str(), rest) {
        ("ignore" | "skip", "") => Some(Target::Ignore),
        ("extra" | "keep", "") => Some(Target::Extra),
        ("external_id" | "id", "") => Some(Target::ExternalId),
        ("created", "") => Some(Target::Created),
        ("updated", "") => Some(Target::Updated),
        ("company" | "contact", rest) => {
            let rest = if rest.is_empty() { "name" } else { rest };
            let part = WHOM_PARTS.into_iter().find(|part| *part == rest)?;
            Some(Target::Whom { company: word == "company", part })
        }
        ("deal" | "project", "id") => {
            let field = kind.record().fields.iter().find(|field| field.name == word)?.name;
            Some(Target::Record { kind, field })
        }
        (word, "") => {
            let field = record_fields(kind).find(|field| *field == word)?;
            Some(Target::Record { kind, field })
        }
        _ => None,
    }
}

/// `group` is the number that stood in the column's name.
pub(crate) fn parse(text: &str, group: u32) -> Option<Target> {
    let (head, rest) =
        text.split_once(['.', ':']).map_or((text, ""), |(head, rest)| (head.trim(), rest.trim()));
    let word = head.to_lowercase().replace([' ', '-'], "_");
    let bare = |target: Target| rest.is_empty().then_some(target);
    match word.as_str() {
        "ignore" | "skip" => bare(Target::Ignore),
        "extra" | "keep" => bare(Target::Extra),
        "company" if rest == "id" => Some(Target::CompanyId),
        "birthday" if !rest.is_empty() => {
            let part = BIRTHDAY_PARTS.iter().position(|part| *part == rest)?;
            Some(Target::Birthday { part })
        }
        "consent" => {
            let part = CONSENT_PARTS.into_iter().find(|part| *part == rest)?;
            Some(Target::Consent { part })
        }
        "company" | "organization" => bare(Target::Company),
        "tags" | "tag" | "labels" => bare(Target::Tags),
        "id" => bare(Target::RoloId),
        "external_id" | "key" => bare(Target::ExternalId),
        "created" => bare(Target::Created),
        "updated" => bare(Target::Updated),
        "notes" => bare(Target::Field("note")),
        "birthday" | "anniversary" => bare(Target::Date { label: word, group }),
        "date" if rest == "label" => Some(Target::DateLabel { group }),
        "date" if rest == "calendar" => Some(Target::DateCalendar { group }),
        "date" => Some(Target::Date { label: rest.to_owned(), group }),
        "field" if rest == "label" && group > 0 => Some(Target::ValueLabel { group }),
        "field" => (group > 0 || !rest.is_empty()).then(|| Target::Value { key: rest.to_owned(), group }),
        "link" if rest == "label" => Some(Target::LinkLabel { group }),
        "link" => (group > 0 || !rest.is_empty()).then(|| Target::Link { relation: rest.to_owned(), group }),
        "address" => address(rest, group),
        _ => method(&word, rest, group).or_else(|| bare(Target::Field(field(&word)?))),
    }
}

fn address(rest: &str, group: u32) -> Option<Target> {
    if rest == "label" {
        return Some(Target::AddressLabel { group });
    }
    let (label, part) = match rest.rsplit_once('.') {
        Some((label, part)) => (label.trim(), Part::named(part.trim())?),
        None => match Part::named(rest) {
            Some(part) => ("", part),
            None => (rest, Part::Formatted),
        },
    };
    Some(Target::Address { part, label: label.to_owned(), group })
}

fn method(word: &str, rest: &str, group: u32) -> Option<Target> {
    let (kind, service) = match word {
        "email" | "e_mail" | "mail" => ("email", ""),
        "phone" | "tel" => ("phone", ""),
        "url" | "website" => ("url", ""),
        "im" => ("im", ""),
        "social" => ("social", ""),
        _ => {
            let (_, kind, service) = SERVICES.iter().find(|(name, ..)| *name == word)?;
            (*kind, *service)
        }
    };
    match rest {
        "label" => return Some(Target::MethodLabel { kind, group }),
        "service" => return Some(Target::MethodService { kind, group }),
        _ => {}
    }
    let named = service.is_empty() && matches!(kind, "im" | "social");
    let (service, label) = if named { rest.split_once('.').unwrap_or((rest, "")) } else { (service, rest) };
    Some(Target::Method { kind, service: service.to_owned(), label: label.to_owned(), group })
}

/// The contact's field of this name, as the schema spells it.
pub(crate) fn field(name: &str) -> Option<&'static str> {
    schema::mappable().find(|field| field.name == name && field.name != "company").map(|field| field.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_read_as_people_write_them() {
        let method = |kind, service: &str, label: &str| Target::Method {
            kind,
            service: service.into(),
            label: label.into(),
            group: 0,
        };
        let address = |label: &str, part| Target::Address { part, label: label.into(), group: 0 };
        for (text, target) in [
            ("email", method("email", "", "")),
            ("Phone:work", method("phone", "", "work")),
            ("phone.work", method("phone", "", "work")),
            ("im.WeChat", method("im", "WeChat", "")),
            ("linkedin", method("social", "LinkedIn", "")),
            ("name", Target::Field("name")),
            ("Keep in touch", Target::Field("keep_in_touch")),
            ("company", Target::Company),
            ("field:lead_status", Target::Value { key: "lead_status".into(), group: 0 }),
            ("address.home.city", address("home", Part::City)),
            ("address.city", address("", Part::City)),
            ("address.work", address("work", Part::Formatted)),
            ("address", address("", Part::Formatted)),
            ("date.anniversary", Target::Date { label: "anniversary".into(), group: 0 }),
            ("ignore", Target::Ignore),
            ("id", Target::RoloId),
        ] {
            assert_eq!(parse_target(text).unwrap(), target, "{text}");
        }
        for bad in ["", "emial", "name.x", "field", "address.home.planet", "implied", "company.x"] {
            assert!(parse_target(bad).is_err(), "{bad}");
        }
        let Err(ExchangeError::UnknownTarget { nearest, .. }) = parse_target("emial") else { panic!() };
        assert_eq!(nearest.as_deref(), Some("email"));
    }
}
