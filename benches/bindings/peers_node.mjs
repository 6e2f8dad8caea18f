// What a call costs with the peers in Node: `peers_node.mjs FOLDER GETS APPENDS READS`. docs/benchmarks.md.
//
// Values are found by a key of 64 bytes. To append is to hash the value, to see that its parent is there, and to store
// it in a transaction of its own, which survives a crash of the process and not of the machine: as ours does here. A
// peer that cannot be loaded is left out with its reason, and the command names it.

import { createHash, randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  ASYNC_SHARE,
  EVENTS,
  EVENT_BYTES,
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
const description = (name) => new URL(`node_modules/${name}/package.json`, import.meta.url)
const versionOf = (name) => JSON.parse(readFileSync(description(name))).version
const keyOf = (data) => createHash('sha512').update(data).digest()
/** What takes as many bytes as an event, and is another each time. */
function valueOf(number) {
  return Buffer.concat([Buffer.from(nameOf(number)), randomBytes(16), Buffer.alloc(EVENT_BYTES - 32)])
}

/** Measures what waits, and gives the key of the root. */
function runSync(peer, { get, put, getFile, putFile }) {
  const root = put(null, Buffer.from('root'))
  const ids = shuffled(times(EVENTS, (number) => put(root, valueOf(number))))
  measure(`get.node_sync.${peer}`, gets, ids, get)
  measure(`append.node_sync.${peer}`, appends, times(EVENTS, Number), (number) => put(root, valueOf(number)))
  const files = times(FILES, () => putFile(root, randomBytes(FILE_BYTES)))
  measure(`read_1m.node_sync.${peer}`, reads, files, getFile)
  if (files.some((file) => getFile(file).length !== FILE_BYTES)) throw new Error(`${peer}: a value has another length`)
  return { root }
}

async function runLmdb() {
  const { open } = await import('lmdb')
  console.log(`version.node.lmdb lmdb ${versionOf('lmdb')} (npm)`)
  console.log('durability.node.lmdb noSync: survives a crash of the process')
  const db = open({
    path: join(folder, 'lmdb'),
    mapSize: 4 * 2 ** 30,
    noSync: true,
    overlappingSync: false,
    encoding: 'binary',
    keyEncoding: 'binary',
  })
  const store = (key, parent, data) => {
    if (parent !== null && !db.doesExist(parent)) throw new Error('there is no such parent')
    db.put(key, data)
  }
  const put = (parent, data) => {
    const key = keyOf(data)
    db.transactionSync(() => store(key, parent, data))
    return key
  }
  const putAsync = async (parent, data) => {
    const key = keyOf(data)
    await db.transaction(() => store(key, parent, data))
    return key
  }
  const get = (key) => db.get(key)
  const { root } = runSync('lmdb', { get, put, getFile: get, putFile: put })
  await measureAsync('append.node_async.lmdb', appends / ASYNC_SHARE, times(EVENTS, Number), (number) =>
    putAsync(root, valueOf(number)),
  )
  for (const row of ['get', 'read_1m']) {
    const reason = 'its reads wait; getAsync throws without a transaction, and ended the process at 1 MiB'
    console.log(`missing.${row}.node_async.lmdb ${reason}`)
  }
  await db.close()
}

/** SQLite through either module: their statements differ in how they give one column. */
function runSqlite(peer, db, first) {
  console.log(`durability.node.${peer} WAL, synchronous=OFF: survives a crash of the process`)
  db.exec('PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF')
  // Small rows stand in the index itself; large ones do better behind one.
  db.exec('CREATE TABLE event (id BLOB PRIMARY KEY, data BLOB NOT NULL) WITHOUT ROWID')
  db.exec('CREATE TABLE file (id BLOB PRIMARY KEY, data BLOB NOT NULL)')
  const [begin, commit] = ['BEGIN IMMEDIATE', 'COMMIT'].map((sql) => db.prepare(sql))
  const parentIs = first(db.prepare('SELECT 1 AS data FROM event WHERE id = ?'))
  const getter = (table) => first(db.prepare(`SELECT data FROM ${table} WHERE id = ?`))
  const putter = (table) => {
    const insert = db.prepare(`INSERT OR IGNORE INTO ${table} VALUES (?, ?)`)
    return (parent, data) => {
      const key = keyOf(data)
      begin.run()
      if (parent !== null && parentIs(parent) === undefined) throw new Error('there is no such parent')
      insert.run(key, data)
      commit.run()
      return key
    }
  }
  const calls = { get: getter('event'), put: putter('event'), getFile: getter('file'), putFile: putter('file') }
  runSync(peer, calls)
  db.close()
}

async function runBetterSqlite() {
  const { default: Database } = await import('better-sqlite3')
  const db = new Database(join(folder, 'better.db'))
  const { version } = db.prepare('SELECT sqlite_version() AS version').get()
  console.log(`version.node.better_sqlite3 better-sqlite3 ${versionOf('better-sqlite3')} (SQLite ${version}, npm)`)
  runSqlite('better_sqlite3', db, (statement) => {
    const plucked = statement.pluck()
    return (key) => plucked.get(key)
  })
}

async function runNodeSqlite() {
  const { DatabaseSync } = await import('node:sqlite')
  const db = new DatabaseSync(join(folder, 'node.db'))
  const { version } = db.prepare('SELECT sqlite_version() AS version').get()
  console.log(`version.node.node_sqlite node:sqlite of Node ${process.version} (SQLite ${version})`)
  runSqlite('node_sqlite', db, (statement) => (key) => statement.get(key)?.data)
}

mkdirSync(folder, { recursive: true })
for (const [peer, run] of Object.entries({
  lmdb: runLmdb,
  better_sqlite3: runBetterSqlite,
  node_sqlite: runNodeSqlite,
})) {
  try {
    await run()
  } catch (error) {
    if (!/MODULE|BUILTIN|dlopen|bindings/.test(`${error.code} ${error.message}`)) throw error
    console.log(`missing.node.${peer} ${String(error.message).split('\n')[0]}`)
  }
}
