//! The commands, a file for each theme.

mod backup;
mod changes;
mod content;
mod folders;
mod look;
mod upkeep;

use clap::CommandFactory;

use crate::arguments::{Arguments, Command};
use crate::failure::Result;
use crate::folder::Given;
use crate::output::Output;

/// Does what the command line says.
pub(crate) fn run(arguments: Arguments) -> Result<()> {
    let store = Given {
        folder: arguments.store.as_deref(),
        also_in: &arguments.also_in,
        memory_limit: arguments.memory_limit,
        compression: arguments.compression,
    };
    let mut out = Output::new(arguments.json);
    let outcome = match arguments.command {
        Command::Init { folder } => upkeep::init(&mut out, store.or_named(folder.as_deref())),
        Command::Import { path, place } => folders::import(&mut out, store, &path, &place),
        Command::Export { event, path } => folders::export(&mut out, store, &event, &path),
        Command::Put { file, place, attributes, metadata } => {
            content::put(&mut out, store, &file, &place, &attributes, metadata)
        }
        Command::Cat { event, offset, length } => content::cat(&mut out, store, &event, offset, length),
        Command::Show { event } => look::show(&mut out, store, &event),
        Command::Tree { event, depth } => look::tree(&mut out, store, event.as_deref(), depth),
        Command::Log { event, last } => look::log(&mut out, store, event.as_deref(), last),
        Command::Changes { after, follow } => changes::changes(&mut out, store, after.as_deref(), follow),
        Command::Verify => upkeep::verify(&mut out, store),
        Command::Stats { prometheus: false } => upkeep::stats(&mut out, store),
        Command::Stats { prometheus: true } => upkeep::prometheus(&mut out, store),
        Command::Backup { target, from } => {
            backup::backup(&mut out, store.or_named(from.as_deref()), &target)
        }
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Arguments::command(), "ouroboros", &mut script);
            out.bytes(&script)
        }
    };
    // What was printed before a failure is still worth reading.
    outcome.and(out.flush())
}
