//! The rows that are measured by calling again and again.

use std::hint::black_box;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::Result;
use crate::measure::{Random, measure};
use crate::store::{Durability, EventStore, Id, Payload, figure_name};
use crate::tree::{self, Payloads, ids};

const BATCH_EVENTS: usize = 1000;
const THREADS: usize = 64;
const SLICE_OF_THREADS: Duration = Duration::from_millis(500);

/// A random event.
pub(crate) fn get<S: EventStore>(folder: &Path, calls: usize, row: &str) -> Result<()> {
    let ids = ids(folder)?;
    let store = tree::open::<S>(folder, Durability::Buffered)?;
    // Warm: each was read once.
    for id in &ids {
        black_box(store.get(id)?);
    }
    let mut random = Random::new(3);
    measure(&figure_name::<S>(row), calls, 1, || {
        black_box(store.get(any(&ids, &mut random))?.ok_or("an event is gone")?);
        Ok(())
    })?;
    store.close()
}

/// The ids of the children of a random event.
pub(crate) fn child_ids<S: EventStore>(folder: &Path, calls: usize) -> Result<()> {
    let ids = ids(folder)?;
    let store = tree::open::<S>(folder, Durability::Buffered)?;
    let mut random = Random::new(4);
    let mut children = 0;
    measure(&figure_name::<S>("child_ids"), calls, 1, || {
        children += black_box(store.child_ids(any(&ids, &mut random))?).len();
        Ok(())
    })?;
    if children == 0 {
        return Err("no event has children".into());
    }
    store.close()
}

/// One event under a random parent, buffered.
pub(crate) fn append<S: EventStore>(folder: &Path, calls: usize) -> Result<()> {
    let ids = ids(folder)?;
    let store = tree::open::<S>(folder, Durability::Buffered)?;
    let (mut random, mut payloads) = (Random::new(5), Payloads::new());
    measure(&figure_name::<S>("append"), calls, 1, || {
        black_box(store.append(any(&ids, &mut random), &payloads.next())?);
        Ok(())
    })?;
    store.close()
}

/// The durable rows, under random events of a small store.
pub(crate) fn durable<S: EventStore>(folder: &Path, calls: usize) -> Result<()> {
    tree::build::<S>(folder, 10_000)?;
    let ids = ids(folder)?;
    let store = tree::open::<S>(folder, Durability::Durable)?;
    let (mut random, mut payloads) = (Random::new(6), Payloads::new());
    measure(&figure_name::<S>("durable_1"), calls, 1, || {
        store.append(any(&ids, &mut random), &payloads.next())?;
        Ok(())
    })?;
    measure(&figure_name::<S>("batch_1000"), calls.div_ceil(10), BATCH_EVENTS, || {
        let mut event = || (*any(&ids, &mut random), payloads.next());
        let events: Vec<(Id, Payload)> = std::iter::repeat_with(&mut event).take(BATCH_EVENTS).collect();
        store.batch(&events)?;
        Ok(())
    })?;
    by_threads(&store, &ids)?;
    store.close()
}

/// Prints the time over the number of events that all threads together stored in it: the median of three slices; and how
/// many there were for each sync.
fn by_threads<S: EventStore>(store: &S, ids: &[Id]) -> Result<()> {
    let (mut slices, mut all, syncs) = (Vec::new(), 0, store.syncs());
    for slice in 0..3 {
        let stored = AtomicUsize::new(0);
        let start = Instant::now();
        let outcomes: Vec<Result<()>> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..THREADS)
                .map(|thread| {
                    let mut random = Random::new((slice * THREADS + thread) as u64);
                    let mut payloads = Payloads::new();
                    let stored = &stored;
                    scope.spawn(move || {
                        while start.elapsed() < SLICE_OF_THREADS {
                            store.append(any(ids, &mut random), &payloads.next())?;
                            stored.fetch_add(1, Ordering::Relaxed);
                        }
                        Ok(())
                    })
                })
                .collect();
            let join = |thread: std::thread::ScopedJoinHandle<'_, _>| {
                thread.join().unwrap_or_else(|_| Err("a thread panicked".into()))
            };
            threads.into_iter().map(join).collect()
        });
        outcomes.into_iter().collect::<Result<()>>()?;
        let stored = stored.into_inner();
        all += stored;
        slices.push(start.elapsed().as_secs_f64() * 1e9 / stored as f64);
    }
    slices.sort_by(f64::total_cmp);
    println!("{} {:.1}", figure_name::<S>("durable_64"), slices[1]);
    if let (Some(before), Some(after)) = (syncs, store.syncs()) {
        println!(
            "{} {:.1}",
            figure_name::<S>("durable_64.a_sync"),
            all as f64 / (after - before).max(1) as f64
        );
    }
    Ok(())
}

fn any<'a>(ids: &'a [Id], random: &mut Random) -> &'a Id {
    &ids[random.below(ids.len())]
}
