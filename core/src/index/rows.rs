//! The rows of the index by sequence number.
//!
//! Numbers ascend and have gaps where damage took events. Rows stand without holes, and a table of runs says where
//! the numbers jump: a gap costs the same whatever it spans, so that no number on a disk makes a reader allocate.

use super::EventRow;
use crate::log::SEQUENCE_MAX;

/// Rows whose numbers follow each other, from here to the next run.
#[derive(Clone, Copy, Debug)]
struct Run {
    sequence: u64,
    at: usize,
}

#[derive(Debug)]
pub(super) struct Rows {
    /// The first number that may be here.
    start: u64,
    rows: Vec<EventRow>,
    runs: Vec<Run>,
    /// The number after the last one that was given out.
    end: u64,
}

impl Default for Rows {
    fn default() -> Rows {
        Rows::starting_at(1)
    }
}

impl Rows {
    /// No rows yet; all numbers before this one were given out.
    pub(super) fn starting_at(start: u64) -> Rows {
        Rows { start, rows: Vec::new(), runs: Vec::new(), end: start }
    }

    /// Makes room for so many rows.
    pub(super) fn make_room(&mut self, rows: usize) {
        self.rows.reserve_exact(rows);
    }

    /// The first number that may be here.
    pub(super) fn start(&self) -> u64 {
        self.start
    }

    /// The first number of each run, and the row that it has.
    pub(super) fn runs(&self) -> impl Iterator<Item = (u64, usize)> {
        self.runs.iter().map(|run| (run.sequence, run.at))
    }

    /// The number after the last one that was given out.
    pub(super) fn end(&self) -> u64 {
        self.end
    }

    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    pub(super) fn all(&self) -> &[EventRow] {
        &self.rows
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &EventRow> {
        self.rows.iter()
    }

    pub(super) fn get(&self, sequence: u64) -> Option<&EventRow> {
        self.rows.get(self.place(sequence)?)
    }

    pub(super) fn get_mut(&mut self, sequence: u64) -> Option<&mut EventRow> {
        let place = self.place(sequence)?;
        self.rows.get_mut(place)
    }

    fn place(&self, sequence: u64) -> Option<usize> {
        let after = self.runs.partition_point(|run| run.sequence <= sequence);
        let run = self.runs.get(after.checked_sub(1)?)?;
        let place = run.at.checked_add(usize::try_from(sequence - run.sequence).ok()?)?;
        let end = self.runs.get(after).map_or(self.rows.len(), |next| next.at);
        (place < end).then_some(place)
    }

    /// Adds the row of the highest number so far; refuses one that is not, or that nobody can have given out.
    pub(super) fn push(&mut self, row: &EventRow) -> bool {
        if row.sequence < self.end || row.sequence > SEQUENCE_MAX {
            return false;
        }
        let follows = self.rows.last().is_some_and(|last| last.sequence + 1 == row.sequence);
        if !follows {
            self.runs.push(Run { sequence: row.sequence, at: self.rows.len() });
        }
        self.end = row.sequence + 1;
        self.rows.push(*row);
        true
    }

    /// Numbers below `end` were given out, whether their events are known or not.
    pub(super) fn reserve(&mut self, end: u64) {
        if end <= SEQUENCE_MAX {
            self.end = self.end.max(end);
        }
    }

    /// The first number from `sequence` on that has a row; [`Rows::end`] where there is none.
    pub(super) fn next_known(&self, sequence: u64) -> u64 {
        if self.place(sequence).is_some() {
            return sequence;
        }
        let after = self.runs.partition_point(|run| run.sequence <= sequence);
        self.runs.get(after).map_or(self.end, |run| run.sequence)
    }
}

#[cfg(test)]
mod tests {
    use super::Rows;
    use crate::event::{EventFields, EventKind};
    use crate::id::EventId;
    use crate::index::{EventRow, Parent, Place};
    use crate::log::SEQUENCE_MAX;

    fn row(sequence: u64) -> EventRow {
        let place = Place { segment: 1, offset: 64, record_bytes: 100 };
        let fields = EventFields::derived(EventKind::Plain);
        EventRow::new(EventId::new([1; 64]), sequence, place, Parent::None, &fields)
    }

    /// A segment's header of 64 bytes that said 2^24 made the opening allocate gigabytes of empty rows.
    #[test]
    fn a_gap_costs_nothing_whatever_it_spans() {
        let mut rows = Rows::default();
        let there = [1, 2, 3, 10, 11, 1 << 40, SEQUENCE_MAX];
        for sequence in there {
            assert!(rows.push(&row(sequence)), "{sequence}");
        }
        assert_eq!((rows.len(), rows.runs.len(), rows.end()), (7, 4, SEQUENCE_MAX + 1));
        for sequence in [0, 1, 2, 3, 4, 9, 10, 11, 12, (1 << 40) - 1, 1 << 40, SEQUENCE_MAX, u64::MAX] {
            let found = rows.get(sequence).map(|row| row.sequence);
            assert_eq!(found, there.contains(&sequence).then_some(sequence));
        }
        assert_eq!([4, 10, 12, 0].map(|sequence| rows.next_known(sequence)), [10, 10, 1 << 40, 1]);
        assert_eq!(rows.next_known(SEQUENCE_MAX + 1), rows.end());
    }

    #[test]
    fn a_number_is_taken_once_and_only_upwards() {
        let mut rows = Rows::default();
        assert!(rows.push(&row(5)));
        rows.reserve(9);
        rows.reserve(3);
        rows.reserve(u64::MAX);
        assert_eq!(rows.end(), 9);
        for refused in [0, 1, 5, 8, SEQUENCE_MAX + 1, u64::MAX] {
            assert!(!rows.push(&row(refused)), "{refused}");
        }
        assert!(rows.push(&row(9)));
    }
}
