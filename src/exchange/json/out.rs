//! A contact as JSON, in the order of keys that scripts rely on.

use serde::Serialize;
use serde_json::{Map, Value};

/// A contact with all that it owns, as it leaves the book. Empty values are left out of the JSON.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[allow(missing_docs)]
pub struct ContactOut {
    #[serde(skip_serializing_if = "String::is_empty")]
    pub id: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub kind: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub name: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub given: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub middle: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub family: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub prefix: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub suffix: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub nickname: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub phonetic_given: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub phonetic_middle: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub phonetic_family: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub company: Option<CompanyOut>,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub title: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub department: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub emails: Vec<MethodOut>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub phones: Vec<MethodOut>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub urls: Vec<MethodOut>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ims: Vec<MethodOut>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub socials: Vec<MethodOut>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub addresses: Vec<AddressOut>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub dates: Vec<DateOut>,
    /// The first birthday; others stay in `dates`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub birthday: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Custom fields by key: text, or a number or boolean where the field's type says so.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub fields: Map<String, Value>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<LinkOut>,
    /// What they have agreed to, and what not.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub consents: Vec<ConsentOut>,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub note: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub stage: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub owner: String,
    #[serde(skip_serializing_if = "is_false")]
    pub starred: bool,
    #[serde(skip_serializing_if = "is_false")]
    pub archived: bool,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub language: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub time_zone: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub tier: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub industry: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub size: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub interests: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub source: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub channel: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub keep_in_touch: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub photo: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub gender: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub pronouns: String,
    /// RFC 3339.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub created: String,
    /// RFC 3339.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub updated: String,
    /// The last interaction, RFC 3339.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub last: String,
    /// The next task, a date or RFC 3339.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub next: String,
    /// A company that is there only because someone works there.
    #[serde(skip_serializing_if = "is_false")]
    pub implied: bool,
    /// In the bin.
    #[serde(skip_serializing_if = "is_false")]
    pub deleted: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub extras: Vec<ExtraOut>,
}

/// Where someone works.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct CompanyOut {
    #[serde(skip_serializing_if = "String::is_empty")]
    pub id: String,
    pub name: String,
}

/// A way to reach someone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct MethodOut {
    pub value: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub label: String,
    #[serde(skip_serializing_if = "is_false")]
    pub preferred: bool,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub service: String,
    /// E.164 and the like; derived, and not read back.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub normal: String,
}

/// A postal address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct AddressOut {
    #[serde(skip_serializing_if = "String::is_empty")]
    pub label: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub street: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub extended: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub po_box: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub city: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub region: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub postcode: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub country: String,
}

/// A day that belongs to a person.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct DateOut {
    #[serde(skip_serializing_if = "String::is_empty")]
    pub label: String,
    pub date: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub calendar: String,
}

/// A link to another contact.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct LinkOut {
    #[serde(skip_serializing_if = "String::is_empty")]
    pub relation: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub id: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub name: String,
}

/// What someone has agreed to or refused.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ConsentOut {
    /// What for: `newsletter`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub purpose: String,
    /// By which way: `email`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub channel: String,
    /// `granted`, `denied`, `withdrawn` or `pending`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub status: String,
    /// The legal basis.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub basis: String,
    /// Since when, RFC 3339.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub at: String,
    /// Until when, a day.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub expires: String,
    /// What shows it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub evidence: String,
}

impl ConsentOut {
    /// The fields by their names in `schema::CONSENT`.
    pub fn fields_mut(&mut self) -> [(&'static str, &mut String); 7] {
        [
            ("purpose", &mut self.purpose),
            ("channel", &mut self.channel),
            ("status", &mut self.status),
            ("basis", &mut self.basis),
            ("at", &mut self.at),
            ("expires", &mut self.expires),
            ("evidence", &mut self.evidence),
        ]
    }
}

/// What an import brought that rolo has no field for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct ExtraOut {
    #[serde(skip_serializing_if = "String::is_empty")]
    pub source: String,
    pub name: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub params: String,
    pub value: String,
}

