//! How a card looked when it came: one extra that lists its properties in their order, with what of them no field holds.
//!
//! A line of it is a property without its value (`item1.TEL;type=CELL;type=VOICE`: the contact has the value), a whole
//! property (`UID:4711`, written again as long as the contact still means the same), or `+` and the name of an extra.

use std::collections::{HashMap, HashSet, VecDeque};

use super::line::{Line, parse, split, unescape};
use super::meaning::Meaning;
use super::read::{Key, Labels, REAL_TAG, SYSTEM_TAGS, instant, is_empty, key, read_line};
use super::write::{
    Card, Head, address_value, converted, date_value, escape, escape_uri, is_property, method_value,
    name_parts, org_parts, org_value, structured,
};
use crate::exchange::json::{AddressOut, ContactOut, MethodOut};
use crate::model::draft::{AddressDraft, ContactDraft};
use crate::text::split_name;

/// Places that are not taken yet, in order.
type Free = VecDeque<usize>;

/// Takes the first place that fits.
fn first(free: &mut Free, fits: impl Fn(usize) -> bool) -> Option<usize> {
    let at = free.iter().position(|place| fits(*place))?;
    free.remove(at)
}

/// What of a contact is written already.
pub(crate) struct Used {
    fields: Vec<&'static str>,
    pub methods: Vec<bool>,
    pub addresses: Vec<bool>,
    pub dates: Vec<bool>,
    pub tags: Vec<bool>,
    pub links: Vec<bool>,
    pub extras: Vec<bool>,
}

impl Used {
    pub(crate) fn new(contact: &ContactOut) -> Self {
        Self {
            fields: Vec::new(),
            methods: vec![false; contact.methods().count()],
            addresses: vec![false; contact.addresses.len()],
            dates: vec![false; contact.dates.len() + 1],
            tags: vec![false; contact.tags.len()],
            links: vec![false; contact.links.len()],
            extras: vec![false; contact.extras.len()],
        }
    }

    /// Whether a single-valued field is written; `n` and `org` stand for their parts.
    pub(crate) fn field(&self, name: &str) -> bool {
        self.fields.contains(&name)
    }

    /// Takes a field, if it is still there to be taken.
    fn take(&mut self, name: &'static str) -> bool {
        let free = !self.field(name);
        if free {
            self.fields.push(name);
        }
        free
    }
}

/// A contact's dates with label and calendar, the birthday first.
pub(crate) fn dates(contact: &ContactOut) -> impl Iterator<Item = (&str, &str, &str)> {
    let birthday = (!contact.birthday.is_empty()).then_some(("birthday", contact.birthday.as_str(), ""));
    let others =
        contact.dates.iter().map(|date| (date.label.as_str(), date.date.as_str(), date.calendar.as_str()));
    birthday.into_iter().chain(others)
}

/// What a line of the layout stands for.
enum Claim {
    Nothing,
    /// The line as it is.
    Whole,
    /// The line with this value, and perhaps other parameters.
    Value(String, Option<String>),
    Extra(usize),
}

