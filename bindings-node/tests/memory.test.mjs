// 100,000 handles of each kind, opened and dropped, leave nothing behind.
//
// Dropped: left to the garbage collector, in whatever state they are in. A handle that is kept takes a hundred bytes at
// the least, so those of every second round are 5 MB together. What may come and go by itself is less: what V8 and
// malloc keep in hand, which glibc is told in `MALLOC_TRIM_THRESHOLD_` to be little.

import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { before, test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'

import { openInMemory, openInMemorySync } from 'ouroborosdb'

const TIMES = 100_000
/** Rounds on one database: what they store goes with it. */
const WORLD = 5000
/** Rounds between two collections, which are of what is young unless it is said. */
const SLICE = 500
const RESIDENT_MIB_MORE = 4
const HEAP_MIB_MORE = 1
const MIB = 1024 * 1024

const content = randomBytes(1000)

function openWorld() {
  const db = openInMemorySync()
  const root = db.createRootSync('r')
  const file = db.putFileSync(root, content, { metadata: 'm', attributes: { colour: 'red' } })
  db.appendSync(root)
  return { db, root, file }
}

/** What is left when all that is garbage is collected. */
async function settled() {
  for (let round = 0; round < 5; round += 1) {
    globalThis.gc()
    // Finalizers run between two turns of the event loop.
    await turn()
  }
  const { rss, heapUsed, external } = process.memoryUsage()
  return { resident: rss, heap: heapUsed + external }
}

/** Does `work` so often, `together` at once, with so many rounds before to warm up: nothing may be more than then. */
async function leavesNothing(work, options = {}) {
  const { times = TIMES, warmUp = times / 10, together = 1, residentMib = RESIDENT_MIB_MORE, type = 'minor' } = options
  const slice = async (world, count) => {
    for (let round = 0; round < count; round += together) {
      if (together === 1) work(world, round)
      else await Promise.all(Array.from({ length: together }, (_, index) => work(world, round + index)))
    }
    globalThis.gc({ type })
    await turn()
  }
  const run = async (count) => {
    for (let at = 0; at < count; at += WORLD) {
      const world = openWorld()
      for (let inside = at; inside < Math.min(at + WORLD, count); inside += SLICE) await slice(world, SLICE)
      world.db.closeSync()
    }
    return settled()
  }
  const start = await run(warmUp)
  const end = await run(times)
  const resident = (end.resident - start.resident) / MIB
  const heap = (end.heap - start.heap) / MIB
  const said = `after ${times} rounds ${resident.toFixed(2)} MiB of pages and ${heap.toFixed(2)} MiB of V8's more`
  assert.ok(resident < residentMib && heap < HEAP_MIB_MORE, said)
}

/** Where there are many errors, Node.js 24 lets the space of what is young grow to its full size of 100 MiB. */
const withErrors = { type: 'major' }

function fails(code, call) {
  try {
    call()
  } catch (error) {
    if (error.code === code) return
    throw error
  }
  assert.fail(`it succeeds instead of failing with ${code}`)
}

const aborted = AbortSignal.abort()

/** Whatever is made waits for the collector, but where it is ended: in each second round. */
const kinds = {
  events: ({ db, file }) => db.eventSync(file).attributes,
  cursors: ({ db, root }) => db.childrenSync(root).pageSync(1),
  iterators: ({ db, root }, round) => {
    const iterator = db.descendantsSync(root)[Symbol.iterator]()
    iterator.next()
    if (round % 2) iterator.return()
  },
  'cursors of ids': ({ db, root }) => db.childIdsSync(root).pageSync(1),
  'cursors of roots': ({ db }) => db.rootIndexSync().pageSync(1),
  'file readers': ({ db, file }) => db.openFileSync(file).readSync(100),
  'file writers': ({ db, root }, round) => {
    const writer = db.fileWriterSync(root)
    writer.writeSync('x')
    if (round % 2) writer.abortSync()
  },
  batches: ({ db, root }, round) => {
    const batch = db.batchSync()
    batch.appendSync(root, { metadata: 'm' })
    if (round % 2) batch.discardSync()
  },
  changes: ({ db }, round) => {
    const changes = db.changesSync()
    changes.pageSync(1)
    if (round % 2) db.changesSync(changes.cursor)
  },
  errors: ({ db }) => fails('event_not_found', () => db.eventSync(Buffer.alloc(64))),
}

before(async () => {
  assert.ok(globalThis.gc, 'run with --expose-gc')
  // What is made once and kept is made now.
  const world = openWorld()
  for (const work of Object.values(kinds)) for (let round = 0; round < 1000; round += 1) work(world, round)
  world.db.closeSync()
  await settled()
})

for (const [name, work] of Object.entries(kinds)) {
  test(`100,000 ${name}`, { timeout: 60_000 }, () => leavesNothing(work, name === 'errors' ? withErrors : {}))
}

/** What is stored, and what takes long. */
const slowKinds = {
  'cancelled calls': ({ db, root }) => fails('cancelled', () => db.importPathSync(root, '.', { signal: aborted })),
  'file writers that are finished': ({ db, root }) => {
    const writer = db.fileWriterSync(root)
    writer.writeSync('x')
    return writer.finishSync()
  },
  'batches that are committed': ({ db }) => {
    const batch = db.batchSync()
    batch.appendSync(batch.createRootSync('another'))
    return batch.commitSync()
  },
  'databases that are closed': () => openInMemorySync().closeSync(),
}

for (const [name, work] of Object.entries(slowKinds)) {
  test(`10,000 ${name}`, { timeout: 60_000 }, () => leavesNothing(work, { times: 10_000, residentMib: 8 }))
}

// The handles are those of above: what differs is how a call runs.
test('100,000 handles of all kinds, opened on the pool', { timeout: 60_000 }, async () => {
  const opens = [
    ({ db, file }) => db.event(file),
    async ({ db, root }) => (await db.children(root)).page(1),
    async ({ db, root }) => {
      for await (const event of await db.descendants(root)) return event
    },
    ({ db, root }) => db.childIds(root),
    ({ db }) => db.rootIndex(),
    async ({ db, file }) => (await db.openFile(file)).read(100),
    async ({ db, root }) => (await db.fileWriter(root)).abort(),
    async ({ db, root }) => (await db.batch()).append(root),
    async ({ db }) => (await db.changes()).page(1),
    ({ db }) => assert.rejects(db.event(Buffer.alloc(64)), { code: 'event_not_found' }),
  ]
  const work = (world, round) => opens[round % opens.length](world)
  await leavesNothing(work, { together: 100, ...withErrors })
})

// How many threads ran at once, and so how many heaps malloc has made for them, differs from run to run.
const threads = { residentMib: 16, together: 10 }

test('4,000 calls on threads of their own, and their sources', { timeout: 60_000 }, async () => {
  const work = async ({ db, root }, round) => {
    const signal = round % 2 ? new AbortController().signal : undefined
    await db.putFile(root, [content], { signal, progress: () => {} })
  }
  await leavesNothing(work, { times: 4000, warmUp: 1000, ...threads })
})

test('1,000 streams that nobody reads or writes to the end', { timeout: 60_000 }, async () => {
  const work = async ({ db, root, file }) => {
    const reading = db.createReadStream(file, { highWaterMark: 100 })
    for await (const _ of reading) break
    const writing = db.createWriteStream(root)
    writing.write('x')
    writing.destroy()
    await once(writing, 'close')
  }
  await leavesNothing(work, { times: 1000, warmUp: 500, ...threads })
})

test('2,000 databases that nobody closes, opened both ways', { timeout: 60_000 }, async () => {
  const work = async (_, round) => {
    const db = round % 2 ? openInMemorySync() : await openInMemory()
    db.createRootSync('r')
  }
  await leavesNothing(work, { times: 2000, warmUp: 500, ...threads })
})
