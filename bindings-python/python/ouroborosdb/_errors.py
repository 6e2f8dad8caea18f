"""The error codes and their exception classes.

The engine has one table of codes. It is written out here, so that editors and type checkers know it; importing the
package fails unless both are the same.
"""

import enum
import typing


class ErrorCode(enum.IntEnum):
    """What went wrong, as a stable number and a stable name; ``meaning`` says it in words."""

    INVALID_ARGUMENT = 101
    INVALID_ID = 102
    INVALID_TEXT = 103
    WRONG_TYPE = 104
    INVALID_CURSOR = 105
    AMBIGUOUS_ID = 106

    TITLE_TOO_LONG = 201
    ATTRIBUTE_NAME_TOO_LONG = 202
    ATTRIBUTES_TOO_LARGE = 203
    METADATA_TOO_LARGE = 204
    TOO_MANY_FOLLOWS = 205
    BATCH_TOO_LARGE = 206
    DUPLICATE_ATTRIBUTE = 207

    EVENT_NOT_FOUND = 301
    PARENT_NOT_FOUND = 302
    INVALID_PARENT = 303
    NO_CONTENT = 304

    PATH_NOT_FOUND = 401
    NOT_A_STORE = 402
    NEWER_FORMAT = 403
    LOCKED = 404
    PERMISSION_DENIED = 405
    READ_ONLY = 406
    CURSOR_OF_ANOTHER_STORE = 407
    ALREADY_EXISTS = 408
    UNSAFE_NAME = 409
    NOT_EXPORTABLE = 410
    NOT_A_BACKUP = 411

    CLOSED = 501
    FINISHED = 502
    CANCELLED = 503
    POISONED = 504
    SOURCE_FAILED = 505

    IO = 601
    DISK_FULL = 602
    CORRUPT = 603

    INTERNAL = 901

    @property
    def meaning(self) -> str:
        """What the code means, in one line."""
        from ouroborosdb import _native

        return next(meaning for number, _, meaning in _native.error_codes() if number == self)


class Error(Exception):
    """Base of all exceptions of the package.

    ``code``, an ErrorCode, is for programs: each class has one. ``message``, which ``str(error)`` gives too, is for
    people: what happened and what to do, in one line. ``os_code`` is the operating system's error number, None where
    it reported none.
    """

    code: typing.ClassVar[ErrorCode]
    """The stable code: one for each class."""
    message: str
    """What happened and what to do, in one line."""
    os_code: int | None
    """The operating system's error number, where it reported one."""

    def __init__(self, message: str = "", os_code: int | None = None) -> None:
        # An OSError takes its `errno` and `strerror` from its arguments.
        super().__init__(*((os_code, message) if isinstance(self, OSError) else (message,)))
        self.message = message
        self.os_code = os_code

    def __str__(self) -> str:
        return self.message

    def __reduce__(self) -> tuple[type[typing.Self], tuple[str, int | None], dict[str, object]]:
        return type(self), (self.message, self.os_code), self.__dict__


class InvalidArgumentError(Error, ValueError):
    """An argument has a value that the operation does not take."""

    code = ErrorCode.INVALID_ARGUMENT


class InvalidIdError(Error, ValueError):
    """An event id is not 64 bytes or 128 hexadecimal digits."""

    code = ErrorCode.INVALID_ID


class InvalidTextError(Error, ValueError):
    """A title or attribute name is not UTF-8 text."""

    code = ErrorCode.INVALID_TEXT


class WrongTypeError(Error, TypeError):
    """An argument has a type that the operation does not take."""

    code = ErrorCode.WRONG_TYPE


class InvalidCursorError(Error, ValueError):
    """The text of a change cursor is malformed."""

    code = ErrorCode.INVALID_CURSOR


class AmbiguousIdError(Error, LookupError):
    """The ids of several events begin with the digits given."""

    code = ErrorCode.AMBIGUOUS_ID


class TitleTooLongError(Error, ValueError):
    """A title is longer than 64 KiB."""

    code = ErrorCode.TITLE_TOO_LONG


class AttributeNameTooLongError(Error, ValueError):
    """An attribute name is longer than 255 bytes."""

    code = ErrorCode.ATTRIBUTE_NAME_TOO_LONG


