//! Looking into a store: one event, a tree, the order of commits.

use std::collections::VecDeque;

use ouroborosdb::{Database, Event, EventCursor, EventId};
use serde_json::{Value, json};

use crate::failure::Result;
use crate::folder::{self, Given};
use crate::json;
use crate::output::Output;
use crate::text::{SHORT_DIGITS, printable, short_id, summary, time};

/// How many events are fetched at once.
const PAGE_EVENTS: usize = 256;

pub(super) fn show(out: &mut Output, store: Given<'_>, event: &str) -> Result<()> {
    let db = folder::open_read_only(store)?;
    let event = db.event(db.resolve(event)?)?;
    out.line(|| json::event(&event), || described(&event))
}

/// Everything about an event, a line for each thing that is there.
fn described(event: &Event) -> String {
    let mut lines = vec![
        format!("id         {}", event.id()),
        format!("kind       {}", event.kind().name()),
        format!("sequence   {}", event.sequence()),
    ];
    let mut add = |name: &str, value: Option<String>| {
        lines.extend(value.map(|value| format!("{name:10} {value}")));
    };
    add("title", event.title().map(|title| printable(title.as_bytes())));
    add("parent", event.parent().map(|id| id.to_hex()));
    for followed in event.follows() {
        add("follows", Some(followed.to_hex()));
    }
    let made = (event.time_ms() > 0).then(|| time(event.time_ms()));
    add("time", made);
    add("file", event.content_length().map(|length| format!("{length} bytes")));
    for (name, value) in event.attributes() {
        add("attribute", Some(format!("{} = {}", printable(name.as_bytes()), printable(value))));
    }
    add("metadata", event.metadata().map(printable));
    let expires = event.expires_ms().map_or("yes".to_owned(), |ms| format!("expires {}", time(ms)));
    add("temporary", event.temporary().then_some(expires));
    add("full text", event.full_text().then(|| "yes".to_owned()));
    lines.join("\n")
}

pub(super) fn tree(
    out: &mut Output,
    store: Given<'_>,
    event: Option<&str>,
    depth: Option<usize>,
) -> Result<()> {
    let db = folder::open_read_only(store)?;
    match event {
        Some(event) => print_tree(out, &db, &db.event(db.resolve(event)?)?, depth),
        None => {
            for root in db.roots()? {
                print_tree(out, &db, &root?, depth)?;
            }
            Ok(())
        }
    }
}

/// Depth first. Each event's parent is on the stack, so the stack is as deep as the tree and no deeper.
fn print_tree(out: &mut Output, db: &Database, top: &Event, depth: Option<usize>) -> Result<()> {
    print_node(out, top, 0)?;
    let mut stack = vec![top.id()];
    each(&db.descendants(top)?, |event| {
        while stack.last().is_some_and(|above| Some(*above) != event.parent()) {
            stack.pop();
        }
        let level = stack.len();
        stack.push(event.id());
        if depth.is_none_or(|depth| level <= depth) { print_node(out, &event, level) } else { Ok(()) }
    })
}

fn print_node(out: &mut Output, event: &Event, level: usize) -> Result<()> {
    out.line(
        || {
            let mut value = json::event(event);
            if let Value::Object(fields) = &mut value {
                fields.insert("level".to_owned(), json!(level));
            }
            value
        },
        || format!("{}  {:indent$}{}", short_id(event), "", summary(event), indent = 2 * level),
    )
}

pub(super) fn log(
    out: &mut Output,
    store: Given<'_>,
    event: Option<&str>,
    last: Option<usize>,
) -> Result<()> {
    let db = folder::open_read_only(store)?;
    match event {
        Some(event) => log_of_tree(out, &db, db.resolve(event)?, last),
        None => log_of_store(out, &db, last),
    }
}

fn log_of_store(out: &mut Output, db: &Database, last: Option<usize>) -> Result<()> {
    let feed = db.changes(None)?;
    // Only ids wait, however many are asked for.
    let mut waiting: VecDeque<EventId> = VecDeque::new();
    loop {
        let page = feed.page(PAGE_EVENTS)?;
        if page.is_empty() {
            break;
        }
        for event in page {
            match last {
                None => print_entry(out, &event)?,
                Some(last) => {
                    waiting.push_back(event.id());
                    if waiting.len() > last {
                        waiting.pop_front();
                    }
                }
            }
        }
    }
    waiting.into_iter().try_for_each(|id| print_entry(out, &db.event(id)?))
}

fn log_of_tree(out: &mut Output, db: &Database, top: EventId, last: Option<usize>) -> Result<()> {
    let mut order = vec![(db.event(top)?.sequence(), top)];
    each(&db.descendants(top)?, |event| {
        order.push((event.sequence(), event.id()));
        Ok(())
    })?;
    order.sort_unstable();
    let from = last.map_or(0, |last| order.len().saturating_sub(last));
    order.into_iter().skip(from).try_for_each(|(_, id)| print_entry(out, &db.event(id)?))
}

/// One line of a log.
pub(super) fn print_entry(out: &mut Output, event: &Event) -> Result<()> {
    out.line(
        || json::event(event),
        || {
            let (id, made) = (short_id(event), time(event.time_ms()));
            let made = if event.time_ms() == 0 { "-" } else { &made };
            let parent: Option<String> =
                event.parent().map(|id| id.to_hex().chars().take(SHORT_DIGITS).collect());
            let parent = parent.unwrap_or_else(|| "-".to_owned());
            format!("{:>8}  {made:24}  {id}  {parent:SHORT_DIGITS$}  {}", event.sequence(), summary(event))
        },
    )
}

fn each(cursor: &EventCursor, mut visit: impl FnMut(Event) -> Result<()>) -> Result<()> {
    loop {
        let page = cursor.page(PAGE_EVENTS)?;
        if page.is_empty() {
            return Ok(());
        }
        page.into_iter().try_for_each(&mut visit)?;
    }
}
