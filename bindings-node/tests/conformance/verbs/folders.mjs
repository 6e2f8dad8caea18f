// Folders in and out.

import { Database } from 'ouroborosdb'

import * as words from '../words.mjs'
import { camel } from './camel.mjs'
import { control } from './control.mjs'
import { Report } from './report.mjs'

async function folder(names, statement) {
  const [db, event, path] = statement.arguments(3)
  const database = names.handle(db, Database)
  const options = control(names, statement, database)
  const durability = statement.option('durability')
  if (durability !== null) options.durability = words.text(names, durability)
  const given = [words.text(names, event), words.path(names, path), options]
  return new Report(await names.mode.call(database, camel(statement.verb), ...given))
}

function field(names, statement) {
  const [report] = statement.arguments(1)
  return names.handle(report, Report).field(camel(statement.field))
}

const fields = (report, named) => Object.fromEntries(named.map((name) => [`${report}.${name}`, field]))

export default {
  import_path: folder,
  export_path: folder,
  ...fields('import_report', ['event', 'files', 'directories', 'symlinks', 'bytes', 'skipped']),
  ...fields('export_report', ['files', 'directories', 'symlinks', 'bytes']),
}
