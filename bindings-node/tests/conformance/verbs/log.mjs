// What the engine tells of itself.

import { clearLogSink, setLogSink } from 'ouroborosdb'

import { camel } from './camel.mjs'

/** What a sink was told. */
class Log {
  records = []
}

function set(names, statement) {
  const [level] = statement.arguments(1)
  const log = new Log()
  setLogSink(level, (record) => log.records.push(record))
  return log
}

function said(names, statement) {
  const { records } = names.handle(...statement.arguments(1), Log)
  return records.map((record) => record[camel(statement.field)])
}

function fields(names, statement) {
  const { records } = names.handle(...statement.arguments(1), Log)
  return records.flatMap((record) => Object.entries(record.fields).map(([name, value]) => `${name}=${value}`))
}

export default {
  set_log_sink: set,
  clear_log_sink: () => clearLogSink(),
  'log_record.level': said,
  'log_record.time_ms': said,
  'log_record.message': said,
  'log_record.fields': fields,
}
