//! Threads that work on files while the calling thread finds them.
//!
//! The calling thread leads: it alone adds jobs, asks how far they are, and runs the caller's progress function.
//! Invariants:
//!
//! - memory is bounded: jobs wait in a few groups, and adding to a full queue waits;
//! - the lead never waits longer than [`TICK`] before it may look at its cancel token again;
//! - the first error stops everybody; no thread outlives [`with_crew`], even where the lead panics.
//!
//! Small files would cost more in handing over than in reading, so jobs are handed over in groups.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use parking_lot::{Condvar, Mutex};

use crate::error::{Error, ErrorCode, Result};
use crate::hands::threads;

/// Longest time for which the lead waits at once.
const TICK: Duration = Duration::from_millis(20);

/// A group is handed over when it has so many files, or so many bytes.
const GROUP_FILES_MAX: usize = 64;
const GROUP_BYTES_MAX: u64 = 1024 * 1024;

/// Groups that wait, for each thread: the next one is there when a thread is done.
const GROUPS_WAITING_PER_THREAD: usize = 2;

pub(crate) struct Crew<Job, Done> {
    state: Mutex<State<Job, Done>>,
    /// There is work, or the end has come.
    work: Condvar,
    /// There is room, or a group is done.
    news: Condvar,
    stopped: AtomicBool,
    /// Bytes since the lead asked last.
    bytes: AtomicU64,
    groups_waiting_max: usize,
}

struct State<Job, Done> {
    groups: VecDeque<Vec<Job>>,
    /// The group that is being filled.
    open: Vec<Job>,
    open_bytes: u64,
    /// Threads that have a group in hand.
    busy: usize,
    done: Vec<Done>,
    error: Option<Error>,
}

/// Runs `lead` on this thread while others do `work` on each job that it adds, and gives what `lead` gives.
/// Jobs that are not done when `lead` returns are dropped: it has to [`settle`](Crew::settled) first.
pub(crate) fn with_crew<Job: Send, Done: Send, T>(
    work: impl Fn(&Crew<Job, Done>, Job) -> Result<Done> + Sync,
    lead: impl FnOnce(&Crew<Job, Done>) -> Result<T>,
) -> Result<T> {
    let threads = threads();
    let crew = Crew::new(threads);
    thread::scope(|scope| {
        let end = EndOnDrop { crew: &crew };
        let mut members = Vec::with_capacity(threads);
        for _ in 0..threads {
            let builder = thread::Builder::new().name("ouroborosdb-files".to_owned());
            match builder.spawn_scoped(scope, || crew.serve(&work)) {
                Ok(member) => members.push(member),
                // Fewer threads than wished are slower, not wrong.
                Err(_) if !members.is_empty() => break,
                Err(error) => {
                    let message = format!("cannot start a thread: {error}; end some and try again");
                    return Err(Error::new(ErrorCode::Io, message));
                }
            }
        }
        let answer = lead(&crew);
        drop(end);
        for member in members {
            // A panic has been recorded as an error; joining here keeps the scope from passing it on.
            let _ = member.join();
        }
        let late = crew.state.lock().error.take();
        answer.and_then(|value| late.map_or(Ok(value), Err))
    })
}

impl<Job, Done> Crew<Job, Done> {
    fn new(threads: usize) -> Crew<Job, Done> {
        Crew {
            state: Mutex::new(State {
                groups: VecDeque::new(),
                open: Vec::new(),
                open_bytes: 0,
                busy: 0,
                done: Vec::new(),
                error: None,
            }),
            work: Condvar::new(),
            news: Condvar::new(),
            stopped: AtomicBool::new(false),
            bytes: AtomicU64::new(0),
            groups_waiting_max: threads * GROUPS_WAITING_PER_THREAD,
        }
    }

