//! What properties mean: their names, their labels, and the way back from a label to types.

use std::borrow::Cow;

use super::line::{Line, Param, params};
use crate::exchange::mapping::SERVICES;

/// What a property is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// `VERSION`, which the writer knows by itself, and the reason that a refused card came back with.
    Frame,
    Kind,
    Fn,
    N,
    /// A list of which the first is as good as the rest.
    Nickname,
    Org,
    Role,
    /// A text field of the contact, by its name in `schema::CONTACT`.
    Text(&'static str),
    /// The same; its value is a URI.
    Uri(&'static str),
    Gender,
    /// A flag of the contact.
    Flag(&'static str),
    Method(&'static str, &'static str),
    Address,
    /// A day; the label, if the name says it.
    Date(&'static str),
    /// Somebody else; the relation, if the name says it.
    Related(&'static str),
    Tags,
    /// A custom field.
    Value,
    /// What someone has agreed to or refused.
    Consent,
    /// An extra of another system.
    Extra,
    Uid,
    RoloId,
    Rev,
    Created,
    /// `X-ABLabel`: the label of what else is in its group.
    Label,
    ShowAs,
    Android,
    Member,
    Deleted,
    /// A line that was no property.
    Broken,
    Other,
}

/// rolo's own properties, by the field of `schema::CONTACT` that they hold.
pub(crate) const ROLO: &[(&str, &str)] = &[
    ("stage", "X-ROLO-STAGE"),
    ("owner", "X-ROLO-OWNER"),
    ("tier", "X-ROLO-TIER"),
    ("industry", "X-ROLO-INDUSTRY"),
    ("size", "X-ROLO-SIZE"),
    ("interests", "X-ROLO-INTERESTS"),
    ("source", "X-ROLO-SOURCE"),
    ("channel", "X-ROLO-CHANNEL"),
    ("keep_in_touch", "X-ROLO-KEEP-IN-TOUCH"),
];

/// What a property of this name is about.
pub(crate) fn meaning(name: &str) -> Meaning {
    use Meaning as M;
    let mut buffer = [0u8; 32];
    let Some(upper) = buffer.get_mut(..name.len()) else { return M::Other };
    upper.copy_from_slice(name.as_bytes());
    upper.make_ascii_uppercase();
    let Ok(upper) = std::str::from_utf8(upper) else { return M::Other };
    match upper {
        "VERSION" | "BEGIN" | "END" | "X-ROLO-REASON" => M::Frame,
        "KIND" | "X-ADDRESSBOOKSERVER-KIND" => M::Kind,
        "FN" => M::Fn,
        "N" => M::N,
        "NICKNAME" => M::Nickname,
        "X-NICKNAME" => M::Text("nickname"),
        "ORG" => M::Org,
        "TITLE" => M::Text("title"),
        "ROLE" => M::Role,
        "NOTE" => M::Text("note"),
        "LANG" => M::Text("language"),
        "TZ" => M::Text("time_zone"),
        "PRONOUNS" | "X-ROLO-PRONOUNS" => M::Text("pronouns"),
        "GENDER" => M::Gender,
        "X-GENDER" | "X-ROLO-GENDER" => M::Text("gender"),
        "PHOTO" => M::Uri("photo"),
        "X-PHONETIC-FIRST-NAME" => M::Text("phonetic_given"),
        "X-PHONETIC-MIDDLE-NAME" => M::Text("phonetic_middle"),
        "X-PHONETIC-LAST-NAME" => M::Text("phonetic_family"),
        "EMAIL" => M::Method("email", ""),
        "TEL" => M::Method("phone", ""),
        "URL" => M::Method("url", ""),
        "IMPP" => M::Method("im", ""),
        "SOCIALPROFILE" | "X-SOCIALPROFILE" => M::Method("social", ""),
        "ADR" => M::Address,
        "BDAY" => M::Date("birthday"),
        "ANNIVERSARY"
        | "X-ANNIVERSARY"
        | "X-EVOLUTION-ANNIVERSARY"
        | "X-MS-ANNIVERSARY"
        | "X-KADDRESSBOOK-X-ANNIVERSARY" => M::Date("anniversary"),
        "DEATHDATE" => M::Date("death"),
        "X-ABDATE" | "X-EVENT" => M::Date(""),
        "RELATED" | "X-ABRELATEDNAMES" => M::Related(""),
        "X-SPOUSE" | "X-EVOLUTION-SPOUSE" | "X-MS-SPOUSE" | "X-KADDRESSBOOK-X-SPOUSESNAME" => {
            M::Related("spouse")
        }
        "X-MANAGER" | "X-EVOLUTION-MANAGER" | "X-MS-MANAGER" | "X-KADDRESSBOOK-X-MANAGERSNAME" => {
            M::Related("manager")
        }
        "X-ASSISTANT" | "X-EVOLUTION-ASSISTANT" | "X-MS-ASSISTANT" | "X-KADDRESSBOOK-X-ASSISTANTSNAME" => {
            M::Related("assistant")
        }
        "CATEGORIES" => M::Tags,
        "UID" => M::Uid,
        "REV" => M::Rev,
        "CREATED" => M::Created,
        "X-ABLABEL" => M::Label,
        "X-ABSHOWAS" => M::ShowAs,
        "X-ANDROID-CUSTOM" => M::Android,
        "MEMBER" | "X-ADDRESSBOOKSERVER-MEMBER" => M::Member,
        "X-ROLO-ID" => M::RoloId,
        "X-ROLO-FIELD" => M::Value,
        "X-ROLO-CONSENT" => M::Consent,
        "X-ROLO-EXTRA" => M::Extra,
        "X-ROLO-LINE" => M::Broken,
        "X-ROLO-STARRED" => M::Flag("starred"),
        "X-ROLO-ARCHIVED" => M::Flag("archived"),
        "X-ROLO-IMPLIED" => M::Flag("implied"),
        "X-ROLO-DELETED" => M::Deleted,
        _ if upper.starts_with("X-") => messenger(&upper[2..])
            .or_else(|| ROLO.iter().find(|(_, own)| *own == upper).map(|(field, _)| M::Text(field)))
            .unwrap_or(M::Other),
        _ => M::Other,
    }
}

/// `X-QQ` and the like.
fn messenger(word: &str) -> Option<Meaning> {
    let word = word.strip_prefix("MS-").unwrap_or(word);
    let im = |service| Some(Meaning::Method("im", service));
    match word {
        "AIM" => im("AIM"),
        "ICQ" => im("ICQ"),
        "JABBER" | "XMPP" => im("Jabber"),
        "MSN" => im("MSN"),
        "YAHOO" => im("Yahoo"),
        "SKYPE" | "SKYPE-USERNAME" => im("Skype"),
        "GTALK" | "GOOGLE-TALK" => im("Google Talk"),
        "GADUGADU" | "GADU-GADU" => im("Gadu-Gadu"),
        "GROUPWISE" => im("GroupWise"),
        "SIP" => im("SIP"),
        "MATRIX" => im("Matrix"),
        "IMADDRESS" | "KADDRESSBOOK-X-IMADDRESS" => im(""),
        _ => SERVICES
            .iter()
            .find(|(name, ..)| name.eq_ignore_ascii_case(word))
            .map(|(_, kind, service)| Meaning::Method(kind, service)),
    }
}

/// A service as rolo spells it, whatever the case.
pub(crate) fn service(name: &str) -> Cow<'_, str> {
    let known = SERVICES
        .iter()
        .find(|(word, _, service)| word.eq_ignore_ascii_case(name) || service.eq_ignore_ascii_case(name));
    known.map_or(Cow::Borrowed(name), |(.., service)| Cow::Borrowed(*service))
}

/// The scheme of the URI that names someone at a service.
pub(crate) fn scheme(service: &str) -> String {
    let known = [
        ("Jabber", "xmpp"),
        ("XMPP", "xmpp"),
        ("MSN", "msnim"),
        ("Yahoo", "ymsgr"),
        ("Google Talk", "gtalk"),
        ("Gadu-Gadu", "gg"),
        ("", "im"),
    ];
    if let Some((_, scheme)) = known.iter().find(|(name, _)| *name == service) {
        return (*scheme).to_owned();
    }
    let word: String = service.chars().filter(char::is_ascii_alphanumeric).collect();
    if word.starts_with(|c: char| c.is_ascii_alphabetic()) {
        word.to_ascii_lowercase()
    } else {
        "im".to_owned()
    }
}

/// The service that a scheme alone names.
pub(crate) fn service_of(scheme: &str) -> Option<Cow<'static, str>> {
    let known = [
        ("xmpp", "Jabber"),
        ("aim", "AIM"),
        ("icq", "ICQ"),
        ("msnim", "MSN"),
        ("msn", "MSN"),
        ("ymsgr", "Yahoo"),
        ("sip", "SIP"),
        ("gtalk", "Google Talk"),
        ("gg", "Gadu-Gadu"),
        ("matrix", "Matrix"),
    ];
    let scheme = scheme.to_ascii_lowercase();
    if scheme == "im" {
        return Some("".into());
    }
    if let Some((_, service)) = known.iter().find(|(word, _)| *word == scheme) {
        return Some((*service).into());
    }
    SERVICES.iter().find(|(word, ..)| *word == scheme).map(|(.., service)| (*service).into())
}

/// What the parameters of a line say, as far as rolo has a place for it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Said {
    /// What the types amount to, or empty.
    pub label: String,
    /// `SERVICE-TYPE`, or the type of an Apple social profile.
    pub service: String,
    /// How much it is preferred, 1 most.
    pub pref: Option<u8>,
    /// The first type that isn't about preference.
    pub first: String,
    /// There are parameters that none of this holds.
    pub more: bool,
}

/// Types that say nothing: every phone is for voice, every e-mail on the internet.
const SILENT: [&str; 4] = ["voice", "internet", "pref", "individual"];

/// Reads the parameters of a line that means this.
pub(crate) fn said(meaning: Meaning, line: &Line<'_>) -> Said {
    let mut said = Said::default();
    if line.params.is_empty() {
        return said;
    }
    let social = matches!(meaning, Meaning::Method("social", _));
    let (mut home, mut work, mut cell, mut fax) = (false, false, false, false);
    let mut others: Vec<String> = Vec::new();
    for param in params(&line.params) {
        if param.is("TYPE") {
            said.more |= param.bare;
            for value in param.values() {
                let word = value.to_ascii_lowercase();
                match word.as_str() {
                    "pref" => said.pref = Some(said.pref.unwrap_or(1)),
                    silent if SILENT.contains(&silent) => said.more = true,
                    "home" => home = true,
                    "work" => work = true,
                    "cell" | "mobile" => {
                        said.more |= word == "mobile";
                        cell = true;
                    }
                    "fax" => fax = true,
                    "main-number" => others.push("main".to_owned()),
                    _ if social && said.service.is_empty() => said.service = service(value).into_owned(),
                    _ => others.push(word),
                }
                if said.first.is_empty() && !value.eq_ignore_ascii_case("pref") {
                    said.first = value.to_ascii_lowercase();
                }
            }
        } else if param.is("PREF") {
            said.pref = param.value.trim_matches('"').parse().ok().filter(|pref| *pref > 0);
            said.more |= param.value != "1";
        } else if param.is("SERVICE-TYPE") || param.is("X-SERVICE-TYPE") {
            said.service = param.text().into_owned();
            said.more |= param.value.contains('^');
        } else {
            said.more = true;
        }
    }
    said.label = label(home, work, cell, fax, &others);
    said
}

/// What types amount to.
fn label(home: bool, work: bool, cell: bool, fax: bool, others: &[String]) -> String {
    let iphone = cell && others.iter().any(|other| other == "iphone");
    let mut words: Vec<&str> = Vec::new();
    for (on, word) in [(home, "home"), (work, "work")] {
        if on {
            words.push(word);
        }
    }
    if iphone {
        words.push("iPhone");
    } else if cell {
        words.push("mobile");
    }
    words.extend(
        others.iter().map(|other| other.strip_prefix("x-").unwrap_or(other)).filter(|w| *w != "iphone"),
    );
    if fax {
        words.push("fax");
    }
    words.join(" ")
}

/// The types that a label of a way to reach someone or of an address is written as; `None` where only `X-ABLabel` says
/// it.
pub(crate) fn types_of(kind: &str, label: &str) -> Option<&'static str> {
    match (kind, label) {
        (_, "") => Some(""),
        (_, "home") => Some("home"),
        (_, "work") => Some("work"),
        ("phone", "mobile") => Some("cell"),
        ("phone", "fax") => Some("fax"),
        ("phone", "home fax") => Some("home,fax"),
        ("phone", "work fax") => Some("work,fax"),
        ("phone", "home mobile") => Some("home,cell"),
        ("phone", "work mobile") => Some("work,cell"),
        ("phone", "pager") => Some("pager"),
        ("phone", "video") => Some("video"),
        ("phone", "text") => Some("text"),
        ("phone", "textphone") => Some("textphone"),
        _ => None,
    }
}

