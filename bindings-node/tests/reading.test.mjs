// Where the bytes of files are when JavaScript has them: in memory of V8's own, as much as there are bytes.

import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'

import { openInMemorySync } from 'ouroborosdb'

const MIB = 1024 * 1024
/** A file of so many bytes comes in one piece; one more, and room is made for it first. */
const SMALL_BYTES = 64 * 1024

const content = randomBytes(MIB)

function opened(context) {
  const db = openInMemorySync()
  context.after(() => db.closeSync())
  const root = db.createRootSync('reading')
  return { db, root, file: db.putFileSync(root, content, { metadata: content }) }
}

function is(bytes, wanted) {
  assert.ok(Buffer.isBuffer(bytes) && bytes.equals(wanted), `${bytes.length} bytes for ${wanted.length}`)
  // What lies around it in memory would be seen through `buffer`.
  assert.equal(bytes.buffer.byteLength, wanted.length)
}

test('a file of each length is whole and alone in its memory', async (context) => {
  const { db, root } = opened(context)
  for (const length of [0, 1, 4096, SMALL_BYTES - 1, SMALL_BYTES, SMALL_BYTES + 1, MIB]) {
    const wanted = content.subarray(0, length)
    const file = db.putFileSync(root, wanted)
    is(db.readFileSync(file), wanted)
    is(await db.readFile(file), wanted)
  }
})

test('a Buffer is another one each time, and may be written to and given away', async (context) => {
  const { db, file } = opened(context)
  const first = db.readFileSync(file)
  first.fill(0)
  is(db.readFileSync(file), content)
  const second = await db.readFile(file)
  const given = structuredClone(second.buffer, { transfer: [second.buffer] })
  is(Buffer.from(given), content)
  assert.equal(second.length, 0)
  is(await db.readFile(file), content)
})

test('what is read up to the end has the length that was left', async (context) => {
  const { db, file } = opened(context)
  const reader = db.openFileSync(file)
  const end = content.subarray(MIB - 3)
  is(reader.readAtSync(MIB - 3, 100), end)
  is(await reader.readAt(MIB - 3), end)
  is(reader.readAtSync(MIB), Buffer.alloc(0))
  is(await reader.readAt(2n ** 64n - 1n, 2n ** 64n - 1n), Buffer.alloc(0))
  reader.seekSync(-3, 'end')
  is(reader.readSync(100), end)
  is(reader.readSync(100), Buffer.alloc(0))
  await reader.seek(MIB - 3)
  is(await reader.read(), end)
  await reader.seek(2 * MIB)
  is(await reader.read(100), Buffer.alloc(0))
  is(reader.readSync(), Buffer.alloc(0))
  reader.seekSync(0)
  is(reader.readSync(), content)
})

test('reads that run at once share the position, whatever it is when they begin', async (context) => {
  const { db, file } = opened(context)
  const reader = db.openFileSync(file)
  for (let round = 0; round < 20; round += 1) {
    reader.seekSync(0)
    const parts = await Promise.all([reader.read(MIB - 10), reader.read(MIB - 10), reader.read()])
    const [first, second, third] = parts.sort((a, b) => b.length - a.length)
    // Whichever is first, and that one may have been asked for all.
    assert.equal(first.length + second.length + third.length, MIB)
    is(first, content.subarray(0, first.length))
    is(second, content.subarray(first.length))
    // At the end, and moved while the next call makes room.
    const moved = reader.seek(-10, 'end')
    const last = await reader.read()
    await moved
    assert.ok(last.length === 0 || last.equals(content.subarray(MIB - 10)))
  }
})

const LOOPS = {
  readFileSync: ({ db, file }) => db.readFileSync(file),
  readAtSync: ({ reader }) => reader.readAtSync(0),
  readSync: ({ reader }) => {
    reader.seekSync(0)
    return reader.readSync()
  },
  metadataSync: ({ db, file }) => db.metadataSync(file),
}

for (const [name, read] of Object.entries(LOOPS)) {
  test(`a loop of ${name} that never waits takes no more and more memory`, (context) => {
    const { db, file } = opened(context)
    const world = { db, file, reader: db.openFileSync(file) }
    const start = process.memoryUsage().rss
    for (let round = 0; round < 512; round += 1) assert.equal(read(world).length, MIB)
    const more = (process.memoryUsage().rss - start) / MIB
    assert.ok(more < 256, `${more.toFixed(0)} MiB more after 512 reads of one`)
  })
}
