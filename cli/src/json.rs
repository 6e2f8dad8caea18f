//! Events as JSON.
//!
//! Bytes that are UTF-8 become strings; others an object `{"hex": "…"}`, so that nothing is lost and nothing is
//! mistaken.

use std::fmt::Write as _;

use ouroborosdb::Event;
use serde_json::{Map, Value, json};

pub(crate) fn bytes(bytes: &[u8]) -> Value {
    match std::str::from_utf8(bytes) {
        Ok(text) => Value::from(text),
        Err(_) => json!({ "hex": hex(bytes) }),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

/// All of an event. What is absent is null.
pub(crate) fn event(event: &Event) -> Value {
    let attributes: Map<String, Value> =
        event.attributes().map(|(name, value)| (name.to_owned(), bytes(value))).collect();
    json!({
        "id": event.id().to_hex(),
        "kind": event.kind().name(),
        "parent": event.parent().map(|id| id.to_hex()),
        "follows": event.follows().iter().map(|id| id.to_hex()).collect::<Vec<_>>(),
        "origin": hex(&event.origin()),
        "time_ms": event.time_ms(),
        "time_counter": event.time_counter(),
        "sequence": event.sequence(),
        "title": event.title(),
        "attributes": attributes,
        "metadata": event.metadata().map(bytes),
        "content_length": event.content_length(),
        "temporary": event.temporary(),
        "expires_ms": event.expires_ms(),
        "full_text": event.full_text(),
    })
}
