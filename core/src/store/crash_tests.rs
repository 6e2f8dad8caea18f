//! Every moment at which the power can fail, a process be killed, or a sync be refused: what was acknowledged is
//! there afterwards, nothing calls it damaged, and what is acknowledged next is there too.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use super::{PreparedEvent, Store};
use crate::error::Result;
use crate::event::{EventFields, EventKind};
use crate::id::EventId;
use crate::options::{Durability, Options};
use crate::vfs::{Chance, Simulator, Vfs};

/// How often each moment is tried, with other unsynced blocks and names surviving each time; none the first time.
const CHANCES: u64 = 8;
/// More operations than a session has.
const OPERATIONS_MAX: u64 = 500;

/// Tiers of two events, so that they are made and merged all the time.
fn open(machine: &Simulator) -> Result<Store> {
    open_with(machine, 2)
}

/// Making a tier makes the log durable.
fn open_without_tiers(machine: &Simulator) -> Result<Store> {
    open_with(machine, u64::MAX)
}

fn open_with(machine: &Simulator, tier_entries: u64) -> Result<Store> {
    let options = Options {
        tier_entries,
        reserve_bytes: 1024,
        merge_beside: false,
        ..Options::new().segment_bytes(Options::SEGMENT_BYTES_MIN)
    };
    Store::open(Arc::new(machine.clone()), Path::new("/store"), options)
}

fn root(title: &str) -> PreparedEvent {
    let title = Some(title.to_owned());
    PreparedEvent::new(EventFields { title, ..EventFields::derived(EventKind::Root) })
}

fn put(store: &Store, title: &str, durability: Durability) -> Result<EventId> {
    let event = root(title);
    let id = event.id;
    store.commit(Vec::new(), vec![event], durability).map(|()| id)
}

/// Opens, commits what fills several segments, and closes. What was acknowledged as durable is listed.
fn session(machine: &Simulator, buffered: bool, acknowledged: &mut Vec<EventId>) -> Result<()> {
    let store = open(machine)?;
    for number in 0..9 {
        let title = format!("{number} {}", "x".repeat(20_000));
        if buffered && number % 2 == 0 {
            put(&store, &title, Durability::Buffered)?;
        } else {
            acknowledged.push(put(&store, &title, Durability::Durable)?);
        }
    }
    store.close()
}

/// What is wrong with the store on this machine, if anything is.
fn look(machine: &Simulator, acknowledged: &[EventId]) -> std::result::Result<(), String> {
    let store = open(machine).map_err(|error| format!("it does not open: {error}"))?;
    let in_order = store.query(|index| index.rows().map(|row| row.id).collect::<Vec<EventId>>()).unwrap();
    for (at, id) in in_order.iter().enumerate() {
        let found = store.query(|index| index.sequence_of(id)).unwrap();
        if found != Some(at as u64 + 1) {
            return Err(format!("event {} is found at {found:?}", at + 1));
        }
    }
    for id in acknowledged {
        let short = |error: crate::error::Error| error.message().chars().take(40).collect::<String>();
        store.event(id).map_err(|error| format!("what was acknowledged is lost: {}", short(error)))?;
    }
    let damage = store.known_damage().len();
    if damage > 0 {
        return Err(format!("{damage} stretches are called damaged"));
    }
    let next =
        put(&store, "next", Durability::Durable).map_err(|error| format!("it takes no more: {error}"))?;
    let store = open(&machine.power_loss(Chance::none())).map_err(|error| format!("not again: {error}"))?;
    store.event(&next).map(|_| ()).map_err(|_| "what was acknowledged after the recovery is lost".to_owned())
}

/// What went wrong, and after which operations.
#[derive(Default)]
struct Failures(BTreeMap<String, Vec<String>>);

impl Failures {
    /// Looks at what a loss of power leaves of this machine, with each chance.
    fn look_after_power_loss(&mut self, machine: &Simulator, acknowledged: &[EventId], when: &str) {
        for seed in 0..CHANCES {
            let chance = if seed == 0 { Chance::none() } else { Chance::of(seed ^ when.len() as u64) };
            if let Err(what) = look(&machine.power_loss(chance), acknowledged) {
                self.0.entry(what).or_default().push(format!("{when}, chance {seed}"));
            }
        }
    }

