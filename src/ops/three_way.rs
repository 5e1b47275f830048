//! The three-way merge of an edited contact: what the edit began with, what it came to, and what the book says now. Only
//! what the edit changed counts, so that whatever came in meanwhile stays.

use super::change::same_method;
use super::edit::same_name;
use crate::model::draft::{AddressDraft, ContactDraft, DateDraft, MethodDraft, NAME_PARTS};
use crate::model::schema::Kind;
use crate::text::display_name;

/// What a merge came to.
#[derive(Debug)]
pub(super) struct Merged {
    /// What the contact is to be.
    pub draft: ContactDraft,
    /// Fields that both sides changed, so that the edit went over what the book had got: names as in the schema, or keys
    /// of custom fields.
    pub overridden: Vec<String>,
}

/// Merges an edit that began with `base` into what the book says `now`.
pub(super) fn merge(base: &ContactDraft, edited: &ContactDraft, now: ContactDraft) -> Merged {
    let mut merge = Merge::default();
    let mut draft = now.clone();
    for field in Kind::Contact.record().fields {
        let of = |draft: &ContactDraft| draft.get(field.name).unwrap_or_default().to_owned();
        draft.set(field.name, merge.value(field.name, &of(base), &of(edited), &of(&now)));
    }
    draft.kind = merge.value("kind", &base.kind, &edited.kind, &now.kind);
    draft.company = merge.value("company", &base.company, &edited.company, &now.company);
    draft.methods = merge.methods(base, edited, &now);
    draft.addresses = merge.list(&base.addresses, &edited.addresses, &now.addresses, &ADDRESSES);
    draft.dates = merge.list(&base.dates, &edited.dates, &now.dates, &DATES);
    draft.tags = tags(&base.tags, &edited.tags, &now.tags);
    draft.values = merge.list(&base.values, &edited.values, &now.values, &VALUES);
    agree(edited, &mut draft);
    let mut overridden = merge.overridden;
    if overridden.iter().any(|field| field == "name") {
        overridden.retain(|field| !NAME_PARTS.contains(&field.as_str()));
    }
    Merged { draft, overridden }
}

/// A whole name that the edit made of its parts is made anew where other parts came in.
fn agree(edited: &ContactDraft, draft: &mut ContactDraft) {
    let parts = |draft: &ContactDraft| NAME_PARTS.map(|part| draft.get(part).unwrap_or_default().to_owned());
    let whole = |draft: &ContactDraft| {
        let [prefix, given, middle, family, suffix] = parts(draft);
        display_name(&prefix, &given, &middle, &family, &suffix)
    };
    let follows = draft.get("name") == edited.get("name") && edited.get("name") == Some(&*whole(edited));
    if follows && parts(draft) != parts(edited) {
        let name = whole(draft);
        draft.set("name", name);
    }
}

/// How the items of a list are told apart and merged.
struct How<T> {
    /// Whether two items are the same one, as far as their values say.
    same: fn(&T, &T) -> bool,
    /// Whether one may have become the other.
    alike: fn(&T, &T) -> bool,
    /// Merges an item: as it was, as edited, as it is now.
    merge: fn(&mut Merge, &T, &T, &T) -> T,
    /// The field that it is a value of.
    field: fn(&T) -> &str,
}

const METHODS: How<MethodDraft> = How {
    same: |a, b| a.kind == b.kind && same_method(&a.kind, &a.value, &b.value),
    alike: |a, b| a.kind == b.kind,
    merge: |merge, base, edited, now| MethodDraft {
        value: merge.value(&base.kind, &base.value, &edited.value, &now.value),
        label: merge.value(&base.kind, &base.label, &edited.label, &now.label),
        service: merge.value(&base.kind, &base.service, &edited.service, &now.service),
        ..now.clone()
    },
    field: |method| &method.kind,
};

const ADDRESSES: How<AddressDraft> = How {
    same: |a, b| a.street == b.street && a.city == b.city && a.postcode == b.postcode,
    alike: |_, _| true,
    merge: |merge, base, edited, now| AddressDraft {
        label: merge.value("address", &base.label, &edited.label, &now.label),
        street: merge.value("street", &base.street, &edited.street, &now.street),
        extended: merge.value("extended", &base.extended, &edited.extended, &now.extended),
        po_box: merge.value("po_box", &base.po_box, &edited.po_box, &now.po_box),
        city: merge.value("city", &base.city, &edited.city, &now.city),
        region: merge.value("region", &base.region, &edited.region, &now.region),
        postcode: merge.value("postcode", &base.postcode, &edited.postcode, &now.postcode),
        country: merge.value("country", &base.country, &edited.country, &now.country),
    },
    field: |_| "address",
};

