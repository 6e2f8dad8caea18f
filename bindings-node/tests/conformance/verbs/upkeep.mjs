// Making durable, rebuilding, counting, verifying.

import { Database } from 'ouroborosdb'

import { camel } from './camel.mjs'
import { control } from './control.mjs'
import { Report } from './report.mjs'

const FIGURES = ['events', 'roots', 'chunks', 'content_bytes', 'chunk_bytes', 'stored_bytes', 'segments']
const MORE_FIGURES = ['sequence', 'durable_sequence', 'damaged_ranges']
const REPORT_FIELDS = ['is_clean', 'segments', 'bytes', 'events', 'chunks', 'problems_total']
// By the name that the script has for the list.
const PROBLEM_FIELDS = {
  problem_events: 'event',
  problem_file_names: 'fileName',
  problem_segments: 'segment',
  problem_offsets: 'offset',
  problem_lengths: 'length',
  problem_messages: 'message',
}

function watched(names, statement) {
  const database = names.handle(...statement.arguments(1), Database)
  return names.mode.call(database, camel(statement.verb), control(names, statement, database))
}

function field(names, statement) {
  return names.handle(...statement.arguments(1), Report).field(camel(statement.field))
}

function problemField(names, statement) {
  const problems = names.handle(...statement.arguments(1), Report).field('problems')
  return problems.map((problem) => problem[PROBLEM_FIELDS[statement.field]]).filter((value) => value !== null)
}

const fields = (report, named, does) => Object.fromEntries(named.map((name) => [`${report}.${name}`, does]))

export default {
  refresh: (names, statement) => names.mode.call(names.handle(...statement.arguments(1), Database), 'refresh'),
  sync: (names, statement) => names.mode.call(names.handle(...statement.arguments(1), Database), 'sync'),
  stats: async (names, statement) =>
    new Report(await names.mode.call(names.handle(...statement.arguments(1), Database), 'stats')),
  rebuild_index: watched,
  verify: async (names, statement) => new Report(await watched(names, statement)),
  ...fields('stats', [...FIGURES, ...MORE_FIGURES], field),
  ...fields('verify_report', REPORT_FIELDS, field),
  ...fields('verify_report', Object.keys(PROBLEM_FIELDS), problemField),
}

