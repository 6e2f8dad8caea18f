"""Cursors: pages fetched by a thread, items given out on the event loop."""

from __future__ import annotations

import collections
import typing

from ._threads import Threads

T = typing.TypeVar("T")
PAGE_FIRST = 16
PAGE_LAST = 1024
"""The first page is small, for those who want one item; each next one is twice as long, up to the last."""


class Paged(typing.Protocol[T]):
    """What a cursor of ``ouroborosdb`` offers."""

    def page(self, limit: int) -> list[T]: ...


class Cursor(typing.Generic[T]):
    """An asynchronous iterator over what a cursor of ``ouroborosdb`` gives, and ``page`` for many at once.

    The cursor itself is made when the first item is asked for. It crosses to a thread once a page, not once an item.
    """

    def __init__(self, threads: Threads, make: typing.Callable[[], Paged[T]]) -> None:
        self._threads = threads
        self._make = make
        self._cursor: Paged[T] | None = None
        self._ahead: collections.deque[T] = collections.deque()
        self._page = PAGE_FIRST

    def __aiter__(self) -> typing.Self:
        return self

    async def __anext__(self) -> T:
        if not self._ahead:
            self._ahead.extend(await self._fetch(self._page))
            self._page = min(2 * self._page, PAGE_LAST)
        if not self._ahead:
            raise StopAsyncIteration
        return self._ahead.popleft()

    async def page(self, limit: int) -> list[T]:
        """The next items, at most ``limit``; none at the end. Gives what was fetched already before it fetches."""
        if self._ahead:
            return [self._ahead.popleft() for _ in range(min(limit, len(self._ahead)))]
        return await self._fetch(limit)

    async def _fetch(self, limit: int) -> list[T]:
        return await self._threads.run(self._fetch_here, limit)

    def _fetch_here(self, limit: int) -> list[T]:
        if self._cursor is None:
            self._cursor = self._make()
        return self._cursor.page(limit)
