// Hot copies.

import { Database } from 'ouroborosdb'

import * as words from '../words.mjs'
import { camel } from './camel.mjs'
import { control } from './control.mjs'
import { Report } from './report.mjs'

const FIELDS = ['sequence', 'segments', 'bytes_copied', 'bytes_kept', 'damaged_ranges']

async function backupTo(names, statement) {
  const [db, path] = statement.arguments(2)
  const database = names.handle(db, Database)
  const given = [words.path(names, path), control(names, statement, database)]
  return new Report(await names.mode.call(database, 'backupTo', ...given))
}

function field(names, statement) {
  return names.handle(...statement.arguments(1), Report).field(camel(statement.field))
}

export default {
  backup_to: backupTo,
  ...Object.fromEntries(FIELDS.map((name) => [`backup_report.${name}`, field])),
}
