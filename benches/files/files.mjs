// A folder into a store in Node: `files.mjs import STORE SOURCE`. docs/benchmarks.md.
//
// It is copied beside a `node_modules` that has `ouroborosdb`, for Node looks there.

import { open } from 'ouroborosdb'

const [work, store, source] = process.argv.slice(2)
if (work !== 'import') throw new Error('usage: files.mjs import STORE SOURCE')
const start = process.hrtime.bigint()
const db = await open(store)
await db.importPath(await db.ensureRoot('bench'), source)
await db.close()
console.log(`inside ${process.hrtime.bigint() - start}`)