/// The relations that RFC 6350 has a type for.
pub(crate) const RELATIONS: &[&str] = &[
    "contact",
    "acquaintance",
    "friend",
    "met",
    "co-worker",
    "colleague",
    "co-resident",
    "neighbor",
    "child",
    "parent",
    "sibling",
    "spouse",
    "kin",
    "muse",
    "crush",
    "date",
    "sweetheart",
    "me",
    "agent",
    "emergency",
];

/// Apple's own labels, as rolo calls them; `_$!<Home>!$_` is one of them.
const APPLE: &[(&str, &str)] = &[
    ("Home", "home"),
    ("Work", "work"),
    ("Mobile", "mobile"),
    ("Main", "main"),
    ("Other", "other"),
    ("HomeFAX", "home fax"),
    ("WorkFAX", "work fax"),
    ("OtherFAX", "other fax"),
    ("Pager", "pager"),
    ("School", "school"),
    ("HomePage", "home page"),
    ("AssistantPhone", "assistant phone"),
    ("CompanyMain", "company main"),
    ("CarPhone", "car"),
    ("RadioPhone", "radio"),
    ("Anniversary", "anniversary"),
    ("Spouse", "spouse"),
    ("Partner", "partner"),
    ("Child", "child"),
    ("Son", "son"),
    ("Daughter", "daughter"),
    ("Father", "father"),
    ("Mother", "mother"),
    ("Parent", "parent"),
    ("Brother", "brother"),
    ("Sister", "sister"),
    ("Friend", "friend"),
    ("Assistant", "assistant"),
    ("Manager", "manager"),
];

