//! The script's own helpers.

use ouroborosdb::NewEvent;

use super::id;
use crate::names::Names;
use crate::outcome::{Answer, bytes, done, list, text};
use crate::statement::Statement;

pub(crate) fn call(names: &mut Names, statement: &Statement) -> Option<Answer> {
    let (verb, words) = statement.parts();
    Some(match (verb, words.as_slice()) {
        ("free", [name]) => names.free(name).and_then(|()| done()),
        ("script.let", [word]) => names.evaluate(word).and_then(bytes),
        ("script.count", [word]) => names.evaluate(word).and_then(|list| text(count(&list))),
        ("script.length", [word]) => names.evaluate(word).and_then(|value| text(value.len())),
        ("script.append_many", [db, parent, count]) => append_many(names, db, parent, count),
        _ => return None,
    })
}

fn count(list: &[u8]) -> usize {
    if list.is_empty() { 0 } else { list.split(|byte| *byte == b',').count() }
}

fn append_many(names: &mut Names, db: &str, parent: &str, count: &str) -> Answer {
    let (parent, count) = (id(names, parent)?, names.number::<u64>(count)?);
    let db = names.database(db)?;
    let mut ids = Vec::new();
    for number in 0..count {
        ids.push(db.append(parent, NewEvent::new().metadata(number.to_string()))?);
    }
    list(ids)
}
