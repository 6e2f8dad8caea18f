"""Bytes for tests: they look random, so that nothing compresses or repeats, and are the same in every run."""

from __future__ import annotations

import random


def bytes_of(length: int, seed: int = 1) -> bytes:
    return random.Random(seed).randbytes(length)
