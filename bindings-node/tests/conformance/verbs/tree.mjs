// Making roots and events, asking for them, walking.

import { Database } from 'ouroborosdb'

import * as words from '../words.mjs'
import { camel } from './camel.mjs'
import { newEvent } from './fields.mjs'

/** A call of one text: a title, or digits. */
function ofText(names, statement) {
  const [db, text] = statement.arguments(2)
  return names.mode.call(names.handle(db, Database), camel(statement.verb), words.text(names, text))
}

function roots(names, statement) {
  const [db] = statement.arguments(1)
  return names.mode.call(names.handle(db, Database), camel(statement.verb))
}

function append(names, statement) {
  const [db, parent] = statement.arguments(2)
  return names.mode.call(names.handle(db, Database), 'append', words.text(names, parent), newEvent(names, statement))
}

async function parent(names, statement) {
  return (await ofEvent(names, statement))?.id ?? null
}

function ofEvent(names, statement) {
  const [db, event] = statement.arguments(2)
  const order = statement.option('order')
  const options = order === null ? [] : [{ order }]
  return names.mode.call(names.handle(db, Database), camel(statement.verb), words.text(names, event), ...options)
}

export default {
  create_root: ofText,
  resolve: ofText,
  ensure_root: ofText,
  roots_titled: ofText,
  roots,
  root_index: roots,
  append,
  parent,
  event: ofEvent,
  metadata: ofEvent,
  children: ofEvent,
  child_ids: ofEvent,
  ancestors: ofEvent,
  descendants: ofEvent,
}
