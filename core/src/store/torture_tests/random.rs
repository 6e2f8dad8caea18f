//! Long runs by chance: sessions on a disk that fails to write, to sync, to read, that is full, that is cut short;
//! processes that are killed, power that fails, also while the store recovers.
//!
//! A seed gives the same run each time.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use parking_lot::Mutex;

use super::super::folder;
use super::check::{Outcome, check};
use super::model::Model;
use super::session::{Operation, STORE, Session, Tiers};
use super::{asked, seed_or};
use crate::options::Durability::{Buffered, Durable};
use crate::vfs::{Chance, Simulator};

/// Runs of the short form.
const RUNS: u64 = 300;
const ROUNDS: u64 = 6;
const OPERATIONS_MAX: u64 = 12;
/// Crashes while the store recovers, one after the other.
const RECOVERIES_CUT_MAX: u64 = 3;

struct Random(u64);

impl Random {
    fn new(seed: u64) -> Random {
        let mut random = Random(seed.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        // The first numbers of seeds that are alike are alike.
        (0..8).for_each(|_| _ = random.next());
        random
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, end: u64) -> u64 {
        (self.next() >> 16) % end
    }

    fn durability(&mut self) -> crate::options::Durability {
        if self.below(3) == 0 { Durable } else { Buffered }
    }

    fn operation(&mut self) -> Operation {
        match self.below(14) {
            0..4 => Operation::Append(self.durability()),
            4..6 => Operation::PutFile(self.durability()),
            6..8 => Operation::Batch(self.durability()),
            8 => Operation::Sync,
            9 => Operation::Roll,
            10 => Operation::Spill,
            11 => Operation::Rebuild,
            12 => Operation::Close,
            _ => Operation::Reopen,
        }
    }

    /// Lets something go wrong within so many operations.
    fn fault(&mut self, machine: &Simulator, operations: u64) {
        let at = 1 + self.below(operations);
        match self.below(7) {
            0 | 1 => machine.die_at(at),
            2 => machine.fail_at(at),
            3 => machine.fail_sync_at(1 + at / 3),
            4 => machine.fail_read_at(at * 2),
            5 => machine.set_free_bytes(self.below(40_000)),
            _ => {}
        }
    }

    /// The same machine after its process ended somehow.
    fn crash(&mut self, machine: &Simulator) -> Simulator {
        match self.below(4) {
            0 => machine.same_boot(),
            1 => machine.power_loss(Chance::none()),
            _ => machine.power_loss(Chance::of(self.next())),
        }
    }

    /// A byte of the index changes, which is derived and must not be needed.
    fn damage_index(&mut self, machine: Simulator) -> Simulator {
        let index = folder::index(Path::new(STORE));
        let files: Vec<_> =
            machine.files().into_iter().filter(|(path, _)| path.parent() == Some(&index)).collect();
        if files.is_empty() || self.below(3) > 0 {
            return machine;
        }
        let (path, length) = &files[self.below(files.len() as u64) as usize];
        let (at, bit) = (self.below(1 + *length as u64) as usize, 1 << self.below(8));
        machine.with_damage(path, |bytes| match bytes.get_mut(at) {
            Some(byte) => *byte ^= bit,
            None => bytes.truncate(at / 2),
        })
    }
}

/// One run. Gives how many recoveries there were.
fn run(seed: u64) -> Outcome<u64> {
    let mut random = Random::new(seed);
    let tiers = if random.below(2) == 0 { Tiers::Small } else { Tiers::AtTheEnd };
    let (mut machine, mut model, mut recoveries) = (Simulator::new(), Model::default(), 0);
    for _ in 0..ROUNDS {
        random.fault(&machine, 60);
        let mut session = Session::new(machine.clone(), tiers, model);
        for _ in 0..=random.below(OPERATIONS_MAX) {
            // What fails here is what was asked for; what it may leave is in the model.
            let _ = session.run(random.operation());
        }
        model = session.end();
        machine = random.crash(&machine);
        for _ in 0..random.below(RECOVERIES_CUT_MAX + 1) {
            random.fault(&machine, 12);
            let mut session = Session::new(machine.clone(), tiers, model);
            let _ = session.run(Operation::Sync);
            model = session.end();
            machine = random.crash(&machine);
            recoveries += 1;
        }
        machine = random.damage_index(machine);
        check(&machine.same_boot(), tiers, &model)?;
        // One that is looked at, and one after what it commits next.
        recoveries += 2;
    }
    Ok(recoveries)
}

#[test]
fn long_runs_on_a_disk_that_fails() {
    let (started, seed) = (Instant::now(), seed_or(1));
    let seconds: Option<u64> = asked("SECONDS");
    let goes_on = |run: u64| match seconds {
        Some(seconds) => started.elapsed() < Duration::from_secs(seconds),
        None => run < RUNS,
    };
    let (next, recoveries) = (AtomicU64::new(0), AtomicU64::new(0));
    let failures = Mutex::new(Vec::new());
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if !goes_on(number) || failures.lock().len() > 5 {
                        break;
                    }
                    let seed = seed.wrapping_add(number);
                    match catch_unwind(AssertUnwindSafe(|| run(seed))) {
                        Ok(Ok(count)) => _ = recoveries.fetch_add(count, Ordering::Relaxed),
                        Ok(Err(what)) => failures.lock().push(format!("seed {seed}: {what}")),
                        Err(_) => failures.lock().push(format!("seed {seed}: it panicked, see above")),
                    }
                }
            });
        }
    });
    let (count, time) = (recoveries.into_inner(), started.elapsed().as_secs_f64());
    println!("{count} recoveries in {time:.1} s, {:.0} a second, from seed {seed}", count as f64 / time);
    let failures = failures.into_inner();
    assert!(failures.is_empty(), "{failures:#?}");
}
