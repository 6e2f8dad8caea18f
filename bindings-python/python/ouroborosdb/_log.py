"""``set_log_sink``: what the engine tells, into the logging of Python or to a function."""

from __future__ import annotations

import typing

from . import _native

if typing.TYPE_CHECKING:
    import collections.abc

    _LogLevel: typing.TypeAlias = typing.Literal["error", "warn", "info", "debug"]

LOGGER = "ouroborosdb"
"""The name of the logger."""


def set_log_sink(
    level: _LogLevel = "info", sink: collections.abc.Callable[[_native.LogRecord], object] | None = None
) -> None:
    """Has ``sink`` called with what the engine tells from now on, up to ``level``: "error", "warn", "info" or "debug".

    Without a sink, the records go to the logger "ouroborosdb" of the module logging, as its levels ERROR, WARNING, INFO
    and DEBUG; the attribute ``ouroborosdb`` of a record of logging is the LogRecord.

    It is told of all databases of this process: openings, recoveries, damage, failures, upkeep. Never content, titles,
    metadata or attributes: ids, numbers and paths of stores. The sink is called with one LogRecord after the other, on
    a thread of the engine's that holds no lock, so it may use the database, and set and clear sinks. What it raises
    goes to sys.unraisablehook. Nothing waits for it: 1,024 records wait at most, what does not fit is counted, and the
    count is told.

    It takes the place of an earlier sink, which may still be running when this returns; call ``clear_log_sink`` first
    where this matters. In a child of os.fork nothing is told until it sets a sink of its own.

    Raises InvalidArgumentError for a level that there is none of; WrongTypeError; IoError where no thread can be started.
    """
    _native.set_log_sink(level, _to_logging if sink is None else sink)


def _to_logging(record: _native.LogRecord) -> None:
    # Programs that log elsewhere need not load it.
    import logging

    level = {"error": logging.ERROR, "warn": logging.WARNING, "info": logging.INFO}.get(record.level, logging.DEBUG)
    logger = logging.getLogger(LOGGER)
    if logger.isEnabledFor(level):
        extra = {"ouroborosdb": record}
        made = logger.makeRecord(LOGGER, level, "(engine)", 0, "%s", (str(record),), None, extra=extra)
        made.created, made.msecs = record.time_ms / 1000, float(record.time_ms % 1000)
        logger.handle(made)
