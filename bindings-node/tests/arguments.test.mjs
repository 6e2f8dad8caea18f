// The table of bad arguments: each gives its code, in both forms of a call, and harms nothing.

import assert from 'node:assert/strict'
import { test } from 'node:test'

import * as ouroborosdb from 'ouroborosdb'

const { ChangeCursor, EventId, openInMemorySync } = ouroborosdb

const detached = new Uint8Array(8)
structuredClone(detached.buffer, { transfer: [detached.buffer] })
const hostile = new Proxy({}, { get: () => { throw new Error('mine') } })

const endless = { [Symbol.iterator]: () => ({ next: () => ({ value: 'path', done: false }) }) }

const db = openInMemorySync()
const root = db.createRootSync('r')
const file = db.putFileSync(root, Buffer.from('content'))
const reader = db.openFileSync(file)
const writer = db.fileWriterSync(root)
const batch = db.batchSync()

/** Target, operation, arguments, code. */
const table = [
  [db, 'createRoot', [], 'wrong_type'],
  [db, 'createRoot', [5], 'wrong_type'],
  [db, 'createRoot', [new String('x')], 'wrong_type'],
  [db, 'createRoot', ['\ud800'], 'invalid_text'],
  [db, 'createRoot', ['x'.repeat(65537)], 'title_too_long'],
  [db, 'rootsTitled', [null], 'wrong_type'],
  [db, 'event', [undefined], 'wrong_type'],
  [db, 'event', [null], 'wrong_type'],
  [db, 'event', [Symbol('x')], 'wrong_type'],
  [db, 'event', [5n], 'wrong_type'],
  [db, 'event', [() => {}], 'wrong_type'],
  [db, 'event', [{}], 'wrong_type'],
  [db, 'event', [[1, 2]], 'wrong_type'],
  [db, 'event', [''], 'invalid_id'],
  [db, 'event', ['\ud800'.repeat(128)], 'invalid_id'],
  [db, 'event', [new Uint8Array(63)], 'invalid_id'],
  [db, 'event', [detached], 'invalid_argument'],
  [db, 'append', [root, { metadata: detached }], 'invalid_argument'],
  [db, 'event', [new SharedArrayBuffer(64)], 'event_not_found'],
  [db, 'resolve', [5], 'wrong_type'],
  [db, 'resolve', ['xyz'], 'invalid_id'],
  [db, 'append', [root, 5], 'wrong_type'],
  [db, 'append', [root, 'metadata'], 'wrong_type'],
  [db, 'append', [root, Buffer.alloc(1)], 'wrong_type'],
  [db, 'append', [root, { metdata: 'typing error' }], 'invalid_argument'],
  [db, 'append', [root, { metadata: 5 }], 'wrong_type'],
  [db, 'append', [root, { metadata: {} }], 'wrong_type'],
  [db, 'append', [root, { metadata: [1, 2] }], 'wrong_type'],
  [db, 'append', [root, { metadata: '\udc00' }], 'invalid_text'],
  [db, 'append', [root, { attributes: 5 }], 'wrong_type'],
  [db, 'append', [root, { attributes: 'ab' }], 'wrong_type'],
  [db, 'append', [root, { attributes: new Date() }], 'wrong_type'],
  [db, 'append', [root, { attributes: Buffer.alloc(2) }], 'wrong_type'],
  [db, 'append', [root, { attributes: ['ab'] }], 'wrong_type'],
  [db, 'append', [root, { attributes: [['a']] }], 'wrong_type'],
  [db, 'append', [root, { attributes: [['a', 'b', 'c']] }], 'wrong_type'],
  [db, 'append', [root, { attributes: { a: 5 } }], 'wrong_type'],
  [db, 'append', [root, { attributes: { a: null } }], 'wrong_type'],
  [db, 'append', [root, { attributes: { '\ud800': 'x' } }], 'invalid_text'],
  [db, 'append', [root, { attributes: { '': 'x' } }], 'invalid_argument'],
  [db, 'append', [root, { attributes: [['a', '1'], ['a', '2']] }], 'duplicate_attribute'],
  [db, 'append', [root, { follows: root }], 'wrong_type'],
  [db, 'append', [root, { follows: root.toString() }], 'wrong_type'],
  [db, 'append', [root, { follows: [5] }], 'wrong_type'],
  [db, 'append', [root, { temporary: 1 }], 'wrong_type'],
  [db, 'append', [root, { fullText: 'true' }], 'wrong_type'],
  [db, 'append', [root, { temporary: true, expires: 'tomorrow' }], 'wrong_type'],
  [db, 'append', [root, { temporary: true, expires: new Date(NaN) }], 'invalid_argument'],
  [db, 'append', [root, { temporary: true, expires: new Date(-1) }], 'invalid_argument'],
  [db, 'append', [root, { temporary: true, expires: -1 }], 'invalid_argument'],
  [db, 'append', [root, { temporary: true, expires: 1.5 }], 'invalid_argument'],
  [db, 'append', [root, { temporary: true, expires: 1n << 64n }], 'invalid_argument'],
  [db, 'append', [root, { expires: 1 }], 'invalid_argument'],
  [db, 'putFile', [root], 'wrong_type'],
  [db, 'putFile', [root, 5], 'wrong_type'],
  [db, 'putFile', [root, {}], 'wrong_type'],
  [db, 'putFile', [root, null], 'wrong_type'],
  [db, 'putFile', [root, ''], 'path_not_found'],
  [db, 'putFile', [root, 'nul\0'], 'invalid_argument'],
  [db, 'putFile', [root, new URL('http://example.org/')], 'invalid_argument'],
  [db, 'putFile', [root, [5]], 'wrong_type'],
  [db, 'putFile', [root, Buffer.alloc(1), { signal: 5 }], 'wrong_type'],
  [db, 'putFile', [root, Buffer.alloc(1), { progress: 5 }], 'wrong_type'],
  [db, 'putFile', [root, Buffer.alloc(1), { cancel: 5 }], 'invalid_argument'],
  [db, 'children', [root, { order: 'size' }], 'invalid_argument'],
  [db, 'children', [root, { order: 5 }], 'wrong_type'],
  [db, 'changes', [5], 'wrong_type'],
  [db, 'changes', ['x'], 'invalid_cursor'],
  [db, 'importPath', [root, 5], 'wrong_type'],
  [db, 'exportPath', [root], 'wrong_type'],
  [db, 'backupTo', [], 'wrong_type'],
  [db, 'backupTo', [5], 'wrong_type'],
  [db, 'backupTo', ['nul\0'], 'invalid_argument'],
  [db, 'backupTo', ['x', { signal: 5 }], 'wrong_type'],
  [db, 'backupTo', ['x', { order: 'x' }], 'invalid_argument'],
  [db, 'verify', [{ order: 'x' }], 'invalid_argument'],
  [reader, 'read', ['5'], 'wrong_type'],
  [reader, 'read', [-1], 'invalid_argument'],
  [reader, 'read', [NaN], 'invalid_argument'],
  [reader, 'readAt', [], 'wrong_type'],
  [reader, 'readAt', [1.5], 'invalid_argument'],
  [reader, 'readAt', [2 ** 64], 'invalid_argument'],
  [reader, 'seek', [0, 'middle'], 'invalid_argument'],
  [reader, 'seek', [-1], 'invalid_argument'],
  [reader, 'seek', [-1, 'current'], 'invalid_argument'],
  [reader, 'seek', [1n << 80n, 'end'], 'invalid_argument'],
  [reader, 'seek', [Infinity, 'end'], 'invalid_argument'],
  [writer, 'write', [5], 'wrong_type'],
  [writer, 'write', [], 'wrong_type'],
  [batch, 'append', [{ index: 0 }], 'wrong_type'],
  [batch, 'createRoot', [5], 'wrong_type'],
  [batch, 'putFile', [root, 5], 'wrong_type'],
  [db, 'append', [root, { durability: 'always' }], 'invalid_argument'],
  [db, 'append', [root, { durability: 5 }], 'wrong_type'],
  [db, 'putFile', [root, 'x', { durability: '' }], 'invalid_argument'],
  [db, 'fileWriter', [root, { durability: Buffer.from('durable') }], 'wrong_type'],
  [db, 'importPath', [root, '.', { durability: 'DURABLE' }], 'invalid_argument'],
  [db, 'importPath', [root, '.', { durability: true }], 'wrong_type'],
  [db, 'importPath', [root, '.', { metadata: 'x' }], 'invalid_argument'],
  [batch, 'append', [root, { durability: 'durable' }], 'invalid_argument'],
  [batch, 'commit', ['durable'], 'wrong_type'],
  [batch, 'commit', [{ durability: 'always' }], 'invalid_argument'],
  [batch, 'commit', [{ durability: 5 }], 'wrong_type'],
  [batch, 'commit', [{ metadata: 'x' }], 'invalid_argument'],
  [db.rootsSync(), 'page', [], 'wrong_type'],
  [db.rootsSync(), 'page', [-1], 'invalid_argument'],
  [ouroborosdb, 'open', [], 'wrong_type'],
  [ouroborosdb, 'open', [5], 'wrong_type'],
  [ouroborosdb, 'open', ['\ud800'], 'invalid_text'],
  [ouroborosdb, 'open', ['x', 5], 'wrong_type'],
  [ouroborosdb, 'open', ['x', { durability: 'always' }], 'invalid_argument'],
  [ouroborosdb, 'open', ['x', { durability: 5 }], 'wrong_type'],
  [ouroborosdb, 'open', ['x', { compression: 'best' }], 'invalid_argument'],
  [ouroborosdb, 'open', ['x', { segmentBytes: '1' }], 'wrong_type'],
  [ouroborosdb, 'open', ['x', { paths: 'path' }], 'wrong_type'],
  [ouroborosdb, 'open', ['x', { paths: Buffer.from('path') }], 'wrong_type'],
  [ouroborosdb, 'open', ['x', { paths: ['path', 5] }], 'wrong_type'],
  [ouroborosdb, 'open', ['x', { paths: Array(65).fill('path') }], 'invalid_argument'],
  [ouroborosdb, 'open', ['x', { paths: endless }], 'invalid_argument'],
  [ouroborosdb, 'openInMemory', [{ paths: [] }], 'invalid_argument'],
  [ouroborosdb, 'open', ['x', { create: 'no' }], 'wrong_type'],
  [ouroborosdb, 'open', ['x', { memoryCapacityBytes: 5 }], 'invalid_argument'],
  [ouroborosdb, 'open', ['x', { memoryLimit: '4194304' }], 'wrong_type'],
  [ouroborosdb, 'open', ['x', { memoryLimit: 4194303 }], 'invalid_argument'],
  [ouroborosdb, 'openReadOnly', ['x', { durability: 'durable' }], 'invalid_argument'],
  [ouroborosdb, 'openInMemory', [{ create: true }], 'invalid_argument'],
]

