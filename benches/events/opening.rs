//! Opening a store that is there: after a close, after a crash of its writer, and making its index anew.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use crate::Result;
use crate::store::{Durability, EventStore, figure_name};
use crate::tree::{self, Payloads, ids};

/// So much is written before the writer is killed: nearly what ours keeps in memory at the most, so that there is about
/// as much to be recovered as there can be.
const WRITTEN_BEFORE_CRASH: usize = 60_000;
const READY: &str = "ready";

/// How long it takes to open a store that was closed.
pub(crate) fn open<S: EventStore>(folder: &Path, row: &str) -> Result<()> {
    let start = Instant::now();
    let store = tree::open::<S>(folder, Durability::Buffered)?;
    println!("{} {}", figure_name::<S>(row), start.elapsed().as_nanos());
    check(folder, &store)?;
    store.close()
}

/// How long it takes to open a store whose writer was killed in the midst of writing.
pub(crate) fn after_crash<S: EventStore>(folder: &Path, row: &str) -> Result<()> {
    let mut writer = Command::new(std::env::current_exe()?);
    let mut writer = writer.arg(S::NAME).arg("write").arg(folder).stdout(Stdio::piped()).spawn()?;
    let said = writer.stdout.take().map(BufReader::new).ok_or("the writer has no output")?.lines().next();
    writer.kill()?;
    let status = writer.wait()?;
    if said.transpose()?.as_deref() != Some(READY) {
        return Err(format!("the writer ended by itself: {status}").into());
    }
    open::<S>(folder, row)
}

/// Appends until somebody kills this process; says when there is enough to be recovered.
pub(crate) fn write_until_killed<S: EventStore>(folder: &Path) -> Result<()> {
    let ids = ids(folder)?;
    let store = tree::open::<S>(folder, Durability::Buffered)?;
    let mut payloads = Payloads::new();
    for (written, parent) in ids.iter().cycle().enumerate() {
        store.append(parent, &payloads.next())?;
        if written == WRITTEN_BEFORE_CRASH {
            println!("{READY}");
            std::io::stdout().flush()?;
        }
    }
    Err("there is no event to write under".into())
}

/// How long it takes to make the index anew.
pub(crate) fn rebuild<S: EventStore>(folder: &Path, row: &str) -> Result<()> {
    let store = tree::open::<S>(folder, Durability::Buffered)?;
    let start = Instant::now();
    store.rebuild_index().ok_or_else(|| format!("{} has no index that could be made anew", S::NAME))??;
    println!("{} {}", figure_name::<S>(row), start.elapsed().as_nanos());
    check(folder, &store)?;
    store.close()
}

fn check<S: EventStore>(folder: &Path, store: &S) -> Result<()> {
    for id in ids(folder)?.iter().take(100) {
        store.get(id)?.ok_or("an event is gone")?;
    }
    Ok(())
}
