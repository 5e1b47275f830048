//! The sample people of the demo: a small roastery. What happened with them is told by how long ago it was, so that the
//! demo looks alive on any day.

use super::{Book, Entry, OpError, Result};
use crate::exchange::json;
use crate::model::draft::ContactDraft;
use crate::model::when;
use serde_json::{Map, Value};
use std::collections::HashMap;

const SAMPLE: &str = include_str!("../../assets/demo/demo.jsonl");

fn wrong(line: usize, message: impl std::fmt::Display) -> OpError {
    OpError::Text { line, message: message.to_string() }
}

impl Book {
    /// Adds the sample people and what happened with them; returns how many contacts there are now.
    pub fn add_demo(&mut self) -> Result<usize> {
        let mut drafts: Vec<ContactDraft> = Vec::new();
        let mut keys: Vec<String> = Vec::new();
        let mut events: Vec<(usize, Map<String, Value>)> = Vec::new();
        for (at, line) in SAMPLE.lines().enumerate().map(|(at, line)| (at + 1, line)) {
            let mut map: Map<String, Value> = serde_json::from_str(line).map_err(|error| wrong(at, error))?;
            let record = map.remove("record");
            match record.as_ref().and_then(Value::as_str) {
                Some("contact") => {
                    keys.push(take(&mut map, "key"));
                    drafts.push(json::contact(map).map_err(|reason| wrong(at, reason))?);
                }
                Some("interaction") => events.push((at, map)),
                other => return Err(wrong(at, format!("{other:?}"))),
            }
        }
        let added = self.add_all(drafts)?;
        let ids: HashMap<String, i64> = keys.into_iter().zip(added.iter().map(|added| added.id)).collect();
        let now = self.now();
        for (at, mut map) in events {
            let ago = when::parse_span(&take(&mut map, "ago"))?.before(now);
            let with = map.get("with").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
            let who: Vec<i64> = with.filter_map(|key| ids.get(key).copied()).collect();
            let amount = map.get("amount").map(|amount| amount.as_str().map_or_else(|| amount.to_string(), str::to_owned));
            self.log(&Entry {
                kind: take(&mut map, "kind"),
                who,
                at: Some(ago.timestamp_millis()),
                duration: map.get("duration").and_then(Value::as_i64),
                amount: amount.and_then(|amount| crate::model::value::parse_decimal(&amount)),
                direction: take(&mut map, "direction"),
                subject: take(&mut map, "subject"),
                body: take(&mut map, "body"),
                outcome: take(&mut map, "outcome"),
                currency: take(&mut map, "currency"),
                channel: take(&mut map, "channel"),
                external_id: String::new(),
            })
            .map_err(|error| wrong(at, error))?;
        }
        Ok(added.len())
    }
}

/// Takes a text out of an object; empty if it isn't there.
fn take(map: &mut Map<String, Value>, key: &str) -> String {
    match map.remove(key) {
        Some(Value::String(text)) => text,
        _ => String::new(),
    }
}
