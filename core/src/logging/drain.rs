//! The queue, and the thread that takes records out of it and calls the sink.
//!
//! A record is put in under a lock that is held for as long as it takes to move it, by whoever has something to tell,
//! whatever he holds; the sink runs under none.

use std::collections::VecDeque;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, OnceLock};
use std::thread::{self, JoinHandle};
use std::time::{SystemTime, UNIX_EPOCH};

use parking_lot::{Condvar, Mutex};

use super::record::{LogLevel, LogRecord, LogValue};
use crate::vfs::forks;

/// How many records wait for the sink at most.
pub const LOG_RECORDS_MAX: usize = 1024;

pub(super) type Sink = Box<dyn FnMut(&LogRecord) + Send>;

/// Where the sink of a process is. A child that was forked has a place of its own, for what its parent's threads had
/// locked at that moment stays locked there for ever; those of the parents stay in front of it.
pub(super) struct Place {
    forks: u32,
    current: Mutex<Option<Arc<Drain>>>,
    next: OnceLock<Box<Place>>,
}

static FIRST: OnceLock<Place> = OnceLock::new();

impl Place {
    /// The place of this process, if it has ever had a sink.
    pub(super) fn known() -> Option<&'static Place> {
        let forks = forks::count();
        let mut place = FIRST.get()?;
        while place.forks != forks {
            place = place.next.get()?;
        }
        Some(place)
    }

    /// The place of this process.
    pub(super) fn of_this_process() -> &'static Place {
        let new = || Place { forks: forks::count(), current: Mutex::new(None), next: OnceLock::new() };
        let mut place = FIRST.get_or_init(new);
        while place.forks != forks::count() {
            place = place.next.get_or_init(|| Box::new(new()));
        }
        place
    }

    /// Puts a sink in the place of the one that is there, which ends by itself.
    pub(super) fn put(&self, sink: Sink) -> io::Result<()> {
        let drain = Drain::begin(sink)?;
        let old = self.current.lock().replace(drain);
        if let Some(old) = old {
            old.end();
        }
        Ok(())
    }

    /// Ends the sink, and waits for that.
    pub(super) fn clear(&self) {
        let old = self.current.lock().take();
        if let Some(old) = old {
            old.end();
            old.join();
        }
    }

    pub(super) fn tell(&self, record: LogRecord) {
        let drain = self.current.lock().clone();
        if let Some(drain) = drain {
            drain.put(record);
        }
    }
}

/// A sink, its queue and its thread.
pub(super) struct Drain {
    waiting: Mutex<Waiting>,
    moved: Condvar,
    thread: Mutex<Option<JoinHandle<()>>>,
}

#[derive(Default)]
struct Waiting {
    records: VecDeque<LogRecord>,
    /// Records that found no room since the last ones were taken out.
    dropped: u64,
    ending: bool,
}

impl Drain {
    fn begin(sink: Sink) -> io::Result<Arc<Drain>> {
        let drain = Drain { waiting: Mutex::default(), moved: Condvar::new(), thread: Mutex::new(None) };
        let drain = Arc::new(drain);
        let its = Arc::clone(&drain);
        let named = thread::Builder::new().name("ouroborosdb-log".to_owned());
        let thread = named.spawn(move || its.run(sink))?;
        *drain.thread.lock() = Some(thread);
        Ok(drain)
    }

    fn put(&self, record: LogRecord) {
        let mut waiting = self.waiting.lock();
        if waiting.records.len() < LOG_RECORDS_MAX {
            waiting.records.push_back(record);
        } else {
            waiting.dropped += 1;
        }
        drop(waiting);
        self.moved.notify_one();
    }

    /// Lets the thread end when it has told what is there.
    fn end(&self) {
        self.waiting.lock().ending = true;
        self.moved.notify_one();
    }

    fn join(&self) {
        let thread = self.thread.lock().take();
        // The sink may end itself.
        if let Some(thread) = thread.filter(|thread| thread.thread().id() != thread::current().id()) {
            let _ = thread.join();
        }
    }

    fn run(&self, mut sink: Sink) {
        while let Some(records) = self.take() {
            for record in records {
                call(&mut sink, &record);
            }
        }
        // It may own something that panics in going.
        let _ = catch_unwind(AssertUnwindSafe(|| drop(sink)));
    }

    /// What waits, once there is something; none at the end.
    fn take(&self) -> Option<VecDeque<LogRecord>> {
        let mut waiting = self.waiting.lock();
        while waiting.records.is_empty() && !waiting.ending {
            self.moved.wait(&mut waiting);
        }
        let mut records = std::mem::take(&mut waiting.records);
        let dropped = std::mem::take(&mut waiting.dropped);
        drop(waiting);
        if dropped > 0 {
            records.push_back(loss(dropped));
        }
        (!records.is_empty()).then_some(records)
    }
}

fn call(sink: &mut Sink, record: &LogRecord) {
    let _ = catch_unwind(AssertUnwindSafe(|| sink(record)));
}

/// What stands in the place of records that found no room.
fn loss(count: u64) -> LogRecord {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    LogRecord {
        level: LogLevel::Warn,
        time_ms: u64::try_from(now.as_millis()).unwrap_or(u64::MAX),
        message: "the sink is slow, and records were dropped".to_owned(),
        fields: vec![("records", LogValue::Number(count))],
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::{Drain, LOG_RECORDS_MAX};
    use crate::logging::{LogLevel, LogRecord, LogValue};

    fn record(number: usize) -> LogRecord {
        LogRecord { level: LogLevel::Info, time_ms: 0, message: number.to_string(), fields: Vec::new() }
    }

    #[test]
    fn what_finds_no_room_is_counted_and_the_count_is_told() {
        let (go, wait) = mpsc::channel::<()>();
        let (sender, told) = mpsc::channel();
        let mut first = true;
        let drain = Drain::begin(Box::new(move |record| {
            sender.send(record.clone()).unwrap();
            if std::mem::replace(&mut first, false) {
                wait.recv().unwrap();
            }
        }))
        .unwrap();
        drain.put(record(0));
        assert_eq!(told.recv().unwrap().message, "0");
        // The sink waits, and has taken nothing else.
        (1..=LOG_RECORDS_MAX + 5).for_each(|number| drain.put(record(number)));
        go.send(()).unwrap();
        drain.end();
        drain.join();
        let rest: Vec<LogRecord> = told.iter().collect();
        assert_eq!(rest.len(), LOG_RECORDS_MAX + 1);
        assert_eq!(rest[LOG_RECORDS_MAX - 1].message, LOG_RECORDS_MAX.to_string());
        assert_eq!(rest[LOG_RECORDS_MAX].field("records"), Some(&LogValue::Number(5)));
    }

    #[test]
    fn a_sink_that_panics_gets_the_next_record() {
        let (sender, told) = mpsc::channel();
        let drain = Drain::begin(Box::new(move |record| {
            sender.send(record.message.clone()).unwrap();
            panic!("of the sink");
        }))
        .unwrap();
        drain.put(record(1));
        drain.put(record(2));
        drain.end();
        drain.join();
        assert_eq!(told.iter().collect::<Vec<_>>(), ["1", "2"]);
    }
}