    fn none(self) {
        assert!(self.0.is_empty(), "{:#?}", self.0);
    }
}

/// A name that was never synced was lost with all that was acknowledged behind it.
#[test]
fn power_may_fail_at_each_operation() {
    let mut failures = Failures::default();
    let mut finished = false;
    for operation in 1..OPERATIONS_MAX {
        let machine = Simulator::new();
        machine.die_at(operation);
        let mut acknowledged = Vec::new();
        finished = session(&machine, operation % 2 == 0, &mut acknowledged).is_ok();
        failures.look_after_power_loss(&machine, &acknowledged, &machine.last());
        if finished {
            break;
        }
    }
    assert!(finished, "the session has more operations than were tried");
    failures.none();
}

/// A process was killed between making a name and syncing its folder; the next one found the name, relied upon it,
/// and never synced it.
#[test]
fn a_killed_process_leaves_nothing_that_the_next_one_wrongly_relies_upon() {
    let mut failures = Failures::default();
    let mut finished = false;
    for operation in 1..OPERATIONS_MAX {
        let machine = Simulator::new();
        machine.die_at(operation);
        let mut acknowledged = Vec::new();
        finished = session(&machine, false, &mut acknowledged).is_ok();
        let when = machine.last();
        let machine = machine.same_boot();
        let store = open(&machine).unwrap_or_else(|error| panic!("killed at {when}: {error}"));
        acknowledged.push(put(&store, "second session", Durability::Durable).unwrap());
        failures.look_after_power_loss(&machine, &acknowledged, &when);
        if finished {
            break;
        }
    }
    assert!(finished, "the session has more operations than were tried");
    failures.none();
}

/// A sync failed, and the kernel called the lost pages clean: the next process read them from the page cache, synced
/// a file that was not dirty any more, and acknowledged what the power then took.
#[test]
fn after_a_failed_sync_the_page_cache_is_not_believed() {
    let mut failures = Failures::default();
    let mut tried = 0;
    for sync in 1.. {
        let machine = Simulator::new();
        machine.fail_sync_at(sync);
        let mut acknowledged = Vec::new();
        let finished = session(&machine, false, &mut acknowledged).is_ok();
        if machine.syncs() < sync {
            assert!(finished);
            break;
        }
        tried += 1;
        let machine = machine.same_boot();
        let store = open(&machine).unwrap();
        for number in 0..2 {
            acknowledged.push(put(&store, &format!("second session {number}"), Durability::Durable).unwrap());
        }
        if let Err(what) = look(&machine.power_loss(Chance::none()), &acknowledged) {
            failures.0.entry(what).or_default().push(format!("sync {sync}"));
        }
    }
    assert!(tried > 10, "{tried}");
    failures.none();
}

/// The folder of the index was made and never synced: with the first loss of power it was gone, and the next opening
/// read the whole log.
#[test]
fn the_first_index_survives_a_loss_of_power() {
    let machine = Simulator::new();
    let store = open_without_tiers(&machine).unwrap();
    put(&store, "first", Durability::Durable).unwrap();
    store.close().unwrap();
    let names = machine.power_loss(Chance::none()).list(&super::folder::index(Path::new("/store"))).unwrap();
    assert_eq!(names.len(), 2, "a tier and the list of it: {names:?}");
}

/// A sync had failed in the kernel and not returned yet. A roll synced the same file meanwhile, which the kernel,
/// having told of the failure once, let succeed; so the log was called durable up to there, and a third caller, whose
/// bytes the disk had dropped, was told that they were safe.
#[test]
fn a_sync_beside_a_failing_one_proves_nothing() {
    let machine = Simulator::new();
    let store = open_without_tiers(&machine).unwrap();
    put(&store, &"a".repeat(60_000), Durability::Durable).unwrap();
    machine.stall_next_sync();
    let pause = || std::thread::sleep(std::time::Duration::from_millis(50));
    let acknowledged: Vec<bool> = std::thread::scope(|scope| {
        let store = &store;
        let first = scope.spawn(move || put(store, "its sync fails", Durability::Durable));
        machine.wait_for_stall();
        let waits = scope.spawn(move || put(store, "waits for that sync", Durability::Durable));
        pause();
        let rolls = scope.spawn(move || put(store, &"b".repeat(60_000), Durability::Buffered));
        pause();
        machine.release();
        [first, waits, rolls].map(|thread| thread.join().unwrap().is_ok()).to_vec()
    });
    assert_eq!(acknowledged, [false; 3]);
    assert!(put(&store, "later", Durability::Durable).is_err());
}

