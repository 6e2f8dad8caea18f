//! The verbs of the script, a file for each theme of the README's tables.
//!
//! Each theme answers none for a verb that is not its own.

mod backup;
mod batch;
mod changes;
mod control;
mod cursors;
mod disk;
mod errors;
mod event;
mod fields;
mod files;
mod folders;
mod log;
mod opening;
mod script;
mod snapshot;
mod tree;
mod upkeep;

use ouroborosdb::EventId;

use crate::names::Names;
use crate::outcome::{Answer, Failure, mistake};
use crate::statement::Statement;

const THEMES: &[fn(&mut Names, &Statement) -> Option<Answer>] = &[
    opening::call,
    tree::call,
    event::call,
    cursors::call,
    files::call,
    batch::call,
    changes::call,
    folders::call,
    backup::call,
    upkeep::call,
    control::call,
    log::call,
    errors::call,
    script::call,
    disk::call,
];

/// Does what a statement says.
pub(crate) fn call(names: &mut Names, statement: &Statement) -> Answer {
    THEMES
        .iter()
        .find_map(|theme| theme(names, statement))
        .unwrap_or_else(|| mistake(format!("there is no verb `{}` of this form", statement.verb)))
}

/// Whether a verb is an operation of the engine, not one of the script's own.
pub(crate) fn is_operation(verb: &str) -> bool {
    verb != "free" && !verb.starts_with("fs.") && !verb.starts_with("script.")
}

impl Statement {
    /// The verb and its words, to be matched on.
    fn parts(&self) -> (&str, Vec<&str>) {
        (&self.verb, self.words.iter().map(String::as_str).collect())
    }

    fn option(&self, key: &str) -> Option<&str> {
        self.options.iter().find(|(other, _)| other == key).map(|(_, value)| value.as_str())
    }
}

/// The id that a word is the text of, by the engine's own conversion.
fn id(names: &Names, word: &str) -> Result<EventId, Failure> {
    let text = names.evaluate(word)?;
    Ok(String::from_utf8_lossy(&text).parse::<EventId>()?)
}
