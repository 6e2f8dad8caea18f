// Many files in one call, and files out to paths and descriptors.

import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { closeSync, createReadStream, existsSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'

import { openInMemorySync, openSync as openDatabaseSync } from 'ouroborosdb'

import { scratch } from './scratch.mjs'

const content = randomBytes(3_000_000)
const small = (number) => createHash('sha512').update(String(number)).digest()

function opened(context) {
  const db = openInMemorySync()
  context.after(() => db.closeSync())
  return { db, root: db.createRootSync('many') }
}

test('sources of every kind in the order given', async (context) => {
  const { db, root } = opened(context)
  const aside = db.appendSync(root)
  const path = join(scratch(context), 'file')
  writeFileSync(path, content)
  const halves = [content.subarray(0, 1_500_000), content.subarray(1_500_000)]
  const both = [
    Buffer.from('bytes'),
    new Uint16Array([1, 2]),
    content,
    path,
    pathToFileURL(path),
    halves,
    { source: Buffer.from('named'), metadata: 'm', fullText: true },
    { source: path, parent: aside, attributes: { name: 'x' } },
    { source: Buffer.alloc(0), temporary: true, expires: 5, parent: null },
    ...Array.from({ length: 3000 }, (_, number) => small(number)),
  ]
  const check = (ids) => {
    assert.equal(ids.length, both.length)
    const expected = [Buffer.from('bytes'), Buffer.from([1, 0, 2, 0]), content, content, content, content,
      Buffer.from('named'), content, Buffer.alloc(0)]
    for (const [at, bytes] of expected.entries()) assert.ok(db.readFileSync(ids[at]).equals(bytes), `file ${at}`)
    for (const number of [0, 1500, 2999]) assert.deepEqual(db.readFileSync(ids[9 + number]), small(number))
    assert.equal(db.eventSync(ids[6]).metadata.toString(), 'm')
    assert.ok(db.eventSync(ids[7]).parent.equals(aside) && db.eventSync(ids[8]).parent.equals(root))
    assert.ok(db.eventSync(ids[8]).temporary)
  }
  check(db.putFilesSync(root, both))
  check(await db.putFiles(root, both))
  async function* later() { yield* both }
  check(await db.putFiles(root, later()))
  const streams = [createReadStream(path), Readable.from([content]), halves]
  const ids = await db.putFiles(root, streams, { durability: 'buffered' })
  for (const id of ids) assert.ok(db.readFileSync(id).equals(content))
  assert.deepEqual([await db.putFiles(root, []), db.putFilesSync(root, new Set())], [[], []])
  assert.ok(db.verifySync().isClean)
})

test('what fails names its file and leaves nothing', async (context) => {
  const { db, root } = opened(context)
  const folder = scratch(context)
  const mine = new Error('mine')
  const throwing = () => ({ *[Symbol.iterator]() { yield content; throw mine } })
  const events = db.statsSync().events
  const cases = [
    [() => throwing(), 'source_failed'],
    [() => join(folder, 'missing'), 'path_not_found'],
    [() => folder, 'invalid_argument'],
    [() => ({ source: small(1), durability: 'buffered' }), 'invalid_argument'],
    [() => ({ source: small(1), parent: Buffer.alloc(64) }), 'parent_not_found'],
  ]
  for (const at of [0, 30]) {
    for (const [make, code] of cases) {
      const files = () => Array.from({ length: 40 }, (_, number) => (number === at ? make() : small(number)))
      const isIt = (error) => {
        assert.equal(error.code, code, error.message)
        assert.ok(error.message.includes(`files[${at}]`), error.message)
        if (code === 'source_failed') assert.equal(error.cause, mine)
        return true
      }
      await assert.rejects(db.putFiles(root, files()), isIt)
      assert.throws(() => db.putFilesSync(root, files()), isIt)
    }
  }
  assert.equal(db.statsSync().events, events)
})

test('the error of the iterable is thrown as it is; what is no file is refused', async (context) => {
  const { db, root } = opened(context)
  const mine = new RangeError('mine')
  const files = function* () { yield small(1); throw mine }
  await assert.rejects(db.putFiles(root, files()), (error) => error === mine)
  assert.throws(() => db.putFilesSync(root, files()), (error) => error === mine)
  for (const wrong of [5, null, undefined, 'text', small(1), {}, [5], [null], [{ source: 5 }], [{}], [() => {}]]) {
    await assert.rejects(db.putFiles(root, wrong), { code: 'wrong_type' })
    assert.throws(() => db.putFilesSync(root, wrong), { code: 'wrong_type' })
  }
  for (const wrong of [[{ source: small(1), colour: 'red' }], [{ source: small(1), expires: -1 }]]) {
    await assert.rejects(db.putFiles(root, wrong), { code: 'invalid_argument' })
    assert.throws(() => db.putFilesSync(root, wrong), { code: 'invalid_argument' })
  }
  async function* later() { yield small(1) }
  assert.throws(() => db.putFilesSync(root, later()), { code: 'wrong_type' })
  assert.throws(() => db.putFilesSync(root, [later()]), { code: 'wrong_type' })
  assert.throws(() => db.putFilesSync(root, [], { colour: 1 }), { code: 'invalid_argument' })
  assert.equal(db.statsSync().events, 1)
})

test('watched, cancelled and closed on the way', async (context) => {
  const { db, root } = opened(context)
  const told = []
  const options = { progress: (now) => told.push(now) }
  await db.putFiles(root, [content, [content], small(1)], options)
  assert.deepEqual(told.at(-1), { bytes: 6_000_064, items: 3 })
  db.putFilesSync(root, [content, [content], small(1)], options)
  assert.deepEqual(told.at(-1), { bytes: 6_000_064, items: 3 })
  const { events } = db.statsSync()

  let ended = false
  const endless = async function* () {
    try {
      for (;;) { yield content; await sleep(1) }
    } finally {
      ended = true
    }
  }
  const controller = new AbortController()
  setTimeout(() => controller.abort(), 30)
  await assert.rejects(db.putFiles(root, [small(1), endless()], { signal: controller.signal }), { code: 'cancelled' })
  await sleep(10)
  assert.ok(ended, 'the source was let go')
  const mine = new Error('mine')
  const throws = { progress: () => { throw mine } }
  await assert.rejects(db.putFiles(root, [content], throws), (error) => error === mine)
  assert.throws(() => db.putFilesSync(root, [content], throws), (error) => error === mine)
  assert.equal(db.statsSync().events, events)

  // Waiting for a file, and waiting for a piece of one, when the database is closed.
  const never = { [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => {}) }) }
  const puts = [db.putFiles(root, never), db.putFiles(root, [small(1), never])]
  const waiting = puts.map((put) => assert.rejects(put, { code: 'closed' }))
  await sleep(20)
  await db.close()
  await Promise.all(waiting)
})

