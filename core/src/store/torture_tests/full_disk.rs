//! A disk without a free byte, and a loss at every moment of what is done then.
//!
//! The store has a reserve, and a log that its index does not know. Opening and closing give the reserve up, piece by
//! piece; each crash leaves a store that says what it said, on a disk that is still full, and on one that is not.

use std::path::{Path, PathBuf};

use super::super::folder;
use super::check::{check, look};
use super::model::Model;
use super::session::{Operation, STORE, Session, Tiers, open};
use crate::options::Durability::{Buffered, Durable};
use crate::vfs::{Simulator, Vfs};

/// Fewer crashes than this are not all that there are.
const STATES_MIN: usize = 500;

fn reserve_bytes(machine: &Simulator) -> u64 {
    folder::reserve_bytes(machine, Path::new(STORE))
}

/// A store that a process left without closing it, with half a record behind its log.
fn left(tiers: Tiers, torn: bool) -> (Simulator, Model) {
    let machine = Simulator::new();
    let mut session = Session::new(machine.clone(), tiers, Model::default());
    let before = [Operation::Batch(Buffered), Operation::PutFile(Buffered), Operation::Close];
    for operation in [&before[..], &[Operation::Append(Durable), Operation::Append(Buffered)]].concat() {
        session.run(operation).unwrap();
    }
    let machine = machine.same_boot();
    let segment = folder::segments(Path::new(STORE)).join("00000001.segment");
    // Behind the room that was reserved for the log, where it cannot be a record that is not there yet.
    let tear = |bytes: &mut Vec<u8>| bytes.extend(if torn { &b"torn"[..] } else { b"" });
    (machine.with_damage(&segment, tear), session.end())
}

#[test]
fn every_loss_at_every_moment_on_a_full_disk() {
    let (mut states, mut failures) = (0, Vec::new());
    for (tiers, torn) in
        [(Tiers::Small, false), (Tiers::Small, true), (Tiers::AtTheEnd, false), (Tiers::AtTheEnd, true)]
    {
        let (machine, model) = left(tiers, torn);
        let before = reserve_bytes(&machine);
        assert!(before > 0, "there is nothing to give up");
        machine.set_free_bytes(0);
        machine.record();
        let mut session = Session::new(machine.clone(), tiers, model.clone());
        session.run(Operation::Sync).unwrap();
        session.run(Operation::Close).unwrap();
        // Where each event goes to the index at once, there is nothing to write but the next segment.
        let gives_up = torn || tiers == Tiers::AtTheEnd;
        assert_eq!(reserve_bytes(&machine) < before, gives_up, "{tiers:?}, torn: {torn}");
        assert_eq!(torn, names(&machine, "segments").len() == 2);
        let mut check = |name: &dyn Fn() -> String, machine: &Simulator| {
            states += 1;
            let full = machine.same_boot();
            full.set_free_bytes(0);
            let outcome = still_full(&full, tiers, &model).and_then(|()| check(machine, tiers, &model));
            if let Err(what) = outcome {
                failures.push(format!("{tiers:?}, torn: {torn}, {}: {what}", name()));
            }
        };
        for moment in machine.take_moments() {
            moment.losses(&mut |loss, machine| {
                check(&|| format!("{}, {}", moment.what(), loss()), &machine);
            });
            check(&|| format!("{}, the process was killed", moment.what()), &moment.killed());
        }
    }
    println!("{states} crashes on a full disk");
    assert!(failures.is_empty(), "{failures:#?}");
    assert!(states > STATES_MIN, "only {states}");
}

fn still_full(machine: &Simulator, tiers: Tiers, model: &Model) -> Result<(), String> {
    let store = open(machine, tiers).map_err(|error| format!("opening on a full disk: {error:?}"))?;
    look(&store, model).map_err(|what| format!("on a full disk: {what}"))?;
    store.close().map_err(|error| format!("closing on a full disk: {error:?}"))
}

fn names(machine: &Simulator, folder: &str) -> Vec<PathBuf> {
    machine.list(&Path::new(STORE).join(folder)).unwrap()
}
