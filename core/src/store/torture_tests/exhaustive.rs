//! Every short workload, every moment in it, every loss.
//!
//! The store begins with a few events, closed and safe; a workload is three operations. A moment is looked at once,
//! though many workloads begin with it: a crash is another one only where the bytes on the disk, or what was
//! acknowledged, is.

use std::collections::HashSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use parking_lot::Mutex;

use super::check::{check, check_index_files};
use super::model::Model;
use super::session::{Operation, Session, Tiers};
use crate::options::Durability::{Buffered, Durable};
use crate::vfs::{Chance, Moment, Simulator};

const OPERATIONS: [Operation; 10] = [
    Operation::Append(Buffered),
    Operation::Append(Durable),
    Operation::PutFile(Buffered),
    Operation::Batch(Buffered),
    Operation::Batch(Durable),
    Operation::Sync,
    Operation::Roll,
    Operation::Spill,
    Operation::Close,
    Operation::Reopen,
];
const LENGTH: usize = 3;
const BOTH: [Tiers; 2] = [Tiers::Small, Tiers::AtTheEnd];
/// Fewer crash states than this are not all that there are.
const STATES_MIN: usize = 30_000;
const FAILURES_LISTED_MAX: usize = 10;

/// Where workloads begin.
struct Base {
    machine: Simulator,
    model: Model,
    tiers: Tiers,
}

#[derive(Default)]
struct Found {
    /// Crashes by their disk and by what was acknowledged.
    crashes: Mutex<HashSet<(u64, usize, usize, bool)>>,
    images: Mutex<HashSet<u64>>,
    killed: AtomicUsize,
    failures: Mutex<Vec<String>>,
}

impl Found {
    fn look_at(&self, base: &Base, workload: &dyn Fn() -> String, moment: &Moment, model: &Model) {
        let small = base.tiers == Tiers::Small;
        let tell = |loss: &dyn Fn() -> String, machine: &Simulator| {
            let outcome = check_index_files(machine).and_then(|()| check(machine, base.tiers, model));
            if let Err(what) = outcome {
                self.failures.lock().push(format!("{}, {}, {}: {what}", workload(), moment.what(), loss()));
            }
        };
        let mut is_new = false;
        moment.losses(&mut |loss, machine| {
            let image = machine.image();
            if self.crashes.lock().insert((image, model.durable, model.events.len(), small)) {
                self.images.lock().insert(image);
                tell(loss, &machine);
                is_new = true;
            }
        });
        if is_new {
            self.killed.fetch_add(1, Ordering::Relaxed);
            tell(&|| "the process was killed".to_owned(), &moment.killed());
        }
    }

    /// Runs a workload, and looks at the moments of the operations that no earlier workload begins with.
    fn run(&self, base: &Base, workload: &[Operation]) {
        // Not of the base, so that it stays what it is.
        let machine = base.machine.power_loss(Chance::none());
        let mut session = Session::new(machine.clone(), base.tiers, base.model.clone());
        for (at, operation) in workload.iter().enumerate() {
            machine.record();
            let before = session.model.durable;
            session.run(*operation).unwrap();
            let moments = machine.take_moments();
            if workload[at + 1..].iter().any(|later| *later != OPERATIONS[0]) {
                continue;
            }
            let name = || format!("{:?}, tiers {:?}", &workload[..=at], base.tiers);
            // Until it returned, nothing of it was acknowledged.
            let mut unsure = session.model.clone();
            unsure.durable = before;
            let (last, during) = moments.split_last().unwrap();
            during.iter().for_each(|moment| self.look_at(base, &name, moment, &unsure));
            self.look_at(base, &name, last, &session.model);
        }
    }
}

/// The same store, opened in both ways.
fn bases() -> [Base; 2] {
    let machine = Simulator::new();
    let mut session = Session::new(machine.clone(), Tiers::AtTheEnd, Model::default());
    for operation in [Operation::Append(Buffered), Operation::PutFile(Buffered), Operation::Close] {
        session.run(operation).unwrap();
    }
    BOTH.map(|tiers| Base { machine: machine.clone(), model: session.model.clone(), tiers })
}

fn workloads() -> Vec<Vec<Operation>> {
    let mut workloads = vec![Vec::new()];
    for _ in 0..LENGTH {
        let longer = |workload: &Vec<Operation>| {
            let workload = workload.clone();
            OPERATIONS.map(|operation| [workload.as_slice(), &[operation]].concat())
        };
        workloads = workloads.iter().flat_map(longer).collect();
    }
    workloads
}

#[test]
fn every_loss_at_every_moment_of_every_short_workload() {
    let started = Instant::now();
    let workloads = workloads();
    let bases = bases();
    let found = Found::default();
    for tiers in BOTH {
        let nothing = Base { machine: Simulator::new(), model: Model::default(), tiers };
        OPERATIONS.iter().for_each(|operation| found.run(&nothing, &[*operation]));
    }
    let next = AtomicUsize::new(0);
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some(workload) = workloads.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if found.failures.lock().len() > FAILURES_LISTED_MAX {
                        break;
                    }
                    bases.iter().for_each(|base| found.run(base, workload));
                }
            });
        }
    });
    let (failures, states) = (found.failures.into_inner(), found.images.into_inner().len());
    println!(
        "{} workloads: {states} different disk images after a loss of power, {} crashes with what was acknowledged, \
         {} killed processes, {:.1} s on {threads} threads",
        workloads.len() * bases.len(),
        found.crashes.into_inner().len(),
        found.killed.into_inner(),
        started.elapsed().as_secs_f64()
    );
    let listed: Vec<&String> = failures.iter().take(FAILURES_LISTED_MAX).collect();
    assert!(failures.is_empty(), "{listed:#?}");
    assert!(states >= STATES_MIN, "{states} crash states are too few: {STATES_MIN} are promised");
}
