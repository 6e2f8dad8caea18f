//! Taking in what a writer has committed since a reader opened the store.
//!
//! The log is read on from where it ended, whole batches only, as recovery reads it; a batch that is being written is
//! seen the next time. Readers and the writer share nothing but the files.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use super::Store;
use super::candidates::{Candidate, list_all, look_at};
use super::durable::{DurablePoint, LogEnd};
use super::folder;
use super::open::durable_sequence_end;
use super::paths::Paths;
use super::recover::{self, MISSING_LISTED_MAX, recover};
use crate::error::{ErrorCode, Result};
use crate::latency::Operation;
use crate::log::{
    Damage, SEGMENT_HEADER_BYTES, Scan, ScanEnd, Scanned, Segment, SegmentHeader, Window, is_written,
    proven_end, scan_segment,
};

/// How much of the log is read at once.
const STEP_BYTES: u64 = 8 * 1024 * 1024;

impl Store {
    /// Sees what was committed since. Whether there are new events; never in a store that is open for writing, which
    /// sees everything as it comes.
    pub(crate) fn refresh(&self) -> Result<bool> {
        if !self.read_only {
            return Ok(false);
        }
        let _timer = self.latencies.start(Operation::Refresh);
        self.counters.refreshes.increment();
        // Nobody is a writer here: the lock makes readers take turns.
        let _turn = self.writer.lock();
        let before = self.sequence_end();
        loop {
            // The writer has made tiers of what would pile up in memory.
            let full = self.index.read().is_full(self.options.tier_entries);
            if full && self.look_again()? {
                continue;
            }
            if !self.read_on()? {
                return Ok(self.sequence_end() > before);
            }
        }
    }

    /// Reads some of what the log has beyond what is known of it. Whether there may be more.
    fn read_on(&self) -> Result<bool> {
        let Some(last) = self.segments.read().values().next_back().cloned() else { return Ok(false) };
        let next = self.successor(&last)?;
        let from = last.end();
        // Only the next one speaks of this one, and not where it was begun while this one was not there.
        let speaks = |(segment, header): &(Arc<Segment>, SegmentHeader)| {
            segment.number() == last.number() + 1 && header.previous_end >= SEGMENT_HEADER_BYTES as u64
        };
        // In a backup a longer file takes the place of the last one, before the next one is there: so it is opened after
        // the next one was looked for.
        self.files.forget(last.number());
        let known_end = next.as_ref().filter(|next| speaks(next)).map(|(_, header)| header.previous_end);
        let readable = known_end.unwrap_or(u64::MAX).min(last.file_bytes()?);
        if readable > from && self.take_in(&last, readable, known_end)? {
            return Ok(true);
        }
        let Some((segment, header)) = next else { return Ok(false) };
        {
            let mut index = self.index.write();
            if let Some(end) = known_end.filter(|end| *end > last.end()) {
                let (segment, offset) = (last.number(), last.end());
                index.add_damage(Damage { segment, offset, length: end - offset });
            }
            recover::begin(&mut index, &header);
            let missing = (last.number() + 1..segment.number()).take(MISSING_LISTED_MAX);
            let missing = missing.filter(|segment| !self.is_nobodys(*segment));
            missing.for_each(|segment| index.add_damage(Damage { segment, offset: 0, length: 0 }));
        }
        let end = LogEnd::of(&last);
        self.advance_durable(DurablePoint { log_end: end, sequence_end: self.sequence_end() });
        last.seal();
        self.segments.write().insert(segment.number(), segment);
        Ok(true)
    }

