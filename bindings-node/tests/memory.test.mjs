// Handles that are opened and dropped leave nothing behind.

import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'

import { openInMemorySync } from 'ouroborosdb'

const MIB = 1024 * 1024

async function settledRss() {
  for (let round = 0; round < 5; round += 1) {
    globalThis.gc()
    await turn()
  }
  return process.memoryUsage().rss
}

/** Runs `work` so often, in rounds, and says how many MiB grew after the first half. */
async function growth(times, work) {
  const run = async (count) => {
    for (let at = 0; at < count; at += 1) {
      work(at)
      // Finalizers run between two turns of the event loop.
      if (at % 500 === 0) {
        globalThis.gc()
        await turn()
      }
    }
    return settledRss()
  }
  const before = await run(times / 2)
  return ((await run(times / 2)) - before) / MIB
}

test('20,000 handles of each kind', { timeout: 60_000 }, async () => {
  assert.ok(globalThis.gc, 'run with --expose-gc')
  const db = openInMemorySync()
  const root = db.createRootSync('r')
  const file = db.putFileSync(root, randomBytes(30_000))
  const makes = {
    cursors: () => db.childrenSync(root).pageSync(1),
    readers: () => db.openFileSync(file).readSync(100),
    writers: () => db.fileWriterSync(root).writeSync('x'),
    batches: () => db.batchSync().appendSync(root),
    feeds: () => db.changesSync().pageSync(1),
    events: () => db.eventSync(root).title,
    files: () => db.readFileSync(file),
  }
  for (const [name, make] of Object.entries(makes)) {
    const grown = await growth(20_000, make)
    assert.ok(grown < 24, `${name}: ${grown.toFixed(1)} MiB more`)
  }
  db.closeSync()
})

test('2,000 databases that nobody closes', { timeout: 60_000 }, async () => {
  const grown = await growth(2_000, () => openInMemorySync().createRootSync('r'))
  assert.ok(grown < 48, `${grown.toFixed(1)} MiB more`)
})

test('4,000 calls on threads of their own', { timeout: 60_000 }, async () => {
  const db = openInMemorySync()
  const root = db.createRootSync('r')
  const content = randomBytes(30_000)
  const run = async () => {
    const batch = db.batchSync()
    for (let at = 0; at < 200; at += 1) {
      const put = () => batch.putFile(root, [content], { progress: () => {} })
      await Promise.all(Array.from({ length: 10 }, put))
    }
    batch.discardSync()
    return settledRss()
  }
  const before = await run()
  const grown = ((await run()) - before) / MIB
  assert.ok(grown < 32, `${grown.toFixed(1)} MiB more`)
  db.closeSync()
})
