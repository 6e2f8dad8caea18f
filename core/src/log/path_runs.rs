//! Which segments are in which folder: runs of them that follow each other in one.

/// In the place of a folder: segments that were never begun, and never will be.
pub(super) const NOBODY: u32 = u32::MAX;

/// From `first` on segments are in the folder `path`, up to the first of the next run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Run {
    pub(super) first: u64,
    pub(super) path: u32,
}

/// They ascend, the first one begins at 1, and no two that follow each other name one folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Runs(Vec<Run>);

impl Runs {
    pub(super) fn of_one() -> Runs {
        Runs(vec![Run { first: 1, path: 0 }])
    }

    pub(super) fn empty() -> Runs {
        Runs(Vec::new())
    }

    pub(super) fn all(&self) -> &[Run] {
        &self.0
    }

    /// The run that a segment is in.
    pub(super) fn of(&self, segment: u64) -> Option<Run> {
        let after = self.0.partition_point(|run| run.first <= segment);
        self.0.get(after.checked_sub(1)?).copied()
    }

    /// Each run with its last segment, where that of the whole is `last`.
    pub(super) fn with_ends(&self, last: u64) -> impl DoubleEndedIterator<Item = (Run, u64)> {
        let end = move |at: usize| self.0.get(at + 1).map_or(last, |next| next.first - 1);
        self.0.iter().enumerate().map(move |(at, run)| (*run, end(at)))
    }

    /// Puts a run behind the others, in the place of the last one where that begins there too. `false`, and nothing is
    /// changed, where it does not ascend.
    pub(super) fn push(&mut self, run: Run) -> bool {
        match self.0.last() {
            None if run.first != 1 => return false,
            Some(last) if last.first > run.first => return false,
            Some(last) if last.first == run.first => drop(self.0.pop()),
            _ => {}
        }
        if self.0.last().is_none_or(|last| last.path != run.path) {
            self.0.push(run);
        }
        true
    }

    /// Says that a segment is in a folder, and that nothing is behind it.
    pub(super) fn end_with(&mut self, segment: u64, path: u32) {
        self.0.retain(|run| run.first < segment);
        let first = if self.0.is_empty() { 1 } else { segment };
        self.push(Run { first, path });
    }

    /// The same, but for what is in a folder behind a segment: that is nobody's.
    pub(super) fn without(&self, path: u32, behind: u64, last: u64) -> Runs {
        let mut out = Runs::empty();
        for (run, end) in self.with_ends(last) {
            if run.path != path || end <= behind {
                out.push(run);
                continue;
            }
            if run.first <= behind {
                out.push(run);
            }
            out.push(Run { first: run.first.max(behind + 1), path: NOBODY });
        }
        out
    }

    /// The same, but that these segments, ascending, are in these folders. None of them is behind `last`.
    pub(super) fn corrected(&self, found: impl Iterator<Item = (u64, u32)>, last: u64) -> Runs {
        let mut out = Runs::empty();
        let mut rest = self.0.iter().copied().peekable();
        let mut listed = self.0.first().map_or(NOBODY, |run| run.path);
        for (number, path) in found {
            while let Some(run) = rest.next_if(|run| run.first <= number) {
                out.push(run);
                listed = run.path;
            }
            out.push(Run { first: number, path });
            if number < last && rest.peek().is_none_or(|next| next.first > number + 1) {
                out.push(Run { first: number + 1, path: listed });
            }
        }
        for run in rest {
            out.push(run);
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::{NOBODY, Run, Runs};

    fn runs(pairs: &[(u64, u32)]) -> Runs {
        let mut runs = Runs::empty();
        assert!(pairs.iter().all(|(first, path)| runs.push(Run { first: *first, path: *path })));
        runs
    }

    #[test]
    fn what_is_found_counts() {
        let listed = runs(&[(1, 0), (4, 1), (6, 0)]);
        let corrected = |found: &[(u64, u32)]| listed.corrected(found.iter().copied(), 9);
        assert_eq!(corrected(&[(1, 0), (3, 0), (4, 1), (7, 0)]), listed);
        assert_eq!(corrected(&[]), listed);
        assert_eq!(corrected(&[(5, 0)]), runs(&[(1, 0), (4, 1), (5, 0)]));
        assert_eq!(corrected(&[(2, 1)]), runs(&[(1, 0), (2, 1), (3, 0), (4, 1), (6, 0)]));
        assert_eq!(corrected(&[(1, 1), (9, 1)]), runs(&[(1, 1), (2, 0), (4, 1), (6, 0), (9, 1)]));
        assert_eq!(corrected(&[(4, 0), (5, 0)]), runs(&[(1, 0)]));
        assert_eq!(corrected(&[(3, 1), (4, 0)]), runs(&[(1, 0), (3, 1), (4, 0), (5, 1), (6, 0)]));
    }

    #[test]
    fn what_a_folder_never_heard_of_is_nobodys() {
        let listed = runs(&[(1, 0), (4, 1), (6, 0), (8, 1)]);
        assert_eq!(listed.without(1, 4, 9), runs(&[(1, 0), (4, 1), (5, NOBODY), (6, 0), (8, NOBODY)]));
        assert_eq!(listed.without(1, 3, 9), runs(&[(1, 0), (4, NOBODY), (6, 0), (8, NOBODY)]));
        assert_eq!(listed.without(1, 9, 9), listed);
    }
}
