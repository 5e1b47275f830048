//! How an edit, a record and a value are written.

use super::{At, Edit, New, NewId};
use crate::model::schema::Type;
use crate::model::value::{Value, format_decimal};
use serde_json::Value as Json;

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

/// Writes a field's value by itself, as it stands in a line.
pub fn write_field(ty: Type, value: &Value) -> String {
    let mut text = String::new();
    write_value(&mut text, ty, value);
    text
}

impl Edit {
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
            Self::Erased { hash, creates, of } => {
                out.push_str("{\"erased\":\"");
                hash.iter().for_each(|byte| {
                    let _ = write!(out, "{byte:02x}");
                });
                let _ = write!(out, "\",\"creates\":{creates}");
                if let Some((kind, gid)) = of {
                    let _ = write!(out, ",\"of\":\"{} {gid}\"", kind.record().name);
                }
            }
            Self::Unknown { .. } => {}
        }
        out.push('}');
    }
}
