//! What verify is asked, and what it answers.

use crate::control::Control;
use crate::id::EventId;
use crate::limits::PROBLEMS_LISTED_MAX;

/// How [`Database::verify`](crate::Database::verify) goes about it.
#[derive(Debug, Default)]
pub struct VerifyOptions<'a> {
    control: Control<'a>,
}

impl<'a> VerifyOptions<'a> {
    /// The defaults: everything is checked.
    #[must_use]
    pub fn new() -> VerifyOptions<'a> {
        VerifyOptions::default()
    }

    /// Cancels and watches the call. Progress counts bytes and records.
    #[must_use]
    pub fn control(mut self, control: Control<'a>) -> VerifyOptions<'a> {
        self.control = control;
        self
    }

    pub(crate) fn into_control(self) -> Control<'a> {
        self.control
    }
}

/// What verify found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct VerifyReport {
    /// Segments that were read.
    pub segments: u64,
    /// Bytes that were read.
    pub bytes: u64,
    /// Events that were checked.
    pub events: u64,
    /// Chunks and lists that were checked.
    pub chunks: u64,
    /// How many problems there are.
    pub problems_total: u64,
    /// The problems, the first [`PROBLEMS_LISTED_MAX`] of them.
    pub problems: Vec<Problem>,
}

impl VerifyReport {
    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.problems_total == 0
    }

    pub(super) fn add(&mut self, problem: Problem) {
        self.problems_total += 1;
        if self.problems.len() < PROBLEMS_LISTED_MAX {
            self.problems.push(problem);
        }
    }
}

/// One thing that is wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Problem {
    /// The event concerned, where it is known.
    pub event: Option<EventId>,
    /// The attribute `file.name` of that event, where it has one: raw bytes.
    pub file_name: Option<Vec<u8>>,
    /// The segment concerned.
    pub segment: Option<u64>,
    /// Where in the segment.
    pub offset: Option<u64>,
    /// How many bytes from there.
    pub length: Option<u64>,
    /// What is wrong, for people.
    pub message: String,
}
