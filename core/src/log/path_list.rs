//! The file that says in which folders a store is, and which segments are in which of them.
//!
//! Each folder has one, and they differ in which of the folders it says that it is. A store in one folder has none. It
//! is written anew, whole, in every folder that is there, before a segment is begun: so a folder that is lost is never
//! the only one that knew of a segment, and no number is given twice.

use xxhash_rust::xxh3::xxh3_64;

use super::path_runs::{NOBODY, Run, Runs};
use super::record::SEQUENCE_MAX;
use super::segment::SEGMENT_NUMBER_MAX;
use super::superblock::STORE_ID_BYTES;
use crate::codec::{Reader, malformed};
use crate::error::Result;
use crate::limits::PATHS_MAX;

pub(crate) const PATH_LIST_NAME: &str = "paths";
const MAGIC: [u8; 8] = *b"OuroPth\x1a";
/// Longest path of one, in bytes.
pub(crate) const PATH_BYTES_MAX: usize = 4096;
/// No list is longer: half a million changes from one folder to another.
pub(crate) const PATH_LIST_BYTES_MAX: u64 = 8 * 1024 * 1024;
const RUNS_MAX: usize = 1 << 19;
const _: () = assert!(RUNS_MAX * 12 + PATHS_MAX * (4 + PATH_BYTES_MAX) + 128 <= PATH_LIST_BYTES_MAX as usize);

/// So many changes no list has seen: counting ends before the numbers do.
const GENERATION_MAX: u64 = 1 << 62;

/// What the file says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PathList {
    /// The highest one counts.
    pub(crate) generation: u64,
    /// Which of the folders this one is.
    pub(crate) own: usize,
    /// Where they were when it was written, in the bytes of the operating system. A place in this list is the folder's
    /// for ever.
    pub(crate) paths: Vec<Vec<u8>>,
    /// The last segment that was begun, or is to be.
    pub(crate) last: u64,
    /// Its first sequence number.
    pub(crate) last_sequence: u64,
    runs: Runs,
}

impl PathList {
    /// The list of a store that was in one folder so far, and has so many segments, the last of which began with that
    /// sequence number.
    pub(crate) fn of_one(path: Vec<u8>, last: u64, last_sequence: u64) -> PathList {
        PathList { generation: 1, own: 0, paths: vec![path], last, last_sequence, runs: Runs::of_one() }
    }

    /// The folder of a segment; none where that was not begun.
    pub(crate) fn path_of(&self, segment: u64) -> Option<usize> {
        let run = self.runs.of(segment).filter(|run| segment <= self.last && run.path != NOBODY)?;
        Some(run.path as usize)
    }

    /// Whether a segment was never begun, though later ones were.
    pub(crate) fn is_nobodys(&self, segment: u64) -> bool {
        segment <= self.last && self.runs.of(segment).is_some_and(|run| run.path == NOBODY)
    }

    /// The last segment in folders of which that is asked, behind another one.
    pub(crate) fn last_in(&self, behind: u64, is_asked: impl Fn(usize) -> bool) -> Option<u64> {
        let asked = |run: &Run| run.path != NOBODY && is_asked(run.path as usize);
        let mut runs = self.runs.with_ends(self.last).rev();
        runs.find(|(run, _)| asked(run)).map(|(_, end)| end).filter(|end| *end > behind)
    }

    /// Leaves out what is listed in a folder behind the last segment that it was ever told of: it was never begun.
    pub(crate) fn leave_out(&mut self, path: usize, told: u64) {
        self.runs = self.runs.without(path as u32, told, self.last);
    }

    /// Says of segments, ascending, in which folders they are. None of them begins behind that sequence number.
    pub(crate) fn correct(&mut self, found: &[(u64, usize)], sequence_end: u64) {
        if let Some((last, _)) = found.last().filter(|(last, _)| *last > self.last) {
            (self.last, self.last_sequence) = (*last, sequence_end);
        }
        let runs = self.runs.corrected(found.iter().map(|(segment, at)| (*segment, *at as u32)), self.last);
        // One that is full stays as it is.
        if runs.all().len() <= RUNS_MAX {
            self.runs = runs;
        }
    }

    /// Counts a change. `false` where there were too many.
    pub(crate) fn advance(&mut self) -> bool {
        self.generation += 1;
        self.generation <= GENERATION_MAX
    }

    /// Says that a segment is begun in a folder; those between the last one and it are of nobody. `false` where the
    /// list is too long for that.
    pub(crate) fn begin(&mut self, segment: u64, sequence: u64, path: usize) -> bool {
        // What was to be begun and never was, in another folder.
        self.runs.end_with(segment, path as u32);
        (self.last, self.last_sequence) = (segment, sequence);
        self.advance() && self.runs.all().len() <= RUNS_MAX
    }

    /// The same list, in another of the folders.
    pub(crate) fn of(&self, own: usize) -> PathList {
        PathList { own, ..self.clone() }
    }

