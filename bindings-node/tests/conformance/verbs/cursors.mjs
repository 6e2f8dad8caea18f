// Paging and iterating.

import { Event, EventCursor, IdCursor, RootCursor } from 'ouroborosdb'

import * as words from '../words.mjs'

const CURSORS = { event_cursor: EventCursor, id_cursor: IdCursor, root_cursor: RootCursor }

function cursorOf(names, statement, name) {
  return names.handle(name, CURSORS[statement.verb.split('.')[0]])
}

function shown(item) {
  if (item instanceof Event) return item.id
  return Array.isArray(item) ? `${item[0]}=${item[1]}` : item
}

async function page(names, statement) {
  const [cursor, limit] = statement.arguments(2)
  const items = await names.mode.call(cursorOf(names, statement, cursor), 'page', words.number(names, limit))
  return items.map(shown)
}

async function next(names, statement) {
  const [cursor] = statement.arguments(1)
  return shown(await names.mode.next(cursorOf(names, statement, cursor)))
}

export default Object.fromEntries(
  Object.keys(CURSORS).flatMap((cursor) => [
    [`${cursor}.page`, page],
    [`${cursor}.next`, next],
  ]),
)
