// Many at once.

import { Batch, Database, Member } from 'ouroborosdb'

import * as words from '../words.mjs'
import { control } from './control.mjs'
import { newEvent } from './fields.mjs'
import { source } from './files.mjs'

function parentOf(names, word) {
  const member = /^member:(.+)$/.exec(word)
  return member ? names.handle(member[1], Member) : words.text(names, word)
}

function createRoot(names, statement) {
  const [batch, title] = statement.arguments(2)
  return names.mode.call(names.handle(batch, Batch), 'createRoot', words.text(names, title))
}

function append(names, statement) {
  const [batch, parent] = statement.arguments(2)
  const fields = newEvent(names, statement)
  return names.mode.call(names.handle(batch, Batch), 'append', parentOf(names, parent), fields)
}

function putFile(names, statement) {
  const [batch, parent, word] = statement.arguments(3)
  const options = { ...newEvent(names, statement), ...control(names, statement, null) }
  return names.mode.call(names.handle(batch, Batch), 'putFile', parentOf(names, parent), source(names, word), options)
}

function end(names, statement) {
  const [batch] = statement.arguments(1)
  return names.mode.call(names.handle(batch, Batch), statement.field)
}

function commitWith(names, statement) {
  const [batch, word] = statement.arguments(2)
  return names.mode.call(names.handle(batch, Batch), 'commit', { durability: words.text(names, word) })
}

export default {
  batch: (names, statement) => names.mode.call(names.handle(...statement.arguments(1), Database), 'batch'),
  'batch.create_root': createRoot,
  'batch.append': append,
  'batch.put_file': putFile,
  'batch.len': (names, statement) => names.handle(...statement.arguments(1), Batch).length,
  'batch.commit': end,
  'batch.commit_with': commitWith,
  'batch.discard': end,
}
