"""The change feed, awaited."""

from __future__ import annotations

import asyncio
import collections
import collections.abc
import itertools
import math
import typing

from .. import _errors, _native
from ._cursor import PAGE_FIRST, PAGE_LAST
from ._threads import Threads

PAUSE_FIRST_S = 0.001
PAUSE_LAST_S = 0.05
"""How long a watcher waits before it looks again: at first, and when nothing has come for a while."""

_Fetched: typing.TypeAlias = tuple[_native.Event | _errors.Error, _native.ChangeCursor]


class Changes:
    """The events behind a place in the feed: ``async for event in await db.changes(after)``.

    It ends at the last durable event; iterate again later for what is new.
    """

    def __init__(self, threads: Threads, changes: _native.Changes) -> None:
        self._threads = threads
        self._changes = changes
        self._cursor = changes.cursor
        # Each event, or the error in its place, with the place behind it: what is fetched ahead must not move the
        # cursor.
        self._ahead: collections.deque[_Fetched] = collections.deque()
        self._page = PAGE_FIRST

    @property
    def cursor(self) -> _native.ChangeCursor:
        """The place behind the last event given out."""
        return self._cursor

    def __aiter__(self) -> typing.Self:
        return self

    async def __anext__(self) -> _native.Event:
        if not self._ahead:
            await self._threads.run(self._fetch, self._page)
            self._page = min(2 * self._page, PAGE_LAST)
        if not self._ahead:
            raise StopAsyncIteration
        return self._give()

    async def page(self, limit: int) -> list[_native.Event]:
        """The next events, at most ``limit``; none at the end. Gives what was fetched already before it fetches."""
        if not self._ahead:
            await self._threads.run(self._fetch, limit)
        return self._take(limit)

    async def watch(self, limit: int, timeout: float | None = None) -> list[_native.Event]:
        """As ``page``, but where there are no events yet it waits for them, at most ``timeout`` seconds, without one
        for ever. No thread waits meanwhile: one looks now and then."""
        await self._wait(limit, timeout)
        return self._take(limit)

    async def _next_ever(self) -> _native.Event:
        """The next event, whenever it comes."""
        while not self._ahead:
            await self._wait(PAGE_LAST, None)
        return self._give()

    async def _wait(self, limit: int, timeout: float | None) -> None:
        """Waits until something is fetched."""
        loop = asyncio.get_running_loop()
        until = math.inf if timeout is None else loop.time() + timeout
        pause = PAUSE_FIRST_S
        while not self._ahead:
            await self._threads.run(self._look, limit)
            left = until - loop.time()
            if self._ahead or limit == 0 or not left > 0:
                break
            await asyncio.sleep(min(pause, left))
            pause = min(2 * pause, PAUSE_LAST_S)

    def _take(self, limit: int) -> list[_native.Event]:
        events: list[_native.Event] = []
        while self._ahead and len(events) < limit:
            if events and isinstance(self._ahead[0][0], _errors.Error):
                break
            events.append(self._give())
        return events

    def _give(self) -> _native.Event:
        event, self._cursor = self._ahead.popleft()
        if isinstance(event, _errors.Error):
            raise event
        return event

    # What a thread fetches it keeps here itself: a task that is cancelled meanwhile loses nothing.

    def _fetch(self, limit: int) -> None:
        try:
            for event in itertools.islice(self._changes, limit):
                self._ahead.append((event, self._changes.cursor))
        except _errors.Error as error:
            self._ahead.append((error, self._changes.cursor))

    def _look(self, limit: int) -> None:
        """As ``_fetch``, and looks at what the writer has committed since."""
        try:
            for event in self._changes.watch(min(limit, 1), 0):
                self._ahead.append((event, self._changes.cursor))
                self._fetch(limit - 1)
        except _errors.CorruptError as error:
            self._ahead.append((error, self._changes.cursor))


class Watcher:
    """The events behind a place in the feed, and then each as it is committed: ``async for event in db.watch()``.

    It never ends. ``cursor`` is the place behind the last event given out; None before the first one was asked for.
    """

    def __init__(self, threads: Threads, begin: collections.abc.Callable[[], _native.Changes]) -> None:
        self._threads = threads
        self._begin = begin
        self._changes: Changes | None = None

    @property
    def cursor(self) -> _native.ChangeCursor | None:
        """The place behind the last event given out."""
        return None if self._changes is None else self._changes.cursor

    def __aiter__(self) -> typing.Self:
        return self

    async def __anext__(self) -> _native.Event:
        if self._changes is None:
            self._changes = Changes(self._threads, await self._threads.run(self._begin))
        return await self._changes._next_ever()
