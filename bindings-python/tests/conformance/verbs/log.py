"""What the engine tells of itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import ouroborosdb
from ouroborosdb import LogRecord

from conformance.names import Names
from conformance.statement import Statement

FLAGS = {True: "true", False: "false"}


@dataclass
class Log:
    """What a sink was told."""

    records: list[LogRecord] = field(default_factory=list)


def _set_log_sink(names: Names, statement: Statement) -> object:
    level: Any
    (level,) = statement.arguments(1)
    log = Log()
    ouroborosdb.set_log_sink(level, log.records.append)
    return log


def _clear_log_sink(names: Names, statement: Statement) -> None:
    statement.arguments(0)
    ouroborosdb.clear_log_sink()


def _said(names: Names, statement: Statement) -> object:
    (log,) = statement.arguments(1)
    return [getattr(record, statement.verb.split(".")[1]) for record in names.handle(log, Log).records]


def _fields(names: Names, statement: Statement) -> object:
    (log,) = statement.arguments(1)
    fields = [item for record in names.handle(log, Log).records for item in record.fields.items()]
    return [f"{name}={FLAGS[value] if isinstance(value, bool) else value}" for name, value in fields]


VERBS = {
    "set_log_sink": _set_log_sink,
    "clear_log_sink": _clear_log_sink,
    "log_record.level": _said,
    "log_record.time_ms": _said,
    "log_record.message": _said,
    "log_record.fields": _fields,
}
