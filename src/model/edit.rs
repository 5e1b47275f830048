//! The primitive edits that all change is made of, and how one is written as a line of the log.
//!
//! A line is a JSON object that anyone can read without rolo:
//!
//! ```json
//! {"new":"contact","name":"Ann Lee","company":"=Acme Corp","method":[{"type":"email","value":"ann@acme.example"}]}
//! {"set":"contact","id":"0192...","field":"title","to":"CEO","was":"VP"}
//! {"delete":"method","of":"0192...","id":"00c0ffee00c0ffee.12.3"}
//! {"drop":"contact","id":"0192...","made":"00c0ffee00c0ffee.12.3"}
//! {"erased":"c0ffee...","creates":3}
//! ```
//!
//! A record with its children is one line. Instants are milliseconds since 1970 UTC. A Create without `id` gets one from the row's seed and its number among the
//! row's Creates (`ids::derived_v7`), a child's id is that number itself. `=Acme Corp` names the record whose id is
//! made from that name, `#2` the second Create after the line's own record.

use super::ids::Gid;
use super::schema::{Key, Kind, Record, Type};
use super::value::{Value, format_decimal, parse_decimal};
use serde_json::{Map, Value as Json};

/// How a new record gets its id.
#[derive(Clone, Debug, PartialEq)]
pub enum NewId {
    /// From the row's seed and its number (or, a child, the number itself).
    Derived,
    /// This one: it came with the data, or the record is brought back.
    Given(Gid),
    /// Made from this name, so that two devices arrive at the same.
    Named(String),
}

/// A record to be made, with the children that come with it.
#[derive(Clone, Debug, PartialEq)]
pub struct New {
    /// Its kind.
    pub kind: Kind,
    /// Its id.
    pub id: NewId,
    /// Position in `Record::fields` and value; none is `Null`, none stands twice.
    pub fields: Vec<(usize, Value)>,
    /// Only kinds that this kind owns; those of one kind stand together.
    pub children: Vec<New>,
    /// When it was made, ms since 1970, where that is not when the batch was written.
    pub created: Option<i64>,
    /// How many Creates of kinds that this version doesn't know stand between the sibling before it and itself.
    pub gap: i64,
    /// How many of them follow its last child.
    pub rest: i64,
}

impl New {
    /// A record of this kind with a derived id.
    pub const fn of(kind: Kind) -> Self {
        Self {
            kind,
            id: NewId::Derived,
            fields: Vec::new(),
            children: Vec::new(),
            created: None,
            gap: 0,
            rest: 0,
        }
    }

    /// The same with a given id.
    pub fn with_id(mut self, id: NewId) -> Self {
        self.id = id;
        self
    }

    /// The same with a field set; `Null` and names that the kind does not have leave it as it is.
    pub fn with(mut self, name: &str, value: Value) -> Self {
        self.put(name, value);
        self
    }

    /// Sets a field; `Null` and names that the kind does not have change nothing.
    pub fn put(&mut self, name: &str, value: Value) {
        let at = self.kind.record().field(name);
        debug_assert!(at.is_some(), "{:?} has no field {name}", self.kind);
        if let Some(at) = at
            && !value.is_null()
        {
            match self.fields.iter().position(|(other, _)| *other == at) {
                None => self.fields.push((at, value)),
                Some(there) => {
                    self.fields.remove(there);
                    self.fields.push((at, value));
                }
            }
        }
    }

    /// The value of a field.
    pub fn get(&self, name: &str) -> Option<&Value> {
        let at = self.kind.record().field(name)?;
        self.fields.iter().find(|(other, _)| *other == at).map(|(_, value)| value)
    }

    /// How many Creates it stands for: itself and all below.
    pub fn count(&self) -> i64 {
        1 + self.children.iter().map(|child| child.gap + child.count()).sum::<i64>() + self.rest
    }

    /// Its children and the number of each among the row's Creates, if its own is `index`.
    pub fn numbered(&self, index: i64) -> impl Iterator<Item = (i64, &Self)> {
        let mut next = index + 1;
        self.children.iter().map(move |child| {
            let at = next + child.gap;
            next = at + child.count();
            (at, child)
        })
    }
}

