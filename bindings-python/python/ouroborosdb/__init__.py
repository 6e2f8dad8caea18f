"""An embedded database of event trees.

An event is immutable, is named by the SHA-512 of its content, hangs under one parent, and can carry a file of any
size. Nothing stored is ever altered or lost; the same bytes are stored once; every byte read is checked.

    import ouroborosdb

    with ouroborosdb.open("store") as db:
        album = db.ensure_root("album")
        photo = db.put_file(album, b"...bytes...", attributes={"name": "sea.jpg"})
        assert db.read_file(photo) == b"...bytes..."

``open``, ``open_read_only`` and ``open_in_memory`` give a ``Database``. Every exception is an ``Error`` with a stable
``code``. Everything may be shared between threads, and other threads run while a call waits. The same operations for
asyncio are in ``ouroborosdb.aio``. ``__version__`` is the version of the package.
"""

from ._errors import (
    AlreadyExistsError,
    AmbiguousIdError,
    AttributeNameTooLongError,
    AttributesTooLargeError,
    BatchTooLargeError,
    CancelledError,
    ClosedError,
    CorruptError,
    CursorOfAnotherStoreError,
    DiskFullError,
    DuplicateAttributeError,
    Error,
    ErrorCode,
    EventNotFoundError,
    FinishedError,
    InternalError,
    InvalidArgumentError,
    InvalidCursorError,
    InvalidIdError,
    InvalidParentError,
    InvalidTextError,
    IoError,
    LockedError,
    MetadataTooLargeError,
    NewerFormatError,
    NoContentError,
    NotAStoreError,
    NotABackupError,
    NotExportableError,
    ParentNotFoundError,
    PathNotFoundError,
    PermissionDeniedError,
    PoisonedError,
    ReadOnlyError,
    SourceFailedError,
    TitleTooLongError,
    TooManyFollowsError,
    UnsafeNameError,
    WrongTypeError,
)
from ._files import FileReader
from ._log import set_log_sink
from ._native import (
    Batch,
    CancelToken,
    ChangeCursor,
    Changes,
    Database,
    Event,
    EventCursor,
    EventId,
    BackupReport,
    ExportReport,
    FileWriter,
    IdCursor,
    ImportReport,
    Latency,
    LogRecord,
    Member,
    Problem,
    RootCursor,
    Stats,
    VerifyReport,
    Watcher,
    __version__,
    clear_log_sink,
    open,
    open_in_memory,
    open_read_only,
)

__all__ = [
    "AlreadyExistsError",
    "AmbiguousIdError",
    "AttributeNameTooLongError",
    "AttributesTooLargeError",
    "Batch",
    "BatchTooLargeError",
    "CancelToken",
    "CancelledError",
    "ChangeCursor",
    "Changes",
    "ClosedError",
    "CorruptError",
    "CursorOfAnotherStoreError",
    "Database",
    "DiskFullError",
    "DuplicateAttributeError",
    "Error",
    "ErrorCode",
    "Event",
    "EventCursor",
    "EventId",
    "EventNotFoundError",
    "BackupReport",
    "ExportReport",
    "FileReader",
    "FileWriter",
    "FinishedError",
    "IdCursor",
    "ImportReport",
    "InternalError",
    "InvalidArgumentError",
    "InvalidCursorError",
    "InvalidIdError",
    "InvalidParentError",
    "InvalidTextError",
    "IoError",
    "Latency",
    "LockedError",
    "LogRecord",
    "Member",
    "MetadataTooLargeError",
    "NewerFormatError",
    "NoContentError",
    "NotAStoreError",
    "NotABackupError",
    "NotExportableError",
    "ParentNotFoundError",
    "PathNotFoundError",
    "PermissionDeniedError",
    "PoisonedError",
    "Problem",
    "ReadOnlyError",
    "RootCursor",
    "SourceFailedError",
    "Stats",
    "TitleTooLongError",
    "TooManyFollowsError",
    "UnsafeNameError",
    "VerifyReport",
    "Watcher",
    "WrongTypeError",
    "__version__",
    "clear_log_sink",
    "open",
    "open_in_memory",
    "open_read_only",
    "set_log_sink",
]

# What is written in a private module is found here, so here is where pickles and messages say that it is.
for _name in __all__:
    if _name != "__version__":
        globals()[_name].__module__ = __name__
del _name
