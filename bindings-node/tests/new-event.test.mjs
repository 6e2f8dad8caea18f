// What is too large for an event is refused by every call that makes one.

import assert from 'node:assert/strict'
import { finished } from 'node:stream/promises'
import { test } from 'node:test'

import { openInMemorySync } from 'ouroborosdb'

const METADATA_BYTES_MAX = 16 * 1024 * 1024
const ATTRIBUTES_BYTES_MAX = 128 * 1024

const db = openInMemorySync()
const root = db.createRootSync('root')
const batch = db.batchSync()

const calls = {
  append: (options) => db.append(root, options),
  appendSync: async (options) => db.appendSync(root, options),
  putFile: (options) => db.putFile(root, 'file.txt', options),
  fileWriter: (options) => db.fileWriter(root, options),
  createWriteStream: (options) => finished(db.createWriteStream(root, options)),
  'batch.append': (options) => batch.append(root, options),
  'batch.putFile': (options) => batch.putFile(root, Buffer.from('file'), options),
}

/** Ids, no two the same. */
const ids = Array.from({ length: 1025 }, (_, number) => {
  const id = Buffer.alloc(64)
  id.writeUInt32BE(number)
  return id
})

const refused = {
  metadata_too_large: { metadata: Buffer.alloc(METADATA_BYTES_MAX + 1) },
  attributes_too_large: { attributes: { n: Buffer.alloc(ATTRIBUTES_BYTES_MAX) } },
  attribute_name_too_long: { attributes: { ['n'.repeat(256)]: '' } },
  too_many_follows: { follows: ids },
}

for (const [name, call] of Object.entries(calls)) {
  test(`${name} refuses what is too large`, async () => {
    for (const [code, options] of Object.entries(refused)) {
      await assert.rejects(() => call(options), { code }, code)
    }
  })
}

test('what is just not too large is taken', () => {
  const options = {
    metadata: Buffer.alloc(METADATA_BYTES_MAX, 1),
    attributes: { n: Buffer.alloc(ATTRIBUTES_BYTES_MAX - 1) },
  }
  const event = db.eventSync(db.appendSync(root, options))
  assert.ok(event.metadata.equals(options.metadata))
  assert.ok(event.attribute('n').equals(options.attributes.n))
})
