//! The entries of a record. Nearly every record has one, which is kept without an allocation of its own.

use std::ops::Deref;

use super::record::Entry;

/// Entries, as a slice of them.
#[derive(Clone, Debug)]
pub(crate) enum Entries {
    One([Entry; 1]),
    /// None, or several.
    Many(Vec<Entry>),
}

impl Entries {
    pub(crate) const NONE: Entries = Entries::Many(Vec::new());
}

impl Deref for Entries {
    type Target = [Entry];

    fn deref(&self) -> &[Entry] {
        match self {
            Entries::One(one) => one,
            Entries::Many(many) => many,
        }
    }
}

impl From<Entry> for Entries {
    fn from(entry: Entry) -> Entries {
        Entries::One([entry])
    }
}

impl From<Vec<Entry>> for Entries {
    fn from(entries: Vec<Entry>) -> Entries {
        Entries::Many(entries)
    }
}

impl PartialEq for Entries {
    fn eq(&self, other: &Entries) -> bool {
        self[..] == other[..]
    }
}

impl Eq for Entries {}
