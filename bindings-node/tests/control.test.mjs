// Cancelling by a signal, and watching by a function.

import assert from 'node:assert/strict'
import { AsyncLocalStorage } from 'node:async_hooks'
import { randomBytes } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'

import { openInMemorySync } from 'ouroborosdb'

import { scratch } from './scratch.mjs'

const content = randomBytes(3_000_000)

function opened(context) {
  const db = openInMemorySync()
  context.after(() => db.closeSync())
  return { db, root: db.createRootSync('control') }
}

test('a call of an aborted signal is cancelled, with the reason as cause', async (context) => {
  const { db, root } = opened(context)
  const reason = new Error('mine')
  const options = { signal: AbortSignal.abort(reason) }
  const isAborted = (error) => error.code === 'cancelled' && error.name === 'AbortError' && error.cause === reason
  for (const source of [Buffer.alloc(1), content, [content], 'no such file']) {
    await assert.rejects(db.putFile(root, source, options), isAborted)
    assert.throws(() => db.putFileSync(root, source, options), isAborted)
  }
  await assert.rejects(db.verify(options), isAborted)
  assert.throws(() => db.rebuildIndexSync(options), isAborted)
})

test('a call whose source never gives anything is cancelled all the same, and the source let go', async (context) => {
  const { db, root } = opened(context)
  const controller = new AbortController()
  let returned = false
  const silent = {
    [Symbol.asyncIterator]: () => ({
      next: () => new Promise(() => {}),
      return: () => {
        returned = true
        return new Promise(() => {})
      },
    }),
  }
  const put = db.putFile(root, silent, { signal: controller.signal })
  await sleep(10)
  controller.abort()
  await assert.rejects(put, { code: 'cancelled' })
  assert.ok(returned)
  assert.equal(db.childIdsSync(root).pageSync(1).length, 0)
})

test('an abort in the middle cancels, and later ones mean nothing', async (context) => {
  const { db, root } = opened(context)
  const controller = new AbortController()
  const endless = async function* () { for (;;) { yield content; await sleep(1) } }
  setTimeout(() => controller.abort(), 30)
  await assert.rejects(db.putFile(root, endless(), { signal: controller.signal }), { code: 'cancelled' })
  const late = new AbortController()
  const file = await db.putFile(root, content, { signal: late.signal })
  late.abort()
  assert.equal((await db.readFile(file)).length, content.length)
})

test('what the function throws cancels the call and is thrown', async (context) => {
  const { db, root } = opened(context)
  const mine = new TypeError('mine')
  const progress = () => { throw mine }
  const isMine = (error) => error === mine
  for (const source of [Buffer.alloc(1), content, [content]]) {
    await assert.rejects(db.putFile(root, source, { progress }), isMine)
    assert.throws(() => db.putFileSync(root, source, { progress }), isMine)
  }
  await assert.rejects(db.verify({ progress }), isMine)
  assert.throws(() => db.verifySync({ progress }), isMine)
})

test('the function hears everything before the promise settles, and may call back in', async (context) => {
  const { db, root } = opened(context)
  const folder = join(scratch(context), 'in')
  mkdirSync(folder)
  for (let at = 0; at < 20; at += 1) writeFileSync(join(folder, String(at)), content)
  const storage = new AsyncLocalStorage()
  const heard = []
  let settled = false
  const progress = (news) => {
    assert.equal(settled, false)
    heard.push({ ...news, store: storage.getStore(), events: db.statsSync().events })
    db.appendSync(root)
  }
  const report = await storage.run('mine', () => db.importPath(root, folder, { progress }))
  settled = true
  assert.equal(heard.at(-1).bytes, 20 * content.length)
  assert.equal(heard.at(-1).items, 21)
  assert.equal(heard.at(-1).store, 'mine')
  assert.equal(report.files, 20)
  assert.ok(db.childIdsSync(root).pageSync(100).some((id) => id.equals(report.event)))
})

test('a held-up JavaScript does not hold up the call for good', async (context) => {
  const { db, root } = opened(context)
  db.putFileSync(root, content)
  const verified = db.verify({ progress: () => {} })
  const until = performance.now() + 300
  while (performance.now() < until);
  assert.equal((await verified).isClean, true)
})
