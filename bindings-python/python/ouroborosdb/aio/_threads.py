"""The threads of one database, and the way of a call to them and back."""

from __future__ import annotations

import asyncio
import collections.abc
import concurrent.futures
import functools
import typing

from .._native import CancelToken

THREADS_MAX = 8
"""Calls of one database that run at once; more wait for one of these to end."""

P = typing.ParamSpec("P")
T = typing.TypeVar("T")
Progress: typing.TypeAlias = collections.abc.Callable[[int, int], object]


class _Watched:
    """A progress function that runs on the event loop. What it raises ends the call, as it does without asyncio."""

    def __init__(self, progress: Progress, token: CancelToken) -> None:
        self._progress = progress
        self._token = token
        self._loop = asyncio.get_running_loop()
        self.raised: Exception | None = None

    def __call__(self, bytes_done: int, items_done: int) -> None:
        self._loop.call_soon_threadsafe(self._tell, bytes_done, items_done)

    def _tell(self, bytes_done: int, items_done: int) -> None:
        if self.raised is not None:
            return
        try:
            self._progress(bytes_done, items_done)
        except Exception as error:
            self.raised = error
            self._token.cancel()


class Threads:
    """Runs calls of one database. They are started as they are needed."""

    def __init__(self) -> None:
        self._pool = concurrent.futures.ThreadPoolExecutor(THREADS_MAX, thread_name_prefix="ouroborosdb")
        self._ended = False

    async def run(self, call: collections.abc.Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Awaits a short call. A task that is cancelled meanwhile goes on when the call has ended."""
        return await _ended(self._submit(functools.partial(call, *args, **kwargs)), None)

    async def run_long(
        self, call: collections.abc.Callable[[CancelToken, Progress | None], T], progress: Progress | None
    ) -> T:
        """Awaits a call that takes a token and a progress function. Cancelling the task cancels the call."""
        token = CancelToken()
        if progress is None:
            return await _ended(self._submit(functools.partial(call, token, None)), token)
        watched = _Watched(progress, token)
        try:
            answer = await _ended(self._submit(functools.partial(call, token, watched)), token)
        except Exception:
            if watched.raised is not None:
                raise watched.raised from None
            raise
        if watched.raised is not None:
            # Too late to end the call, and not to be told.
            raise watched.raised
        return answer

    def end(self) -> None:
        """Lets the threads go when their calls have ended."""
        self._ended = True
        self._pool.shutdown(wait=False)

    def _submit(self, call: collections.abc.Callable[[], T]) -> asyncio.Future[T]:
        try:
            return asyncio.wrap_future(self._pool.submit(call))
        except RuntimeError:
            if not self._ended:
                # No thread could be started. The call may be in the queue of those that there are: it is not made twice.
                raise
            # The threads have gone with the database, which answers every call at once: that it is closed.
            answered: asyncio.Future[T] = asyncio.get_running_loop().create_future()
            try:
                answered.set_result(call())
            except Exception as error:
                answered.set_exception(error)
            return answered


async def _ended(call: asyncio.Future[T], token: CancelToken | None) -> T:
    """What the call gives. The call is never left running behind the task's back."""
    cancelled: asyncio.CancelledError | None = None
    while True:
        try:
            await asyncio.wait([call])
            break
        except asyncio.CancelledError as error:
            cancelled = error
            if token is not None:
                token.cancel()
    if cancelled is not None:
        # Looked at, so that nobody is told of an exception that was never retrieved.
        call.exception()
        raise cancelled
    return call.result()
