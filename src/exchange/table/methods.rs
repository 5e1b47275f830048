//! The values of a cell of e-mails, phones and the like.

use super::Table;
use super::cells::split_label;
use crate::model::draft::{ContactDraft, MethodDraft};
use crate::model::{email, phone};

/// The fewest digits of what can be a number of its own.
const SHORTEST: usize = 5;
/// The same where what parts two numbers could as well stand within one: `030/1234567`, `555-0100,123`.
const LONG: usize = 7;
/// The same of a number with its country: `+49 30 / 1234567` is one.
const LONG_ABROAD: usize = 10;

impl Table {
    /// The values of a cell; `one` if it is known to hold no more than that.
    pub(super) fn methods(
        &self,
        draft: &mut ContactDraft,
        (kind, service): (&str, &str),
        label: &str,
        text: &str,
        one: bool,
    ) {
        let (mut preferred, label) = split_label(label);
        // Most cells hold one value.
        if one || !text.bytes().any(|byte| matches!(byte, b':' | b';' | b',' | b'|' | b'/' | b'\n' | 0x80..))
        {
            draft.methods.push(MethodDraft {
                kind: kind.to_owned(),
                service: service.to_owned(),
                label,
                value: text.to_owned(),
                preferred,
            });
            return;
        }
        let parts: Vec<&str> = match kind {
            "url" => urls(text, self.list()),
            _ => self.split_list(text).collect(),
        };
        for part in parts {
            for value in several(kind, part) {
                draft.methods.push(MethodDraft {
                    kind: kind.to_owned(),
                    service: service.to_owned(),
                    label: label.clone(),
                    value: value.to_owned(),
                    preferred,
                });
                preferred = false;
            }
        }
    }
}

/// The pages of a cell: what parts them may stand within one, too, so that behind it another one has to begin.
fn urls<'a>(text: &'a str, list: &str) -> Vec<&'a str> {
    let mut parts = Vec::new();
    let mut start = 0;
    for (at, separator) in text.match_indices(list) {
        let next = at + separator.len();
        if begins_url(text[next..].trim_start()) {
            parts.push(&text[start..at]);
            start = next;
        }
    }
    parts.push(&text[start..]);
    parts.into_iter().map(str::trim).filter(|part| !part.is_empty()).collect()
}

/// Whether a text begins with `scheme:` and two slashes, or with the name of a host.
fn begins_url(text: &str) -> bool {
    let host =
        text.split(|c: char| !(c.is_alphanumeric() || matches!(c, '.' | '-'))).next().unwrap_or_default();
    let ending = host.rsplit_once('.').map_or("", |(_, ending)| ending);
    let named = ending.chars().count() > 1 && ending.chars().all(char::is_alphabetic);
    named || text[host.len()..].starts_with("://")
}

/// Several values in one cell, where it is plain that they are.
fn several<'a>(kind: &str, text: &'a str) -> Vec<&'a str> {
    let list = match kind {
        "email" if text.matches('@').nth(1).is_some() => email::split_list(text),
        "phone" => return phones(text),
        _ => return vec![text],
    };
    let whole = |piece: &&str| {
        piece.split_once('@').is_some_and(|(local, host)| !local.is_empty() && !host.is_empty())
    };
    if list.len() > 1 && list.iter().all(whole) { list } else { vec![text] }
}

/// The numbers of a cell. What parts them may as well part an area code, an extension or what is dialled after a pause
/// from a number, so each side has to be a number by itself.
fn phones<'a>(text: &'a str) -> Vec<&'a str> {
    let cut = |separators: &[char], fits: &dyn Fn(&str) -> bool| -> Option<Vec<&'a str>> {
        let pieces: Vec<&'a str> =
            text.split(separators).map(str::trim).filter(|piece| !piece.is_empty()).collect();
        (pieces.len() > 1 && pieces.iter().all(|piece| fits(piece))).then_some(pieces)
    };
    let long = |piece: &str| phone::digits(piece).len() >= SHORTEST;
    // A pause is a comma, too, but with no blank behind it.
    let blank = |after: &str| after.starts_with(char::is_whitespace);
    let listed = text.split(',').skip(1).all(blank);
    let least = if listed { SHORTEST } else { LONG };
    cut(&[';', '\n', '、', '；'], &long)
        .or_else(|| {
            cut(&[',', '，'], &|piece: &str| is_number(piece, least)).filter(|_| !text.contains(",,"))
        })
        .or_else(|| cut(&['/'], &|piece: &str| is_number(piece, LONG)))
        .unwrap_or_else(|| vec![text])
}

/// Whether a text of so many digits at least is one number and no more: no word, no code to dial.
fn is_number(text: &str, least: usize) -> bool {
    let abroad = text.starts_with(['+', '＋']) || text.starts_with("00");
    let least = if abroad && least == LONG { LONG_ABROAD } else { least };
    phone::digits(text).len() >= least && !text.contains(|c: char| c.is_alphabetic() || "#*@:".contains(c))
}
