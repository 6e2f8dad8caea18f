// Readers that stay open, and waiting for what is committed.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once, setMaxListeners } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

import { openInMemorySync, openReadOnlySync, openSync } from 'ouroborosdb'

import { scratch } from './scratch.mjs'

const program = fileURLToPath(new URL('programs/watching.mjs', import.meta.url))
const idsOf = (events) => events.map((event) => event.id.toString())
const closed = { code: 'closed' }

/** A writer and a reader of one store. */
function both(context) {
  const path = join(scratch(context), 'store')
  const db = openSync(path, { durability: 'buffered' })
  const root = db.createRootSync('watched')
  db.syncSync()
  const reader = openReadOnlySync(path)
  context.after(() => [db, reader].forEach((each) => each.closeSync()))
  return { db, root, reader, path }
}

function opened(context) {
  const db = openInMemorySync()
  context.after(() => db.closeSync())
  return { db, root: db.createRootSync('watched') }
}

test('a reader is refreshed', async (context) => {
  const { db, root, reader } = both(context)
  assert.equal(await reader.refresh(), false)
  const id = db.appendSync(root)
  assert.throws(() => reader.eventSync(id), { code: 'event_not_found' })
  assert.equal(reader.refreshSync(), true)
  assert.ok(reader.eventSync(id).id.equals(id))
  assert.deepEqual([await reader.refresh(), await db.refresh()], [false, false])
})

test('a watch gives what is there, and waits for what is not', { timeout: 30_000 }, async (context) => {
  const { db, root, reader } = both(context)
  for (const feed of [await db.changes(), reader.changesSync()]) {
    assert.equal((await feed.watch(10))[0].title, 'watched')
    while ((await feed.watch(10, { timeout: 0 })).length > 0);
    const started = performance.now()
    assert.deepEqual(await feed.watch(10, { timeout: 40 }), [])
    assert.ok(performance.now() - started >= 40)
    assert.deepEqual(await feed.watch(10, { timeout: -1 }), [])
    assert.deepEqual(await feed.watch(0), [])
    assert.deepEqual(feed.watchSync(10, { timeout: 5n }), [])
    const waiting = feed.watch(10)
    await sleep(20)
    const ids = Array.from({ length: 20 }, () => db.appendSync(root).toString())
    db.syncSync()
    const seen = idsOf(await waiting)
    while (seen.length < 20) seen.push(...idsOf(feed.watchSync(3)))
    assert.deepEqual(seen, ids)
    assert.equal(feed.cursor.sequence, db.statsSync().durableSequence)
  }
})

test('a watch and its iterator share what was fetched', async (context) => {
  const { db, root } = opened(context)
  const ids = Array.from({ length: 100 }, () => db.appendSync(root).toString())
  const feed = db.changesSync()
  for (const event of feed) if (event.id.toString() === ids[9]) break
  assert.deepEqual(idsOf(await feed.watch(3, { signal: new AbortController().signal })), ids.slice(10, 13))
  await assert.rejects(feed.watch(3, { signal: AbortSignal.abort() }), { code: 'cancelled' })
  assert.throws(() => feed.watchSync(3, { signal: AbortSignal.abort() }), { code: 'cancelled' })
  const seen = []
  while (seen.length < 87) seen.push(...idsOf(await feed.watch(50)))
  assert.deepEqual(seen, ids.slice(13))
})

test('a signal ends a watch at once, with the reason as cause', { timeout: 10_000 }, async (context) => {
  const { db } = opened(context)
  const [feed, reason] = [db.changesSync(), new Error('mine')]
  await feed.watch(1)
  for (const delay of [0, 1, 10, 120]) {
    const controller = new AbortController()
    const ended = [feed.watch(1, { signal: controller.signal }), db.watch(feed.cursor, controller).next()]
    setTimeout(() => controller.abort(reason), delay)
    for (const end of ended) {
      await assert.rejects(end, (error) => error.code === 'cancelled' && error.cause === reason)
    }
  }
})