/// Names a record that is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct At {
    /// Its kind.
    pub kind: Kind,
    /// Its id.
    pub id: Gid,
    /// For a child, the record that owns it.
    pub owner: Option<Gid>,
}

impl At {
    /// A record of its own.
    pub const fn top(kind: Kind, id: Gid) -> Self {
        Self { kind, id, owner: None }
    }

    /// A child of `owner`.
    pub const fn child(kind: Kind, owner: Gid, id: Gid) -> Self {
        Self { kind, id, owner: Some(owner) }
    }
}

/// One primitive change.
#[derive(Clone, Debug, PartialEq)]
pub enum Edit {
    /// Makes a record; for a child, under `owner`.
    Create {
        /// The record that owns it, for a child.
        owner: Option<Gid>,
        /// What is made.
        new: New,
    },
    /// Gives a field another value.
    Set {
        /// Which record.
        at: At,
        /// Position in `Record::fields`.
        field: usize,
        /// What stood there: for reading and undo only, applying never consults it.
        before: Value,
        /// What stands there now.
        after: Value,
    },
    /// Puts a record into the bin.
    Delete(At),
    /// Takes it out again.
    Restore(At),
    /// Takes a Create back: if nothing else made the record, it is gone, with its children.
    Drop {
        /// Which record.
        at: At,
        /// Which of its Creates, as `Gid::Born`; older logs don't say, and mean the latest that they had.
        made: Option<Gid>,
    },
    /// Removes a record for good: whatever says anything about it, earlier or later, counts no more.
    Erase(At),
    /// What stood here was about somebody who was erased.
    Erased {
        /// The hash of the line, which keeps the chain whole.
        hash: [u8; 32],
        /// How many Creates it had, since those after it are numbered on.
        creates: i64,
    },
    /// A newer version's: kept as it is until this version knows it, too.
    Unknown {
        /// The line.
        line: String,
        /// How many Creates it has.
        creates: i64,
    },
}

/// A line of the log that this version can't read.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum LineError {
    /// It is no JSON object of a known shape.
    #[error("not a line of a log: {0}")]
    Shape(String),
    /// A newer version wrote it.
    #[error("unknown kind or field: {0}")]
    Unknown(String),
}

/// Writes a text as a JSON string.
fn write_string(out: &mut String, text: &str) {
    out.push('"');
    write_escaped(out, text);
    out.push('"');
}

fn write_escaped(out: &mut String, text: &str) {
    let mut start = 0;
    for (at, byte) in text.bytes().enumerate() {
        let escape = match byte {
            b'"' => "\\\"",
            b'\\' => "\\\\",
            b'\n' => "\\n",
            b'\r' => "\\r",
            b'\t' => "\\t",
            0..0x20 => "",
            _ => continue,
        };
        out.push_str(&text[start..at]);
        if escape.is_empty() {
            out.push_str(&format!("\\u{byte:04x}"));
        } else {
            out.push_str(escape);
        }
        start = at + 1;
    }
    out.push_str(&text[start..]);
}

/// Writes the name that a reference stands for: `"=Acme Corp"`.
fn write_named(out: &mut String, name: &str) {
    out.push_str("\"=");
    write_escaped(out, name);
    out.push('"');
}

fn write_value(out: &mut String, ty: Type, value: &Value) {
    use std::fmt::Write;
    match value {
        Value::Null => out.push_str("null"),
        Value::Text(text) => write_string(out, text),
        Value::Int(number) => match ty {
            Type::Flag => out.push_str(if *number == 0 { "false" } else { "true" }),
            Type::Decimal => {
                let _ = write!(out, "\"{}\"", format_decimal(*number));
            }
            _ => {
                let _ = write!(out, "{number}");
            }
        },
        Value::Real(number) => {
            let _ = write!(out, "{}", Json::from(*number));
        }
        Value::Ref(gid) => {
            let _ = write!(out, "\"{gid}\"");
        }
        Value::Named(name) => write_named(out, name),
        Value::Own(index) => {
            let _ = write!(out, "\"#{index}\"");
        }
    }
}