    /// Adds a job of about so many bytes. Gives it back where there is no room after a while: the lead looks at
    /// the [`news`](Crew::news) then, and tries again.
    pub(crate) fn add(&self, job: Job, bytes: u64) -> Option<Job> {
        let mut state = self.state.lock();
        if state.groups.len() >= self.groups_waiting_max {
            self.news.wait_for(&mut state, TICK);
        }
        if state.groups.len() >= self.groups_waiting_max {
            return Some(job);
        }
        state.open.push(job);
        state.open_bytes = state.open_bytes.saturating_add(bytes);
        if state.open.len() >= GROUP_FILES_MAX || state.open_bytes >= GROUP_BYTES_MAX {
            self.hand_over(&mut state);
        }
        None
    }

    /// Whether all jobs are done, waiting for a while. The lead looks at the [`news`](Crew::news) between two
    /// questions, and after the last.
    pub(crate) fn settled(&self) -> bool {
        let mut state = self.state.lock();
        if !state.open.is_empty() {
            self.hand_over(&mut state);
        }
        if !state.is_idle() && state.error.is_none() {
            self.news.wait_for(&mut state, TICK);
        }
        state.is_idle()
    }

    fn hand_over(&self, state: &mut State<Job, Done>) {
        let group = std::mem::take(&mut state.open);
        state.open_bytes = 0;
        state.groups.push_back(group);
        self.work.notify_one();
    }

    /// What was done since the last time, and how many bytes went by; the error of a member that failed.
    pub(crate) fn news(&self) -> Result<(Vec<Done>, u64)> {
        let mut state = self.state.lock();
        if let Some(error) = state.error.take() {
            return Err(error);
        }
        Ok((std::mem::take(&mut state.done), self.bytes.swap(0, Ordering::Relaxed)))
    }

    /// Counts bytes of a job, and fails where the job is to be given up.
    pub(crate) fn advance(&self, bytes: u64) -> Result<()> {
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
        if self.stopped.load(Ordering::Relaxed) { Err(Error::cancelled()) } else { Ok(()) }
    }

    fn serve(&self, work: &impl Fn(&Crew<Job, Done>, Job) -> Result<Done>) {
        while let Some(group) = self.next_group() {
            let _busy = Busy { crew: self };
            for job in group {
                match self.advance(0).and_then(|()| work(self, job)) {
                    Ok(done) => self.state.lock().done.push(done),
                    Err(error) => return self.fail(error),
                }
            }
        }
    }

    fn next_group(&self) -> Option<Vec<Job>> {
        let mut state = self.state.lock();
        loop {
            if self.stopped.load(Ordering::Relaxed) {
                return None;
            }
            if let Some(group) = state.groups.pop_front() {
                state.busy += 1;
                self.news.notify_one();
                return Some(group);
            }
            self.work.wait(&mut state);
        }
    }

    /// Keeps the first error, and stops everybody. What fails after the stop fails because of it.
    fn fail(&self, error: Error) {
        let mut state = self.state.lock();
        if !self.stopped.swap(true, Ordering::Relaxed) {
            state.error = Some(error);
        }
        self.work.notify_all();
        self.news.notify_one();
    }

    fn stop(&self) {
        // Under the lock, so that nobody goes to sleep between looking at the flag and waiting.
        let mut state = self.state.lock();
        self.stopped.store(true, Ordering::Relaxed);
        state.groups.clear();
        self.work.notify_all();
    }
}

impl<Job, Done> State<Job, Done> {
    fn is_idle(&self) -> bool {
        self.groups.is_empty() && self.busy == 0
    }
}

/// Sends the members home, also where the lead panics: the scope would wait for them for ever.
struct EndOnDrop<'a, Job, Done> {
    crew: &'a Crew<Job, Done>,
}

impl<Job, Done> Drop for EndOnDrop<'_, Job, Done> {
    fn drop(&mut self) {
        self.crew.stop();
    }
}

/// A member that has a group in hand.
struct Busy<'a, Job, Done> {
    crew: &'a Crew<Job, Done>,
}

impl<Job, Done> Drop for Busy<'_, Job, Done> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.crew.fail(Error::new(ErrorCode::Internal, "a thread that worked on files panicked"));
        }
        self.crew.state.lock().busy -= 1;
        self.crew.news.notify_one();
    }
}