test('arguments', async (context) => {
  const { db } = opened(context)
  const feed = db.changesSync()
  for (const timeout of ['1', true, {}]) await assert.rejects(feed.watch(1, { timeout }), { code: 'wrong_type' })
  await assert.rejects(feed.watch(1, { timeout: NaN }), { code: 'invalid_argument' })
  await assert.rejects(feed.watch(1, { time: 1 }), { code: 'invalid_argument' })
  await assert.rejects(feed.watch(1, { signal: 5 }), { code: 'wrong_type' })
  await assert.rejects(feed.watch(-1), { code: 'invalid_argument' })
  assert.throws(() => db.watch('nonsense'), { code: 'invalid_cursor' })
  assert.throws(() => db.watch(null, { signal: 5 }), { code: 'wrong_type' })
  const other = openInMemorySync()
  await assert.rejects(other.watch(feed.cursor).next(), { code: 'cursor_of_another_store' })
  other.closeSync()
})

test('an endless iterator gives every event once, in order', { timeout: 30_000 }, async (context) => {
  const { db, root, reader } = both(context)
  const watcher = reader.watch()
  assert.equal(watcher.cursor, null)
  const seen = []
  const write = async () => {
    for (let at = 0; at < 300; at += 1) {
      db.appendSync(root)
      if (at % 20 === 0) await sleep(2)
    }
    db.syncSync()
  }
  const written = write()
  for await (const event of watcher) {
    seen.push(event.sequence)
    assert.equal(watcher.cursor.sequence, event.sequence)
    if (seen.length === 301) break
  }
  await written
  assert.deepEqual(seen, Array.from({ length: 301 }, (_, at) => BigInt(at + 1)))
  assert.deepEqual(await watcher.next(), { done: true, value: undefined })
})

test('an iterator that is returned from while it waits ends', { timeout: 10_000 }, async (context) => {
  const { db } = opened(context)
  const watcher = db.watch(undefined)
  const [first, second, third] = [watcher.next(), watcher.next(), watcher.next()]
  assert.equal((await first).value.title, 'watched')
  await sleep(5)
  assert.equal((await watcher.return()).done, true)
  assert.deepEqual([await second, await third].map(({ done }) => done), [true, true])
})

test('closing ends every watch', { timeout: 10_000 }, async () => {
  const db = openInMemorySync()
  const feed = db.changesSync()
  const ended = [feed.watch(1), db.watch().next(), feed.watch(1, { timeout: 60_000 })]
  await sleep(30)
  const settled = Promise.allSettled(ended)
  await db.close()
  for (const { reason } of await settled) assert.equal(reason.code, 'closed')
  await assert.rejects(feed.watch(1), closed)
  assert.throws(() => feed.watchSync(1), closed)
  await assert.rejects(db.refresh(), closed)
})

test('sixteen watchers leave the pool to others', { timeout: 30_000 }, async (context) => {
  const { db, root, reader, path } = both(context)
  const content = randomBytes(3_000_000)
  const end = new AbortController()
  setMaxListeners(16, end.signal)
  const watchers = Array.from({ length: 16 }, async (_, at) => {
    const seen = []
    try {
      for await (const event of (at % 2 ? db : reader).watch(null, end)) seen.push(event.id.toString())
    } catch (error) {
      assert.equal(error.code, 'cancelled')
    }
    return seen
  })
  await sleep(100)
  // All of these need a thread of libuv's four.
  const started = performance.now()
  const file = await db.putFile(root, content)
  await writeFile(join(path, '..', 'other'), content)
  assert.deepEqual(await readFile(join(path, '..', 'other')), content)
  assert.deepEqual(await db.readFile(file), content)
  assert.ok(performance.now() - started < 10_000)
  await db.sync()
  await sleep(300)
  end.abort()
  for (const seen of await Promise.all(watchers)) assert.deepEqual(seen, [root.toString(), file.toString()])
})

test('a watch across processes, and a process that ends with its iteration', { timeout: 30_000 }, async (context) => {
  const { db, root, path } = both(context)
  const child = spawn(process.execPath, [program, path, '3'], { stdio: ['ignore', 'pipe', 'inherit'] })
  const exit = once(child, 'exit')
  let said = ''
  child.stdout.on('data', (text) => { said += text })
  const ids = [root]
  for (let at = 0; at < 2; at += 1) {
    while (said.split('\n').length <= ids.length) await sleep(1)
    ids.push(db.appendSync(root))
    db.syncSync()
  }
  assert.deepEqual(await exit, [0, null])
  assert.equal(said, ids.map((id) => `${id}\n`).join(''))
})
