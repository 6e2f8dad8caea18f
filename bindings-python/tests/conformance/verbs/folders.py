"""Folders in and out."""

from __future__ import annotations

from ouroborosdb import Database, ExportReport, ImportReport

from conformance import words
from conformance.names import Names
from conformance.statement import Statement
from conformance.verbs.control import control

IMPORT_FIELDS = ("event", "files", "directories", "symlinks", "bytes", "skipped")
EXPORT_FIELDS = ("files", "directories", "symlinks", "bytes")


def _import_path(names: Names, statement: Statement) -> object:
    db, parent, path = statement.arguments(3)
    options = control(names, statement, db)
    if (durability := statement.option("durability")) is not None:
        options["durability"] = words.text(names, durability)
    return names.handle(db, Database).import_path(words.text(names, parent), words.path(names, path), **options)


def _export_path(names: Names, statement: Statement) -> object:
    db, event, path = statement.arguments(3)
    options = control(names, statement, db)
    return names.handle(db, Database).export_path(words.text(names, event), words.path(names, path), **options)


def _import_field(names: Names, statement: Statement) -> object:
    (report,) = statement.arguments(1)
    return getattr(names.handle(report, ImportReport), statement.verb.split(".")[1])


def _export_field(names: Names, statement: Statement) -> object:
    (report,) = statement.arguments(1)
    return getattr(names.handle(report, ExportReport), statement.verb.split(".")[1])


VERBS = (
    {"import_path": _import_path, "export_path": _export_path}
    | {f"import_report.{field}": _import_field for field in IMPORT_FIELDS}
    | {f"export_report.{field}": _export_field for field in EXPORT_FIELDS}
)
