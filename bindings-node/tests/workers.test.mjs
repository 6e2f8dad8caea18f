// Several threads of JavaScript at once, and threads and processes that end while calls run.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'

import { openSync } from 'ouroborosdb'

import { scratch } from './scratch.mjs'

const program = fileURLToPath(new URL('programs/busy.mjs', import.meta.url))

test('workers load the module, work, and end', { timeout: 30_000 }, async (context) => {
  const folder = scratch(context)
  const workers = Array.from({ length: 4 }, (_, at) => {
    return new Worker(program, { argv: [join(folder, String(at)), 'finish'] })
  })
  const codes = await Promise.all(workers.map((worker) => once(worker, 'exit')))
  assert.deepEqual(codes.flat(), [0, 0, 0, 0])
})

test('a worker is terminated while calls run', { timeout: 60_000 }, async (context) => {
  const folder = scratch(context)
  for (let round = 0; round < 6; round += 1) {
    const path = join(folder, String(round))
    const worker = new Worker(program, { argv: [path, 'forever'] })
    const [acknowledged] = await once(worker, 'message')
    await sleep(round * 7)
    await worker.terminate()
    const db = await openLater(path)
    assert.equal(db.eventSync(acknowledged).title, 'busy')
    assert.equal(db.verifySync().isClean, true)
    db.closeSync()
  }
})

/** The lock goes with the last call of the worker, which may end a little behind it. */
async function openLater(path) {
  for (let left = 400; ; left -= 1) {
    try {
      return openSync(path)
    } catch (error) {
      if (error.code !== 'locked' || left === 0) throw error
      await sleep(10)
    }
  }
}

for (const how of ['exit', 'return', 'throw', 'worker']) {
  test(`a process that ends by ${how} under load ends well and soon`, { timeout: 60_000 }, async (context) => {
    const folder = scratch(context)
    const children = Array.from({ length: 3 }, async (_, at) => {
      const stdio = ['ignore', 'pipe', 'pipe']
      const child = spawn(process.execPath, [program, join(folder, String(at)), how], { stdio })
      let said = ''
      child.stderr.on('data', (text) => { said += text })
      const [code, signal] = await once(child, 'exit')
      assert.equal(signal, null, said)
      assert.equal(code, how === 'throw' ? 1 : 0, said)
      const db = openSync(join(folder, String(at)))
      assert.equal(db.verifySync().isClean, true)
      db.closeSync()
    })
    await Promise.all(children)
  })
}
