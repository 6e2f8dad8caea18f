//! What an event says, and ids.

use std::fmt::Write;

use ouroborosdb::{Event, EventId};

use super::id;
use crate::names::Names;
use crate::outcome::{Answer, bytes, list, list_of_bytes, optional, optional_bytes, text};
use crate::statement::Statement;

pub(crate) fn call(names: &mut Names, statement: &Statement) -> Option<Answer> {
    let (verb, words) = statement.parts();
    if let Some(field) = verb.strip_prefix("event.") {
        return match words.as_slice() {
            [event] => {
                names.event(event).map_or_else(|failure| Some(Err(failure)), |event| ask(event, field))
            }
            [event, name] if field == "attribute" => Some(attribute(names, event, name)),
            _ => None,
        };
    }
    Some(match (verb, words.as_slice()) {
        ("event_id.from_hex", [hex]) => id(names, hex).and_then(|id| text(id.to_hex())),
        ("event_id.from_bytes", [word]) => from_bytes(names, word),
        ("event_id.to_bytes", [hex]) => id(names, hex).and_then(|id| bytes(*id.as_bytes())),
        _ => return None,
    })
}

fn from_bytes(names: &Names, word: &str) -> Answer {
    text(EventId::from_bytes(&names.evaluate(word)?)?)
}

fn attribute(names: &mut Names, event: &str, name: &str) -> Answer {
    let name = names.text("an attribute name", name)?;
    optional_bytes(names.event(event)?.attribute(&name))
}

fn ask(event: &Event, field: &str) -> Option<Answer> {
    Some(match field {
        "id" => text(event.id()),
        "kind" => text(event.kind().name()),
        "parent" => optional(event.parent()),
        "follows" => list(event.follows()),
        "origin" => text(hex(&event.origin())),
        "time_ms" => text(event.time_ms()),
        "time_counter" => text(event.time_counter()),
        "sequence" => text(event.sequence()),
        "title" => optional(event.title()),
        "attributes" => {
            list_of_bytes(event.attributes().map(|(name, value)| [name.as_bytes(), b"=", value].concat()))
        }
        "metadata" => optional_bytes(event.metadata()),
        "content_length" => optional(event.content_length()),
        "temporary" => text(event.temporary()),
        "expires_ms" => optional(event.expires_ms()),
        "full_text" => text(event.full_text()),
        _ => return None,
    })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
