//! Contacts of every kind for property tests: any field, any label, texts that formats give a meaning to.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use serde_json::Map;

use super::json::{AddressOut, CompanyOut, ConsentOut, ContactOut, DateOut, ExtraOut, LinkOut, MethodOut};
use super::vcard::SYSTEM;

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-zA-Z ]{0,10}[a-z]",
        2 => "[a-z,;:\\\\\"'^=%+@. <>_$!äß王伟-]{1,12}[a-z]",
        1 => "[a-z]{1,5}(\n[a-z\\\\;,]{1,60}){1,4}",
    ]
}

fn line() -> impl Strategy<Value = String> {
    text().prop_map(|text| text.replace('\n', " "))
}

fn maybe() -> impl Strategy<Value = String> {
    option::weighted(0.4, line()).prop_map(Option::unwrap_or_default)
}

fn label() -> impl Strategy<Value = String> {
    const KNOWN: &[&str] =
        &["", "home", "work", "mobile", "work fax", "main", "other", "pager", "car", "Home", "second home"];
    prop_oneof![3 => proptest::sample::select(KNOWN).prop_map(str::to_owned), 1 => "[A-Za-z;:,\"^ ]{1,9}[a-z]"]
}

fn methods(services: &'static [&'static str]) -> impl Strategy<Value = Vec<MethodOut>> {
    let one = (line(), label(), proptest::sample::select(services));
    let list = vec(one, 0..3);
    (list, 0usize..4).prop_map(move |(list, preferred)| {
        let method = |(at, (value, label, service)): (usize, (String, String, &str))| MethodOut {
            value: value.trim().to_owned(),
            label,
            preferred: at == preferred && services == [""],
            service: service.to_owned(),
            normal: String::new(),
        };
        list.into_iter().enumerate().map(method).collect()
    })
}

fn day() -> impl Strategy<Value = String> {
    const DAYS: &[&str] = &[
        "1980-05-17",
        "--05-17",
        "--02-29",
        "1980-05",
        "1980",
        "spring 1980",
        "17.5.1980; or so",
        "19800517",
    ];
    proptest::sample::select(DAYS).prop_map(str::to_owned)
}

prop_compose! {
    fn consent()(texts in vec(maybe(), 4), status in proptest::sample::select(&["granted", "withdrawn", ""][..]), known in any::<bool>()) -> ConsentOut {
        let [purpose, channel, basis, evidence] = [0, 1, 2, 3].map(|at: usize| texts[at].clone());
        let (at, expires) = if known { ("2026-09-14T12:00:00Z", "2027-09-14") } else { ("", "") };
        ConsentOut { purpose, channel, status: status.into(), basis, at: at.into(), expires: expires.into(), evidence }
    }
}

prop_compose! {
    fn parts()(names in vec(maybe(), 28), note in option::of(text()), company in maybe(), is_company in any::<bool>(), flags in any::<[bool; 3]>(), consents in vec(consent(), 0..3)) -> ContactOut {
        let mut contact = ContactOut { id: "0198c5a2-0000-7000-8000-0000000000aa".into(), ..ContactOut::default() };
        let fields: Vec<&str> = contact.texts().iter().map(|(field, _)| *field).collect();
        for (field, text) in fields.into_iter().zip(names) {
            text.clone_into(contact.text_mut(field).unwrap());
        }
        contact.note = note.unwrap_or_default();
        contact.kind = if is_company { "company" } else { "person" }.into();
        let another = contact.name != company && !company.is_empty() && (!is_company || !contact.name.is_empty());
        contact.company = another.then(|| CompanyOut { id: String::new(), name: company });
        [contact.starred, contact.archived, contact.deleted] = flags;
        contact.consents = consents;
        contact
    }
}

prop_compose! {
    pub(crate) fn contacts()(
        mut contact in parts(),
        emails in methods(&[""]),
        phones in methods(&[""]),
        urls in methods(&[""]),
        ims in methods(&["QQ", "WeChat", "Jabber", "", "My Chat; 2", "skype"]),
        socials in methods(&["LinkedIn", "linkedin", "", "home", "My \"Net\"^"]),
        addresses in vec((label(), vec(text(), 7)), 0..3),
        dates in vec((proptest::sample::select(&["anniversary", "death", "", "first met", "Anniversary", "birthday"][..]), day(), any::<bool>()), 0..3),
        birthday in option::of(day()),
        tags in proptest::collection::btree_set(line(), 0..4),
        fields in vec((line(), text()), 0..3),
        links in vec((proptest::sample::select(&["spouse", "manager", "", "Best; friend"][..]), line(), any::<bool>()), 0..3),
        extras in vec((proptest::sample::select(&["google", "csv", SYSTEM][..]), line(), line(), text()), 0..3),
        verbatim in vec(("X-[A-Z]{2,8}-9", "[a-z]{0,5}"), 0..3),
        millis in any::<bool>(),
    ) -> ContactOut {
        (contact.emails, contact.phones, contact.urls, contact.ims, contact.socials) = (emails, phones, urls, ims, socials);
        contact.urls.iter_mut().for_each(|url| url.preferred = false);
        contact.addresses = addresses.into_iter().map(|(label, p)| AddressOut {
            label, street: p[0].clone(), extended: p[1].clone(), po_box: p[2].clone(), city: p[3].clone(),
            region: p[4].clone(), postcode: p[5].clone(), country: p[6].clone(),
        }).collect();
        contact.birthday = birthday.unwrap_or_default();
        contact.dates = dates.into_iter().map(|(label, date, chinese)| DateOut {
            label: label.into(), date, calendar: if chinese { "chinese".into() } else { String::new() },
        }).collect();
        if contact.birthday.is_empty() {
            // The book would show it as the birthday.
            contact.dates.retain(|date| date.label != "birthday");
        }
        contact.tags = tags.into_iter().map(|tag| tag.trim().to_owned()).collect();
        contact.tags.sort();
        contact.tags.dedup();
        contact.fields = fields.into_iter().map(|(key, value)| (key, value.into())).collect::<Map<_, _>>();
        contact.links = links.into_iter().map(|(relation, name, id)| LinkOut {
            relation: relation.into(), name, id: if id { "0198c5a2-0000-7000-8000-0000000000bb".into() } else { String::new() },
        }).collect();
        contact.extras = extras.into_iter().map(|(source, name, params, value)| ExtraOut {
            source: source.into(), name, params: params + ":", value,
        }).collect();
        contact.extras.extend(verbatim.into_iter().map(|(name, value)| ExtraOut {
            source: SYSTEM.into(), name, params: "X-P=\"a;b:c\"".into(), value: format!("{value}\\,\\;\\n"),
        }));
        contact.created = if millis { "2026-09-14T12:00:00.250Z" } else { "2026-09-14T12:00:00Z" }.into();
        contact.updated.clone_from(&contact.created);
        contact
    }
}