    /// Takes in whole batches of a segment, some MiB of them or one that is longer. Whether there were any.
    fn take_in(&self, last: &Segment, readable: u64, known_end: Option<u64>) -> Result<bool> {
        let (number, from, file) = (last.number(), last.end(), last.file()?);
        if known_end.is_none() && !is_written(file.as_ref(), from)? {
            // Room that the writer has reserved.
            return Ok(false);
        }
        let mut step = STEP_BYTES;
        loop {
            let to = readable.min(from.saturating_add(step));
            // Where what is read ends in the middle of a batch is no damage: only whole batches count then.
            let proven = match known_end {
                _ if to < readable => from,
                Some(end) => end,
                None => proven_end(file.as_ref(), to, last.seed(), from)?.end,
            };
            let mut window = Window::new(file.as_ref(), to);
            let mut found: Vec<Scanned<'static>> = Vec::new();
            let mut visit = |scanned: Scanned<'_>| {
                found.push(scanned.into_kept());
                Ok(())
            };
            let end = scan_segment(&mut window, last.seed(), number, from, proven, Scan::Needed, &mut visit)?;
            if end.end > from {
                self.publish(last, &found, &end);
                return Ok(true);
            }
            if to == readable {
                return Ok(false);
            }
            step = step.saturating_mul(4);
        }
    }

    fn publish(&self, last: &Segment, found: &[Scanned<'_>], end: &ScanEnd) {
        let number = last.number();
        {
            // Others see the bytes and the index of a batch at once.
            let mut index = self.index.write();
            last.publish_end(end.end);
            found.iter().for_each(|scanned| index.insert_scanned(number, scanned));
            end.damage.iter().for_each(|damage| index.add_damage(*damage));
            index.reserve_sequences(end.sequence_end);
        }
        // What no commit record proves to be durable is made so, which changes nothing, or is not given out yet.
        let all = end.durable_sequence_end >= end.sequence_end || last.sync().is_ok();
        let sequence_end = if all { self.sequence_end() } else { end.durable_sequence_end };
        self.advance_durable(DurablePoint {
            log_end: LogEnd { segment: number, end: end.end },
            sequence_end,
        });
    }

    /// The segment after this one, once there are records in it: until then the writer may give it up again.
    fn successor(&self, last: &Segment) -> Result<Option<(Arc<Segment>, SegmentHeader)>> {
        let next = self.find_segment(last.number() + 1)?;
        if let Some(next) = next.and_then(begun) {
            return Ok(Some(next));
        }
        // The writer may have begun it in a folder that is new, or behind one that is not there.
        let (paths, _) = Paths::look(self.vfs.as_ref(), &self.folder, &self.superblock, &self.options.paths)?;
        let folders: Vec<PathBuf> = paths.there().map(folder::segments).collect();
        let may_be = !paths.begun_behind(last.number()).is_empty();
        *self.paths.write() = paths;
        if !may_be {
            return Ok(None);
        }
        let numbers = list_all(&self.files, &folders)?.into_iter().map(|(number, _)| number);
        let behind: Vec<u64> = numbers.filter(|number| *number > last.number()).collect();
        let mut first = None;
        for number in behind {
            let Some(candidate) = self.find_segment(number)? else { continue };
            let has_records = candidate.file_bytes > SEGMENT_HEADER_BYTES as u64;
            first = first.or_else(|| candidate.header.map(|header| (candidate.segment, header)));
            if has_records {
                // One without records that has others behind it stays so.
                return Ok(first);
            }
        }
        Ok(None)
    }

    fn find_segment(&self, number: u64) -> Result<Option<Candidate>> {
        let folders: Vec<PathBuf> = self.paths.read().there().map(folder::segments).collect();
        for folder in folders {
            match look_at(&self.files, &folder, self.superblock.store_id, number) {
                Err(error) if error.code() == ErrorCode::PathNotFound => {}
                found => return found.map(Some),
            }
        }
        Ok(None)
    }

    /// Opens the store once more, for the tiers that the writer has made. `false` where that would forget something.
    fn look_again(&self) -> Result<bool> {
        if let Some(last) = self.segments.read().keys().next_back() {
            self.files.forget(*last);
        }
        let paths = self.paths.read().clone();
        let recovered =
            recover(&self.files, &paths, self.superblock.store_id, None, self.options.merge_beside)?;
        let Some(last) = recovered.segments.values().next_back() else { return Ok(false) };
        let log_end = LogEnd::of(last);
        let known = self.segments.read().get(&last.number()).cloned();
        let last = known.unwrap_or_else(|| Arc::clone(last));
        // What is known of the segment may end before what was recovered of it.
        let sequence_end = durable_sequence_end(&last, log_end.end, &recovered, false);
        let point = DurablePoint { log_end, sequence_end };
        let old = {
            let mut index = self.index.write();
            let behind = recovered.index.sequence_end() < index.sequence_end();
            if behind || recovered.index.memory_entries() >= index.memory_entries() {
                index.allow_more();
                return Ok(false);
            }
            self.keep_segments(recovered.segments);
            std::mem::replace(&mut *index, recovered.index)
        };
        drop(old);
        self.advance_durable(point);
        Ok(true)
    }

    /// Puts new segments beside those that are known, which know whether a sync of theirs has failed.
    fn keep_segments(&self, new: BTreeMap<u64, Arc<Segment>>) {
        let mut segments = self.segments.write();
        for (number, found) in new {
            let known = segments.entry(number).or_insert_with(|| Arc::clone(&found));
            known.publish_end(known.end().max(found.end()));
            if found.is_sealed() {
                known.seal();
            }
        }
    }
}