fn write_members(out: &mut String, new: &New) {
    use std::fmt::Write;
    let record = new.kind.record();
    let mut comma = !out.ends_with('{');
    let mut key = |out: &mut String, name: &str| {
        if comma {
            out.push(',');
        }
        comma = true;
        out.push('"');
        out.push_str(name);
        out.push_str("\":");
    };
    match &new.id {
        NewId::Derived => {}
        NewId::Given(gid) => {
            key(out, "id");
            let _ = write!(out, "\"{gid}\"");
        }
        NewId::Named(name) => {
            key(out, "id");
            write_named(out, name);
        }
    }
    if let Some(created) = new.created {
        key(out, "created");
        let _ = write!(out, "{created}");
    }
    for (at, value) in &new.fields {
        key(out, record.fields[*at].name);
        write_value(out, record.fields[*at].ty, value);
    }
    let mut at = 0;
    while at < new.children.len() {
        let kind = new.children[at].kind;
        key(out, kind.record().name);
        out.push('[');
        let mut first = true;
        while let Some(child) = new.children.get(at).filter(|child| child.kind == kind) {
            if !first {
                out.push(',');
            }
            first = false;
            out.push('{');
            write_members(out, child);
            out.push('}');
            at += 1;
        }
        out.push(']');
    }
}

/// Writes a record as a JSON object that `read_new` reads, with a first member of its own: `"record":"tag"`.
pub fn write_new(out: &mut String, first: &str, new: &New) {
    out.push('{');
    out.push_str(first);
    write_members(out, new);
    out.push('}');
}

impl Edit {
    /// Which record it is about; for a Create, none: its id follows from where its line stands.
    pub const fn at(&self) -> Option<&At> {
        match self {
            Self::Set { at, .. }
            | Self::Delete(at)
            | Self::Restore(at)
            | Self::Drop { at, .. }
            | Self::Erase(at) => Some(at),
            Self::Create { .. } | Self::Erased { .. } | Self::Unknown { .. } => None,
        }
    }

    /// How many Creates it stands for.
    pub fn creates(&self) -> i64 {
        match self {
            Self::Create { new, .. } => new.count(),
            Self::Erased { creates, .. } | Self::Unknown { creates, .. } => *creates,
            _ => 0,
        }
    }

    /// Appends the line, without its line break. Children of a kind must stand together.
    pub fn write(&self, out: &mut String) {
        use std::fmt::Write;
        if let Self::Unknown { line, .. } = self {
            out.push_str(line);
            return;
        }
        let head = |out: &mut String, verb: &str, at: &At| {
            let _ = write!(out, "{{\"{verb}\":\"{}\"", at.kind.record().name);
            if let Some(owner) = at.owner {
                let _ = write!(out, ",\"of\":\"{owner}\"");
            }
            let _ = write!(out, ",\"id\":\"{}\"", at.id);
        };
        match self {
            Self::Create { owner, new } => {
                let _ = write!(out, "{{\"new\":\"{}\"", new.kind.record().name);
                if let Some(owner) = owner {
                    let _ = write!(out, ",\"of\":\"{owner}\"");
                }
                write_members(out, new);
            }
            Self::Set { at, field, before, after } => {
                head(out, "set", at);
                let field = &at.kind.record().fields[*field];
                let _ = write!(out, ",\"field\":\"{}\",\"to\":", field.name);
                write_value(out, field.ty, after);
                out.push_str(",\"was\":");
                write_value(out, field.ty, before);
            }
            Self::Delete(at) => head(out, "delete", at),
            Self::Restore(at) => head(out, "restore", at),
            Self::Drop { at, made } => {
                head(out, "drop", at);
                if let Some(made) = made {
                    let _ = write!(out, ",\"made\":\"{made}\"");
                }
            }
            Self::Erase(at) => head(out, "erase", at),
            Self::Erased { hash, creates } => {
                out.push_str("{\"erased\":\"");
                hash.iter().for_each(|byte| {
                    let _ = write!(out, "{byte:02x}");
                });
                let _ = write!(out, "\",\"creates\":{creates}");
            }
            Self::Unknown { .. } => {}
        }
        out.push('}');
    }

