//! Threads that help a call with pieces of its work.
//!
//! A call gives pieces away and takes what became of them, in the order that it likes. What nobody has begun when it is
//! taken is done by whoever takes it, so that a busy machine, one with a single processor and one that gives no more
//! threads are slower and not wrong; and who has to wait does other pieces meanwhile. Invariants:
//!
//! - a piece is done at most once, and a piece that is given up before it is begun is never done;
//! - memory is bounded by whoever gives: it takes the oldest piece before it gives too many;
//! - threads begin when there is work, end when there was none for [`IDLE`], and are gone when [`Hands::stop`] returns.

use std::collections::VecDeque;
use std::fmt;
use std::num::NonZero;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, OnceLock};
use std::thread::JoinHandle;
use std::time::Duration;

use parking_lot::{Condvar, Mutex};

use crate::error::{Error, ErrorCode, Result};

/// A thread that was not asked for anything for so long ends.
const IDLE: Duration = Duration::from_secs(2);

/// How many threads work on one thing. Asked once: on Linux the answer is read from files of the system, which takes
/// longer than storing a small file.
pub(crate) fn threads() -> usize {
    static THREADS: OnceLock<usize> = OnceLock::new();
    *THREADS.get_or_init(|| std::thread::available_parallelism().map_or(1, NonZero::get))
}

/// The threads of one database that help its calls.
pub(crate) struct Hands {
    inner: Arc<Inner>,
}

struct Inner {
    state: Mutex<State>,
    work: Condvar,
    /// Whoever gives work works as well, so one less than there are processors.
    threads_max: usize,
    /// A child that is forked has none of the threads, and perhaps their locks.
    process: u32,
}

#[derive(Default)]
struct State {
    queue: VecDeque<Arc<dyn Errand>>,
    idle: usize,
    running: usize,
    stopped: bool,
    threads: Vec<JoinHandle<()>>,
}

/// A piece, whatever it gives.
trait Errand: Send + Sync {
    fn run(&self);
}

impl Hands {
    pub(crate) fn new() -> Hands {
        Hands::with_threads(threads() - 1)
    }

    pub(crate) fn with_threads(threads_max: usize) -> Hands {
        let (state, work, process) = (Mutex::default(), Condvar::new(), std::process::id());
        Hands { inner: Arc::new(Inner { state, work, threads_max, process }) }
    }

    /// How many pieces should be on their way at once, so that nobody waits.
    pub(crate) fn ahead(&self) -> usize {
        self.inner.threads_max * 4
    }

    /// Gives a piece of work away.
    pub(crate) fn give<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Promise<T> {
        let piece =
            Arc::new(Piece { stage: Mutex::new(Stage::Waiting(Box::new(work))), done: Condvar::new() });
        self.enqueue(&piece);
        Promise { piece }
    }

    /// What became of a piece: does it, where nobody has begun it, and others while somebody does it. `internal` where
    /// it panicked.
    pub(crate) fn take<T>(&self, promise: Promise<T>) -> Result<T> {
        promise.piece.run();
        while !promise.is_done() {
            let next = self.inner.state.lock().queue.pop_front();
            match next {
                Some(errand) => errand.run(),
                None => break,
            }
        }
        promise.take()
    }

    fn enqueue<T: Send + 'static>(&self, piece: &Arc<Piece<T>>) {
        if self.inner.threads_max == 0 {
            return;
        }
        let mut state = self.inner.state.lock();
        if state.stopped {
            return;
        }
        if state.idle <= state.queue.len() && state.running < self.inner.threads_max {
            state.threads.retain(|thread| !thread.is_finished());
            let inner = Arc::clone(&self.inner);
            let builder = std::thread::Builder::new().name("ouroborosdb-hand".to_owned());
            if let Ok(thread) = builder.spawn(move || inner.serve()) {
                state.threads.push(thread);
                state.running += 1;
            }
        }
        if state.running > 0 {
            state.queue.push_back(Arc::clone(piece) as Arc<dyn Errand>);
            self.inner.work.notify_one();
        }
    }

    /// Ends all threads, once they have finished the pieces that they have begun. What waits is done by whoever takes it.
    pub(crate) fn stop(&self) {
        if std::process::id() != self.inner.process {
            return;
        }
        let threads = {
            let mut state = self.inner.state.lock();
            state.stopped = true;
            state.queue.clear();
            self.inner.work.notify_all();
            std::mem::take(&mut state.threads)
        };
        for thread in threads {
            // A piece may hold the last handle of the database, whose end comes by here.
            if thread.thread().id() != std::thread::current().id() {
                let _ = thread.join();
            }
        }
    }
}

impl Drop for Hands {
    fn drop(&mut self) {
        self.stop();
    }
}

impl Inner {
    fn serve(&self) {
        let mut state = self.state.lock();
        loop {
            if let Some(errand) = state.queue.pop_front() {
                drop(state);
                errand.run();
                drop(errand);
                state = self.state.lock();
                continue;
            }
            if state.stopped {
                break;
            }
            state.idle += 1;
            let timed_out = self.work.wait_for(&mut state, IDLE).timed_out();
            state.idle -= 1;
            if timed_out && state.queue.is_empty() {
                break;
            }
        }
        state.running -= 1;
    }
}

/// What a piece of work will have given.
pub(crate) struct Promise<T> {
    piece: Arc<Piece<T>>,
}

