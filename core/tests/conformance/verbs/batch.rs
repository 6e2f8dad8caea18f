//! Many at once.

use ouroborosdb::BatchParent;

use super::control::control;
use super::fields::{durability, new_event};
use super::files::source;
use super::id;
use crate::names::{Handle, Names};
use crate::outcome::{Answer, Failure, done, handle, list, text};
use crate::statement::Statement;

pub(crate) fn call(names: &mut Names, statement: &Statement) -> Option<Answer> {
    let (verb, words) = statement.parts();
    Some(match (verb, words.as_slice()) {
        ("batch", [db]) => names.database(db).and_then(|db| handle(Handle::Batch(db.batch()?))),
        ("batch.create_root", [batch, title]) => create_root(names, batch, title),
        ("batch.append", [batch, parent]) => append(names, statement, batch, parent),
        ("batch.put_file", [batch, parent, source]) => put_file(names, statement, [batch, parent, source]),
        ("batch.len" | "batch.commit" | "batch.discard", [batch]) => end(names, verb, batch),
        ("batch.commit_with", [batch, word]) => commit_with(names, batch, word),
        _ => return None,
    })
}

fn parent_of(names: &mut Names, word: &str) -> Result<BatchParent, Failure> {
    match word.strip_prefix("member:") {
        Some(member) => Ok((*names.member(member)?).into()),
        None => Ok(id(names, word)?.into()),
    }
}

fn create_root(names: &mut Names, batch: &str, title: &str) -> Answer {
    let title = names.text("a title", title)?;
    handle(Handle::Member(names.batch(batch)?.create_root(&title)?))
}

fn append(names: &mut Names, statement: &Statement, batch: &str, parent: &str) -> Answer {
    let (parent, new) = (parent_of(names, parent)?, new_event(names, statement)?);
    handle(Handle::Member(names.batch(batch)?.append(parent, new)?))
}

fn put_file(names: &mut Names, statement: &Statement, [batch, parent, word]: [&str; 3]) -> Answer {
    let (parent, source) = (parent_of(names, parent)?, source(names, word)?);
    let new = new_event(names, statement)?;
    let control = control(names, statement, None)?;
    let batch = names.batch(batch)?;
    handle(Handle::Member(match control {
        None => batch.put_file(parent, source, new)?,
        Some(control) => batch.put_file_with(parent, source, new, control)?,
    }))
}

fn commit_with(names: &mut Names, batch: &str, word: &str) -> Answer {
    list(names.batch(batch)?.commit_with(durability(word)?)?)
}

fn end(names: &mut Names, verb: &str, batch: &str) -> Answer {
    let batch = names.batch(batch)?;
    match verb {
        "batch.len" => text(batch.len()),
        "batch.commit" => list(batch.commit()?),
        _ => {
            batch.discard()?;
            done()
        }
    }
}
