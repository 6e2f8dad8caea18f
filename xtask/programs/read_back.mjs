// Reads every entry of an imported folder back and compares it with the original on disk.
//
// `read_back.mjs STORE EVENT FOLDER`. Descendants come depth first, parents before their children, so the path of the
// entry at hand is a stack: an entry's parent is always on it. Paths are raw bytes, since a name need not be UTF-8.

import { closeSync, lstatSync, openSync, readSync, readlinkSync } from 'node:fs'

import { EventId, openReadOnly } from 'ouroborosdb'

const BLOCK_BYTES = 1 << 20
const SLASH = Buffer.from('/')

const found = { files: 0, directories: 1, symlinks: 0, bytes: 0, differences: 0 }
const originalBlock = Buffer.alloc(BLOCK_BYTES)

/** Reads until the block is full or the file ends. */
function fill(original) {
  let length = 0
  while (length < BLOCK_BYTES) {
    const read = readSync(original, originalBlock, length, BLOCK_BYTES - length, null)
    if (read === 0) break
    length += read
  }
  return originalBlock.subarray(0, length)
}

async function sameFile(db, event, path) {
  const stored = await db.openFile(event)
  const original = openSync(path)
  try {
    for (;;) {
      const block = await stored.read(BLOCK_BYTES)
      if (!block.equals(fill(original))) return false
      found.bytes += block.length
      if (block.length < BLOCK_BYTES) return true
    }
  } finally {
    closeSync(original)
  }
}

/** Whether the entry is what lies at the path; counts it. */
async function same(db, event, path) {
  const type = String(event.attribute('file.type'))
  const original = lstatSync(path, { throwIfNoEntry: false })
  if (type === 'directory') {
    found.directories += 1
    return original?.isDirectory() === true
  }
  if (type === 'symlink') {
    found.symlinks += 1
    if (original?.isSymbolicLink() !== true) return false
    return readlinkSync(path, 'buffer').equals(event.attribute('file.target'))
  }
  found.files += 1
  return sameFile(db, event, path)
}

const [store, event, folder] = process.argv.slice(2)
if (folder === undefined) throw new Error('usage: read_back.mjs STORE EVENT FOLDER')
const top = new EventId(event)
const start = performance.now()
const db = await openReadOnly(store)
const stack = [{ id: top, path: Buffer.from(folder) }]
for await (const entry of await db.descendants(top)) {
  const { id, parent } = entry
  while (stack.length > 0 && !stack.at(-1).id.equals(parent)) stack.pop()
  if (stack.length === 0) throw new Error('a descendant hangs under none of its ancestors')
  const path = Buffer.concat([stack.at(-1).path, SLASH, entry.attribute('file.name')])
  if (!(await same(db, entry, path))) {
    found.differences += 1
    console.error(`differs: ${path}`)
  }
  stack.push({ id, path })
}
await db.close()
for (const [name, count] of Object.entries(found)) console.log(name, count)
console.log('seconds', (performance.now() - start) / 1000)
