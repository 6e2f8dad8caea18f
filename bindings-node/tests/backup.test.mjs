// Hot copies.

import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'

import { open, openReadOnlySync } from 'ouroborosdb'

import { scratch } from './scratch.mjs'

test('a copy opens, and the next one copies what is new', async (context) => {
  const folder = scratch(context)
  const db = await open(join(folder, 'store'))
  const root = await db.createRoot('kept')
  const heard = []
  const first = await db.backupTo(join(folder, 'copy'), { progress: (news) => heard.push(news) })
  assert.equal(first.sequence, 1n)
  assert.equal(first.segments, 1)
  assert.equal(first.bytesKept, 0)
  assert.equal(first.damagedRanges, 0)
  assert.deepEqual({ ...heard.at(-1) }, { bytes: first.bytesCopied, items: 1 })
  assert.ok(Object.isFrozen(first))
  await db.append(root)
  const second = db.backupToSync(join(folder, 'copy'))
  assert.equal(second.bytesKept, first.bytesCopied)
  assert.ok(second.bytesCopied > 0)
  const copy = openReadOnlySync(join(folder, 'copy'))
  assert.equal(copy.eventSync(root).title, 'kept')
  copy.closeSync()
  await db.close()
})

test('it is cancelled, and goes on; what is something else stays', async (context) => {
  const folder = scratch(context)
  const db = await open(join(folder, 'store'))
  await db.createRoot('kept')
  const signal = AbortSignal.abort()
  await assert.rejects(db.backupTo(join(folder, 'copy'), { signal }), { name: 'AbortError', code: 'cancelled' })
  assert.equal((await db.backupTo(join(folder, 'copy'))).sequence, 1n)
  await assert.rejects(db.backupTo(folder), { code: 'not_a_backup', number: 411 })
  assert.throws(() => db.backupToSync(join(folder, 'missing', 'copy')), { code: 'path_not_found' })
  await db.close()
})
