"""The database for asyncio: the same operations, awaited.

    import asyncio
    from ouroborosdb import aio

    async def main() -> None:
        async with await aio.open("store") as db:
            diary = await db.ensure_root("diary")
            await db.append(diary, metadata="text/plain")
            async for event in db.children(diary):
                print(event.id)

    asyncio.run(main())

Each call runs on one of the database's own threads, so the event loop never waits. Cancelling the task that awaits a
call cancels the call, and the task goes on when the call has ended: nothing of it happens afterwards. Progress
functions run on the event loop. Events, ids, reports and exceptions are those of ``ouroborosdb``.
"""

from ._batch import Batch
from ._changes import Changes, Watcher
from ._cursor import Cursor
from ._database import Database, open, open_in_memory, open_read_only
from ._files import FileReader, FileWriter

__all__ = [
    "Batch",
    "Changes",
    "Cursor",
    "Database",
    "FileReader",
    "FileWriter",
    "Watcher",
    "open",
    "open_in_memory",
    "open_read_only",
]