/// A reader's feed gave out events that were in the page cache alone; after the loss of power their numbers came
/// again, with another meaning.
#[test]
fn the_feed_of_a_reader_gives_only_what_survives() {
    let machine = Simulator::new();
    let store = open_without_tiers(&machine).unwrap();
    put(&store, "durable", Durability::Durable).unwrap();
    put(&store, "buffered", Durability::Buffered).unwrap();
    let options = Options::new();
    let reader =
        Store::open_read_only(Arc::new(machine.clone()), Path::new("/store"), options.clone()).unwrap();
    let given = reader.durable_sequence_end();
    let after = open(&machine.power_loss(Chance::none())).unwrap();
    assert!(after.sequence_end() >= given, "{given}");
    // A disk that refuses the reader's sync: what no commit record proves is not given out.
    put(&store, "proves the first", Durability::Durable).unwrap();
    put(&store, "buffered again", Durability::Buffered).unwrap();
    machine.fail_sync_at(machine.syncs() + 1);
    let reader = Store::open_read_only(Arc::new(machine.clone()), Path::new("/store"), options).unwrap();
    assert_eq!(reader.sequence_end(), 5);
    assert!((2..5).contains(&reader.durable_sequence_end()), "{}", reader.durable_sequence_end());
}

/// What a reader found when it looked at the store anew it compared with the end that it knew of the segment, and not with
/// the end that it found: all behind a checkpoint was taken for proven.
#[test]
fn the_feed_of_a_reader_that_looks_again_gives_only_what_survives() {
    let machine = Simulator::new();
    let options = |tier_entries| Options { tier_entries, merge_beside: false, ..Options::new() };
    let path = Path::new("/store");
    let store = Store::open(Arc::new(machine.clone()), path, options(4)).unwrap();
    let put_some = |numbers: std::ops::Range<u64>| {
        for number in numbers {
            put(&store, &number.to_string(), Durability::Buffered).unwrap();
        }
    };
    put_some(0..3);
    // With so much in memory that the next refresh looks for tiers.
    let reader = Store::open_read_only(Arc::new(machine.clone()), path, options(3)).unwrap();
    put_some(3..10);
    assert!(reader.refresh().unwrap());
    assert_eq!(reader.sequence_end(), store.sequence_end());
    let given = reader.durable_sequence_end();
    let after = open(&machine.power_loss(Chance::none())).unwrap();
    assert!(after.sequence_end() >= given, "{given}");
}

/// A reader listed the segments while the writer made and removed some, and then failed to open one, or called one lost
/// that was only not listed.
#[test]
fn a_reader_lists_again_what_changed_under_it() {
    let machine = Simulator::new();
    let mut acknowledged = Vec::new();
    session(&machine, false, &mut acknowledged).unwrap();
    let folder = super::folder::segments(Path::new("/store"));
    let there = machine.list(&folder).unwrap();
    assert!(there.len() > 2);
    let with = |name: &str| there.iter().cloned().chain([name.into()]).collect();
    let without_the_second =
        there.iter().enumerate().filter(|(at, _)| *at != 1).map(|(_, name)| name.clone());
    for stale in [with("00000009.segment"), without_the_second.collect()] {
        machine.list_once(&folder, stale);
        let reader =
            Store::open_read_only(Arc::new(machine.clone()), Path::new("/store"), Options::new()).unwrap();
        assert!(reader.known_damage().is_empty());
        assert!(acknowledged.iter().all(|id| reader.event(id).is_ok()));
    }
}
