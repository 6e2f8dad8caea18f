//! The process that is killed: it commits as fast as it can, and says on its standard output what was acknowledged.

use std::io::Write;
use std::path::Path;

use super::mark::{Mark, TITLE};
use super::options;
use super::random::Random;
use crate::database::{BatchParent, Database};
use crate::id::EventId;
use crate::options::Durability;

/// Most commits of a thread until the store is closed, or left, and opened again.
const COMMITS_MAX: u64 = 300;
const THREADS_MAX: u64 = 3;
const BATCH_MAX: u64 = 8;

pub(super) fn run(store: &Path, session: u64) {
    let mut random = Random::new(session);
    let mut threads: Vec<Thread> = (0..=random.below(THREADS_MAX))
        .map(|thread| Thread { session, thread, commits: 0, random: Random::new(random.next()) })
        .collect();
    loop {
        let durability = if random.below(2) == 0 { Durability::Durable } else { Durability::Buffered };
        let db = Database::open(store, options(durability)).unwrap();
        let root = db.ensure_root(TITLE).unwrap();
        let commits = random.below(COMMITS_MAX);
        std::thread::scope(|scope| {
            for thread in &mut threads {
                let db = &db;
                scope.spawn(move || thread.commit_some(db, root, commits));
            }
        });
        // Dropped without it, the store is left as it is.
        if random.below(2) == 0 {
            db.close().unwrap();
        }
    }
}

struct Thread {
    session: u64,
    thread: u64,
    commits: u64,
    random: Random,
}

impl Thread {
    fn commit_some(&mut self, db: &Database, root: EventId, commits: u64) {
        let mut parent = root;
        for _ in 0..commits {
            let id = self.commit(db, parent);
            let sequence = db.event(id).unwrap().sequence();
            // One write: whoever reads the pipe gets the line whole or not at all.
            let line = format!("\nacknowledged {} {} {sequence}\n", self.thread, self.commits);
            std::io::stdout().lock().write_all(line.as_bytes()).unwrap();
            match self.random.below(8) {
                0 => parent = root,
                1 => parent = id,
                2 => db.sync().unwrap(),
                _ => {}
            }
        }
    }

    /// Commits one event or a batch, and gives the last event.
    fn commit(&mut self, db: &Database, parent: EventId) -> EventId {
        self.commits += 1;
        let of = if self.random.below(3) == 0 { 2 + self.random.below(BATCH_MAX - 1) } else { 1 };
        let marks: Vec<Mark> = (0..of)
            .map(|at| {
                let (session, thread, commit) = (self.session, self.thread, self.commits);
                Mark { session, thread, commit, of, at, seed: Mark::draw_seed(&mut self.random) }
            })
            .collect();
        if let [mark] = marks.as_slice() {
            return match mark.has_file() {
                true => db.put_file(parent, &mark.bytes()[..], mark.new_event()).unwrap(),
                false => db.append(parent, mark.new_event()).unwrap(),
            };
        }
        let batch = db.batch().unwrap();
        let mut top = BatchParent::from(parent);
        for mark in &marks {
            let member = match mark.has_file() {
                true => batch.put_file(top, &mark.bytes()[..], mark.new_event()).unwrap(),
                false => batch.append(top, mark.new_event()).unwrap(),
            };
            top = if self.random.below(2) == 0 { member.into() } else { parent.into() };
        }
        *batch.commit().unwrap().last().unwrap()
    }
}
