// The change feed.

import { ChangeCursor, Changes, Database } from 'ouroborosdb'

import * as words from '../words.mjs'
import { control } from './control.mjs'

function changes(names, statement) {
  const [db] = statement.arguments(1)
  const after = statement.option('after')
  const given = after === null ? [] : [words.text(names, after)]
  return names.mode.call(names.handle(db, Database), 'changes', ...given)
}

async function page(names, statement) {
  const [feed, limit] = statement.arguments(2)
  const events = await names.mode.call(names.handle(feed, Changes), 'page', words.number(names, limit))
  return events.map((event) => event.id)
}

async function watch(names, statement) {
  const [feed, limit, timeout] = statement.arguments(3)
  const options = { ...control(names, statement), timeout: words.number(names, timeout) }
  const events = await names.mode.call(names.handle(feed, Changes), 'watch', words.number(names, limit), options)
  return events.map((event) => event.id)
}

async function next(names, statement) {
  const [feed] = statement.arguments(1)
  return (await names.mode.next(names.handle(feed, Changes)))?.id ?? null
}

export default {
  changes,
  'changes.page': page,
  'changes.watch': watch,
  'changes.next': next,
  'changes.cursor': (names, statement) => names.handle(...statement.arguments(1), Changes).cursor,
  'change_cursor.sequence': (names, statement) =>
    ChangeCursor.from(words.text(names, ...statement.arguments(1))).sequence,
}
