//! Durable commits: each is written once, is durable when its caller returns, and nobody waits for ever.

use std::ops::ControlFlow;

use loom::sync::Arc;
use loom::sync::atomic::{AtomicBool, Ordering};
use loom::thread;

use crate::queue::{Queue, Turn};
use crate::sync::Mutex;

type Commits = Queue<u64, u64, Result<(), Failed>>;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Failed {
    /// The store is poisoned.
    Poisoned,
    /// Whoever was to write it has panicked.
    Panicked,
}

/// A store of numbers.
struct Store {
    queue: Commits,
    /// What is written, under the writer's lock.
    log: Mutex<Vec<u64>>,
    poisoned: AtomicBool,
    /// What becomes of the first turn.
    first_turn: Mutex<Option<Fate>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    SyncFails,
    Panics,
    PanicsBeforeItTakes,
}

impl Store {
    fn new(first_turn: Option<Fate>) -> Arc<Store> {
        let (log, poisoned) = (Mutex::new(Vec::new()), AtomicBool::new(false));
        Arc::new(Store { queue: Queue::new(0), log, poisoned, first_turn: Mutex::new(first_turn) })
    }

    fn check(&self) -> Result<(), Failed> {
        if self.poisoned.load(Ordering::Acquire) { Err(Failed::Poisoned) } else { Ok(()) }
    }

    /// As `Store::commit_durably`.
    fn commit(&self, number: u64) -> Result<(), Failed> {
        let queued = self.queue.push(number);
        let led = match self.queue.wait(|_| queued.outcome()) {
            ControlFlow::Break(outcome) => return outcome,
            ControlFlow::Continue(turn) => self.lead(turn),
        };
        match (led, queued.outcome()) {
            // It goes up from here, past whatever the outcome is.
            (Err(Failed::Panicked), _) => Err(Failed::Panicked),
            (_, Some(outcome)) => outcome,
            (led, None) => Err(led.err().unwrap_or(Failed::Panicked)),
        }
    }

    /// As `Store::sync`.
    fn sync(&self) -> Result<(), Failed> {
        let wanted = self.log.lock().len() as u64;
        let done =
            |durable: &u64| (*durable >= wanted).then_some(Ok(())).or_else(|| self.check().err().map(Err));
        match self.queue.wait(done) {
            ControlFlow::Break(answer) => answer,
            ControlFlow::Continue(turn) => self.lead(turn),
        }
    }

    /// As `Store::lead`.
    fn lead(&self, turn: Turn<'_, u64, u64, Result<(), Failed>>) -> Result<(), Failed> {
        let fate = self.first_turn.lock().take();
        if fate == Some(Fate::PanicsBeforeItTakes) {
            return Err(Failed::Panicked);
        }
        let mut log = self.log.lock();
        let (taken, works) = turn.take();
        let written: Vec<_> = works.iter().map(|_| self.check()).collect();
        if self.check().is_ok() {
            log.extend(works);
        }
        let end = log.len() as u64;
        drop(log);
        if fate == Some(Fate::Panics) {
            self.poisoned.store(true, Ordering::Release);
            return Err(Failed::Panicked);
        }
        let synced = self.sync_to(end, fate);
        taken.settle(written.into_iter().map(|written| written.and(synced)));
        drop(turn);
        synced
    }

    fn sync_to(&self, end: u64, fate: Option<Fate>) -> Result<(), Failed> {
        self.check()?;
        if fate == Some(Fate::SyncFails) {
            self.poisoned.store(true, Ordering::Release);
            return Err(Failed::Poisoned);
        }
        self.queue.learn(|durable| *durable = end.max(*durable));
        Ok(())
    }

    fn durable(&self) -> u64 {
        self.queue.state.lock().known
    }

    /// Whether a number was written once, and is durable.
    fn holds(&self, number: u64) -> bool {
        let (log, durable) = (self.log.lock(), self.durable());
        let places: Vec<usize> = (0..log.len()).filter(|at| log[*at] == number).collect();
        places.len() == 1 && (places[0] as u64) < durable
    }
}

/// Two threads, in every order.
fn model(test: impl Fn() + Send + Sync + 'static) {
    loom::model::Builder::new().check(test);
}

fn two_commits(fate: Option<Fate>, look: impl Fn(&Store, [Result<(), Failed>; 2]) + Send + Sync + 'static) {
    model(move || {
        let store = Store::new(fate);
        let other = Arc::clone(&store);
        let second = thread::spawn(move || {
            let outcome = other.commit(2);
            assert!(outcome.is_err() || other.holds(2), "it returned before it was durable");
            outcome
        });
        let first = store.commit(1);
        assert!(first.is_err() || store.holds(1), "it returned before it was durable");
        look(&store, [first, second.join().unwrap()]);
    });
}

#[test]
fn two_commits_are_durable_once_each() {
    two_commits(None, |store, outcomes| {
        assert_eq!(outcomes, [Ok(()), Ok(())]);
        assert_eq!((store.log.lock().len(), store.durable()), (2, 2));
        assert!(store.queue.all_here(), "somebody is still counted");
    });
}

#[test]
fn three_commits_are_durable_once_each() {
    let mut builder = loom::model::Builder::new();
    // All orders in which a thread is interrupted at most so often where it could have gone on.
    builder.preemption_bound = Some(3);
    builder.check(|| {
        let store = Store::new(None);
        let others: Vec<_> = [2, 3]
            .into_iter()
            .map(|number| {
                let store = Arc::clone(&store);
                thread::spawn(move || store.commit(number).is_ok() && store.holds(number))
            })
            .collect();
        assert!(store.commit(1).is_ok() && store.holds(1));
        others.into_iter().for_each(|other| assert!(other.join().unwrap()));
    });
}

#[test]
fn a_sync_waits_for_what_was_written_before_it() {
    model(|| {
        let store = Store::new(None);
        let (committer, buffered) = (Arc::clone(&store), Arc::clone(&store));
        let commit = thread::spawn(move || committer.commit(1));
        // A buffered commit, and a sync after it.
        buffered.log.lock().push(2);
        assert_eq!(buffered.sync(), Ok(()));
        assert!(buffered.holds(2));
        assert_eq!(commit.join().unwrap(), Ok(()));
    });
}

/// A failed sync is final: nobody who waits for it, or comes later, is told that his commit is durable.
#[test]
fn a_failed_sync_is_told_to_all() {
    two_commits(Some(Fate::SyncFails), |store, outcomes| {
        assert_eq!(outcomes, [Err(Failed::Poisoned); 2]);
        assert_eq!(store.durable(), 0);
    });
}

/// Whoever leads may panic: then the others are told so, or take the next turn, and nobody hangs.
#[test]
fn a_panic_of_whoever_leads_leaves_nobody_waiting() {
    for fate in [Fate::Panics, Fate::PanicsBeforeItTakes] {
        two_commits(Some(fate), |_, outcomes| assert!(outcomes.iter().any(Result::is_err)));
    }
}
