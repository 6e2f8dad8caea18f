//! The numbers of the engine's table of errors, as constants: cbindgen reads sources, not tables. A test
//! compares the two.

use crate::error::ouro_status;

/// An argument has a value that the operation does not take.
pub const OURO_ERROR_INVALID_ARGUMENT: ouro_status = 101;
/// An event id is not 64 bytes or 128 hexadecimal digits.
pub const OURO_ERROR_INVALID_ID: ouro_status = 102;
/// A title or attribute name is not UTF-8 text.
pub const OURO_ERROR_INVALID_TEXT: ouro_status = 103;
/// An argument has a type that the operation does not take.
pub const OURO_ERROR_WRONG_TYPE: ouro_status = 104;
/// The text of a change cursor is malformed.
pub const OURO_ERROR_INVALID_CURSOR: ouro_status = 105;
/// The ids of several events begin with the digits given.
pub const OURO_ERROR_AMBIGUOUS_ID: ouro_status = 106;
/// A title is longer than 64 KiB.
pub const OURO_ERROR_TITLE_TOO_LONG: ouro_status = 201;
/// An attribute name is longer than 255 bytes.
pub const OURO_ERROR_ATTRIBUTE_NAME_TOO_LONG: ouro_status = 202;
/// The attributes of an event are larger than 128 KiB together.
pub const OURO_ERROR_ATTRIBUTES_TOO_LARGE: ouro_status = 203;
/// The metadata of an event is larger than 16 MiB.
pub const OURO_ERROR_METADATA_TOO_LARGE: ouro_status = 204;
/// An event follows more than 1,024 others.
pub const OURO_ERROR_TOO_MANY_FOLLOWS: ouro_status = 205;
/// A batch is larger than its stated largest size.
pub const OURO_ERROR_BATCH_TOO_LARGE: ouro_status = 206;
/// An event has two attributes of one name.
pub const OURO_ERROR_DUPLICATE_ATTRIBUTE: ouro_status = 207;
/// The store holds no event of this id.
pub const OURO_ERROR_EVENT_NOT_FOUND: ouro_status = 301;
/// The store holds no event of the id given as parent.
pub const OURO_ERROR_PARENT_NOT_FOUND: ouro_status = 302;
/// An event of this kind may not hang under this parent.
pub const OURO_ERROR_INVALID_PARENT: ouro_status = 303;
/// The event carries no file.
pub const OURO_ERROR_NO_CONTENT: ouro_status = 304;
/// There is nothing at this path.
pub const OURO_ERROR_PATH_NOT_FOUND: ouro_status = 401;
/// What is at this path is not a store.
pub const OURO_ERROR_NOT_A_STORE: ouro_status = 402;
/// The store was written by a newer version of the library.
pub const OURO_ERROR_NEWER_FORMAT: ouro_status = 403;
/// Another process has the store open for writing.
pub const OURO_ERROR_LOCKED: ouro_status = 404;
/// The operating system does not permit the access.
pub const OURO_ERROR_PERMISSION_DENIED: ouro_status = 405;
/// The database was opened read-only.
pub const OURO_ERROR_READ_ONLY: ouro_status = 406;
/// The change cursor was given out by another store.
pub const OURO_ERROR_CURSOR_OF_ANOTHER_STORE: ouro_status = 407;
/// The target of an export exists already.
pub const OURO_ERROR_ALREADY_EXISTS: ouro_status = 408;
/// The name of a stored folder entry could lead outside the export's folder.
pub const OURO_ERROR_UNSAFE_NAME: ouro_status = 409;
/// The event is not a folder entry.
pub const OURO_ERROR_NOT_EXPORTABLE: ouro_status = 410;
/// The target of a backup holds something else than a backup of this store.
pub const OURO_ERROR_NOT_A_BACKUP: ouro_status = 411;
/// The database is closed.
pub const OURO_ERROR_CLOSED: ouro_status = 501;
/// The writer or batch is finished and takes nothing more.
pub const OURO_ERROR_FINISHED: ouro_status = 502;
/// The call was cancelled.
pub const OURO_ERROR_CANCELLED: ouro_status = 503;
/// A write failed earlier; the database must be reopened before it writes again.
pub const OURO_ERROR_POISONED: ouro_status = 504;
/// The caller's own source of bytes failed.
pub const OURO_ERROR_SOURCE_FAILED: ouro_status = 505;
/// The operating system reported an error.
pub const OURO_ERROR_IO: ouro_status = 601;
/// The disk, or the room that the options leave, is full.
pub const OURO_ERROR_DISK_FULL: ouro_status = 602;
/// Stored bytes are damaged.
pub const OURO_ERROR_CORRUPT: ouro_status = 603;
/// A fault of the library itself; please report it.
pub const OURO_ERROR_INTERNAL: ouro_status = 901;

#[cfg(test)]
mod tests {
    use ouroborosdb::ErrorCode;

    /// The constants above, read from the source as cbindgen does.
    #[test]
    fn the_constants_are_the_table_of_the_engine() {
        let source = include_str!("error_codes.rs");
        let constants: Vec<&str> =
            source.lines().filter(|line| line.starts_with("pub const OURO_ERROR_")).collect();
        let expected: Vec<String> = ErrorCode::ALL.iter().map(constant).collect();
        assert_eq!(constants, expected);
        for code in ErrorCode::ALL {
            assert!(source.contains(&format!("/// {}\n{}\n", code.meaning(), constant(code))), "{code:?}");
        }
    }

    fn constant(code: &ErrorCode) -> String {
        let name = code.name().to_uppercase();
        format!("pub const OURO_ERROR_{name}: ouro_status = {};", code.number())
    }
}
