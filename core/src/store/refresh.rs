//! Taking in what a writer has committed since a reader opened the store.
//!
//! The log is read on from where it ended, whole batches only, as recovery reads it; a batch that is being written is
//! seen the next time. Readers and the writer share nothing but the files.

use std::sync::Arc;

use super::Store;
use super::candidates::look_at;
use super::durable::{DurablePoint, LogEnd};
use super::folder;
use super::open::durable_sequence_end;
use super::recover::recover;
use crate::error::{ErrorCode, Result};
use crate::log::{Scan, Scanned, Segment, SegmentHeader, Window, proven_end, scan_segment};

impl Store {
    /// Sees what was committed since. Whether there are new events; never in a store that is open for writing, which
    /// sees everything as it comes.
    pub(crate) fn refresh(&self) -> Result<bool> {
        if !self.read_only {
            return Ok(false);
        }
        // Nobody is a writer here: the lock makes readers take turns.
        let _turn = self.writer.lock();
        let before = self.sequence_end();
        // The writer has made tiers of what would pile up in memory.
        let full = self.index.read().is_full(self.options.tier_entries);
        if !(full && self.look_again()?) {
            while self.read_on()? {}
        }
        Ok(self.sequence_end() > before)
    }

    /// Reads what the last segment has beyond what is known of it. Whether another one follows, which is the last now.
    fn read_on(&self) -> Result<bool> {
        let Some(last) = self.segments.read().values().next_back().cloned() else { return Ok(false) };
        let next = self.successor(&last)?;
        let (from, file) = (last.end(), last.file()?);
        let known_end = next.as_ref().map(|(_, header)| header.previous_end);
        let readable = known_end.unwrap_or(u64::MAX).min(last.file_bytes()?);
        if readable > from {
            let mut window = Window::new(file.as_ref(), readable);
            let proven = match known_end {
                Some(end) => end,
                None => proven_end(&mut window, last.seed(), from)?.end,
            };
            self.take_in(&last, &mut window, proven)?;
        }
        let Some((segment, header)) = next else { return Ok(false) };
        self.index.write().reserve_sequences(header.sequence_start);
        let end = LogEnd { segment: last.number(), end: last.end() };
        self.advance_durable(DurablePoint { log_end: end, sequence_end: self.sequence_end() });
        last.seal();
        self.segments.write().insert(segment.number(), segment);
        Ok(true)
    }

    fn take_in(&self, last: &Segment, window: &mut Window<'_>, proven: u64) -> Result<()> {
        let mut found: Vec<Scanned> = Vec::new();
        let mut visit = |scanned: Scanned| {
            found.push(scanned);
            Ok(())
        };
        let (number, from) = (last.number(), last.end());
        let end = scan_segment(window, last.seed(), number, from, proven, Scan::Needed, &mut visit)?;
        if end.end <= from {
            return Ok(());
        }
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
        Ok(())
    }

    /// The segment after this one, if it has been begun.
    fn successor(&self, last: &Segment) -> Result<Option<(Arc<Segment>, SegmentHeader)>> {
        let (folder, id) = (folder::segments(&self.folder), self.superblock.store_id);
        match look_at(&self.files, &folder, id, last.number() + 1) {
            Ok(candidate) => Ok(candidate.header.map(|header| (candidate.segment, header))),
            Err(error) if error.code() == ErrorCode::PathNotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Opens the store once more, for the tiers that the writer has made. `false` where that would forget something.
    fn look_again(&self) -> Result<bool> {
        let recovered = recover(&self.files, &self.folder, self.superblock.store_id, None)?;
        let Some(last) = recovered.segments.values().next_back().cloned() else { return Ok(false) };
        let point = DurablePoint {
            log_end: LogEnd { segment: last.number(), end: last.end() },
            sequence_end: durable_sequence_end(&last, &recovered, false),
        };
        let old = {
            let mut index = self.index.write();
            let behind = recovered.index.sequence_end() < index.sequence_end();
            if behind || recovered.index.memory_entries() >= index.memory_entries() {
                index.allow_more();
                return Ok(false);
            }
            *self.segments.write() = recovered.segments;
            std::mem::replace(&mut *index, recovered.index)
        };
        drop(old);
        self.advance_durable(point);
        Ok(true)
    }
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
}