/// Writes what the layout has a place for, in its order.
pub(crate) fn write(card: &mut Card, contact: &ContactOut, layout: &str, used: &mut Used) {
    let lines: Vec<(Line<'_>, bool)> = layout
        .lines()
        .filter_map(|text| {
            let extra = text.strip_prefix('+');
            Some((parse(0, extra.unwrap_or(text))?, extra.is_some()))
        })
        .collect();
    let only: Vec<Line<'_>> = lines.iter().map(|(line, _)| line.clone()).collect();
    let labels = Labels::new(&only);
    let keys: Vec<Key> = only.iter().map(|line| key(line, &labels)).collect();
    let named = contact.extras.iter().map(|extra| extra.name.as_str());
    card.items = only.iter().map(|line| line.group).chain(named).filter_map(item).max().unwrap_or(0);
    let mut plan = Plan::new(contact, &keys, &only, used);
    plan.prefer();
    let mut claims: Vec<Claim> = only.iter().map(|_| Claim::Nothing).collect();
    // What still is as it was goes first, or a line without a value would take its place.
    for whole in [true, false] {
        for (at, (line, extra)) in lines.iter().enumerate() {
            let now = !extra && line.has_value == whole;
            if *extra && whole {
                claims[at] = plan.extra(line);
            } else if now || (!extra && !whole && matches!(claims[at], Claim::Nothing)) {
                claims[at] = plan.claim(at, line.has_value && whole, card.v4);
            }
        }
    }
    let claimed = only.iter().zip(&claims).filter(|(_, claim)| !matches!(claim, Claim::Nothing));
    let groups: HashSet<String> = claimed.map(|(line, _)| line.group.to_ascii_lowercase()).collect();
    for (at, line) in only.iter().enumerate() {
        let label = keys[at].meaning == Meaning::Label;
        let spoken = label && groups.contains(&line.group.to_ascii_lowercase());
        let head = |params: Option<String>| Head {
            group: line.group.into(),
            name: line.name,
            params: params.map_or_else(|| converted(&line.params, card.v4), Into::into),
        };
        match &claims[at] {
            Claim::Nothing if !spoken => {}
            Claim::Nothing | Claim::Whole => card.put(&head(None), &line.value),
            Claim::Value(value, params) => {
                let params = params.as_ref().map(|params| converted(params, card.v4).into_owned());
                card.put(&head(params), value);
            }
            Claim::Extra(index) => card.extra(&contact.extras[*index]),
        }
    }
}

/// The number of a group that is called `item1` or so.
fn item(name: &str) -> Option<u32> {
    let group = name.split('.').next()?;
    group.get(..4).filter(|start| start.eq_ignore_ascii_case("item"))?;
    group[4..].parse().ok().filter(|number| *number < 1_000_000)
}

struct Plan<'a, 'u> {
    contact: &'a ContactOut,
    keys: &'a [Key],
    lines: &'a [Line<'a>],
    used: &'u mut Used,
    /// The line that is preferred among each kind of methods.
    best: Vec<(&'static str, usize)>,
    methods: Vec<(&'static str, &'a MethodOut)>,
    free_methods: HashMap<&'static str, Free>,
    free_addresses: Free,
    free_links: Free,
    /// By name.
    free_extras: HashMap<&'a str, Free>,
    tags: HashMap<&'a str, usize>,
}

impl<'a, 'u> Plan<'a, 'u> {
    fn new(contact: &'a ContactOut, keys: &'a [Key], lines: &'a [Line<'a>], used: &'u mut Used) -> Self {
        let methods: Vec<_> = contact.methods().collect();
        let mut free_methods: HashMap<&'static str, Free> = HashMap::new();
        for (at, (kind, _)) in methods.iter().enumerate() {
            free_methods.entry(kind).or_default().push_back(at);
        }
        let mut free_extras: HashMap<&'a str, Free> = HashMap::new();
        for (at, extra) in contact.extras.iter().enumerate().filter(|(_, extra)| is_property(extra)) {
            free_extras.entry(&extra.name).or_default().push_back(at);
        }
        let mut tags = HashMap::new();
        for (at, tag) in contact.tags.iter().enumerate() {
            tags.entry(tag.as_str()).or_insert(at);
        }
        Self {
            contact,
            keys,
            lines,
            used,
            best: Vec::new(),
            methods,
            free_methods,
            free_addresses: (0..contact.addresses.len()).collect(),
            free_links: (0..contact.links.len()).collect(),
            free_extras,
            tags,
        }
    }

    fn prefer(&mut self) {
        for kind in ["email", "phone"] {
            let of_kind = self.keys.iter().enumerate().filter_map(|(at, key)| match key.meaning {
                Meaning::Method(own, _) if own == kind => Some((key.said.pref?, at)),
                _ => None,
            });
            if let Some((_, at)) = of_kind.min() {
                self.best.push((kind, at));
            }
        }
    }

    fn extra(&mut self, line: &Line<'_>) -> Claim {
        let name = line.full_name();
        match self.free_extras.get_mut(name.as_str()).and_then(Free::pop_front) {
            Some(at) => {
                self.used.extras[at] = true;
                Claim::Extra(at)
            }
            None => Claim::Nothing,
        }
    }

    /// What a line stands for. `exact`: only if it still says what it said.
    fn claim(&mut self, at: usize, exact: bool, v4: bool) -> Claim {
        let (line, key, contact) = (&self.lines[at], &self.keys[at], self.contact);
        let empty = line.has_value && is_empty(&line.value);
        let read = || read_line(line, key.grouped.then_some(key.label.as_str()));
        match key.meaning {
            Meaning::Kind | Meaning::ShowAs => {
                let company = !line.value.trim().eq_ignore_ascii_case("individual");
                let same = company == (contact.kind == "company");
                let value = if line.has_value { line.value.to_string() } else { "org".to_owned() };
                if !same || (company && !self.used.take("kind")) {
                    return Claim::Nothing;
                }
                Claim::Value(value, None)
            }
            Meaning::Fn => self.single("name", &contact.name, at, exact),
            Meaning::Nickname => self.single("nickname", &contact.nickname, at, exact),
            Meaning::Role => self.single("title", &contact.title, at, exact),
            Meaning::Gender => self.single("gender", &contact.gender, at, exact),
            Meaning::Text(field) | Meaning::Uri(field) => {
                let texts = contact.texts();
                let text = texts.iter().find(|(own, _)| *own == field).map_or("", |(_, text)| text);
                self.single(field, text, at, exact)
            }
            Meaning::N => {
                let parts = name_parts(contact);
                let same = if empty { derived(contact) } else { same_names(&read(), &parts) };
                self.structure("n", at, same && line.has_value, exact, structured(&parts))
            }
            Meaning::Org => {
                let org = org_parts(contact);
                let draft = read();
                let same = draft.company == org[0] && draft.get("department").unwrap_or_default() == org[1];
                let gone = org.iter().all(|part| part.is_empty());
                if gone && !empty {
                    return Claim::Nothing;
                }
                self.structure("org", at, (same || (empty && gone)) && line.has_value, exact, org_value(&org))
            }
            Meaning::Tags => self.tags(line),
            // Of a card that rolo wrote, what only the book knows: the writer says it again.
            Meaning::Uid | Meaning::Rev | Meaning::Created if !line.has_value => Claim::Nothing,
            Meaning::Uid if self.used.take("uid") => Claim::Whole,
            Meaning::Rev => {
                let untouched = contact.created == contact.updated
                    || instant(&line.value).as_ref() == Some(&contact.updated);
                if untouched && self.used.take("rev") { Claim::Whole } else { Claim::Nothing }
            }
            Meaning::Created => {
                let same = instant(&line.value).as_ref() == Some(&contact.created);
                if same && self.used.take("created") { Claim::Whole } else { Claim::Nothing }
            }
            Meaning::Label => Claim::Nothing,
            _ if empty => Claim::Whole,
            Meaning::Method(kind, _) => self.method(kind, at, exact),
            Meaning::Address => self.address(at, exact),
            Meaning::Date(_) => self.date(at, exact, v4),
            Meaning::Related(_) => self.link(at),
            Meaning::Android => self.android(&read(), exact),
            _ => Claim::Nothing,
        }
    }

    /// A line whose value is one text.
    fn single(&mut self, field: &'static str, text: &str, at: usize, exact: bool) -> Claim {
        let line = &self.lines[at];
        let empty = line.has_value && is_empty(&line.value);
        if self.used.field(field) || (text.is_empty() && !empty) {
            return Claim::Nothing;
        }
        let same = line.has_value
            && line.value.trim() == line.value
            && if empty { text.is_empty() } else { read_line(line, None).get(field) == Some(text) };
        if same {
            self.used.take(field);
            return Claim::Whole;
        }
        if exact {
            return Claim::Nothing;
        }
        self.used.take(field);
        let mut value = String::new();
        match field {
            "photo" => escape_uri(text, &mut value),
            "gender" if line.is("GENDER") => value = super::read::gender_value(text),
            _ => escape(text, &mut value),
        }
        Claim::Value(value, None)
    }

    fn structure(&mut self, field: &'static str, at: usize, same: bool, exact: bool, value: String) -> Claim {
        // White space around a value is a part of it in what rolo writes.
        let padded = |line: &Line<'_>| line.value.split(';').any(|part| part.trim() != part);
        let same = same && !padded(&self.lines[at]);
        if self.used.field(field) || (exact && !same) {
            return Claim::Nothing;
        }
        self.used.take(field);
        if same { Claim::Whole } else { Claim::Value(value, None) }
    }

    fn tags(&mut self, line: &Line<'_>) -> Claim {
        let contact = self.contact;
        let mut value = String::new();
        let mut real = false;
        let mut put = |tag: &str| {
            if !value.is_empty() {
                value.push(',');
            }
            escape(tag, &mut value);
        };
        if line.has_value {
            for tag in split(&line.value, ',').map(unescape) {
                let tag = tag.trim();
                let own = self.tags.get(tag).copied();
                if own.is_some() || SYSTEM_TAGS.contains(&tag) {
                    put(tag);
                }
                real |= own.is_some() && SYSTEM_TAGS.contains(&tag);
                if let Some(at) = own {
                    self.used.tags[at] = true;
                }
            }
        } else {
            for (at, tag) in contact.tags.iter().enumerate() {
                if !std::mem::replace(&mut self.used.tags[at], true) {
                    real |= SYSTEM_TAGS.contains(&tag.as_str());
                    put(tag);
                }
            }
        }
        let params = real.then(|| format!("{};{REAL_TAG}=TRUE", line.params));
        if value.is_empty() { Claim::Nothing } else { Claim::Value(value, params) }
    }

    fn method(&mut self, kind: &'static str, at: usize, exact: bool) -> Claim {
        let (line, key) = (&self.lines[at], &self.keys[at]);
        let wanted = if line.has_value {
            read_line(line, key.grouped.then_some(key.label.as_str())).methods.pop()
        } else {
            None
        };
        let service = wanted.as_ref().map_or(key.service.as_str(), |wanted| &wanted.service);
        let methods = &self.methods;
        let fits = |at: usize| {
            let method = methods[at].1;
            method.label == key.label
                && method.service == service
                && (!exact || wanted.as_ref().is_some_and(|wanted| wanted.value == method.value))
        };
        let found = self.free_methods.get_mut(kind).and_then(|free| first(free, fits));
        let Some((place, method)) = found.map(|at| (at, methods[at].1)) else { return Claim::Nothing };
        self.used.methods[place] = true;
        let preferred = self.best.iter().any(|(own, line)| *own == kind && *line == at);
        let told = matches!(kind, "email" | "phone");
        let mut params = (told && preferred != method.preferred).then(|| without_pref(&line.params));
        if let (Some(params), true) = (&mut params, method.preferred) {
            params.push_str(if params.is_empty() { "PREF=1" } else { ";PREF=1" });
        }
        if exact {
            return Claim::Value(line.value.to_string(), params);
        }
        let mut value = method_value(line.name, kind, &method.service, &method.value);
        let uri =
            super::meaning::param(line, "VALUE").is_some_and(|param| param.value.eq_ignore_ascii_case("uri"));
        if kind == "phone" && uri {
            if method.value.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\') {
                value = format!("tel:{}", method.value);
            } else {
                let all = params.as_deref().unwrap_or(&line.params).to_owned();
                params = Some(without(&all, "VALUE"));
            }
        }
        Claim::Value(value, params)
    }

    fn address(&mut self, at: usize, exact: bool) -> Claim {
        let (line, key, contact) = (&self.lines[at], &self.keys[at], self.contact);
        let wanted = if exact { read_line(line, None).addresses.pop() } else { None };
        let fits = |at: usize| {
            let address = &contact.addresses[at];
            address.label == key.label
                && (!exact || wanted.as_ref().is_some_and(|wanted| same_address(wanted, address)))
        };
        let Some(place) = first(&mut self.free_addresses, fits) else { return Claim::Nothing };
        self.used.addresses[place] = true;
        if exact {
            return Claim::Whole;
        }
        // A label that spells the address out would now be wrong.
        Claim::Value(address_value(&contact.addresses[place]), Some(without(&line.params, "LABEL")))
    }

    fn date(&mut self, at: usize, exact: bool, v4: bool) -> Claim {
        let (line, key) = (&self.lines[at], &self.keys[at]);
        let draft = read_line(line, key.grouped.then_some(key.label.as_str())).dates.pop();
        let named = match key.meaning {
            Meaning::Date("") => key.label.as_str(),
            Meaning::Date(named) => named,
            _ => return Claim::Nothing,
        };
        let calendar = super::meaning::param(line, "CALSCALE").map(|param| param.text().to_lowercase());
        let calendar = calendar.filter(|calendar| calendar != "gregorian").unwrap_or_default();
        let found = dates(self.contact).enumerate().find(|(at, (label, date, own))| {
            !self.used.dates[*at]
                && *label == named
                && *own == calendar
                && (!exact || draft.as_ref().is_some_and(|draft| draft.date == *date))
        });
        let Some((place, (_, date, _))) = found else { return Claim::Nothing };
        self.used.dates[place] = true;
        if exact
            && super::dates::read(&line.value, None).is_none()
            && !line.params.to_ascii_lowercase().contains("value=text")
        {
            let params = without(&line.params, "VALUE");
            let params = if params.is_empty() { params } else { params + ";" };
            return Claim::Value(line.value.to_string(), Some(params + "VALUE=text"));
        }
        if exact {
            return Claim::Whole;
        }
        let (value, text) = date_value(line.name, date, v4);
        let params = without(&without(&line.params, "VALUE"), "X-APPLE-OMIT-YEAR");
        let params = match text {
            true if params.is_empty() => "VALUE=text".to_owned(),
            true => params + ";VALUE=text",
            false if line.has_value => params,
            false => line.params.to_string(),
        };
        Claim::Value(value, Some(params))
    }

    fn link(&mut self, at: usize) -> Claim {
        let key = &self.keys[at];
        let relation = match key.meaning {
            Meaning::Related("") if key.grouped => key.label.as_str(),
            Meaning::Related("") => key.said.first.as_str(),
            Meaning::Related(named) => named,
            _ => return Claim::Nothing,
        };
        let (links, used) = (&self.contact.links, &self.used.links);
        let fits = |at: usize| !used[at] && links[at].relation == relation && !links[at].name.is_empty();
        let Some(place) = first(&mut self.free_links, fits) else { return Claim::Nothing };
        let link = &links[place];
        self.used.links[place] = true;
        let mut value = String::new();
        escape(&link.name, &mut value);
        Claim::Value(value, None)
    }

    /// Android's own line, if the contact still has what it says.
    fn android(&mut self, draft: &ContactDraft, exact: bool) -> Claim {
        let contact = self.contact;
        let place = if let Some(nickname) = draft.get("nickname") {
            return if nickname == contact.nickname && self.used.take("nickname") {
                Claim::Whole
            } else {
                Claim::Nothing
            };
        } else if let Some(date) = draft.dates.first() {
            let mut dates = dates(contact).enumerate();
            let found = dates.find(|(at, (label, own, _))| {
                !self.used.dates[*at] && *label == date.label && *own == date.date
            });
            found.map(|(at, _)| &mut self.used.dates[at])
        } else if let Some(link) = draft.links.first() {
            let found = contact.links.iter().enumerate().position(|(at, own)| {
                !self.used.links[at] && own.relation == link.relation && own.name == link.name
            });
            found.map(|at| &mut self.used.links[at])
        } else {
            None
        };
        match place {
            Some(place) if exact => {
                *place = true;
                Claim::Whole
            }
            _ => Claim::Nothing,
        }
    }
}