impl ExtraOut {
    /// What people see of its value: nothing of rolo's own notes, the beginning of embedded data.
    pub fn shown(&self) -> Option<String> {
        const MOST: usize = 500;
        if self.name == crate::exchange::vcard::LAYOUT || self.name == "#order" {
            return None;
        }
        let cut = self.value.char_indices().nth(MOST).map(|(at, _)| at);
        Some(cut.map_or_else(
            || self.value.clone(),
            |at| format!("{}… ({} KB)", &self.value[..at.min(60)], self.value.len().div_ceil(1024)),
        ))
    }
}

#[allow(clippy::trivially_copy_pass_by_ref)]
fn is_false(on: &bool) -> bool {
    !on
}

impl ContactOut {
    /// Whether a spreadsheet reads a table of it rightly without a byte-order mark.
    pub fn is_ascii(&self) -> bool {
        serde_json::to_vec(self).is_ok_and(|text| text.is_ascii())
    }

    /// The scalar text fields by their names in `schema::CONTACT`, in the order of the keys; `company`, `starred` and
    /// `archived` are not among them.
    pub fn texts(&self) -> [(&'static str, &str); 28] {
        [
            ("kind", &self.kind),
            ("name", &self.name),
            ("given", &self.given),
            ("middle", &self.middle),
            ("family", &self.family),
            ("prefix", &self.prefix),
            ("suffix", &self.suffix),
            ("nickname", &self.nickname),
            ("phonetic_given", &self.phonetic_given),
            ("phonetic_middle", &self.phonetic_middle),
            ("phonetic_family", &self.phonetic_family),
            ("title", &self.title),
            ("department", &self.department),
            ("note", &self.note),
            ("stage", &self.stage),
            ("owner", &self.owner),
            ("language", &self.language),
            ("time_zone", &self.time_zone),
            ("tier", &self.tier),
            ("industry", &self.industry),
            ("size", &self.size),
            ("interests", &self.interests),
            ("source", &self.source),
            ("channel", &self.channel),
            ("keep_in_touch", &self.keep_in_touch),
            ("photo", &self.photo),
            ("gender", &self.gender),
            ("pronouns", &self.pronouns),
        ]
    }

    /// The text of a scalar field, for setting it by its name in `schema::CONTACT`.
    pub fn text_mut(&mut self, field: &str) -> Option<&mut String> {
        Some(match field {
            "kind" => &mut self.kind,
            "name" => &mut self.name,
            "given" => &mut self.given,
            "middle" => &mut self.middle,
            "family" => &mut self.family,
            "prefix" => &mut self.prefix,
            "suffix" => &mut self.suffix,
            "nickname" => &mut self.nickname,
            "phonetic_given" => &mut self.phonetic_given,
            "phonetic_middle" => &mut self.phonetic_middle,
            "phonetic_family" => &mut self.phonetic_family,
            "title" => &mut self.title,
            "department" => &mut self.department,
            "note" => &mut self.note,
            "stage" => &mut self.stage,
            "owner" => &mut self.owner,
            "language" => &mut self.language,
            "time_zone" => &mut self.time_zone,
            "tier" => &mut self.tier,
            "industry" => &mut self.industry,
            "size" => &mut self.size,
            "interests" => &mut self.interests,
            "source" => &mut self.source,
            "channel" => &mut self.channel,
            "keep_in_touch" => &mut self.keep_in_touch,
            "photo" => &mut self.photo,
            "gender" => &mut self.gender,
            "pronouns" => &mut self.pronouns,
            _ => return None,
        })
    }

    /// The methods with their kinds, kind by kind.
    pub fn methods(&self) -> impl Iterator<Item = (&'static str, &MethodOut)> {
        [
            ("email", &self.emails),
            ("phone", &self.phones),
            ("url", &self.urls),
            ("im", &self.ims),
            ("social", &self.socials),
        ]
        .into_iter()
        .flat_map(|(kind, list)| list.iter().map(move |method| (kind, method)))
    }
}

/// A JSON value as the text that a custom field holds.
pub(crate) fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}
