//! abook's address book: sections `[0]`, `[1]`, ... of `key=value` lines after `[format]`.
//!
//! abook has fields for one number each at home, at work, mobile and fax. Other keys are custom fields of its user, and
//! become custom fields here. Where the keys of an entry stand in another order than rolo would write them, the extra
//! [`ORDER`] keeps that. What abook has no place for is carried under a key of rolo's own (`carried`).

mod read;
#[cfg(test)]
mod tests;
mod write;

pub(crate) use read::Reader;
pub use write::Writer;

/// Whose extras these are.
pub(crate) const SYSTEM: &str = "abook";
/// The extra that holds the keys in their order.
const ORDER: &str = "#order";

/// Which extras an entry holds by itself.
fn holds(source: &str, _: &str) -> bool {
    source == SYSTEM
}

/// What a key is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Slot {
    Name,
    Email,
    Street,
    Extended,
    City,
    Region,
    Postcode,
    Country,
    Phone,
    WorkPhone,
    Fax,
    Mobile,
    Nickname,
    Url,
    Note,
    Anniversary,
    Tags,
    Birthday,
    Company,
    Title,
    Department,
    /// `phone2`, `phone3`, ...: numbers that abook has no field for.
    MorePhones,
}

/// The keys that abook knows, in its order, then custom ones that people have for what rolo has a field for.
const KEYS: &[(Slot, &str, &[&str])] = &[
    (Slot::Name, "name", &[]),
    (Slot::Email, "email", &[]),
    (Slot::Street, "address", &[]),
    (Slot::Extended, "address2", &[]),
    (Slot::City, "city", &[]),
    (Slot::Region, "state", &[]),
    (Slot::Postcode, "zip", &[]),
    (Slot::Country, "country", &[]),
    (Slot::Phone, "phone", &[]),
    (Slot::WorkPhone, "workphone", &[]),
    (Slot::Fax, "fax", &[]),
    (Slot::Mobile, "mobile", &[]),
    (Slot::Nickname, "nick", &[]),
    (Slot::Url, "url", &[]),
    (Slot::Note, "notes", &[]),
    (Slot::Anniversary, "anniversary", &[]),
    (Slot::Tags, "groups", &[]),
    (Slot::Birthday, "birthday", &[]),
    (Slot::Company, "company", &["organization", "organisation"]),
    (Slot::Title, "title", &["job"]),
    (Slot::Department, "department", &[]),
];

impl Slot {
    fn named(key: &str) -> Option<Self> {
        if let Some(number) = key.strip_prefix("phone")
            && number.parse::<u32>().is_ok_and(|number| number > 1)
        {
            return Some(Self::MorePhones);
        }
        KEYS.iter().find(|(_, own, more)| *own == key || more.contains(&key)).map(|found| found.0)
    }

    fn key(self) -> &'static str {
        KEYS.iter().find(|found| found.0 == self).map_or("phone2", |found| found.1)
    }
}