    /// Reads a line that this version wrote; what it doesn't know is an error.
    pub fn read(line: &str) -> Result<Self, LineError> {
        Reader { ..Reader::STRICT }.line(line)
    }

    /// Reads a line that any version may have written: fields that this one doesn't know are left out, a line that says
    /// nothing else is `Unknown`. Says whether anything was left out.
    pub fn read_any(line: &str, blind: Blind) -> Result<(Self, bool), LineError> {
        let mut reader = Reader { strict: false, blind, left_out: false };
        let edit = reader.line(line)?;
        Ok((edit, reader.left_out))
    }
}

/// Kinds (`task`) and fields (`contact.pronouns`) that are read as if this version didn't know them: how tests of mixed
/// versions make an older one.
pub type Blind = &'static [&'static str];

/// How a line is read.
struct Reader {
    strict: bool,
    blind: Blind,
    left_out: bool,
}

impl Reader {
    const STRICT: Self = Self { strict: true, blind: &[], left_out: false };

    fn kind(&self, name: &str) -> Option<Kind> {
        Kind::named(name).filter(|_| !self.blind.contains(&name))
    }

    fn field(&self, record: &Record, name: &str) -> Option<usize> {
        let hidden = |blind: &&str| blind.split_once('.') == Some((record.name, name));
        record.field(name).filter(|_| !self.blind.iter().any(hidden))
    }

    fn line(&mut self, line: &str) -> Result<Edit, LineError> {
        let json: Map<String, Json> =
            serde_json::from_str(line).map_err(|error| LineError::Shape(error.to_string()))?;
        match self.edit(&json) {
            Err(LineError::Unknown(_)) if !self.strict => {
                self.left_out = true;
                let creates = if json.contains_key("new") { creates_in(&json) } else { 0 };
                Ok(Edit::Unknown { line: line.to_owned(), creates })
            }
            other => other,
        }
    }

    fn edit(&mut self, json: &Map<String, Json>) -> Result<Edit, LineError> {
        let (verb, kind) =
            json.iter().next().ok_or_else(|| LineError::Shape("an empty object".to_owned()))?;
        if verb == "erased" {
            return read_erased(json);
        }
        let kind = kind.as_str().unwrap_or_default();
        let kind = self.kind(kind).ok_or_else(|| LineError::Unknown(kind.to_owned()))?;
        let owner = json.get("of").map(read_gid).transpose()?;
        let at = || -> Result<At, LineError> {
            let id = json.get("id").ok_or_else(|| LineError::Shape("no id".to_owned()))?;
            Ok(At { kind, id: read_gid(id)?, owner })
        };
        match verb.as_str() {
            "new" => Ok(Edit::Create { owner, new: self.record(kind, json)? }),
            "set" => {
                let name = json.get("field").and_then(Json::as_str).unwrap_or_default();
                let record = kind.record();
                let field = self.field(record, name).ok_or_else(|| unknown(record, name))?;
                let ty = record.fields[field].ty;
                let value = |key| read_value(ty, json.get(key).unwrap_or(&Json::Null));
                Ok(Edit::Set { at: at()?, field, before: value("was")?, after: value("to")? })
            }
            "delete" => Ok(Edit::Delete(at()?)),
            "restore" => Ok(Edit::Restore(at()?)),
            "drop" => Ok(Edit::Drop { at: at()?, made: json.get("made").map(read_gid).transpose()? }),
            "erase" => Ok(Edit::Erase(at()?)),
            other => Err(LineError::Unknown(other.to_owned())),
        }
    }

