//! The change feed.

use std::time::Duration;

use ouroborosdb::ChangeCursor;

use super::control::control;
use crate::names::{Handle, Names};
use crate::outcome::{Answer, Failure, handle, list, optional, text};
use crate::statement::Statement;

pub(crate) fn call(names: &mut Names, statement: &Statement) -> Option<Answer> {
    let (verb, words) = statement.parts();
    Some(match (verb, words.as_slice()) {
        ("changes", [db]) => begin(names, statement, db),
        ("changes.page", [changes, limit]) => page(names, changes, limit),
        ("changes.watch", [changes, limit, timeout]) => watch(names, statement, changes, limit, timeout),
        ("changes.next", [changes]) => next(names, changes),
        ("changes.cursor", [changes]) => names.changes(changes).and_then(|changes| text(changes.cursor())),
        ("change_cursor.sequence", [word]) => cursor(names, word).and_then(|cursor| text(cursor.sequence())),
        _ => return None,
    })
}

fn cursor(names: &Names, word: &str) -> Result<ChangeCursor, Failure> {
    let bytes = names.evaluate(word)?;
    Ok(String::from_utf8_lossy(&bytes).parse::<ChangeCursor>()?)
}

fn begin(names: &mut Names, statement: &Statement, db: &str) -> Answer {
    let after = statement.option("after").map(|word| cursor(names, word)).transpose()?;
    handle(Handle::Changes(names.database(db)?.changes(after)?))
}

fn page(names: &mut Names, changes: &str, limit: &str) -> Answer {
    let limit = names.number(limit)?;
    let events = names.changes(changes)?.page(limit)?;
    list(events.iter().map(ouroborosdb::Event::id))
}

fn watch(names: &mut Names, statement: &Statement, changes: &str, limit: &str, timeout: &str) -> Answer {
    let control = control(names, statement, None)?.unwrap_or_default();
    let (limit, timeout) = (names.number(limit)?, Duration::from_millis(names.number(timeout)?));
    let events = names.changes(changes)?.watch(limit, timeout, control)?;
    list(events.iter().map(ouroborosdb::Event::id))
}

fn next(names: &mut Names, changes: &str) -> Answer {
    let event = names.changes(changes)?.next().transpose()?;
    optional(event.map(|event| event.id()))
}
