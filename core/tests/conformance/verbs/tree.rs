//! Making roots and events, asking for them, walking.

use ouroborosdb::Order;

use super::fields::new_event;
use super::id;
use crate::names::{Handle, Names};
use crate::outcome::{Answer, Failure, handle, mistake, optional, optional_bytes, text};
use crate::statement::Statement;

pub(crate) fn call(names: &mut Names, statement: &Statement) -> Option<Answer> {
    let (verb, words) = statement.parts();
    Some(match (verb, words.as_slice()) {
        ("create_root" | "ensure_root" | "roots_titled", [db, title]) => titled(names, verb, db, title),
        ("roots" | "root_index", [db]) => roots(names, verb, db),
        ("append", [db, parent]) => append(names, statement, db, parent),
        ("event" | "metadata" | "parent" | "ancestors" | "descendants", [db, event]) => {
            ask(names, verb, db, event)
        }
        ("resolve", [db, digits]) => resolve(names, db, digits),
        ("children" | "child_ids", [db, event]) => children(names, statement, db, event),
        _ => return None,
    })
}

fn titled(names: &mut Names, verb: &str, db: &str, title: &str) -> Answer {
    let title = names.text("a title", title)?;
    let db = names.database(db)?;
    match verb {
        "create_root" => text(db.create_root(&title)?),
        "ensure_root" => text(db.ensure_root(&title)?),
        _ => handle(Handle::EventCursor(db.roots_titled(&title)?)),
    }
}

fn resolve(names: &mut Names, db: &str, digits: &str) -> Answer {
    let digits = names.evaluate(digits)?;
    text(names.database(db)?.resolve(&String::from_utf8_lossy(&digits))?)
}

fn roots(names: &mut Names, verb: &str, db: &str) -> Answer {
    let db = names.database(db)?;
    handle(match verb {
        "roots" => Handle::EventCursor(db.roots()?),
        _ => Handle::RootCursor(db.root_index()?),
    })
}

fn append(names: &mut Names, statement: &Statement, db: &str, parent: &str) -> Answer {
    let (parent, new) = (id(names, parent)?, new_event(names, statement)?);
    text(names.database(db)?.append(parent, new)?)
}

fn ask(names: &mut Names, verb: &str, db: &str, event: &str) -> Answer {
    let event = id(names, event)?;
    let db = names.database(db)?;
    match verb {
        "event" => handle(Handle::Event(db.event(event)?)),
        "metadata" => optional_bytes(db.metadata(event)?),
        "parent" => optional(db.parent(event)?.map(|parent| parent.id())),
        "ancestors" => handle(Handle::EventCursor(db.ancestors(event)?)),
        _ => handle(Handle::EventCursor(db.descendants(event)?)),
    }
}

fn children(names: &mut Names, statement: &Statement, db: &str, event: &str) -> Answer {
    let (order, event) = (order(statement)?, id(names, event)?);
    let db = names.database(db)?;
    handle(match statement.verb.as_str() {
        "children" => Handle::EventCursor(db.children(event, order)?),
        _ => Handle::IdCursor(db.child_ids(event, order)?),
    })
}

fn order(statement: &Statement) -> Result<Order, Failure> {
    match statement.option("order") {
        None => Ok(Order::default()),
        Some("commit") => Ok(Order::Commit),
        Some("time") => Ok(Order::Time),
        Some(other) => mistake(format!("there is no order `{other}`")),
    }
}
