// Prints every event of a store as one line of text, in commit order: `dump.mjs STORE`. dump.rs says what is in a line.

import { openReadOnly } from 'ouroborosdb'

/** No divisor of a chunk's length, so that reads begin and end everywhere. */
const PIECE_BYTES = 10_007

/** FNV-1a: Fowler, Noll and Vo; its offset basis and prime for 64 bits, as halves of 32. */
async function hash(db, event) {
  let [high, low] = [0xcbf29ce4, 0x84222325]
  const file = await db.openFile(event)
  for (let piece = await file.read(PIECE_BYTES); piece.length > 0; piece = await file.read(PIECE_BYTES)) {
    for (const byte of piece) {
      // The prime is 2^40 + 0x1b3.
      const mixed = (low ^ byte) >>> 0
      const product = mixed * 0x1b3
      low = product >>> 0
      high = (high * 0x1b3 + (mixed << 8) + Math.floor(product / 2 ** 32)) >>> 0
    }
  }
  return [high, low].map((half) => half.toString(16).padStart(8, '0')).join('')
}

const hex = (bytesOrText) => Buffer.from(bytesOrText).toString('hex')
const orDash = (value, text = String) => (value === null ? '-' : text(value))
const listed = (parts) => parts.join(',') || '-'

async function line(db, event) {
  const attributes = [...event.attributes].map(([name, value]) => `${hex(name)}=${hex(value)}`)
  const words = [
    event.id,
    event.kind,
    orDash(event.parent),
    listed(event.follows),
    hex(event.origin),
    event.timeMs,
    event.timeCounter,
    event.sequence,
    orDash(event.title, hex),
    listed(attributes),
    orDash(event.metadata, hex),
    event.temporary,
    orDash(event.expiresMs),
    event.fullText,
    orDash(event.contentLength),
    event.contentLength === null ? '-' : await hash(db, event),
  ]
  return `${words.join(' ')}\n`
}

const [store] = process.argv.slice(2)
if (store === undefined) throw new Error('usage: dump.mjs STORE')
const db = await openReadOnly(store)
for await (const event of await db.changes()) process.stdout.write(await line(db, event))
await db.close()