const DATES: How<DateDraft> = How {
    same: |a, b| a.label == b.label && a.date == b.date,
    alike: |a, b| a.label == b.label,
    merge: |merge, base, edited, now| DateDraft {
        label: now.label.clone(),
        date: merge.value(&base.label, &base.date, &edited.date, &now.date),
        calendar: merge.value(&base.label, &base.calendar, &edited.calendar, &now.calendar),
    },
    field: |date| &date.label,
};

const VALUES: How<(String, String)> = How {
    same: |a, b| a.0 == b.0,
    alike: |_, _| false,
    merge: |merge, base, edited, now| (now.0.clone(), merge.value(&base.0, &base.1, &edited.1, &now.1)),
    field: |(key, _)| key,
};

#[derive(Default)]
struct Merge {
    overridden: Vec<String>,
}

impl Merge {
    fn override_field(&mut self, field: &str) {
        if !self.overridden.iter().any(|known| known == field) {
            self.overridden.push(field.to_owned());
        }
    }

    /// The edit's value if it changed it, else the book's.
    fn value<T: Clone + PartialEq>(&mut self, field: &str, base: &T, edited: &T, now: &T) -> T {
        if edited == base {
            return now.clone();
        }
        if now != base && now != edited {
            self.override_field(field);
        }
        edited.clone()
    }

    /// The items of the book with what the edit added, changed and took away.
    fn list<T: Clone + PartialEq>(&mut self, base: &[T], edited: &[T], now: &[T], how: &How<T>) -> Vec<T> {
        if edited == base {
            return now.to_vec();
        }
        if now == base {
            // Nobody else was there, so the order is the edit's, too.
            return edited.to_vec();
        }
        let (in_edited, in_now) = (pairs(base, edited, how), pairs(base, now, how));
        let mut out: Vec<Option<T>> = now.iter().cloned().map(Some).collect();
        for ((old, edit), there) in base.iter().zip(&in_edited).zip(&in_now) {
            match (edit.map(|at| &edited[at]), there.map(|at| (at, &now[at]))) {
                // What it has become meanwhile is not what was taken away.
                (None, Some((at, there))) if (how.same)(old, there) => out[at] = None,
                (Some(edit), Some((at, there))) if edit != old => {
                    out[at] = Some((how.merge)(self, old, edit, there));
                }
                (Some(edit), None) if edit != old => {
                    self.override_field((how.field)(edit));
                    out.push(Some(edit.clone()));
                }
                _ => {}
            }
        }
        let added = edited.iter().enumerate().filter(|(at, _)| !in_edited.contains(&Some(*at)));
        for (_, item) in added {
            if !out.iter().flatten().any(|there| (how.same)(there, item)) {
                out.push(Some(item.clone()));
            }
        }
        out.into_iter().flatten().collect()
    }

    /// Ways to reach someone; which of a kind to use first is a value of its own.
    fn methods(
        &mut self,
        base: &ContactDraft,
        edited: &ContactDraft,
        now: &ContactDraft,
    ) -> Vec<MethodDraft> {
        let plain = |draft: &ContactDraft| -> Vec<MethodDraft> {
            let plain = |method: &MethodDraft| MethodDraft { preferred: false, ..method.clone() };
            draft.methods.iter().map(plain).collect()
        };
        let mut out = self.list(&plain(base), &plain(edited), &plain(now), &METHODS);
        for kind in ["email", "phone"] {
            let first = |draft: &ContactDraft| {
                let first = draft.methods.iter().find(|method| method.preferred && method.kind == kind);
                first.map(|method| method.value.clone())
            };
            let first = self.value(kind, &first(base), &first(edited), &first(now));
            let first = first.and_then(|value| {
                out.iter_mut().find(|method| method.kind == kind && same_method(kind, &method.value, &value))
            });
            if let Some(first) = first {
                first.preferred = true;
            }
        }
        out
    }
}

/// For each of `from` the one of `to` that it is now: itself if it is there, else one that it may have become.
fn pairs<T: PartialEq>(from: &[T], to: &[T], how: &How<T>) -> Vec<Option<usize>> {
    let mut found: Vec<Option<usize>> = vec![None; from.len()];
    for fits in [how.same, how.alike] {
        for at in 0..from.len() {
            if found[at].is_none() {
                found[at] = (0..to.len()).find(|n| !found.contains(&Some(*n)) && fits(&from[at], &to[*n]));
            }
        }
    }
    found
}

