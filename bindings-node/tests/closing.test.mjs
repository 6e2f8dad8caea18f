// Closing: by hand, by `using`, by the garbage collector, and while calls run.

import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'

import { open, openInMemorySync, openSync } from 'ouroborosdb'

import { scratch } from './scratch.mjs'

const content = randomBytes(300_000)
const closed = { code: 'closed' }

test('a database is closed as often as one likes, and says so', async (context) => {
  const path = join(scratch(context), 'store')
  const db = await open(path)
  assert.equal(db.closed, false)
  assert.equal(db.path, path)
  await Promise.all([db.close(), db.close()])
  db.closeSync()
  db[Symbol.dispose]()
  await db[Symbol.asyncDispose]()
  assert.equal(db.closed, true)
  assert.equal(db.path, path)
  openSync(path)[Symbol.dispose]()
  openSync(path).closeSync()
})

test('what hangs on a closed database answers closed, and its values live on', async () => {
  const db = openInMemorySync()
  const root = db.createRootSync('r')
  for (let at = 0; at < 20; at += 1) db.appendSync(root)
  const file = db.putFileSync(root, content)
  const event = db.eventSync(file)
  const reader = db.openFileSync(file)
  const cursor = db.childrenSync(root)
  const [iterator, changes] = [cursor[Symbol.iterator](), db.changesSync()]
  iterator.next()
  changes.pageSync(3)
  const batch = db.batchSync()
  const writer = db.fileWriterSync(root)
  writer.writeSync('x')
  await db.close()
  assert.throws(() => iterator.next(), closed)
  assert.throws(() => cursor.pageSync(1), closed)
  await assert.rejects(cursor[Symbol.asyncIterator]().next(), closed)
  await assert.rejects(changes.page(1), closed)
  assert.throws(() => reader.readSync(1), closed)
  await assert.rejects(batch.commit(), closed)
  await assert.rejects(writer.finish(), closed)
  await assert.rejects(db.event(root), closed)
  assert.throws(() => db.eventSync(root), closed)
  assert.equal(event.contentLength, content.length)
  assert.equal(changes.cursor.sequence, 3n)
  assert.equal(reader.length, content.length)
})

test('closing ends a put that waits for its stream, with a promise and waiting', { timeout: 10_000 }, async () => {
  for (const close of [(db) => db.close(), (db) => db.closeSync()]) {
    for (const target of [(db) => db, (db) => db.batchSync()]) {
      const db = openInMemorySync()
      const root = db.createRootSync('r')
      const silent = async function* () { yield content; await new Promise(() => {}) }
      const put = target(db).putFile(root, silent())
      put.catch(() => {})
      await sleep(10)
      await close(db)
      await assert.rejects(put, closed)
    }
  }
})

test('closing waits for short calls, and cancels long ones', async (context) => {
  const db = openSync(join(scratch(context), 'store'))
  const root = db.createRootSync('r')
  for (let at = 0; at < 50; at += 1) db.putFileSync(root, randomBytes(200_000))
  const calls = [db.verify(), db.rebuildIndex(), db.readFile(root), db.append(root), db.createRoot('s')]
  const outcomes = Promise.allSettled(calls)
  await db.close()
  for (const { status, reason } of await outcomes) {
    if (status === 'rejected') assert.ok(['closed', 'no_content'].includes(reason.code), reason)
  }
})

test('a database that nobody holds is closed and its lock released', async (context) => {
  const path = join(scratch(context), 'store')
  const fill = () => {
    const db = openSync(path, { durability: 'buffered' })
    const root = db.createRootSync('kept')
    // Each holds the database, and each is forgotten.
    const reader = db.openFileSync(db.putFileSync(root, content))
    return [db.childrenSync(root), reader, db.batchSync(), db.changesSync()].length
  }
  assert.equal(fill(), 4)
  for (let left = 200; ; left -= 1) {
    globalThis.gc()
    await sleep(5)
    try {
      const db = openSync(path)
      assert.equal(db.statsSync().events, 2)
      db.closeSync()
      return
    } catch (error) {
      if (error.code !== 'locked' || left === 0) throw error
    }
  }
})