/// The segment, where there are records in it.
fn begun(candidate: Candidate) -> Option<(Arc<Segment>, SegmentHeader)> {
    let header = candidate.header.filter(|_| candidate.file_bytes > SEGMENT_HEADER_BYTES as u64);
    header.map(|header| (candidate.segment, header))
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::Arc;

    use crate::event::{EventFields, EventKind};
    use crate::options::{Durability, Options};
    use crate::store::{PreparedEvent, Store};
    use crate::vfs::MemoryVfs;

    /// A reader that only ever read the log on would hold all that was ever written in memory.
    #[test]
    fn a_reader_takes_the_tiers_of_the_writer() {
        let vfs = Arc::new(MemoryVfs::new(u64::MAX));
        let options = || Options { tier_entries: 4, ..Options::new() };
        let writer = Store::open(vfs.clone(), Path::new("/store"), options()).unwrap();
        let reader = Store::open_read_only(vfs, Path::new("/store"), options()).unwrap();
        let mut most = 0;
        for number in 0..100u64 {
            let title = Some(format!("{number}"));
            let event = PreparedEvent::new(EventFields { title, ..EventFields::derived(EventKind::Root) });
            let id = event.id;
            writer.commit(Vec::new(), vec![event], Durability::Buffered).unwrap();
            if number % 3 == 0 {
                assert!(reader.refresh().unwrap());
                assert_eq!(reader.event(&id).unwrap().sequence(), number + 1);
                most = most.max(reader.index.read().memory_entries());
            }
        }
        assert!(most < 16, "{most}");
        assert_eq!(reader.query(|index| index.rows().count()).unwrap(), 100);
    }

    /// A reader that came to a damaged header took it for room that the writer had reserved, and never went on.
    #[test]
    fn a_reader_goes_on_behind_damage() {
        let vfs = Arc::new(MemoryVfs::new(u64::MAX));
        let open = || Store::open(vfs.clone(), Path::new("/store"), Options::new()).unwrap();
        let put = |store: &Store, title: String| {
            let fields = EventFields { title: Some(title), ..EventFields::derived(EventKind::Root) };
            store.commit(Vec::new(), vec![PreparedEvent::new(fields)], Durability::Durable).unwrap();
        };
        let writer = open();
        put(&writer, "0".to_owned());
        let reader = Store::open_read_only(vfs.clone(), Path::new("/store"), Options::new()).unwrap();
        let last = writer.segments().remove(0);
        let damaged = last.end() + 20;
        (1..10).for_each(|number| put(&writer, number.to_string()));
        last.file().unwrap().write_all_at(&[0xff], damaged).unwrap();
        assert!(reader.refresh().unwrap());
        assert_eq!(reader.sequence_end(), writer.sequence_end());
        assert_eq!(reader.known_damage().len(), 1);
    }
}