/// What an `X-ABLabel` says.
pub(crate) fn apple_label(text: &str) -> Cow<'_, str> {
    let Some(word) = text.strip_prefix("_$!<").and_then(|rest| rest.strip_suffix(">!$_")) else {
        return text.into();
    };
    match APPLE.iter().find(|(apple, _)| *apple == word) {
        Some((_, own)) => (*own).into(),
        None => word.to_lowercase().into(),
    }
}

/// How an `X-ABLabel` says a label.
pub(crate) fn as_apple(label: &str) -> Cow<'_, str> {
    match APPLE.iter().find(|(_, own)| *own == label) {
        Some((apple, _)) => format!("_$!<{apple}>!$_").into(),
        None => label.into(),
    }
}

/// The relations of `X-ANDROID-CUSTOM`, by number.
pub(crate) const ANDROID_RELATIONS: [&str; 15] = [
    "",
    "assistant",
    "brother",
    "child",
    "domestic partner",
    "father",
    "friend",
    "manager",
    "mother",
    "parent",
    "partner",
    "referred by",
    "relative",
    "sister",
    "spouse",
];

/// The value of a parameter.
pub(crate) fn param<'a>(line: &'a Line<'_>, name: &str) -> Option<Param<'a>> {
    if line.params.is_empty() { None } else { params(&line.params).find(|param| param.is(name)) }
}
