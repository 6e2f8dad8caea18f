// What a call costs in Node: `bench.mjs FOLDER GETS APPENDS READS`. docs/benchmarks.md.
//
// It is copied beside a `node_modules` that has `ouroborosdb`, for Node looks there.

import { randomBytes } from 'node:crypto'
import { openSync } from 'ouroborosdb'
import {
  ASYNC_SHARE,
  EVENTS,
  FILES,
  FILE_BYTES,
  counts,
  measure,
  measureAsync,
  nameOf,
  shuffled,
  times,
} from './measure.mjs'

const { folder, gets, appends, reads } = counts()
const db = openSync(folder, { durability: 'buffered' })
const root = db.ensureRootSync('bench')
const withName = (number) => ({ attributes: { name: nameOf(number) } })
const ids = shuffled(times(EVENTS, (number) => db.appendSync(root, withName(number))))
const numbers = times(EVENTS, (number) => number)

measure('get.node_sync', gets, ids, (id) => db.eventSync(id))
await measureAsync('get.node_async', gets / ASYNC_SHARE, ids, (id) => db.event(id))
measure('append.node_sync', appends, numbers, (number) => db.appendSync(root, withName(number)))
await measureAsync('append.node_async', appends / ASYNC_SHARE, numbers, (number) => db.append(root, withName(number)))

const files = times(FILES, () => db.putFileSync(root, randomBytes(FILE_BYTES)))
measure('read_1m.node_sync', reads, files, (file) => db.readFileSync(file))
await measureAsync('read_1m.node_async', reads, files, (file) => db.readFile(file))
if (files.some((file) => db.readFileSync(file).length !== FILE_BYTES)) throw new Error('a file has another length')
db.closeSync()