/// Whether the parts of a name are only what rolo made of the whole.
fn derived(contact: &ContactOut) -> bool {
    let parts = name_parts(contact);
    if parts.iter().all(|part| part.is_empty()) {
        return true;
    }
    let split = split_name(&contact.name);
    parts == [&split.family, &split.given, &split.middle, &split.prefix, &split.suffix].map(String::as_str)
}

fn same_names(draft: &ContactDraft, parts: &[&str; 5]) -> bool {
    let fields = ["family", "given", "middle", "prefix", "suffix"];
    fields.iter().zip(parts).all(|(field, part)| draft.get(field).unwrap_or_default() == *part)
}

fn same_address(draft: &AddressDraft, own: &AddressOut) -> bool {
    let theirs = AddressDraft::from(AddressOut { label: draft.label.clone(), ..own.clone() });
    *draft == theirs
}

/// Parameters without those of this name.
fn without(text: &str, name: &str) -> String {
    let kept = super::line::params(text).filter(|param| !param.is(name));
    let kept: Vec<String> = kept
        .map(
            |param| {
                if param.bare { param.value.to_owned() } else { format!("{}={}", param.name, param.value) }
            },
        )
        .collect();
    kept.join(";")
}

/// Parameters that say nothing about preference.
fn without_pref(text: &str) -> String {
    let mut kept = Vec::new();
    for param in super::line::params(text) {
        let pref = |value: &str| value.eq_ignore_ascii_case("pref");
        if param.is("PREF") {
            continue;
        }
        if param.is("TYPE") && param.values().any(pref) {
            let others: Vec<&str> = param.values().filter(|value| !pref(value)).collect();
            if !others.is_empty() {
                kept.push(format!("TYPE={}", others.join(",")));
            }
            continue;
        }
        kept.push(if param.bare {
            param.value.to_owned()
        } else {
            format!("{}={}", param.name, param.value)
        });
    }
    kept.join(";")
}