    /// Reads a record from a JSON object with its fields, its children by kind, and perhaps `id` and `created`.
    fn record(&mut self, kind: Kind, json: &Map<String, Json>) -> Result<New, LineError> {
        let record = kind.record();
        let mut new = New::of(kind);
        let mut gap = 0;
        for (key, json) in json {
            match key.as_str() {
                "new" | "of" | "record" => {}
                "created" => new.created = json.as_i64(),
                "id" => {
                    new.id = match json.as_str().and_then(|text| text.strip_prefix('=')) {
                        Some(name) => NewId::Named(name.to_owned()),
                        None => NewId::Given(read_gid(json)?),
                    };
                }
                name => {
                    if let Some(field) = self.field(record, name) {
                        new.fields.push((field, read_value(record.fields[field].ty, json)?));
                    } else if let Some(child) = self.kind(name).filter(|child| owned_by(*child, kind)) {
                        for json in json.as_array().into_iter().flatten() {
                            let json = json
                                .as_object()
                                .ok_or_else(|| LineError::Shape(format!("a child: {json}")))?;
                            let mut child = self.record(child, json)?;
                            child.gap = std::mem::take(&mut gap);
                            new.children.push(child);
                        }
                    } else if self.strict {
                        return Err(unknown(record, name));
                    } else {
                        self.left_out = true;
                        gap += json
                            .as_array()
                            .into_iter()
                            .flatten()
                            .filter_map(Json::as_object)
                            .map(creates_in)
                            .sum::<i64>();
                    }
                }
            }
        }
        new.rest = gap;
        Ok(new)
    }
}

fn owned_by(child: Kind, owner: Kind) -> bool {
    matches!(child.record().key, Key::Child(of, _) if of == owner)
}

/// How many Creates an object stands for whose kind nobody here knows: itself, and each object of an array in it.
fn creates_in(json: &Map<String, Json>) -> i64 {
    let children = json.values().filter_map(Json::as_array).flatten().filter_map(Json::as_object);
    1 + children.map(creates_in).sum::<i64>()
}

/// Reads a record from a JSON object with its fields, its children by kind, and perhaps `id` and `created`.
pub fn read_new(kind: Kind, json: &Map<String, Json>) -> Result<New, LineError> {
    Reader { ..Reader::STRICT }.record(kind, json)
}

fn read_erased(json: &Map<String, Json>) -> Result<Edit, LineError> {
    let wrong = || LineError::Shape("no hash".to_owned());
    let text = json.get("erased").and_then(Json::as_str).filter(|text| text.len() == 64).ok_or_else(wrong)?;
    let mut hash = [0u8; 32];
    for (at, byte) in hash.iter_mut().enumerate() {
        let digits = text.get(at * 2..at * 2 + 2).ok_or_else(wrong)?;
        *byte = u8::from_str_radix(digits, 16).map_err(|_| wrong())?;
    }
    let creates = json.get("creates").and_then(Json::as_i64).filter(|creates| (0..1 << 32).contains(creates));
    Ok(Edit::Erased { hash, creates: creates.unwrap_or(0) })
}

fn unknown(record: &Record, name: &str) -> LineError {
    LineError::Unknown(format!("{}.{name}", record.name))
}

fn read_gid(json: &Json) -> Result<Gid, LineError> {
    json.as_str().and_then(Gid::parse).ok_or_else(|| LineError::Shape(format!("no id: {json}")))
}

/// Writes a field's value by itself, as it stands in a line.
pub fn write_field(ty: Type, value: &Value) -> String {
    let mut text = String::new();
    write_value(&mut text, ty, value);
    text
}

/// Reads what `write_field` wrote.
pub fn read_field(ty: Type, text: &str) -> Result<Value, LineError> {
    let json: Json = serde_json::from_str(text).map_err(|error| LineError::Shape(error.to_string()))?;
    read_value(ty, &json)
}

