// The script's own helpers.

import { Database } from 'ouroborosdb'

import * as words from '../words.mjs'

function count(names, statement) {
  const value = words.evaluate(names, ...statement.arguments(1)).toString('latin1')
  return value === '' ? 0 : value.split(',').length
}

async function appendMany(names, statement) {
  const [db, parent, number] = statement.arguments(3)
  const [database, parentId] = [names.handle(db, Database), words.text(names, parent)]
  const ids = []
  for (let at = 0; at < words.number(names, number); at += 1) {
    ids.push(await names.mode.call(database, 'append', parentId, { metadata: String(at) }))
  }
  return ids
}

export default {
  free: (names, statement) => names.free(...statement.arguments(1)),
  'script.let': (names, statement) => words.evaluate(names, ...statement.arguments(1)),
  'script.count': count,
  'script.length': (names, statement) => words.evaluate(names, ...statement.arguments(1)).length,
  'script.append_many': appendMany,
}
