//! A tree of events, each under a random one before it, and the ids of a million of them beside it.

use std::fs::File;
use std::io::{BufWriter, Read, Write};
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::Result;
use crate::measure::Random;
use crate::store::{Durability, EventStore, ID_BYTES, Id, PAYLOAD_BYTES, Payload};

const BATCH_EVENTS: u64 = 1000;
/// So many ids are kept for those who read; of larger stores, evenly spread.
const IDS_MAX: u64 = 1_000_000;
/// So many events are candidates for being a parent: all of a small store, a fair sample of a larger one, so that a
/// build takes no memory of its own to speak of.
const PARENTS_MAX: usize = 100_000;
const IDS_NAME: &str = "ids";
const STORE_NAME: &str = "store";

/// Makes the store `FOLDER/store`, and `FOLDER/ids`.
pub(crate) fn build<S: EventStore>(folder: &Path, events: u64) -> Result<()> {
    std::fs::create_dir_all(folder)?;
    let store = open::<S>(folder, Durability::Buffered)?;
    let mut file = BufWriter::new(File::create(folder.join(IDS_NAME))?);
    let mut payloads = Payloads::new();
    let mut parents = Parents::new();
    parents.add(store.create_root("bench")?);
    let step = events.div_ceil(IDS_MAX);
    let mut number = 0;
    while number < events {
        let count = BATCH_EVENTS.min(events - number);
        let batch: Vec<_> = (0..count).map(|_| (parents.any(), payloads.next())).collect();
        for id in store.batch(&batch)? {
            parents.add(id);
            if number % step == 0 {
                file.write_all(&id)?;
            }
            number += 1;
        }
    }
    file.flush()?;
    store.close()
}

/// Opens the store that was built in a folder.
pub(crate) fn open<S: EventStore>(folder: &Path, durability: Durability) -> Result<S> {
    S::open(&folder.join(STORE_NAME), durability)
}

/// The ids that a build left, in random order.
pub(crate) fn ids(folder: &Path) -> Result<Vec<Id>> {
    let mut bytes = Vec::new();
    File::open(folder.join(IDS_NAME))?.read_to_end(&mut bytes)?;
    let (ids, _) = bytes.as_chunks::<ID_BYTES>();
    let mut ids = ids.to_vec();
    let mut random = Random::new(1);
    for at in (1..ids.len()).rev() {
        ids.swap(at, random.below(at + 1));
    }
    Ok(ids)
}

/// The ids that a build left, where they are not to take memory.
pub(crate) struct IdsFile {
    file: File,
    count: usize,
    random: Random,
}

impl IdsFile {
    pub(crate) fn open(folder: &Path) -> Result<IdsFile> {
        let file = File::open(folder.join(IDS_NAME))?;
        let count = usize::try_from(file.metadata()?.len())? / ID_BYTES;
        Ok(IdsFile { file, count, random: Random::new(1) })
    }

    pub(crate) fn any(&mut self) -> Result<Id> {
        let mut id = [0; ID_BYTES];
        let at = self.random.below(self.count) * ID_BYTES;
        self.file.read_exact_at(&mut id, at as u64)?;
        Ok(id)
    }
}

/// What events carry: no two the same, of several runs on one store neither, and not to be compressed.
pub(crate) struct Payloads(Random);

impl Payloads {
    pub(crate) fn new() -> Payloads {
        static STREAMS: AtomicU64 = AtomicU64::new(0);
        let stream = STREAMS.fetch_add(1, Ordering::Relaxed);
        Payloads(Random::new(u64::from(std::process::id()) << 16 | stream))
    }

    pub(crate) fn next(&mut self) -> Payload {
        let mut payload = [0; PAYLOAD_BYTES];
        self.0.fill(&mut payload);
        payload
    }
}

/// A sample of the events so far, each as likely as the other: algorithm R of Vitter, "Random sampling with a
/// reservoir", 1985.
struct Parents {
    ids: Vec<Id>,
    seen: usize,
    random: Random,
}

impl Parents {
    fn new() -> Parents {
        Parents { ids: Vec::new(), seen: 0, random: Random::new(2) }
    }

    fn add(&mut self, id: Id) {
        self.seen += 1;
        if self.ids.len() < PARENTS_MAX {
            self.ids.push(id);
        } else if let Some(place) = self.ids.get_mut(self.random.below(self.seen)) {
            *place = id;
        }
    }

    fn any(&mut self) -> Id {
        self.ids[self.random.below(self.ids.len())]
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::{PARENTS_MAX, Parents, Payloads};

    #[test]
    fn a_sample_of_many_has_as_many_early_ones_as_late_ones() {
        let mut parents = Parents::new();
        let seen = 4 * PARENTS_MAX;
        for number in 0..seen {
            let mut id = [0; 64];
            id[..8].copy_from_slice(&number.to_le_bytes());
            parents.add(id);
        }
        assert_eq!(parents.ids.len(), PARENTS_MAX);
        let number = |id: &[u8; 64]| usize::from_le_bytes(id[..8].try_into().unwrap());
        let early = parents.ids.iter().filter(|id| number(id) < seen / 2).count();
        assert!(early.abs_diff(PARENTS_MAX / 2) < PARENTS_MAX / 20, "{early} of the first half");
    }

    #[test]
    fn no_payload_comes_twice() {
        let (mut one, mut other) = (Payloads::new(), Payloads::new());
        let payloads = [one.next(), one.next(), other.next(), other.next()];
        for (at, payload) in payloads.iter().enumerate() {
            assert!(!payloads[..at].contains(payload), "payload {at} came before");
        }
    }
}
