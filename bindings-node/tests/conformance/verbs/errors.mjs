// The table of error codes, and errors that the script can provoke in some languages only.

import { createRequire } from 'node:module'

import * as ouroborosdb from 'ouroborosdb'

import { Mistake } from '../outcome.mjs'
import * as words from '../words.mjs'

const native = createRequire(import.meta.url)('../../../lib/native.cjs')
const { pooled, sync } = createRequire(import.meta.url)('../../../lib/call.cjs')

/** A root that is there: the script counts that nothing of these calls is stored. */
const rootOf = (db) => db.rootsSync().pageSync(1)[0]

/** What each call of `script.wrong_type` does with 5, which is of no type that anything takes. */
const WRONG_TYPES = {
  create_root: (call, db, wrong) => call(db, 'createRoot', wrong),
  append_parent: (call, db, wrong) => call(db, 'append', wrong),
  append_metadata: (call, db, wrong) => call(db, 'append', rootOf(db), { metadata: wrong }),
  append_attributes: (call, db, wrong) => call(db, 'append', rootOf(db), { attributes: wrong }),
  put_file: (call, db, wrong) => call(db, 'putFile', rootOf(db), wrong),
  event: (call, db, wrong) => call(db, 'event', wrong),
  import_path: (call, db, wrong) => call(db, 'importPath', rootOf(db), wrong),
  changes: (call, db, wrong) => call(db, 'changes', wrong),
  open: (call, _db, wrong) => call(ouroborosdb, 'open', wrong),
}

function wrongType(names, statement) {
  const [db, name] = statement.arguments(2)
  const does = WRONG_TYPES[name]
  if (does === undefined) throw new Mistake(`there is no call \`${name}\` of a wrong type`)
  return does(names.mode.call, names.handle(db, ouroborosdb.Database), 5)
}

function panic(names) {
  if (native.testPanic === undefined) {
    throw new Mistake('this build cannot panic on demand: build it with `--features testing`')
  }
  return names.mode.name === 'sync' ? sync(native.testPanic) : pooled(native.testPanic)
}

const codeOf = (names, statement) => ouroborosdb.ErrorCode.from(words.text(names, ...statement.arguments(1)))

export default {
  error_code: (names, statement) =>
    ouroborosdb.ErrorCode.from(Number(words.number(names, ...statement.arguments(1))))?.name ?? null,
  'error_code.number': (names, statement) => codeOf(names, statement)?.number ?? null,
  'error_code.meaning': (names, statement) => codeOf(names, statement)?.meaning ?? null,
  'script.wrong_type': wrongType,
  'script.panic': panic,
}
