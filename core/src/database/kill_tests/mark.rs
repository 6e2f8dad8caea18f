//! What an event of these tests says about itself, so that anyone who meets it knows all of it.

use std::fmt;
use std::str::FromStr;

use super::random::Random;
use crate::database::Database;
use crate::event::{Event, EventKind, NewEvent};

pub(super) const TITLE: &str = "kills";
const MARK: &str = "mark";
/// Files of the same seed are the same file, which is stored once.
const SEEDS_OF_ALL: u64 = 40;
const FILE_BYTES_MAX: u64 = 40_000;

/// Which event it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    /// Who wrote it: the process, and the thread in it.
    pub(super) session: u64,
    pub(super) thread: u64,
    /// The commits of a thread are counted from 1 on.
    pub(super) commit: u64,
    /// Events of the commit, and which of them it is.
    pub(super) of: u64,
    pub(super) at: u64,
    /// Makes its bytes.
    pub(super) seed: u64,
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Mark { session, thread, commit, of, at, seed } = self;
        write!(f, "{session} {thread} {commit} {of} {at} {seed}")
    }
}

impl FromStr for Mark {
    type Err = String;

    fn from_str(text: &str) -> Result<Mark, String> {
        let numbers: Vec<u64> = text.split(' ').filter_map(|word| word.parse().ok()).collect();
        let [session, thread, commit, of, at, seed] =
            <[u64; 6]>::try_from(numbers).map_err(|_| format!("`{text}` is no mark"))?;
        Ok(Mark { session, thread, commit, of, at, seed })
    }
}

impl Mark {
    /// Draws what the event carries.
    pub(super) fn draw_seed(random: &mut Random) -> u64 {
        if random.below(3) == 0 { random.below(SEEDS_OF_ALL) } else { random.next() }
    }

    /// Whether it carries a file. Otherwise its bytes are its metadata.
    pub(super) fn has_file(&self) -> bool {
        self.seed.is_multiple_of(2)
    }

    pub(super) fn bytes(&self) -> Vec<u8> {
        let mut random = Random::new(self.seed);
        let most = if random.below(4) == 0 { FILE_BYTES_MAX } else { 400 };
        let length = random.below(most) as usize;
        random.bytes(length)
    }

    /// The event, whose file is given beside it.
    pub(super) fn new_event(&self) -> NewEvent {
        let new = NewEvent::new().attribute(MARK, self.to_string());
        if self.has_file() { new } else { new.metadata(self.bytes()) }
    }
}

/// Whether an event of the store is what its mark says, with an earlier one as its parent. Gives the mark; none of the
/// root that all of them hang under.
pub(super) fn check(db: &Database, event: &Event) -> Result<Option<Mark>, String> {
    if event.kind() == EventKind::Root {
        let ours = event.title() == Some(TITLE) && event.sequence() == 1;
        return if ours { Ok(None) } else { Err(format!("{event:?} is a root of nobody")) };
    }
    let mark = event.attribute(MARK).and_then(|mark| std::str::from_utf8(mark).ok());
    let mark: Mark = mark.ok_or_else(|| format!("{event:?} has no mark"))?.parse()?;
    let parent = db.parent(event.id()).map_err(|error| format!("the parent of {mark}: {error:?}"))?;
    if parent.as_ref().is_none_or(|parent| parent.sequence() >= event.sequence()) {
        return Err(format!("the parent of {mark} is {parent:?}"));
    }
    let bytes = if mark.has_file() {
        Some(db.read_file(event.id()).map_err(|error| format!("the file of {mark}: {error:?}"))?)
    } else {
        event.metadata().map(<[u8]>::to_vec)
    };
    if bytes == Some(mark.bytes()) { Ok(Some(mark)) } else { Err(format!("{mark} has other bytes")) }
}
