// Files in and out as streams, and the sources of `putFile`.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { closeSync, constants, openSync, readFileSync, writeFileSync } from 'node:fs'
import { createReadStream, createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { Readable, Transform } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'

import { openInMemorySync } from 'ouroborosdb'

import { scratch } from './scratch.mjs'

const content = randomBytes(5_000_001)

function opened(context) {
  const db = openInMemorySync()
  context.after(() => db.closeSync())
  return { db, root: db.createRootSync('streams') }
}

const count = (db, root) => db.childIdsSync(root).pageSync(1000).length

test('what is written without being awaited comes in order, and is in the file when it is finished', async (context) => {
  const { db, root } = opened(context)
  const writer = await db.fileWriter(root)
  const parts = [content.subarray(0, 2_000_000), content.subarray(2_000_000, 2_000_001), content.subarray(2_000_001)]
  const calls = parts.map((part) => writer.write(part))
  const event = await writer.finish()
  await Promise.all(calls)
  assert.ok(db.readFileSync(event).equals(content))
  // A call that fails ends no other.
  const other = await db.fileWriter(root)
  const failed = other.write(5)
  const written = other.write('x')
  await assert.rejects(failed, { code: 'wrong_type' })
  await written
  assert.equal(db.readFileSync(await other.finish()).toString(), 'x')
})

test('a file goes in through one pipeline and out through another', async (context) => {
  const { db, root } = opened(context)
  const folder = scratch(context)
  writeFileSync(join(folder, 'in'), content)
  const stream = db.createWriteStream(root, { metadata: 'm', attributes: { name: 'n' } })
  assert.equal(stream.event, null)
  await pipeline(createReadStream(join(folder, 'in')), stream)
  assert.equal(stream.bytesWritten, content.length)
  const event = db.eventSync(stream.event)
  assert.equal(event.contentLength, content.length)
  assert.equal(event.metadata.toString(), 'm')
  assert.equal(event.attribute('name').toString(), 'n')
  await pipeline(db.createReadStream(event), createWriteStream(join(folder, 'out')))
  assert.ok(readFileSync(join(folder, 'out')).equals(content))
  const through = new Transform({ transform: (bytes, _, done) => done(null, bytes) })
  await pipeline(db.createReadStream(event), through, db.createWriteStream(root))
  assert.equal(count(db, root), 2)
})

test('a stream gives the range from start to end, both included', async (context) => {
  const { db, root } = opened(context)
  const file = db.putFileSync(root, content)
  const read = (options) => buffer(db.createReadStream(file, options))
  assert.ok((await read({ start: 10, end: 19 })).equals(content.subarray(10, 20)))
  assert.ok((await read({ start: 4_999_990n })).equals(content.subarray(4_999_990)))
  assert.ok((await read({ end: 0, highWaterMark: 1 })).equals(content.subarray(0, 1)))
  assert.equal((await read({ start: 6_000_000 })).length, 0)
  const digits = await db.createReadStream(file, { encoding: 'hex', end: 1 }).toArray()
  assert.equal(digits.join(''), content.subarray(0, 2).toString('hex'))
  assert.throws(() => db.createReadStream(file, { start: 2, end: 0 }), { code: 'invalid_argument' })
})

test('a stream of what cannot be read fails with the code', async (context) => {
  const { db, root } = opened(context)
  await assert.rejects(buffer(db.createReadStream(root)), { code: 'no_content' })
  await assert.rejects(buffer(db.createReadStream('x')), { code: 'invalid_id' })
  await assert.rejects(pipeline(['x'], db.createWriteStream('0'.repeat(128))), { code: 'parent_not_found' })
})

test('a write stream that is destroyed, fails or is aborted leaves no event', async (context) => {
  const { db, root } = opened(context)
  const destroyed = db.createWriteStream(root)
  destroyed.write(content)
  destroyed.destroy()
  const failing = Readable.from((function* () { yield content; throw new Error('mine') })())
  await assert.rejects(pipeline(failing, db.createWriteStream(root)), /mine/)
  const controller = new AbortController()
  const endless = Readable.from((async function* () { for (;;) { yield content; await sleep(1) } })())
  setTimeout(() => controller.abort(), 20)
  const aborted = db.createWriteStream(root)
  await assert.rejects(pipeline(endless, aborted, { signal: controller.signal }), { name: 'AbortError' })
  assert.equal(aborted.event, null)
  assert.equal(count(db, root), 0)
})

// The stream told of the closed database after it was destroyed, and nobody was there to hear it: the process ended.
test('a write stream that is destroyed before it is open fails no more', async () => {
  const memory = openInMemorySync()
  const stream = memory.createWriteStream(memory.createRootSync('r'))
  stream.write('x')
  stream.destroy()
  memory.closeSync()
  const closed = new Promise((resolve, reject) => stream.once('close', resolve).once('error', reject))
  await closed
})

test('strings are written in their encoding, and empty streams make empty files', async (context) => {
  const { db, root } = opened(context)
  const hex = db.createWriteStream(root)
  hex.write('ff00', 'hex')
  hex.end('é')
  await new Promise((resolve) => hex.on('finish', resolve))
  assert.equal(db.readFileSync(hex.event).toString('hex'), 'ff00c3a9')
  const empty = db.createWriteStream(root)
  await pipeline([], empty)
  assert.equal(db.eventSync(empty.event).contentLength, 0)
})

test('putFile takes whatever has bytes', async (context) => {
  const { db, root } = opened(context)
  const path = join(scratch(context), 'file')
  writeFileSync(path, content)
  const shared = new Uint8Array(new SharedArrayBuffer(content.length))
  shared.set(content)
  const resizable = new Uint8Array(new ArrayBuffer(content.length, { maxByteLength: 2 * content.length }))
  resizable.set(content)
  const whole = new Uint8Array(content)
  const sources = {
    buffer: () => content,
    arrayBuffer: () => whole.buffer,
    dataView: () => new DataView(whole.buffer),
    shared: () => shared,
    resizable: () => resizable,
    path: () => path,
    url: () => pathToFileURL(path),
    iterable: () => [content.subarray(0, 10), '', content.subarray(10)],
    readable: () => createReadStream(path),
    web: () => new Blob([content]).stream(),
    generator: async function* () { yield content },
  }
  for (const [name, source] of Object.entries(sources)) {
    const file = await db.putFile(root, source())
    assert.ok((await db.readFile(file)).equals(content), name)
    if (['readable', 'web', 'generator'].includes(name)) {
      assert.throws(() => db.putFileSync(root, source()), { code: 'wrong_type' }, name)
    } else {
      assert.ok(db.readFileSync(db.putFileSync(root, source())).equals(content), `${name}, waiting`)
    }
  }
})

test('a small source may be changed or given away as soon as the call is made', async (context) => {
  const { db, root } = opened(context)
  const bytes = new Uint8Array(1000).fill(7)
  const put = db.putFile(root, bytes, { metadata: bytes })
  bytes.fill(8)
  structuredClone(bytes.buffer, { transfer: [bytes.buffer] })
  const file = await put
  assert.deepEqual([...new Set(await db.readFile(file))], [7])
  assert.deepEqual([...new Set(await db.metadata(file))], [7])
})

test('a large source that is given away meanwhile is an error and nothing worse', async (context) => {
  const { db, root } = opened(context)
  const bytes = new Uint8Array(content)
  const put = db.putFile(root, bytes)
  structuredClone(bytes.buffer, { transfer: [bytes.buffer] })
  await assert.rejects(put, { code: 'invalid_argument' })
  assert.equal(count(db, root), 0)
})

test('a piece that is given away while it is taken in is an error, and no shorter file', async (context) => {
  const { db, root } = opened(context)
  const lost = { code: 'invalid_argument' }
  const piece = () => new Uint8Array(content)
  const giveAway = (bytes) => structuredClone(bytes.buffer, { transfer: [bytes.buffer] })
  const [fed, pushed, pulled] = [piece(), piece(), piece()]
  const put = db.putFile(root, (async function* () { yield fed })())
  const write = db.fileWriterSync(root).write(pushed)
  setImmediate(() => giveAway(fed))
  giveAway(pushed)
  await Promise.all([assert.rejects(put, lost), assert.rejects(write, lost)])
  const progress = () => { if (pulled.byteLength > 0) giveAway(pulled) }
  assert.throws(() => db.putFileSync(root, [pulled], { progress }), lost)
  assert.equal(count(db, root), 0)
})

test('the error of a source is the cause; one of the database is passed on', async (context) => {
  const { db, root } = opened(context)
  const mine = new Error('mine')
  const failing = async function* () { yield content; throw mine }
  const isOfSource = (error) =>
    error.code === 'source_failed' && error.cause === mine && /failed: mine;/.test(error.message)
  const waiting = function* () { yield content; throw mine }
  for (const target of [db, db.batchSync()]) {
    await assert.rejects(target.putFile(root, failing()), isOfSource)
    assert.throws(() => target.putFileSync(root, waiting()), isOfSource)
  }
  await assert.rejects(db.putFile(root, db.createReadStream(root)), { code: 'no_content' })
  await assert.rejects(db.putFile(root, [5]), { code: 'wrong_type' })
  assert.equal(count(db, root), 0)
})

test('more puts at once than libuv has threads get all their bytes', { timeout: 20_000 }, async (context) => {
  const { db, root } = opened(context)
  const folder = scratch(context)
  writeFileSync(join(folder, 'file'), content)
  execFileSync('mkfifo', [join(folder, 'pipe')])
  const pipes = Array.from({ length: 5 }, () => db.putFile(root, join(folder, 'pipe')))
  const puts = Array.from({ length: 10 }, () => db.putFile(root, createReadStream(join(folder, 'file'))))
  const files = await Promise.all(puts)
  for (const file of files) assert.equal(db.eventSync(file).contentLength, content.length)
  let done = false
  const all = Promise.all(pipes).finally(() => { done = true })
  while (!done) {
    endPipe(join(folder, 'pipe'))
    await sleep(5)
  }
  await all
})

/** Opens a pipe for writing and closes it, where anybody waits for that. */
function endPipe(path) {
  try {
    closeSync(openSync(path, constants.O_WRONLY | constants.O_NONBLOCK))
  } catch (error) {
    if (error.code !== 'ENXIO') throw error
  }
}

test('JavaScript goes on while a large file goes in and out', async (context) => {
  const { db, root } = opened(context)
  const stalls = []
  let last = performance.now()
  const timer = setInterval(() => {
    stalls.push(performance.now() - last)
    last = performance.now()
  }, 1)
  const piece = randomBytes(1024 * 1024)
  const stream = db.createWriteStream(root)
  await pipeline(Readable.from((function* () { for (let at = 0; at < 48; at += 1) yield piece })()), stream)
  await db.putFile(root, Buffer.concat(Array(16).fill(piece)))
  for await (const bytes of db.createReadStream(stream.event)) assert.ok(bytes.length > 0)
  clearInterval(timer)
  const middle = stalls.sort((a, b) => a - b)[Math.floor(stalls.length * 0.9)]
  // The bound is for a machine that is busy with other tests: a call that held JavaScript up would take a second.
  assert.ok(stalls.length > 20 && middle < 100, `${stalls.length} turns, nine of ten under ${middle} ms`)
})
