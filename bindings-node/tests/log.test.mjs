// What the engine tells: to a function that keeps nothing alive and may do what it likes.

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { afterEach, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'

import { OuroborosError, clearLogSink, openInMemory, openInMemorySync, openSync, setLogSink } from 'ouroborosdb'

import { scratch } from './scratch.mjs'

const codeOf = (code) => (error) => error instanceof OuroborosError && error.code === code

afterEach(() => clearLogSink())

function openAndClose() {
  openInMemorySync().closeSync()
}

test('records are told, and none after the sink is cleared', async (context) => {
  const store = join(scratch(context), 'store')
  const records = []
  setLogSink('info', (record) => records.push(record))
  openSync(store).closeSync()
  await clearLogSink()
  openSync(store).closeSync()
  await clearLogSink()
  assert.equal(records.length, 1)
  const [record] = records
  assert.ok(Object.isFrozen(record) && Object.isFrozen(record.fields))
  assert.deepEqual([record.level, record.message], ['info', 'opened'])
  assert.equal(typeof record.timeMs, 'bigint')
  assert.deepEqual([record.fields.store, record.fields.read_only, record.fields.events], [store, false, 0])
})

test('arguments that are none', () => {
  for (const level of ['', 'INFO', 'trace']) assert.throws(() => setLogSink(level, () => {}), codeOf('invalid_argument'))
  for (const level of [undefined, null, 3]) assert.throws(() => setLogSink(level, () => {}), codeOf('wrong_type'))
  for (const sink of [undefined, null, 'log']) assert.throws(() => setLogSink('info', sink), codeOf('wrong_type'))
})

test('a sink that throws, or rejects, is warned of and gets the next record', async () => {
  const warned = []
  const warn = (warning) => warned.push(warning.message)
  process.on('warning', warn)
  let calls = 0
  setLogSink('info', () => {
    calls += 1
    if (calls === 1) throw new Error('thrown')
    return Promise.reject(new Error('rejected'))
  })
  openAndClose()
  openAndClose()
  await clearLogSink()
  await new Promise((resolve) => setTimeout(resolve, 20))
  process.off('warning', warn)
  assert.equal(calls, 2)
  assert.deepEqual(warned, ['thrown', 'rejected'])
})

test('a sink may use the database and set and clear sinks', async () => {
  const told = []
  // A sink keeps nothing alive.
  const alive = setInterval(() => {}, 1000)
  await new Promise((resolve) => {
    setLogSink('info', async (record) => {
      told.push(record.message)
      if (told.length > 1) return
      openAndClose()
      setLogSink('warn', () => {})
      await clearLogSink()
      resolve()
    })
    openAndClose()
  })
  clearInterval(alive)
  assert.equal(told[0], 'opened')
})

test('whoever calls does not wait for JavaScript, and what finds no room is counted', async () => {
  let [told, dropped] = [0, 0]
  setLogSink('debug', ({ fields }) => {
    told += 1
    dropped += fields.records ?? 0
  })
  for (let at = 0; at < 2000; at += 1) openAndClose()
  await clearLogSink()
  assert.ok(dropped > 0 && told > 0 && told + dropped >= 4000, `${told} told, ${dropped} dropped`)
})

test('a sink goes with its worker', async () => {
  const text = `
    const { setLogSink } = require('ouroborosdb')
    setLogSink('debug', () => {})`
  const options = { eval: true, env: process.env }
  await once(new Worker(text, options), 'exit')
  openAndClose()
  await clearLogSink()
})

test('a sink does not keep the process alive', () => {
  const text = `
    import { openInMemorySync, setLogSink } from 'ouroborosdb'
    setLogSink('debug', (record) => console.log(record.message))
    openInMemorySync()`
  const cwd = fileURLToPath(new URL('..', import.meta.url))
  const done = spawnSync(process.execPath, ['--input-type=module', '-e', text], { cwd, timeout: 30_000 })
  assert.deepEqual([done.status, done.stderr.toString()], [0, ''])
})

test('latencies are by the name of the kind of call', async () => {
  const db = await openInMemory()
  const root = await db.createRoot('r')
  await db.append(root)
  const { latencies, commits } = await db.stats()
  assert.equal(commits, 2)
  assert.deepEqual(Object.keys(latencies).slice(0, 3), ['append', 'putFile', 'batchCommit'])
  const { operation, count, oneIn, p50Ns, p999Ns, maxNs, sumNs } = latencies.append
  assert.deepEqual([operation, count, oneIn], ['append', 2, 1])
  assert.ok(p50Ns > 0 && p50Ns <= p999Ns && p999Ns <= maxNs && maxNs <= sumNs)
  assert.equal(latencies.putFile.operation, 'put_file')
  assert.match(await db.prometheus(), /^ouroborosdb_operation_duration_seconds_count\{store="",operation="append"\} 2$/m)
  assert.throws(() => openInMemorySync({ latencies: 1 }), codeOf('wrong_type'))
  await db.close()
  const off = openInMemorySync({ latencies: false })
  off.createRootSync('r')
  assert.deepEqual([off.statsSync().latencies.append.count, off.statsSync().latencies.append.oneIn], [0, 0])
})
