// Keeps every kind of call running, and ends as it is told: `busy.mjs STORE HOW`.

import { randomBytes } from 'node:crypto'
import { Worker, isMainThread, parentPort } from 'node:worker_threads'

import { open } from 'ouroborosdb'

const [store, how] = process.argv.slice(2)

if (how === 'worker') {
  // Only a worker uses the module, and the process ends with it still at work.
  const worker = new Worker(new URL(import.meta.url), { argv: [store, 'forever'] })
  worker.on('message', () => process.exit(0))
} else {
  await work()
}

async function work() {
  const db = await open(store, { durability: 'buffered' })
  const root = await db.createRoot('busy')
  const content = randomBytes(400_000)
  const endless = async function* () { for (;;) yield content }
  const file = await db.putFile(root, content)
  const calls = [
    db.putFile(root, endless()),
    db.createReadStream(file).toArray(),
    repeat(() => db.append(root, { metadata: 'm' })),
    repeat(() => db.readFile(file)),
    repeat(() => db.verify({ progress: () => {} })),
    repeat(() => iterate(db, root)),
    repeat(() => commit(db, root, content)),
    repeat(() => db.fileWriter(root).then((writer) => writer.write(content))),
  ]
  const settled = Promise.allSettled(calls)
  parentPort?.postMessage(root.toString())
  await new Promise((resolve) => setTimeout(resolve, 40))
  if (how === 'finish') {
    await db.close()
    await settled
  } else if (how === 'exit') {
    process.exit(0)
  } else if (how === 'throw') {
    throw new Error('the program ends so')
  } else if (how === 'return') {
    // Nothing waits for these, and nothing but them keeps the process; they end when the database is closed.
    setTimeout(() => db.close(), 20)
  }
  if (isMainThread || how !== 'forever') return
  await settled
}

async function iterate(db, root) {
  for await (const child of await db.children(root)) child.id.toString()
}

async function commit(db, root, content) {
  const batch = await db.batch()
  await batch.putFile(root, [content, content])
  await batch.commit()
}

/** A call again and again, until it fails. */
async function repeat(call) {
  for (;;) await call()
}