class AttributesTooLargeError(Error, ValueError):
    """The attributes of an event are larger than 128 KiB together."""

    code = ErrorCode.ATTRIBUTES_TOO_LARGE


class MetadataTooLargeError(Error, ValueError):
    """The metadata of an event is larger than 16 MiB."""

    code = ErrorCode.METADATA_TOO_LARGE


class TooManyFollowsError(Error, ValueError):
    """An event follows more than 1,024 others."""

    code = ErrorCode.TOO_MANY_FOLLOWS


class BatchTooLargeError(Error, ValueError):
    """A batch is larger than its stated largest size."""

    code = ErrorCode.BATCH_TOO_LARGE


class DuplicateAttributeError(Error, ValueError):
    """An event has two attributes of one name."""

    code = ErrorCode.DUPLICATE_ATTRIBUTE


class EventNotFoundError(Error, LookupError):
    """The store holds no event of this id."""

    code = ErrorCode.EVENT_NOT_FOUND


class ParentNotFoundError(Error, LookupError):
    """The store holds no event of the id given as parent."""

    code = ErrorCode.PARENT_NOT_FOUND


class InvalidParentError(Error, ValueError):
    """An event of this kind may not hang under this parent."""

    code = ErrorCode.INVALID_PARENT


class NoContentError(Error):
    """The event carries no file."""

    code = ErrorCode.NO_CONTENT


class PathNotFoundError(Error, FileNotFoundError):
    """There is nothing at this path."""

    code = ErrorCode.PATH_NOT_FOUND


class NotAStoreError(Error):
    """What is at this path is not a store."""

    code = ErrorCode.NOT_A_STORE


class NewerFormatError(Error):
    """The store was written by a newer version of the library."""

    code = ErrorCode.NEWER_FORMAT


class LockedError(Error):
    """Another process has the store open for writing."""

    code = ErrorCode.LOCKED


class PermissionDeniedError(Error, PermissionError):
    """The operating system does not permit the access."""

    code = ErrorCode.PERMISSION_DENIED


class ReadOnlyError(Error):
    """The database was opened read-only."""

    code = ErrorCode.READ_ONLY


class CursorOfAnotherStoreError(Error, ValueError):
    """The change cursor was given out by another store."""

    code = ErrorCode.CURSOR_OF_ANOTHER_STORE


class AlreadyExistsError(Error, FileExistsError):
    """The target of an export exists already."""

    code = ErrorCode.ALREADY_EXISTS


class UnsafeNameError(Error):
    """The name of a stored folder entry could lead outside the export's folder."""

    code = ErrorCode.UNSAFE_NAME


class NotExportableError(Error):
    """The event is not a folder entry."""

    code = ErrorCode.NOT_EXPORTABLE


class NotABackupError(Error):
    """The target of a backup holds something else than a backup of this store."""

    code = ErrorCode.NOT_A_BACKUP


class ClosedError(Error, ValueError):
    """The database, or the file reader, is closed. A ValueError, as for Python's own closed files."""

    code = ErrorCode.CLOSED


class FinishedError(Error, ValueError):
    """The writer or batch is finished and takes nothing more."""

    code = ErrorCode.FINISHED


class CancelledError(Error):
    """The call was cancelled."""

    code = ErrorCode.CANCELLED


class PoisonedError(Error):
    """A write failed earlier; the database must be reopened before it writes again."""

    code = ErrorCode.POISONED


class SourceFailedError(Error):
    """The caller's own source of bytes failed; its exception is the ``__cause__``."""

    code = ErrorCode.SOURCE_FAILED


class IoError(Error, OSError):
    """The operating system reported an error."""

    code = ErrorCode.IO


class DiskFullError(Error, OSError):
    """The disk, or the room that the options leave, is full."""

    code = ErrorCode.DISK_FULL


class CorruptError(Error):
    """Stored bytes are damaged."""

    code = ErrorCode.CORRUPT


class InternalError(Error, RuntimeError):
    """A fault of the library itself; please report it."""

    code = ErrorCode.INTERNAL


CLASSES: dict[int, type[Error]] = {error.code: error for error in Error.__subclasses__()}
"""The class of each number, for the engine's side."""
