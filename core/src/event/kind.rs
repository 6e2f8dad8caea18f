//! What an event is for.

/// What an event is for. The number is part of the format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum EventKind {
    /// An ordinary event, made by `append` and `put_file`.
    Plain,
    /// The top of a tree; it has a title and no parent.
    Root,
    /// A named set of keys.
    Keyspace,
    /// One key of a keyspace.
    Key,
    /// A version of a key's value.
    Value,
    /// A version that removes a key.
    Tombstone,
    /// A step of a counter or a set.
    Operation,
    /// A version that joins others.
    Merge,
    /// Settings that replicate.
    Config,
    /// A kind of a later version of the library: stored, checked and passed on, never interpreted.
    Unknown(u8),
}

impl EventKind {
    /// The number in the event's encoding.
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            EventKind::Plain => 0,
            EventKind::Root => 1,
            EventKind::Keyspace => 2,
            EventKind::Key => 3,
            EventKind::Value => 4,
            EventKind::Tombstone => 5,
            EventKind::Operation => 6,
            EventKind::Merge => 7,
            EventKind::Config => 8,
            EventKind::Unknown(number) => number,
        }
    }

    /// The kind with this number.
    #[must_use]
    pub const fn from_number(number: u8) -> EventKind {
        match number {
            0 => EventKind::Plain,
            1 => EventKind::Root,
            2 => EventKind::Keyspace,
            3 => EventKind::Key,
            4 => EventKind::Value,
            5 => EventKind::Tombstone,
            6 => EventKind::Operation,
            7 => EventKind::Merge,
            8 => EventKind::Config,
            number => EventKind::Unknown(number),
        }
    }

    /// The name, in lower case; `unknown` for a kind that this version does not know.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            EventKind::Plain => "plain",
            EventKind::Root => "root",
            EventKind::Keyspace => "keyspace",
            EventKind::Key => "key",
            EventKind::Value => "value",
            EventKind::Tombstone => "tombstone",
            EventKind::Operation => "operation",
            EventKind::Merge => "merge",
            EventKind::Config => "config",
            EventKind::Unknown(_) => "unknown",
        }
    }
}
