//! E-mail addresses with what mail programs write around them.

use crate::model::draft::{ContactDraft, ExtraDraft};
use crate::model::email::{Mailbox, mailbox};
use crate::text::{display_name, fold};

/// Takes the addresses of a contact out of what stands around them. A name that stands there is that of a contact without
/// one; another one becomes the address's label, or is kept as an extra of the system.
pub(super) fn settle(draft: &mut ContactDraft, system: &str) {
    // What rolo wrote itself is as it was typed.
    if draft.id.is_some() {
        return;
    }
    let mut number = 0;
    for at in 0..draft.methods.len() {
        if draft.methods[at].kind != "email" {
            continue;
        }
        number += 1;
        let Some(Mailbox { name, address }) = mailbox(&draft.methods[at].value) else { continue };
        draft.methods[at].value = address.to_owned();
        let known = name_of(draft);
        if name.is_empty() || same_words(&name, &known) {
            continue;
        }
        if known.is_empty() {
            draft.fields.push(("name", name));
        } else if draft.methods[at].label.is_empty() {
            draft.methods[at].label = name;
        } else {
            draft.extras.push(kept(system, number, name));
        }
    }
}

/// What a contact is called so far, whichever field says it.
fn name_of(draft: &ContactDraft) -> String {
    let part = |name| draft.get(name).unwrap_or_default();
    let company = if draft.kind == "company" { draft.company.as_str() } else { "" };
    let whole = [part("name"), company, part("nickname")].into_iter().find(|name| !name.is_empty());
    whole.map_or_else(
        || display_name(part("prefix"), part("given"), part("middle"), part("family"), part("suffix")),
        str::to_owned,
    )
}

/// The name that stood with a contact's e-mail of this number, in the column that Outlook has for it.
fn kept(system: &str, number: usize, value: String) -> ExtraDraft {
    let name = match number {
        1 => "E-mail Display Name".to_owned(),
        more => format!("E-mail {more} Display Name"),
    };
    ExtraDraft { source: system.to_owned(), name, params: String::new(), value }
}

/// Whether two names are made of the same words: `Fox, Cid` is `Cid Fox`.
fn same_words(a: &str, b: &str) -> bool {
    let words = |name: &str| {
        let folded = fold(name);
        let words = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        let mut words: Vec<String> = words.map(str::to_owned).collect();
        words.sort_unstable();
        words
    };
    words(a) == words(b)
}