test('an iterable without an end is asked no faster than its files are stored', async (context) => {
  const { db, root } = opened(context)
  let asked = 0
  const controller = new AbortController()
  const files = function* () { for (;;) { asked += 1; yield Buffer.alloc(1_000_000, asked) } }
  const options = { signal: controller.signal, progress: ({ items }) => { if (items > 100) controller.abort() } }
  await assert.rejects(db.putFiles(root, files(), options), { code: 'cancelled' })
  assert.ok(asked < 5000, `${asked} files were asked for`)
})

test('a file out to paths and descriptors', async (context) => {
  const folder = scratch(context)
  const db = openDatabaseSync(join(folder, 'store'))
  context.after(() => db.closeSync())
  const reader = db.openFileSync(db.putFileSync(db.createRootSync('r'), content))
  const told = []
  const progress = (now) => told.push(now)
  const paths = [join(folder, 'a'), pathToFileURL(join(folder, 'b')), Buffer.from(join(folder, 'c\u00ff'), 'latin1')]
  for (const path of paths) {
    reader.seekSync(0)
    assert.equal(await reader.writeTo(path, { progress }), content.length)
    assert.equal(reader.position, content.length)
    assert.ok(readFileSync(path).equals(content))
    await assert.rejects(reader.writeTo(path), { code: 'already_exists' })
    assert.throws(() => reader.writeToSync(path), { code: 'already_exists' })
  }
  assert.deepEqual(told.at(-1), { bytes: content.length, items: 0 })
  reader.seekSync(-10, 'end')
  assert.equal(reader.writeToSync(join(folder, 'rest')), 10)
  assert.ok(readFileSync(join(folder, 'rest')).equals(content.subarray(-10)))

  const descriptor = openSync(join(folder, 'd'), 'w')
  reader.seekSync(0)
  assert.equal(await reader.writeTo(descriptor), content.length)
  reader.seekSync(-10, 'end')
  assert.equal(reader.writeToSync(descriptor), 10)
  closeSync(descriptor)
  assert.ok(readFileSync(join(folder, 'd')).equals(Buffer.concat([content, content.subarray(-10)])))

  for (const wrong of [-1, 1.5, NaN, 2 ** 31]) assert.throws(() => reader.writeToSync(wrong), { code: 'invalid_argument' })
  for (const wrong of [null, undefined, {}, true, 5n]) assert.throws(() => reader.writeToSync(wrong), { code: 'wrong_type' })
  reader.seekSync(0)
  if (existsSync('/dev/full')) {
    const full = openSync('/dev/full', 'w')
    await assert.rejects(reader.writeTo(full), { code: 'disk_full' })
    closeSync(full)
  }
  await assert.rejects(reader.writeTo(join(folder, 'no', 'where')), { code: 'path_not_found' })
  await assert.rejects(reader.writeTo(join(folder, 'store', 'x')), { code: 'invalid_argument' })
  const mine = new Error('mine')
  const path = join(folder, 'never')
  await assert.rejects(reader.writeTo(path, { progress: () => { throw mine } }), (error) => error === mine)
  await assert.rejects(reader.writeTo(path, { signal: AbortSignal.abort() }), { code: 'cancelled' })
  assert.ok(!existsSync(path))
})
