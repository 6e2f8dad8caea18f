"""Figures: latencies by the name of the kind of call, and the text of Prometheus."""

from __future__ import annotations

from typing import Any

import ouroborosdb
import pytest


def test_latencies_are_a_dict_by_the_name_of_the_kind() -> None:
    with ouroborosdb.open_in_memory() as db:
        root = db.create_root("r")
        for _ in range(5):
            db.append(root)
        stats = db.stats()
        assert list(stats.latencies)[:3] == ["append", "put_file", "batch_commit"]
        append = stats.latencies["append"]
        assert (append.operation, append.count, append.one_in) == ("append", 6, 1)
        assert 0 < append.p50_ns <= append.p90_ns <= append.p99_ns <= append.p999_ns <= append.max_ns <= append.sum_ns
        assert append == stats.latencies["append"]
        assert repr(append).startswith("Latency(operation='append', count=6, one_in=1, sum_ns=")
        assert stats.latencies["event"].one_in == 64
        assert stats == stats
        assert (stats.commits, stats.event_cache_hits) == (6, 0)


def test_the_text_of_prometheus() -> None:
    with ouroborosdb.open_in_memory() as db:
        db.create_root("r")
        text = db.prometheus()
    assert text.startswith("# HELP ouroborosdb_info ")
    assert '\nouroborosdb_events{store=""} 1\n' in text
    assert '\nouroborosdb_operation_duration_seconds_count{store="",operation="append"} 1\n' in text
    with pytest.raises(ouroborosdb.ClosedError):
        db.prometheus()


def test_latencies_is_a_flag() -> None:
    wrong: Any = 1
    with pytest.raises(ouroborosdb.WrongTypeError, match="latencies"):
        ouroborosdb.open_in_memory(latencies=wrong)
    with ouroborosdb.open_in_memory(latencies=False) as db:
        db.create_root("r")
        assert {(latency.count, latency.one_in) for latency in db.stats().latencies.values()} == {(0, 0)}
