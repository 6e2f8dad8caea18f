//! The one table of error codes.
//!
//! Every language takes its constants, exception classes and code strings from this table, so a code is
//! added here and nowhere else. Invariants:
//!
//! - a number is never reused, and a retired one stays here as a comment;
//! - families are hundreds: 1xx the caller's arguments, 2xx limits, 3xx the tree, 4xx the store as a whole,
//!   5xx the state of a handle, 6xx the disk, 9xx faults of ours.

macro_rules! error_codes {
    ($($variant:ident = $number:literal, $name:literal, $meaning:literal;)+) => {
        /// What went wrong, as a stable number and a stable name.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        #[repr(i32)]
        pub enum ErrorCode {
            $(#[doc = $meaning] $variant = $number,)+
        }

        impl ErrorCode {
            /// Every code, by number.
            pub const ALL: &'static [ErrorCode] = &[$(ErrorCode::$variant,)+];

            /// The stable number, the value of the C constant.
            #[must_use]
            pub const fn number(self) -> i32 {
                self as i32
            }

            /// The stable name, in `snake_case`.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(ErrorCode::$variant => $name,)+ }
            }

            /// What the code means, in one line.
            #[must_use]
            pub const fn meaning(self) -> &'static str {
                match self { $(ErrorCode::$variant => $meaning,)+ }
            }
        }
    };
}

error_codes! {
    InvalidArgument = 101, "invalid_argument", "An argument has a value that the operation does not take.";
    InvalidId = 102, "invalid_id", "An event id is not 64 bytes or 128 hexadecimal digits.";
    InvalidText = 103, "invalid_text", "A title or attribute name is not UTF-8 text.";
    WrongType = 104, "wrong_type", "An argument has a type that the operation does not take.";
    InvalidCursor = 105, "invalid_cursor", "The text of a change cursor is malformed.";
    AmbiguousId = 106, "ambiguous_id", "The ids of several events begin with the digits given.";

    TitleTooLong = 201, "title_too_long", "A title is longer than 64 KiB.";
    AttributeNameTooLong = 202, "attribute_name_too_long", "An attribute name is longer than 255 bytes.";
    AttributesTooLarge = 203, "attributes_too_large", "The attributes of an event are larger than 128 KiB together.";
    MetadataTooLarge = 204, "metadata_too_large", "The metadata of an event is larger than 16 MiB.";
    TooManyFollows = 205, "too_many_follows", "An event follows more than 1,024 others.";
    BatchTooLarge = 206, "batch_too_large", "A batch is larger than its stated largest size.";
    DuplicateAttribute = 207, "duplicate_attribute", "An event has two attributes of one name.";

    EventNotFound = 301, "event_not_found", "The store holds no event of this id.";
    ParentNotFound = 302, "parent_not_found", "The store holds no event of the id given as parent.";
    InvalidParent = 303, "invalid_parent", "An event of this kind may not hang under this parent.";
    NoContent = 304, "no_content", "The event carries no file.";

    PathNotFound = 401, "path_not_found", "There is nothing at this path.";
    NotAStore = 402, "not_a_store", "What is at this path is not a store.";
    NewerFormat = 403, "newer_format", "The store was written by a newer version of the library.";
    Locked = 404, "locked", "Another process has the store open for writing.";
    PermissionDenied = 405, "permission_denied", "The operating system does not permit the access.";
    ReadOnly = 406, "read_only", "The database was opened read-only.";
    CursorOfAnotherStore = 407, "cursor_of_another_store", "The change cursor was given out by another store.";
    AlreadyExists = 408, "already_exists", "The target of an export exists already.";
    UnsafeName = 409, "unsafe_name", "The name of a stored folder entry could lead outside the export's folder.";
    NotExportable = 410, "not_exportable", "The event is not a folder entry.";
    NotABackup = 411, "not_a_backup", "The target of a backup holds something else than a backup of this store.";

    Closed = 501, "closed", "The database is closed.";
    Finished = 502, "finished", "The writer or batch is finished and takes nothing more.";
    Cancelled = 503, "cancelled", "The call was cancelled.";
    Poisoned = 504, "poisoned", "A write failed earlier; the database must be reopened before it writes again.";
    SourceFailed = 505, "source_failed", "The caller's own source of bytes failed.";

    Io = 601, "io", "The operating system reported an error.";
    DiskFull = 602, "disk_full", "The disk, or the room that the options leave, is full.";
    Corrupt = 603, "corrupt", "Stored bytes are damaged.";

    Internal = 901, "internal", "A fault of the library itself; please report it.";
}

impl ErrorCode {
    /// The code of a number, if there is one.
    #[must_use]
    pub fn from_number(number: i32) -> Option<ErrorCode> {
        Self::ALL.iter().copied().find(|code| code.number() == number)
    }

    /// The code of a name, if there is one.
    #[must_use]
    pub fn from_name(name: &str) -> Option<ErrorCode> {
        Self::ALL.iter().copied().find(|code| code.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::ErrorCode;

    #[test]
    fn numbers_ascend_and_names_are_unique() {
        for pair in ErrorCode::ALL.windows(2) {
            assert!(pair[0].number() < pair[1].number(), "{pair:?}");
            assert_ne!(pair[0].name(), pair[1].name());
        }
        for code in ErrorCode::ALL {
            assert_eq!(ErrorCode::from_number(code.number()), Some(*code));
            assert_eq!(ErrorCode::from_name(code.name()), Some(*code));
        }
        assert_eq!(ErrorCode::from_number(0), None);
    }
}
