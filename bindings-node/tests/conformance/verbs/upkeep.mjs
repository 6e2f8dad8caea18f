// Making durable, rebuilding, counting, verifying.

import { Database } from 'ouroborosdb'

import { camel } from './camel.mjs'
import { control } from './control.mjs'
import { Report } from './report.mjs'

const FIGURES = ['events', 'roots', 'chunks', 'content_bytes', 'chunk_bytes', 'stored_bytes', 'segments']
const PATH_FIGURES = ['paths', 'missing_paths']
const MORE_FIGURES = ['sequence', 'durable_sequence', 'damaged_ranges', 'commits', 'syncs', 'refreshes', 'open_ns']
const INDEX_FIGURES = ['index_tiers', 'index_tier_bytes', 'index_tier_entries', 'index_memory_entries']
const CACHE_FIGURES = ['event_cache_hits', 'event_cache_misses', 'reserve_bytes']
const TIMES = ['count', 'one_in', 'sum_ns', 'p50_ns', 'p90_ns', 'p99_ns', 'p999_ns', 'max_ns']
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

function latencies(names, statement) {
  const all = names.handle(...statement.arguments(1), Report).field('latencies')
  return Object.values(all).map((latency) => latency.operation)
}

function latency(names, statement) {
  const [stats, kind] = statement.arguments(2)
  return names.handle(stats, Report).field('latencies')[camel(kind)][camel(statement.field)]
}

const fields = (report, named, does) => Object.fromEntries(named.map((name) => [`${report}.${name}`, does]))

export default {
  refresh: (names, statement) => names.mode.call(names.handle(...statement.arguments(1), Database), 'refresh'),
  sync: (names, statement) => names.mode.call(names.handle(...statement.arguments(1), Database), 'sync'),
  stats: async (names, statement) =>
    new Report(await names.mode.call(names.handle(...statement.arguments(1), Database), 'stats')),
  prometheus: (names, statement) => names.mode.call(names.handle(...statement.arguments(1), Database), 'prometheus'),
  rebuild_index: watched,
  verify: async (names, statement) => new Report(await watched(names, statement)),
  ...fields('stats', [...FIGURES, ...PATH_FIGURES, ...MORE_FIGURES, ...INDEX_FIGURES, ...CACHE_FIGURES], field),
  'stats.latencies': latencies,
  ...fields('latency', TIMES, latency),
  ...fields('verify_report', REPORT_FIELDS, field),
  ...fields('verify_report', Object.keys(PROBLEM_FIELDS), problemField),
}

