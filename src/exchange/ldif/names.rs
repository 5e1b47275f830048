//! Attributes that have a field.

/// What an attribute is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Slot {
    /// `objectClass`; kept as an extra.
    Class,
    Name,
    Family,
    Given,
    Prefix,
    Suffix,
    Nickname,
    Title,
    Department,
    Company,
    Language,
    Mail,
    WorkPhone,
    HomePhone,
    Mobile,
    Fax,
    Pager,
    WorkUrl,
    HomeUrl,
    Url,
    Street,
    Extended,
    PoBox,
    City,
    Region,
    Postcode,
    Country,
    HomeStreet,
    HomeExtended,
    HomeCity,
    HomeRegion,
    HomePostcode,
    HomeCountry,
    BirthYear,
    BirthMonth,
    BirthDay,
    Note,
    Photo,
}

/// Each with the name that rolo writes and those it reads, too; in the order of writing.
const NAMES: &[(Slot, &str, &[&str])] = &[
    (Slot::Class, "objectClass", &[]),
    (Slot::Name, "cn", &["commonname"]),
    (Slot::Family, "sn", &["surname"]),
    (Slot::Given, "givenName", &["gn"]),
    (Slot::Prefix, "personalTitle", &[]),
    (Slot::Suffix, "generationQualifier", &[]),
    (Slot::Nickname, "mozillaNickname", &["xmozillanickname"]),
    (Slot::Title, "title", &[]),
    (Slot::Department, "ou", &["department", "orgunit", "organizationalunitname"]),
    (Slot::Company, "o", &["company", "organizationname"]),
    (Slot::Language, "preferredLanguage", &[]),
    (
        Slot::Mail,
        "mail",
        &["email", "emailaddress", "rfc822mailbox", "mozillasecondemail", "xmozillasecondemail"],
    ),
    (Slot::WorkPhone, "telephoneNumber", &["workphone"]),
    (Slot::HomePhone, "homePhone", &["hometelephonenumber"]),
    (Slot::Mobile, "mobile", &["cellphone", "mobiletelephonenumber", "carphone"]),
    (Slot::Fax, "facsimileTelephoneNumber", &["fax"]),
    (Slot::Pager, "pager", &["pagerphone", "pagertelephonenumber"]),
    (Slot::WorkUrl, "mozillaWorkUrl", &["workurl"]),
    (Slot::HomeUrl, "mozillaHomeUrl", &["homeurl"]),
    (Slot::Url, "labeledURI", &["labeledurl", "url"]),
    (Slot::Street, "street", &["streetaddress", "postaladdress"]),
    (Slot::Extended, "mozillaWorkStreet2", &["mozillapostaladdress2"]),
    (Slot::PoBox, "postOfficeBox", &[]),
    (Slot::City, "l", &["locality", "localityname"]),
    (Slot::Region, "st", &["region", "stateorprovincename"]),
    (Slot::Postcode, "postalCode", &["zip"]),
    (Slot::Country, "c", &["co", "countryname", "friendlycountryname"]),
    (Slot::HomeStreet, "mozillaHomeStreet", &["homestreet", "homepostaladdress"]),
    (Slot::HomeExtended, "mozillaHomeStreet2", &["mozillahomepostaladdress2"]),
    (Slot::HomeCity, "mozillaHomeLocalityName", &[]),
    (Slot::HomeRegion, "mozillaHomeState", &[]),
    (Slot::HomePostcode, "mozillaHomePostalCode", &[]),
    (Slot::HomeCountry, "mozillaHomeCountryName", &[]),
    (Slot::BirthYear, "birthyear", &[]),
    (Slot::BirthMonth, "birthmonth", &[]),
    (Slot::BirthDay, "birthday", &[]),
    (Slot::Note, "description", &["notes"]),
    (Slot::Photo, "jpegPhoto", &[]),
];

impl Slot {
    /// The field that an attribute of this name fills; one with options (`cn;lang-ja`) fills none.
    pub(super) fn named(name: &str) -> Option<Self> {
        let is = |known: &str| known.eq_ignore_ascii_case(name);
        NAMES.iter().find(|(_, own, more)| is(own) || more.iter().any(|other| is(other))).map(|found| found.0)
    }

    /// As rolo writes it.
    pub(super) fn name(self) -> &'static str {
        NAMES.iter().find(|found| found.0 == self).map_or("", |found| found.1)
    }
}

/// Whether lines of an address stand in one value, parted by `$` (RFC 4517, postal address).
pub(super) fn is_postal(name: &str) -> bool {
    name.eq_ignore_ascii_case("postalAddress") || name.eq_ignore_ascii_case("homePostalAddress")
}

/// A second e-mail, as Mozilla's address book calls it.
pub(super) const SECOND_MAIL: &str = "mozillaSecondEmail";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_slot_has_one_name_and_no_name_two_slots() {
        let mut seen = std::collections::HashSet::new();
        for (at, (slot, own, more)) in NAMES.iter().enumerate() {
            assert_eq!(Slot::named(own), Some(*slot));
            assert!(NAMES[at + 1..].iter().all(|other| other.0 > *slot), "{own} is out of order");
            for name in std::iter::once(own).chain(*more) {
                assert!(seen.insert(name.to_lowercase()), "{name} stands twice");
            }
        }
        assert_eq!(Slot::named("CN"), Some(Slot::Name));
        assert_eq!(Slot::named("cn;lang-ja"), None);
    }
}
