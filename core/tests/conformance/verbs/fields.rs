//! What a line says about a new event.

use ouroborosdb::{Durability, EventId, NewEvent};

use crate::names::Names;
use crate::outcome::{Failure, mistake};
use crate::statement::Statement;

pub(crate) fn new_event(names: &Names, statement: &Statement) -> Result<NewEvent, Failure> {
    let mut new = NewEvent::new();
    for (key, value) in &statement.options {
        new = match key.as_str() {
            "metadata" => new.metadata(names.evaluate(value)?),
            "attribute" => {
                let Some((name, value)) = value.split_once('=') else {
                    return mistake("attribute=NAME=VALUE");
                };
                new.attribute(names.text("an attribute name", name)?, names.evaluate(value)?)
            }
            "follows" => new.follows(ids(names, value)?),
            "temporary" => new.temporary(value == "true"),
            "expires_ms" => new.expires_ms(names.number(value)?),
            "full_text" => new.full_text(value == "true"),
            "durability" => new.durability(durability(value)?),
            "cancel" | "cancel_within" | "progress" | "file" | "under" | "call_durability" => new,
            _ => return mistake(format!("a new event has no `{key}`")),
        };
    }
    Ok(new)
}

pub(crate) fn durability(word: &str) -> Result<Durability, Failure> {
    match word {
        "durable" => Ok(Durability::Durable),
        "buffered" => Ok(Durability::Buffered),
        _ => mistake(format!("there is no durability `{word}`")),
    }
}

fn ids(names: &Names, word: &str) -> Result<Vec<EventId>, Failure> {
    let list = names.evaluate(word)?;
    let text = String::from_utf8_lossy(&list);
    text.split(',').map(|id| Ok(id.parse::<EventId>()?)).collect()
}
