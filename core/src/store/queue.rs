//! A queue in which one of those who wait works for all of them.
//!
//! Whoever finds nobody at work takes what is queued, and tells each what became of it; those who come meanwhile wait,
//! and one of them is the next. Invariants: what is queued is taken once; whoever waits is told, or gets a turn; a turn
//! that is given up, by a panic too, is somebody else's.
//!
//! `models/` compiles this file too, and tries every interleaving of few threads.

use std::ops::ControlFlow;

use crate::sync::{Arc, AtomicU64, Condvar, Mutex, Ordering};

/// Requests of work `W` whose outcome is an `O`, and what all of them know, `K`.
#[derive(Debug)]
pub(crate) struct Queue<K, W, O> {
    pub(super) state: Mutex<State<K, W, O>>,
    /// Told when a turn has ended, and by [`Queue::tell`].
    pub(super) moved: Condvar,
    /// Requests that have no outcome yet, those on their way to the queue included.
    under_way: AtomicU64,
}

#[derive(Debug)]
pub(crate) struct State<K, W, O> {
    pub(super) known: K,
    /// Whether it is somebody's turn.
    busy: bool,
    queue: Vec<Arc<Request<W, O>>>,
}

/// Work that waits in the queue.
#[derive(Debug)]
struct Request<W, O> {
    /// None once it is taken out.
    work: Mutex<Option<W>>,
    /// What became of it, once that is known.
    outcome: Mutex<Option<O>>,
}

impl<K, W, O> Queue<K, W, O> {
    pub(crate) fn new(known: K) -> Queue<K, W, O> {
        let state = State { known, busy: false, queue: Vec::new() };
        Queue { state: Mutex::new(state), moved: Condvar::new(), under_way: AtomicU64::new(0) }
    }

    /// Changes what is known. Those who wait look when they are told, or a turn ends.
    pub(crate) fn learn(&self, change: impl FnOnce(&mut K)) {
        change(&mut self.state.lock().known);
    }

    /// Lets those who wait look at what is known.
    pub(crate) fn tell(&self) {
        self.moved.notify_all();
    }

    /// Puts work into the queue. [`Queued::outcome`] is what became of it.
    pub(crate) fn push(&self, work: W) -> Queued<'_, K, W, O> {
        let request = Arc::new(Request { work: Mutex::new(Some(work)), outcome: Mutex::new(None) });
        self.under_way.fetch_add(1, Ordering::Relaxed);
        self.state.lock().queue.push(Arc::clone(&request));
        Queued { queue: self, request }
    }

    /// Whether nobody is on his way to the queue.
    pub(crate) fn all_here(&self) -> bool {
        self.state.lock().queue.len() as u64 >= self.under_way.load(Ordering::Relaxed)
    }

    /// Waits until `done` has an answer, or until it is this caller's turn.
    pub(crate) fn wait<T>(&self, done: impl Fn(&K) -> Option<T>) -> ControlFlow<T, Turn<'_, K, W, O>> {
        let mut state = self.state.lock();
        loop {
            if let Some(answer) = done(&state.known) {
                return ControlFlow::Break(answer);
            }
            if !state.busy {
                state.busy = true;
                return ControlFlow::Continue(Turn { queue: self });
            }
            self.moved.wait(&mut state);
        }
    }
}

/// A request, for as long as its caller waits.
#[derive(Debug)]
pub(crate) struct Queued<'a, K, W, O> {
    queue: &'a Queue<K, W, O>,
    request: Arc<Request<W, O>>,
}

impl<K, W, O> Queued<'_, K, W, O> {
    /// What became of it, once; none as long as that is not known.
    pub(crate) fn outcome(&self) -> Option<O> {
        self.request.outcome.lock().take()
    }
}

impl<K, W, O> Drop for Queued<'_, K, W, O> {
    fn drop(&mut self) {
        self.queue.under_way.fetch_sub(1, Ordering::Relaxed);
    }
}

/// The turn of one caller to work, which ends when it is dropped.
#[derive(Debug)]
pub(crate) struct Turn<'a, K, W, O> {
    queue: &'a Queue<K, W, O>,
}

impl<K, W, O> Turn<'_, K, W, O> {
    /// Takes out what is queued by now.
    pub(crate) fn take(&self) -> (Taken<W, O>, Vec<W>) {
        let requests = std::mem::take(&mut self.queue.state.lock().queue);
        let works = requests.iter().filter_map(|request| request.work.lock().take()).collect();
        (Taken { requests }, works)
    }
}

impl<K, W, O> Drop for Turn<'_, K, W, O> {
    fn drop(&mut self) {
        self.queue.state.lock().busy = false;
        self.queue.moved.notify_all();
    }
}

/// Requests that were taken out, in the order of their works.
#[derive(Debug)]
pub(crate) struct Taken<W, O> {
    requests: Vec<Arc<Request<W, O>>>,
}

impl<W, O> Taken<W, O> {
    /// Says what became of each, to those who look when the turn ends.
    pub(crate) fn settle(self, outcomes: impl IntoIterator<Item = O>) {
        for (request, outcome) in self.requests.into_iter().zip(outcomes) {
            *request.outcome.lock() = Some(outcome);
        }
    }
}
