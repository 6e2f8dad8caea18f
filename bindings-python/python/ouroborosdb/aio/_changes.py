"""The change feed, awaited."""

from __future__ import annotations

import collections
import itertools
import typing

from .. import _errors, _native
from ._cursor import PAGE_FIRST, PAGE_LAST
from ._threads import Threads

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
            self._ahead.extend(await self._threads.run(self._fetch, self._page))
            self._page = min(2 * self._page, PAGE_LAST)
        if not self._ahead:
            raise StopAsyncIteration
        return self._give()

    async def page(self, limit: int) -> list[_native.Event]:
        """The next events, at most ``limit``; none at the end. Gives what was fetched already before it fetches."""
        if not self._ahead:
            self._ahead.extend(await self._threads.run(self._fetch, limit))
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

    def _fetch(self, limit: int) -> list[_Fetched]:
        fetched: list[_Fetched] = []
        try:
            for event in itertools.islice(self._changes, limit):
                fetched.append((event, self._changes.cursor))
        except _errors.Error as error:
            fetched.append((error, self._changes.cursor))
        return fetched
