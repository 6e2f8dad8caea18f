"""What a line says about a new event, as keyword arguments."""

from __future__ import annotations

from typing import Any

from conformance import words
from conformance.names import Names
from conformance.outcome import Mistake
from conformance.statement import Statement

FLAGS = {"true": True, "false": False}
NOT_OF_THE_EVENT = ("cancel", "cancel_within", "progress", "file", "under", "call_durability")


def new_event(names: Names, statement: Statement) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    # Pairs and no dict, which could not say the same name twice.
    attributes: list[tuple[str, bytes]] = []
    for key, value in statement.options:
        match key:
            case "metadata":
                fields[key] = words.evaluate(names, value)
            case "attribute":
                name, equals, value = value.partition("=")
                if not equals:
                    raise Mistake("attribute=NAME=VALUE")
                attributes.append((words.text(names, name), words.evaluate(names, value)))
            case "follows":
                fields[key] = words.text(names, value).split(",")
            case "temporary" | "full_text" if value in FLAGS:
                fields[key] = FLAGS[value]
            case "durability":
                fields[key] = words.text(names, value)
            case "expires_ms":
                fields["expires"] = words.number(names, value)
            case _ if key not in NOT_OF_THE_EVENT:
                raise Mistake(f"a new event has no `{key}={value}`")
    if attributes:
        fields["attributes"] = attributes
    return fields