for (const [target, operation, given, code] of table) {
  const show = (value) => (typeof value === 'object' ? Object.keys(value ?? {}) : String(value).slice(0, 20))
  const shown = given.map(show).map(String).map((text) => text.toWellFormed().replaceAll('\0', ' '))
  test(`${operation}(${shown.join(', ')}) of ${target.constructor?.name ?? 'the package'} is ${code}`, async () => {
    const before = db.statsSync().events
    const isRefused = (error) => {
      assert.ok(error instanceof ouroborosdb.OuroborosError, error)
      assert.equal(error.code, code, error.message)
      assert.equal(error.number, ouroborosdb.ErrorCode[code].number)
      assert.ok(error.message.length > 10)
      return true
    }
    await assert.rejects(target[operation](...given), isRefused)
    assert.throws(() => target[`${operation}Sync`](...given), isRefused)
    assert.equal(db.statsSync().events, before)
  })
}

test('objects that throw when they are looked at throw their own error', async () => {
  await assert.rejects(db.append(root, { attributes: hostile }), /mine/)
  assert.throws(() => db.eventSync(hostile), /mine/)
})

test('what only the database makes cannot be made or misused', () => {
  const cursors = ['Changes', 'EventCursor', 'IdCursor', 'Watcher']
  for (const name of ['Batch', 'Database', 'Event', 'FileReader', 'FileWriter', ...cursors]) {
    assert.throws(() => new ouroborosdb[name]({}), TypeError, name)
  }
  assert.throws(() => new ouroborosdb.Member({}), TypeError)
  assert.throws(() => db.eventSync.call({}, root), TypeError)
  assert.throws(() => new EventId(5), { code: 'wrong_type' })
  assert.throws(() => new ChangeCursor('x'), { code: 'invalid_cursor' })
})

test('names of attributes may be any text', () => {
  const names = ['😀', '__proto__', 'constructor', '9', '10', 'é']
  const attributes = new Map(names.map((name, at) => [name, String(at)]))
  const event = db.eventSync(db.appendSync(root, { attributes }))
  assert.deepEqual([...event.attributes.keys()], ['10', '9', '__proto__', 'constructor', 'é', '😀'])
  for (const [name, value] of attributes) assert.equal(event.attribute(name).toString(), value)
  assert.equal(event.attribute('toString'), null)
})