    pub(crate) fn encode(&self, store_id: [u8; STORE_ID_BYTES]) -> Vec<u8> {
        let mut out = Vec::new();
        out.extend_from_slice(&MAGIC);
        out.extend_from_slice(&store_id);
        for number in [self.generation, self.last, self.last_sequence] {
            out.extend_from_slice(&number.to_le_bytes());
        }
        for count in [self.own, self.paths.len(), self.runs.all().len()] {
            out.extend_from_slice(&(count as u32).to_le_bytes());
        }
        for path in &self.paths {
            out.extend_from_slice(&(path.len() as u32).to_le_bytes());
            out.extend_from_slice(path);
        }
        for run in self.runs.all() {
            out.extend_from_slice(&run.first.to_le_bytes());
            out.extend_from_slice(&run.path.to_le_bytes());
        }
        out.extend_from_slice(&xxh3_64(&out).to_le_bytes());
        out
    }

    /// What these bytes say. Each list has one form.
    pub(crate) fn decode(bytes: &[u8], store_id: [u8; STORE_ID_BYTES]) -> Result<PathList> {
        let (body, check) = bytes.split_last_chunk::<8>().ok_or_else(|| malformed("it ends early"))?;
        if xxh3_64(body) != u64::from_le_bytes(*check) {
            return Err(malformed("its checksum does not hold"));
        }
        let mut reader = Reader::new(body);
        if reader.array::<8>()? != MAGIC || reader.array()? != store_id {
            return Err(malformed("it is none of this store"));
        }
        let (generation, last, last_sequence) = (reader.u64()?, reader.u64()?, reader.u64()?);
        let mut counts = [0; 3];
        for count in &mut counts {
            *count = reader.u32()? as usize;
        }
        let [own, path_count, run_count] = counts;
        let sound =
            (1..=PATHS_MAX).contains(&path_count) && own < path_count && (1..=RUNS_MAX).contains(&run_count);
        if !sound || !(1..=SEGMENT_NUMBER_MAX).contains(&last) || generation > GENERATION_MAX {
            return Err(malformed("its counts are none of ours"));
        }
        if last_sequence > SEQUENCE_MAX + 1 {
            return Err(malformed("its sequence number is none of ours"));
        }
        let mut paths = Vec::new();
        for _ in 0..path_count {
            let length = reader.u32()? as usize;
            if !(1..=PATH_BYTES_MAX).contains(&length) {
                return Err(malformed("a path in it is too long, or empty"));
            }
            paths.push(reader.bytes(length)?.to_vec());
        }
        let mut runs = Runs::empty();
        for at in 0..run_count {
            let run = Run { first: reader.u64()?, path: reader.u32()? };
            let known = run.path == NOBODY || (run.path as usize) < path_count;
            // A run that the one before it takes in is none.
            if !known || run.first > last || !runs.push(run) || runs.all().len() <= at {
                return Err(malformed("its segments are in no order of ours"));
            }
        }
        if !reader.is_empty() {
            return Err(malformed("it goes on behind its end"));
        }
        Ok(PathList { generation, own, paths, last, last_sequence, runs })
    }
}

#[cfg(test)]
mod tests {
    use super::{PATH_LIST_BYTES_MAX, PathList};

    fn list() -> PathList {
        let mut list = PathList::of_one(b"/one".to_vec(), 3, 100);
        list.paths.push(b"/two".to_vec());
        assert!(list.begin(4, 120, 1) && list.begin(5, 130, 1) && list.begin(8, 150, 0));
        list
    }

    #[test]
    fn it_says_where_each_segment_is() {
        let list = list();
        let folders: Vec<_> = (1..=9).map(|segment| list.path_of(segment)).collect();
        let expected = [Some(0), Some(0), Some(0), Some(1), Some(1), Some(1), Some(1), Some(0), None];
        assert_eq!(folders, expected);
        assert_eq!((list.generation, list.last, list.last_sequence), (4, 8, 150));
    }

    /// The segment that a crash kept from being begun is begun in another folder.
    #[test]
    fn a_segment_may_be_begun_once_more() {
        let mut list = list();
        assert!(list.begin(8, 150, 1));
        assert_eq!((list.path_of(7), list.path_of(8)), (Some(1), Some(1)));
        assert!(list.begin(1, 1, 1));
        assert_eq!(list.path_of(1), Some(1));
        assert_eq!(PathList::decode(&list.encode([1; 16]), [1; 16]).unwrap(), list);
    }

    #[test]
    fn it_is_taken_whole_or_not_at_all() {
        let list = list();
        let bytes = list.encode([7; 16]);
        assert!((bytes.len() as u64) < PATH_LIST_BYTES_MAX);
        assert_eq!(PathList::decode(&bytes, [7; 16]).unwrap(), list);
        assert!(PathList::decode(&bytes, [8; 16]).is_err());
        for at in 0..bytes.len() {
            let mut flipped = bytes.clone();
            flipped[at] ^= 4;
            assert!(PathList::decode(&flipped, [7; 16]).is_err(), "byte {at}");
            assert!(PathList::decode(&bytes[..at], [7; 16]).is_err(), "cut at {at}");
        }
    }
}
