// A folder into npm's content-addressable cache: `cacache.mjs CACHE SOURCE`. docs/benchmarks.md.
//
// It is copied beside a `node_modules` that has `cacache`, for Node looks there. Each file is a stream, several at once;
// but an empty one, which cacache takes for a stream that failed.

import { createReadStream } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { pipeline } from 'node:stream/promises'
import cacache from 'cacache'

const AT_ONCE = 4

const [cache, source] = process.argv.slice(2)
const entries = await readdir(source, { recursive: true, withFileTypes: true })
const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath ?? entry.path, entry.name))

async function putInTurn() {
  for (let file = files.pop(); file !== undefined; file = files.pop()) {
    const key = relative(source, file)
    if ((await stat(file)).size === 0) await cacache.put(cache, key, '')
    else await pipeline(createReadStream(file), cacache.put.stream(cache, key))
  }
}
await Promise.all(Array.from({ length: AT_ONCE }, putInTurn))
