// Opening and closing.

import * as ouroborosdb from 'ouroborosdb'

import { Mistake } from '../outcome.mjs'
import * as words from '../words.mjs'
import { camel } from './camel.mjs'

const FLAGS = { true: true, false: false }

function optionsOf(names, statement) {
  const options = {}
  for (const [key, word] of statement.options) {
    if (key === 'durability' || key === 'compression') options[key] = words.text(names, word)
    else if (key === 'paths') options.paths = [...(options.paths ?? []), words.path(names, word)]
    else if (key.endsWith('_bytes') || key === 'memory_limit') options[camel(key)] = words.number(names, word)
    else if ((key === 'create' || key === 'latencies') && word in FLAGS) options[key] = FLAGS[word]
    else throw new Mistake(`there is no option ${key}=${word}`)
  }
  return options
}

function openAt(names, statement) {
  const [path] = statement.arguments(1)
  const operation = camel(statement.verb)
  return names.mode.call(ouroborosdb, operation, words.path(names, path), optionsOf(names, statement))
}

function database(names, statement) {
  const [name] = statement.arguments(1)
  return names.handle(name, ouroborosdb.Database)
}

export default {
  open: openAt,
  open_read_only: openAt,
  open_in_memory: (names, statement) => names.mode.call(ouroborosdb, 'openInMemory', optionsOf(names, statement)),
  close: (names, statement) => names.mode.call(database(names, statement), 'close'),
  is_closed: (names, statement) => database(names, statement).closed,
  is_read_only: (names, statement) => database(names, statement).readOnly,
  path: (names, statement) => database(names, statement).path,
}
