"""Making durable, rebuilding, counting, verifying."""

from __future__ import annotations

from ouroborosdb import Database, Stats, VerifyReport

from conformance.names import Names
from conformance.statement import Statement
from conformance.verbs.control import control

FIGURES = (
    "events",
    "roots",
    "chunks",
    "content_bytes",
    "chunk_bytes",
    "stored_bytes",
    "segments",
    "paths",
    "missing_paths",
    "sequence",
    "durable_sequence",
    "damaged_ranges",
    "index_tiers",
    "index_tier_bytes",
    "index_tier_entries",
    "index_memory_entries",
    "reserve_bytes",
    "event_cache_hits",
    "event_cache_misses",
    "commits",
    "syncs",
    "refreshes",
    "open_ns",
)
LATENCY_FIELDS = ("count", "one_in", "sum_ns", "p50_ns", "p90_ns", "p99_ns", "p999_ns", "max_ns")
REPORT_FIELDS = ("is_clean", "segments", "bytes", "events", "chunks", "problems_total")
# By the name that the script has for the list.
PROBLEM_FIELDS = {
    "problem_events": "event",
    "problem_file_names": "file_name",
    "problem_segments": "segment",
    "problem_offsets": "offset",
    "problem_lengths": "length",
    "problem_messages": "message",
}


def _refresh(names: Names, statement: Statement) -> object:
    (db,) = statement.arguments(1)
    return names.handle(db, Database).refresh()


def _sync(names: Names, statement: Statement) -> None:
    (db,) = statement.arguments(1)
    names.handle(db, Database).sync()


def _stats(names: Names, statement: Statement) -> object:
    (db,) = statement.arguments(1)
    return names.handle(db, Database).stats()


def _rebuild_index(names: Names, statement: Statement) -> None:
    (db,) = statement.arguments(1)
    names.handle(db, Database).rebuild_index(**control(names, statement, db))


def _verify(names: Names, statement: Statement) -> object:
    (db,) = statement.arguments(1)
    return names.handle(db, Database).verify(**control(names, statement, db))


def _figure(names: Names, statement: Statement) -> object:
    (stats,) = statement.arguments(1)
    return getattr(names.handle(stats, Stats), statement.verb.split(".")[1])


def _latencies(names: Names, statement: Statement) -> object:
    (stats,) = statement.arguments(1)
    return list(names.handle(stats, Stats).latencies)


def _latency(names: Names, statement: Statement) -> object:
    stats, kind = statement.arguments(2)
    return getattr(names.handle(stats, Stats).latencies[kind], statement.verb.split(".")[1])


def _prometheus(names: Names, statement: Statement) -> object:
    (db,) = statement.arguments(1)
    return names.handle(db, Database).prometheus()


def _report_field(names: Names, statement: Statement) -> object:
    (report,) = statement.arguments(1)
    return getattr(names.handle(report, VerifyReport), statement.verb.split(".")[1])


def _problem_field(names: Names, statement: Statement) -> object:
    (report,) = statement.arguments(1)
    field = PROBLEM_FIELDS[statement.verb.split(".")[1]]
    values = [getattr(problem, field) for problem in names.handle(report, VerifyReport).problems]
    return [value for value in values if value is not None]


VERBS = (
    {"refresh": _refresh, "sync": _sync, "stats": _stats, "rebuild_index": _rebuild_index, "verify": _verify}
    | {"stats.latencies": _latencies, "prometheus": _prometheus}
    | {f"stats.{field}": _figure for field in FIGURES}
    | {f"latency.{field}": _latency for field in LATENCY_FIELDS}
    | {f"verify_report.{field}": _report_field for field in REPORT_FIELDS}
    | {f"verify_report.{field}": _problem_field for field in PROBLEM_FIELDS}
)
