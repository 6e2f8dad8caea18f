// Figures and reports: frozen objects.

'use strict'

const { pathFrom } = require('./arguments.cjs')
const { EventId } = require('./event-id.cjs')

function statsOf(stats) {
  const named = stats.latencies.map((latency) => [camel(latency.operation), Object.freeze(latency)])
  return Object.freeze({ ...stats, latencies: Object.freeze(Object.fromEntries(named)) })
}

/** The name that an operation has in JavaScript. */
function camel(name) {
  return name.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase())
}

function importReportOf(report) {
  const skipped = Object.freeze(report.skipped.map(pathFrom))
  return Object.freeze({ ...report, event: new EventId(report.event), skipped })
}

function exportReportOf(report) {
  return Object.freeze(report)
}

function backupReportOf(report) {
  return Object.freeze(report)
}

function verifyReportOf(report) {
  return Object.freeze({ ...report, problems: Object.freeze(report.problems.map(problemOf)) })
}

function problemOf({ event, fileName, segment, offset, length, message }) {
  const known = { event: event == null ? null : new EventId(event), fileName: fileName ?? null }
  const place = { segment: segment ?? null, offset: offset ?? null, length: length ?? null }
  return Object.freeze({ ...known, ...place, message })
}

module.exports = { backupReportOf, exportReportOf, importReportOf, statsOf, verifyReportOf }