struct Piece<T> {
    stage: Mutex<Stage<T>>,
    done: Condvar,
}

enum Stage<T> {
    Waiting(Box<dyn FnOnce() -> T + Send>),
    Running,
    Done(T),
    /// It panicked.
    Failed,
    /// Nobody wants it any more, or it was given out.
    Over,
}

impl<T> Promise<T> {
    /// Something that is done already.
    pub(crate) fn kept(value: T) -> Promise<T> {
        Promise { piece: Arc::new(Piece { stage: Mutex::new(Stage::Done(value)), done: Condvar::new() }) }
    }

    /// What became of it, waiting for whoever does it, or doing it. `internal` where it panicked.
    pub(crate) fn take(self) -> Result<T> {
        self.piece.run();
        let mut stage = self.piece.stage.lock();
        while matches!(*stage, Stage::Running) {
            self.piece.done.wait(&mut stage);
        }
        match std::mem::replace(&mut *stage, Stage::Over) {
            Stage::Done(value) => Ok(value),
            _ => Err(Error::new(ErrorCode::Internal, "a thread that worked on a file has failed")),
        }
    }

    /// Whether taking it would not wait.
    pub(crate) fn is_done(&self) -> bool {
        !matches!(*self.piece.stage.lock(), Stage::Waiting(_) | Stage::Running)
    }
}

impl<T> Drop for Promise<T> {
    fn drop(&mut self) {
        // Who holds it is at work on the piece, perhaps in the process that this one was forked from.
        if let Some(mut stage) = self.piece.stage.try_lock()
            && matches!(*stage, Stage::Waiting(_))
        {
            let given_up = std::mem::replace(&mut *stage, Stage::Over);
            drop(stage);
            drop(given_up);
        }
    }
}

impl<T> Piece<T> {
    /// Does the work, where nobody has begun it.
    fn run(&self) {
        let work = {
            let mut stage = self.stage.lock();
            match std::mem::replace(&mut *stage, Stage::Running) {
                Stage::Waiting(work) => work,
                other => {
                    *stage = other;
                    return;
                }
            }
        };
        // What a piece leaves half done is its own: nobody else sees it.
        let done = catch_unwind(AssertUnwindSafe(work));
        *self.stage.lock() = done.map_or(Stage::Failed, Stage::Done);
        self.done.notify_all();
    }
}

impl<T: Send> Errand for Piece<T> {
    fn run(&self) {
        Piece::run(self);
    }
}

impl fmt::Debug for Hands {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hands").field("threads_max", &self.inner.threads_max).finish_non_exhaustive()
    }
}

impl<T> fmt::Debug for Promise<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Promise").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::{Hands, Promise};
    use crate::error::ErrorCode;

    #[test]
    fn each_piece_is_done_once_with_any_number_of_threads() {
        for threads in 0..4 {
            let (hands, done) = (Hands::with_threads(threads), Arc::new(AtomicUsize::new(0)));
            let pieces: Vec<Promise<usize>> = (0..200)
                .map(|at| {
                    let done = Arc::clone(&done);
                    hands.give(move || {
                        done.fetch_add(1, Ordering::Relaxed);
                        at
                    })
                })
                .collect();
            let taken: Vec<usize> = pieces.into_iter().map(|piece| piece.take().unwrap()).collect();
            assert_eq!(taken, (0..200).collect::<Vec<_>>());
            assert_eq!(done.load(Ordering::Relaxed), 200);
        }
    }

    #[test]
    fn what_is_given_after_the_end_or_to_nobody_is_done_by_whoever_takes_it() {
        let hands = Hands::with_threads(1);
        assert_eq!(hands.give(|| 1).take().unwrap(), 1);
        hands.stop();
        let here = std::thread::current().id();
        assert_eq!(hands.give(move || std::thread::current().id()).take().unwrap(), here);
        assert_eq!(Promise::kept(7).take().unwrap(), 7);
    }

    #[test]
    fn a_piece_that_is_given_up_is_not_done_and_lets_go_of_what_it_holds() {
        let (hands, held) = (Hands::with_threads(0), Arc::new(()));
        let holds = Arc::clone(&held);
        drop(hands.give(move || drop(holds)));
        assert_eq!(Arc::strong_count(&held), 1);
    }

    #[test]
    fn a_piece_that_panics_is_an_error_of_the_one_who_takes_it() {
        for threads in 0..2 {
            let hands = Hands::with_threads(threads);
            let failed = hands.give(move || assert!(threads > 9, "as is meant"));
            assert_eq!(failed.take().unwrap_err().code(), ErrorCode::Internal);
            assert_eq!(hands.give(|| 2).take().unwrap(), 2);
        }
    }

    /// A piece held the last handle of a database: its thread waited for itself.
    #[test]
    fn the_last_handle_may_go_on_a_thread_of_its_own() {
        let hands = Arc::new(Hands::with_threads(1));
        let (last, (gone, wait)) = (Arc::clone(&hands), std::sync::mpsc::channel());
        let piece = hands.give(move || {
            // Until the test has let go.
            while Arc::strong_count(&last) > 1 {
                std::thread::yield_now();
            }
            drop(last);
            gone.send(()).unwrap();
        });
        while !matches!(*piece.piece.stage.lock(), super::Stage::Running | super::Stage::Done(())) {
            std::thread::yield_now();
        }
        drop(hands);
        wait.recv().unwrap();
        piece.take().unwrap();
    }
}
