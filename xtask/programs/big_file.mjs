// A generated file of any size goes in and comes out, in bounded memory, while the event loop goes on.
//
// `big_file.mjs STORE BYTES` reports lines of a name and a value. The file goes in from a path in one awaited call, and
// comes out as a stream. The longest stall of the event loop during either is reported.

import { createCipheriv } from 'node:crypto'
import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout } from 'node:timers/promises'

import { open } from 'ouroborosdb'

const BLOCK_BYTES = 1 << 20
/** How often the event loop is looked at. */
const LOOK_MS = 1

const zeros = Buffer.alloc(BLOCK_BYTES / 2)

/** The file: blocks of which one half is random and the other text, none like another. */
function* blocks(length) {
  const block = Buffer.alloc(BLOCK_BYTES)
  for (let number = 0; number * BLOCK_BYTES < length; number += 1) {
    // The key stream of AES is as good as random, and is made in a fraction of a millisecond.
    const key = Buffer.alloc(16)
    key.writeUInt32LE(number)
    createCipheriv('aes-128-ctr', key, Buffer.alloc(16)).update(zeros).copy(block)
    block.fill(`block ${String(number).padStart(10, '0')} of a file\n`, BLOCK_BYTES / 2)
    yield block.subarray(0, Math.min(BLOCK_BYTES, length - number * BLOCK_BYTES))
  }
}

/** Runs a call. Gives what it gives, its seconds, and the milliseconds of the longest stall of the event loop. */
async function watched(call) {
  const delay = monitorEventLoopDelay({ resolution: LOOK_MS })
  delay.enable()
  // What it counts is the time from one look to the next: one must come before, and one behind.
  await setTimeout(10 * LOOK_MS)
  delay.reset()
  const start = performance.now()
  const answer = await call()
  const seconds = (performance.now() - start) / 1000
  await setTimeout(10 * LOOK_MS)
  delay.disable()
  return { answer, seconds, stallMs: Math.max(0, delay.max / 1e6 - LOOK_MS) }
}

/** How many bytes are equal from the start; 0 where they differ or one is longer. */
async function compare(stream, length) {
  const generated = blocks(length)
  let made = Buffer.alloc(0)
  let equal = 0
  for await (let piece of stream) {
    while (piece.length > 0) {
      if (made.length === 0) made = generated.next().value ?? made
      const count = Math.min(piece.length, made.length)
      if (count === 0 || piece.compare(made, 0, count, 0, count) !== 0) return 0
      piece = piece.subarray(count)
      made = made.subarray(count)
      equal += count
    }
  }
  return equal === length ? equal : 0
}

/** The peak of this process's resident memory, mapped files included. */
function peakKib() {
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))[1])
}

function report(way, { seconds, stallMs }) {
  console.log(`${way}_seconds`, seconds)
  console.log(`${way}_stall_ms`, stallMs)
}

const [store, bytes] = process.argv.slice(2)
if (bytes === undefined) throw new Error('usage: big_file.mjs STORE BYTES')
const length = Number(bytes)
const source = `${store}.source`
const file = openSync(source, 'w')
for (const block of blocks(length)) writeSync(file, block)
closeSync(file)

const db = await open(store)
const root = await db.ensureRoot('big file')
const put = await watched(() => db.putFile(root, source))
report('put', put)
rmSync(source)
const got = await watched(() => compare(db.createReadStream(put.answer), length))
report('get', got)
console.log('bytes_equal', got.answer)
await db.close()
console.log('peak_kib', peakKib())
