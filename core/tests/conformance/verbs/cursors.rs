//! Paging and iterating.

use crate::names::Names;
use crate::outcome::{Answer, list, optional};
use crate::statement::Statement;

pub(crate) fn call(names: &mut Names, statement: &Statement) -> Option<Answer> {
    let (verb, words) = statement.parts();
    Some(match (verb, words.as_slice()) {
        ("event_cursor.page" | "id_cursor.page" | "root_cursor.page", [cursor, limit]) => {
            page(names, verb, cursor, limit)
        }
        ("event_cursor.next" | "id_cursor.next" | "root_cursor.next", [cursor]) => next(names, verb, cursor),
        _ => return None,
    })
}

fn page(names: &mut Names, verb: &str, cursor: &str, limit: &str) -> Answer {
    let limit = names.number(limit)?;
    match verb {
        "event_cursor.page" => {
            let events = names.event_cursor(cursor)?.page(limit)?;
            list(events.iter().map(ouroborosdb::Event::id))
        }
        "id_cursor.page" => list(names.id_cursor(cursor)?.page(limit)?),
        _ => {
            let roots = names.root_cursor(cursor)?.page(limit)?;
            list(roots.iter().map(|(title, id)| format!("{title}={id}")))
        }
    }
}

fn next(names: &mut Names, verb: &str, cursor: &str) -> Answer {
    match verb {
        "event_cursor.next" => {
            let event = names.event_cursor(cursor)?.next().transpose()?;
            optional(event.map(|event| event.id()))
        }
        "id_cursor.next" => optional(names.id_cursor(cursor)?.next().transpose()?),
        _ => {
            let root = names.root_cursor(cursor)?.next().transpose()?;
            optional(root.map(|(title, id)| format!("{title}={id}")))
        }
    }
}
