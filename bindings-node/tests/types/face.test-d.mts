// What compiles and what does not: checked by `tsc --noEmit`, never run. A line that must not compile stands under
// `@ts-expect-error`, which is an error itself where the line does compile.

import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'

import * as ouroborosdb from 'ouroborosdb'
import { type Code, Database, ErrorCode, Event, EventId, OuroborosError, open, openSync } from 'ouroborosdb'

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
/** Holds where the value is of this very type. */
declare function is<Wanted>(): <Given>(value: Given, same: Equal<Wanted, Given>) => void

const db = await open('store', { durability: 'buffered', minimumFreeBytes: 10n, paths: new Set(['disk']), create: true })
is<Database>()(db, true)
is<Database>()(openSync(new URL('file:///store')), true)
is<Database>()(await ouroborosdb.openInMemory({ memoryCapacityBytes: 1 }), true)
is<Database>()(ouroborosdb.openReadOnlySync(Buffer.from('store')), true)

const root = await db.ensureRoot('root')
is<EventId>()(root, true)
is<EventId>()(
  db.appendSync(root, {
    metadata: new Uint8Array(3),
    attributes: { a: 'text', b: Buffer.alloc(1) },
    follows: [root, root.toString(), root.toBuffer()],
    temporary: true,
    expires: new Date(),
    fullText: false,
  }),
  true,
)
await db.append(root, { attributes: new Map([['a', 'b']]), expires: 5n })
await db.append(root, { attributes: [['a', new ArrayBuffer(1)]] })

async function* some() {
  yield Buffer.alloc(1)
}
const more = { source: createReadStream('a'), parent: root, attributes: { name: 'x' } }
is<EventId[]>()(await db.putFiles(root, [Buffer.alloc(1), 'path', some(), more], { durability: 'buffered' }), true)
is<EventId[]>()(await db.putFiles(root, some()), true)
is<EventId[]>()(db.putFilesSync(root, new Set(['path']), { progress: ({ items }) => void items }), true)
// @ts-expect-error What waits takes nothing that has to be awaited.
db.putFilesSync(root, [some()])
// @ts-expect-error The files are durable together.
await db.putFiles(root, [{ source: 'path', durability: 'durable' }])
// @ts-expect-error A number is no list of files.
await db.putFiles(root, 5)
is<number>()(await (await db.openFile(root)).writeTo('path', { signal: AbortSignal.abort() }), true)
is<number>()(db.openFileSync(root).writeToSync(1), true)
// @ts-expect-error A stream is piped to.
db.openFileSync(root).writeToSync(process.stdout)

is<number>()((await db.stats()).latencies.putFile.p99Ns, true)
is<string>()(db.prometheusSync(), true)
ouroborosdb.setLogSink('info', (record) => {
  is<ouroborosdb.LogLevel>()(record.level, true)
  is<bigint>()(record.timeMs, true)
})
// @ts-expect-error: a level that there is none of
ouroborosdb.setLogSink('trace', () => {})
is<void>()(await ouroborosdb.clearLogSink(), true)

const event = await db.event(root)
is<Event>()(event, true)
is<bigint>()(event.timeMs, true)
is<bigint>()(event.sequence, true)
is<number | null>()(event.contentLength, true)
is<Map<string, Buffer>>()(event.attributes, true)
is<Buffer | null>()(event.attribute('a'), true)
is<Event | null>()(await db.parent(event), true)
is<Buffer | null>()(db.metadataSync(event), true)

for await (const child of await db.children(root, { order: 'time' })) is<Event>()(child, true)
for (const id of db.childIdsSync(event)) is<EventId>()(id, true)
for (const [title, id] of db.rootIndexSync()) {
  is<string>()(title, true)
  is<EventId>()(id, true)
}
is<Event[]>()(await (await db.descendants(root)).page(10), true)

const feed = await db.changes()
is<Event[]>()(await feed.watch(10, { timeout: 5, signal: AbortSignal.timeout(10) }), true)
is<Event[]>()(feed.watchSync(1n, { timeout: 5n }), true)
is<boolean>()(await db.refresh(), true)
for await (const event of db.watch(feed.cursor, { signal: AbortSignal.timeout(10) })) is<Event>()(event, true)
is<ouroborosdb.ChangeCursor | null>()(db.watch().cursor, true)
// @ts-expect-error An endless iterator has no time to end.
db.watch(null, { timeout: 5 })

const file = await db.putFile(root, createReadStream('file'), {
  signal: AbortSignal.timeout(10),
  progress: ({ bytes, items }) => void (bytes + items),
  metadata: 'm',
})
db.putFileSync(root, ['piece', Buffer.alloc(1)])
is<Buffer>()(await db.readFile(file), true)
const reader = await db.openFile(file)
is<number>()(await reader.seek(-1, 'end'), true)
is<Buffer>()(reader.readAtSync(1n, 2), true)
const stream = db.createWriteStream(root, { metadata: 'm', highWaterMark: 10 })
await pipeline(db.createReadStream(file, { start: 1, end: 2 }), stream)
is<EventId | null>()(stream.event, true)

const batch = db.batchSync()
const member = batch.appendSync(root)
batch.putFileSync(member, 'path')
is<EventId[]>()(await batch.commit(), true)
is<EventId[]>()(batch.commitSync({ durability: 'buffered' }), true)
await db.append(root, { metadata: 'draft', durability: 'buffered' })
await db.importPath(root, 'folder', { durability: 'durable', signal: AbortSignal.timeout(10) })
// @ts-expect-error a batch is durable as a whole
batch.appendSync(root, { durability: 'durable' })
// @ts-expect-error there are two durabilities
await db.putFile(root, 'path', { durability: 'always' })

const changes = await db.changes(null)
is<bigint>()(changes.cursor.sequence, true)
const report = await db.importPath(root, 'folder')
is<readonly (string | Buffer)[]>()(report.skipped, true)
is<boolean>()((await db.verify()).isClean, true)
is<bigint>()((await db.stats()).durableSequence, true)
is<number>()(ErrorCode.closed.number, true)

const failed: unknown = null
if (failed instanceof OuroborosError) {
  is<Code>()(failed.code, true)
  // @ts-expect-error there is no such code
  if (failed.code === 'clsoed') failed.message.trim()
}
db[Symbol.dispose]()
await db[Symbol.asyncDispose]()

// @ts-expect-error a root has a title
db.createRoot()
// @ts-expect-error a number is no event
db.event(5)
// @ts-expect-error attributes are bytes or text
db.append(root, { attributes: { a: 5 } })
// @ts-expect-error there is no such option
open('store', { durabilty: 'buffered' })
// @ts-expect-error a call that waits cannot wait for a stream
db.putFileSync(root, createReadStream('file'))
// @ts-expect-error a member is no event of the database
db.append(member)
// @ts-expect-error an event is not made but read
new Event()
// @ts-expect-error a field of an event is read
event.title = 'x'
