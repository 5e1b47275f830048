//! How they are read, whichever version wrote them.

use super::{At, Edit, New, NewId};
use crate::model::ids::Gid;
use crate::model::schema::{Key, Kind, Record, Type};
use crate::model::value::{Value, parse_decimal};
use serde_json::{Map, Value as Json};

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

impl Edit {
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
    // What doesn't read here is a newer version's, which has its own way to tell.
    let of = json.get("of").and_then(Json::as_str).and_then(|text| {
        let (kind, gid) = text.split_once(' ')?;
        Some((Kind::named(kind)?, Gid::parse(gid)?))
    });
    Ok(Edit::Erased { hash, creates: creates.unwrap_or(0), of })
}

fn unknown(record: &Record, name: &str) -> LineError {
    LineError::Unknown(format!("{}.{name}", record.name))
}

fn read_gid(json: &Json) -> Result<Gid, LineError> {
    json.as_str().and_then(Gid::parse).ok_or_else(|| LineError::Shape(format!("no id: {json}")))
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
