// Ids, events, cursors of the feed, errors: what they are as values.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'

import { ChangeCursor, ErrorCode, Event, EventId, OuroborosError, openInMemorySync } from 'ouroborosdb'

const db = openInMemorySync()
const root = db.createRootSync('root')

test('an id is equal by its bytes and comes in every form', async () => {
  const hex = root.toString()
  assert.match(hex, /^[0-9a-f]{128}$/)
  const bytes = new Uint8Array(root.toBuffer())
  for (const form of [root, hex, hex.toUpperCase(), root.toBuffer(), bytes, db.eventSync(root)]) {
    assert.ok(EventId.from(form).equals(root))
    assert.ok((await db.event(form)).id.equals(root))
  }
  assert.equal(EventId.from(root), root)
  assert.equal(JSON.stringify({ root }), `{"root":"${hex}"}`)
  assert.equal(inspect(root), `EventId(${hex})`)
  assert.equal(`${root}`, hex)
  assert.equal(root.equals(hex), false)
  root.toBuffer().fill(0)
  assert.equal(root.toString(), hex)
})

test('an event is a snapshot that nobody changes', () => {
  const before = Date.now()
  const id = db.appendSync(root, {
    metadata: 'meta',
    attributes: { b: 'two', a: Buffer.from([1]) },
    follows: [root],
    temporary: true,
    expires: new Date(5000),
    fullText: true,
  })
  const event = db.eventSync(id)
  assert.ok(event instanceof Event)
  assert.equal(event.kind, 'plain')
  assert.ok(event.parent.equals(root) && event.follows[0].equals(root) && event.follows.length === 1)
  assert.equal(event.origin.length, 16)
  assert.equal(typeof event.timeMs, 'bigint')
  assert.ok(event.date.getTime() >= before - 1 && event.timeCounter >= 0)
  assert.equal(event.sequence, 2n)
  assert.equal(event.title, null)
  assert.equal(event.contentLength, null)
  assert.deepEqual([event.temporary, event.fullText, event.expiresMs], [true, true, 5000n])
  assert.equal(event.expires.getTime(), 5000)
  event.metadata.fill(0)
  event.attributes.clear()
  event.attribute('a').fill(0)
  event.follows.pop()
  assert.equal(event.metadata.toString(), 'meta')
  const attributes = [...event.attributes].map(([name, value]) => `${name}=${value.toString('hex')}`)
  assert.deepEqual(attributes, ['a=01', 'b=74776f'])
  assert.equal(event.follows.length, 1)
  assert.throws(() => { event.title = 'x' }, TypeError)
  const shown = JSON.parse(JSON.stringify(event))
  assert.equal(shown.id, id.toString())
  assert.equal(shown.sequence, '2')
  assert.match(inspect(event), /^Event \{.*metadata: <Buffer/s)
  assert.equal(db.eventSync(root).title, 'root')
  assert.equal(db.eventSync(root).kind, 'root')
  const late = db.eventSync(db.appendSync(root, { temporary: true, expires: 2n ** 64n - 1n }))
  assert.equal(late.expiresMs, 2n ** 64n - 1n)
  assert.ok(Number.isNaN(late.expires.getTime()))
})

test('cursors are gone through once, by loops of either kind', async () => {
  const parent = db.createRootSync('many')
  const ids = Array.from({ length: 700 }, (_, at) => db.appendSync(parent, { metadata: String(at) }).toString())
  const cursor = await db.children(parent)
  const seen = []
  for (const event of cursor) {
    seen.push(event.id.toString())
    if (seen.length === 3) break
  }
  for await (const event of cursor) {
    seen.push(event.id.toString())
    if (seen.length === 20) break
  }
  while (seen.length < 100) seen.push(...(await cursor.page(7)).map((event) => event.id.toString()))
  await Promise.all([1, 2, 3].map(async () => {
    for await (const event of cursor) seen.push(event.id.toString())
  }))
  assert.deepEqual(seen.slice(0, 100), ids.slice(0, 100))
  assert.deepEqual(seen.sort(), [...ids].sort())
  assert.deepEqual(cursor.pageSync(5), [])
  assert.deepEqual((await db.childIds(parent)).pageSync(1n).map(String), [db.eventSync(ids[0]).id.toString()])
})

test('the feed tells the place behind what it gave out, and goes on later', async () => {
  const changes = await db.changes()
  for await (const event of changes) {
    assert.equal(changes.cursor.sequence, event.sequence)
    if (event.sequence === 5n) break
  }
  const text = String(changes.cursor)
  const [next] = await (await db.changes(ChangeCursor.from(text))).page(1)
  assert.equal(next.sequence, 6n)
  assert.ok(new ChangeCursor(text).equals(changes.cursor))
  for (const event of changes) assert.ok(event.sequence > 5n)
  const { id } = db.eventSync(db.createRootSync('later'))
  assert.ok((await changes.page(10))[0].id.equals(id))
})

test('an error has a code, a number and a name', () => {
  const error = (() => {
    try {
      return db.eventSync('0'.repeat(128))
    } catch (caught) {
      return caught
    }
  })()
  assert.ok(error instanceof OuroborosError && error instanceof Error)
  assert.deepEqual([error.code, error.number, error.name], ['event_not_found', 301, 'OuroborosError'])
  assert.equal(Object.hasOwn(error, 'errno'), false)
  assert.match(error.stack, /values\.test\.mjs/)
  assert.throws(() => db.putFileSync(root, '/does/not/exist'), { code: 'path_not_found', errno: 2 })
  assert.equal(ErrorCode.from(301), ErrorCode.event_not_found)
  assert.equal(ErrorCode.from('nothing'), null)
})