/// The tags of the book without those that the edit took away, and with those that it added.
fn tags(base: &[String], edited: &[String], now: &[String]) -> Vec<String> {
    let has = |tags: &[String], tag: &str| tags.iter().any(|other| same_name(other, tag));
    let kept = now.iter().filter(|tag| !has(base, tag) || has(edited, tag));
    let added = edited.iter().filter(|tag| !has(base, tag) && !has(now, tag));
    kept.chain(added).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn email(value: &str, label: &str, preferred: bool) -> MethodDraft {
        let (value, label) = (value.into(), label.into());
        MethodDraft { kind: "email".into(), value, label, preferred, ..MethodDraft::default() }
    }

    fn draft(fields: &[(&'static str, &str)], emails: &[&str], tags: &[&str]) -> ContactDraft {
        let mut draft = ContactDraft {
            methods: emails.iter().map(|value| email(value, "", false)).collect(),
            tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
            ..ContactDraft::default()
        };
        for (field, value) in fields {
            draft.set(field, *value);
        }
        draft
    }

    fn values(draft: &ContactDraft) -> Vec<&str> {
        draft.methods.iter().map(|method| method.value.as_str()).collect()
    }

    #[test]
    fn what_the_edit_did_not_touch_stays_as_the_book_has_it() {
        let base =
            draft(&[("name", "Ann"), ("note", "old")], &["a@x.example", "b@x.example"], &["vip", "cold"]);
        let mut edited = base.clone();
        edited.set("title", "CEO");
        edited.tags = vec!["vip".into(), "new".into()];
        edited.methods[1].label = "home".into();
        let mut now = base.clone();
        now.set("note", "new");
        now.company = "CliCo".into();
        now.tags = vec!["Cold".into(), "more".into(), "vip".into()];
        now.methods = vec![email("c@x.example", "", false), email("b@x.example", "", false)];
        let Merged { draft, overridden } = merge(&base, &edited, now);
        assert_eq!(overridden, Vec::<String>::new());
        assert_eq!((draft.get("title"), draft.get("note")), (Some("CEO"), Some("new")));
        assert_eq!((draft.company.as_str(), draft.tags.join(" ")), ("CliCo", "more vip new".to_owned()));
        assert_eq!(values(&draft), ["c@x.example", "b@x.example"]);
        assert_eq!(draft.methods[1].label, "home");
    }

    #[test]
    fn what_both_changed_is_the_edits_and_said() {
        let base = draft(&[("name", "Ann"), ("note", "old")], &["a@x.example", "b@x.example"], &[]);
        let mut edited = base.clone();
        edited.set("note", "mine");
        edited.methods[0].value = "mine@x.example".into();
        edited.methods[1].value = "b2@x.example".into();
        let mut now = base.clone();
        now.set("note", "theirs");
        now.methods[0].value = "theirs@x.example".into();
        let merged = merge(&base, &edited, now);
        assert_eq!(merged.draft.get("note"), Some("mine"));
        assert_eq!(values(&merged.draft), ["mine@x.example", "b2@x.example"]);
        assert_eq!(merged.overridden, ["note", "email"]);
    }

    #[test]
    fn what_was_taken_away_goes_but_not_what_came_in() {
        let base = draft(&[("name", "Ann")], &["a@x.example", "b@x.example"], &[]);
        let mut edited = base.clone();
        edited.methods.remove(0);
        let mut now = base.clone();
        now.methods.push(email("c@x.example", "work", true));
        let merged = merge(&base, &edited, now);
        assert_eq!(values(&merged.draft), ["b@x.example", "c@x.example"]);
        assert!(merged.draft.methods[1].preferred, "the one to use first was not the edit's to change");
        // Edited here, taken away there: what was typed is not lost, and that is said.
        let mut edited = base.clone();
        edited.methods[0].label = "home".into();
        let now = draft(&[("name", "Ann")], &[], &[]);
        let merged = merge(&base, &edited, now);
        assert_eq!((values(&merged.draft), merged.overridden), (vec!["a@x.example"], vec!["email".into()]));
    }

    #[test]
    fn a_whole_name_follows_parts_that_came_from_both_sides() {
        let base = draft(&[("name", "Ann Lee"), ("given", "Ann"), ("family", "Lee")], &[], &[]);
        let edited = draft(&[("name", "Anna Lee"), ("given", "Anna"), ("family", "Lee")], &[], &[]);
        let now = draft(&[("name", "Ann May"), ("given", "Ann"), ("family", "May")], &[], &[]);
        assert_eq!(merge(&base, &edited, now).draft.get("name"), Some("Anna May"));
    }

    #[test]
    fn the_order_is_the_edits_where_nobody_else_was() {
        let base = draft(&[("name", "Ann")], &["a@x.example"], &[]);
        let mut edited = base.clone();
        edited.methods.insert(0, email("b@x.example", "", true));
        let merged = merge(&base, &edited, base.clone());
        assert_eq!(values(&merged.draft), ["b@x.example", "a@x.example"]);
        assert!(merged.draft.methods[0].preferred);
    }
}
