//! What people type for a contact and can't mean: an address without an @, a number without a digit, a name that nobody
//! sees. Typed, it is refused; imported, it is kept and named.

use super::{OpError, Result};
use crate::exchange::WarningKind;
use crate::model::draft::ContactDraft;
use crate::model::{email, phone};
use crate::text;

fn refused(field: &str, value: &str, expected: &str) -> OpError {
    OpError::BadValue { field: field.to_owned(), value: value.to_owned(), expected: expected.to_owned() }
}

/// What is doubtful about a way to reach someone; `key` is what it is compared by. Any form of address with something on
/// both sides of an @ passes, and any number with a digit, or an address of internet telephony.
pub(super) fn doubt(kind: &str, value: &str, key: Option<&str>) -> Option<WarningKind> {
    let (key, blank) = (key.unwrap_or_default(), value.trim().is_empty());
    match kind {
        _ if blank => None,
        "email" => {
            let reads =
                key.rsplit_once('@').is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty());
            (!reads).then_some(WarningKind::NoEmail)
        }
        "phone" => {
            let reads = !key.is_empty() || value.contains(['@', ':']);
            (!reads).then_some(WarningKind::NoPhone)
        }
        _ => None,
    }
}

/// What may be a slip of who typed it or of a program that wrote it, although somebody can be reached like that: white
/// space within an address.
pub(super) fn slip(kind: &str, value: &str) -> Option<WarningKind> {
    let address = value.rsplit_once('<').map_or(value, |(_, address)| address.trim_end_matches('>')).trim();
    let spaced = address.contains(char::is_whitespace) && !address.contains('"');
    (kind == "email" && spaced).then_some(WarningKind::NoEmail)
}

/// Refuses what can be no way to reach someone.
pub(super) fn method(kind: &str, value: &str) -> Result<()> {
    let key = match kind {
        "email" => email::email_key(value),
        "phone" => phone::digits(value),
        _ => return Ok(()),
    };
    match doubt(kind, value, Some(&key)) {
        Some(_) => Err(refused(kind, value, kind)),
        None => Ok(()),
    }
}

/// Refuses text in which nobody sees anything, for a field that people go by.
pub(super) fn scalar(field: &str, value: &str) -> Result<()> {
    const SEEN: [&str; 5] = ["name", "given", "family", "nickname", "company"];
    match SEEN.contains(&field) && !value.trim().is_empty() && !text::is_visible(value) {
        true => Err(refused(field, value, "visible")),
        false => Ok(()),
    }
}

/// Refuses a tag without a name.
pub(super) fn tag(name: &str) -> Result<()> {
    if text::is_visible(name) { Ok(()) } else { Err(refused("tag", name, "visible")) }
}

/// Refuses a draft in which something can't be meant, but for what `known` has already.
pub(super) fn draft(draft: &ContactDraft, known: Option<&ContactDraft>) -> Result<()> {
    visible(draft, known)?;
    for found in &draft.methods {
        let there = known.is_some_and(|known| known.methods.iter().any(|method| method.value == found.value));
        if !there {
            method(&found.kind, &found.value)?;
        }
    }
    Ok(())
}

/// Refuses a draft that has a name or a tag in which nobody sees anything, but for what `known` has already.
pub(super) fn visible(draft: &ContactDraft, known: Option<&ContactDraft>) -> Result<()> {
    for (field, value) in &draft.fields {
        if known.and_then(|known| known.get(field)) != Some(value) {
            scalar(field, value)?;
        }
    }
    if known.is_none_or(|known| known.company != draft.company) {
        scalar("company", &draft.company)?;
    }
    draft
        .tags
        .iter()
        .filter(|tag| known.is_none_or(|known| !known.tags.contains(tag)))
        .try_for_each(|name| tag(name))
}