fn read_value(ty: Type, json: &Json) -> Result<Value, LineError> {
    let wrong = || LineError::Shape(format!("{json} is no {ty:?}"));
    Ok(match (ty, json) {
        (_, Json::Null) => Value::Null,
        (Type::Flag, Json::Bool(on)) => Value::Int(i64::from(*on)),
        (Type::Decimal, Json::String(text)) => Value::Int(parse_decimal(text).ok_or_else(wrong)?),
        (Type::Ref(_), Json::String(text)) => {
            if let Some(name) = text.strip_prefix('=') {
                Value::Named(name.to_owned())
            } else if let Some(index) = text.strip_prefix('#') {
                Value::Own(index.parse().map_err(|_| wrong())?)
            } else {
                Value::Ref(read_gid(json)?)
            }
        }
        (Type::Position, Json::Number(number)) => Value::Real(number.as_f64().ok_or_else(wrong)?),
        (Type::Int | Type::Instant, Json::Number(number)) => Value::Int(number.as_i64().ok_or_else(wrong)?),
        (
            Type::Text | Type::Long | Type::Date | Type::When | Type::Choice(_) | Type::Span | Type::Json,
            Json::String(text),
        ) => Value::Text(text.clone()),
        _ => return Err(wrong()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn round_trip(edit: &Edit) {
        let mut line = String::new();
        edit.write(&mut line);
        assert!(!line.contains('\n'), "one edit is one line: {line}");
        assert_eq!(Edit::read(&line).as_ref(), Ok(edit), "{line}");
    }

    #[test]
    fn every_edit_reads_back_from_its_line() {
        let ann = Gid::Uid([1; 16]);
        let child = Gid::Born { device: 7, seq: 1, index: 2 };
        let mut new = New::of(Kind::Contact)
            .with("name", Value::text("Ann \"A\" \\ Lee\n\u{1}王伟"))
            .with("company", Value::Named("Acme = Corp".into()))
            .with("preferred_email", Value::Own(1))
            .with("starred", Value::flag(true));
        new.children.push(New::of(Kind::Method).with("value", Value::text("a@b.example")));
        new.children.push(New::of(Kind::Method).with("position", Value::Real(1.5)));
        new.children.push(New::of(Kind::Tagging).with("tag", Value::Named("vip".into())));
        round_trip(&Edit::Create { owner: None, new: new.clone() });
        round_trip(&Edit::Create { owner: None, new: new.with_id(NewId::Named("=x".into())) });
        let call =
            New::of(Kind::Interaction).with("amount", Value::Int(-1_205_000)).with("at", Value::Int(-5));
        round_trip(&Edit::Create { owner: None, new: call.with_id(NewId::Given(ann)) });
        let at = At::child(Kind::Method, ann, child);
        round_trip(&Edit::Create { owner: Some(ann), new: New::of(Kind::Method) });
        round_trip(&Edit::Set { at, field: 3, before: Value::Null, after: Value::text("x") });
        let made = Some(Gid::Born { device: 5, seq: 2, index: 1 });
        for edit in [
            Edit::Delete(at),
            Edit::Restore(at),
            Edit::Drop { at: At::top(Kind::Contact, ann), made },
            Edit::Drop { at, made: None },
            Edit::Erase(at),
            Edit::Erased { hash: [0xa5; 32], creates: 7 },
        ] {
            round_trip(&edit);
        }
    }

    #[test]
    fn what_a_newer_version_wrote_is_told_from_what_nobody_wrote() {
        for line in [r#"{"new":"spaceship"}"#, r#"{"new":"contact","shoe":"42"}"#, r#"{"weave":"contact"}"#] {
            assert!(matches!(Edit::read(line), Err(LineError::Unknown(_))), "{line}");
        }
        for line in ["", "[]", "{}", r#"{"set":"contact"}"#, r#"{"new":"contact","name":3}"#] {
            assert!(Edit::read(line).is_err(), "{line}");
        }
    }

    proptest! {
        #[test]
        fn any_text_survives(text in any::<String>()) {
            let new = New::of(Kind::Contact).with("note", Value::text(text.clone())).with("company", Value::Named(text));
            let edit = Edit::Create { owner: None, new };
            let mut line = String::new();
            edit.write(&mut line);
            prop_assert_eq!(Edit::read(&line).unwrap(), edit);
        }
    }
}
