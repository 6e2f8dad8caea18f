// `setLogSink` and `clearLogSink`: what the engine tells of itself.

'use strict'

const { AsyncResource } = require('node:async_hooks')
const native = require('./native.cjs')
const { pooled, sync } = require('./call.cjs')
const { wrongType } = require('./errors.cjs')

/** Settled when the sink that was set last here has heard everything. */
let heardAll = Promise.resolve()

function setLogSink(level, sink) {
  if (typeof level !== 'string') throw wrongType('level', 'a string', level)
  if (typeof sink !== 'function') throw wrongType('sink', 'a function', sink)
  const bound = AsyncResource.bind(sink)
  let settle
  const ended = new Promise((resolve) => {
    settle = resolve
  })
  sync(() =>
    native.setLogSink(level, (news) => {
      if (news === undefined || news === null) settle()
      else tell(bound, recordOf(news))
    }),
  )
  heardAll = ended
}

async function clearLogSink() {
  // The sink keeps nothing alive, and whoever waits here wants it to have heard everything.
  const alive = setInterval(() => {}, 1000)
  try {
    const ended = heardAll
    await pooled((how) => native.clearLogSink(how))
    await ended
  } finally {
    clearInterval(alive)
  }
}

/** What a sink throws, or rejects with, has nobody to go to. */
async function tell(sink, record) {
  try {
    await sink(record)
  } catch (error) {
    process.emitWarning(error instanceof Error ? error : String(error))
  }
}

function recordOf({ level, timeMs, message, names, values }) {
  const fields = Object.freeze(Object.fromEntries(names.map((name, at) => [name, values[at]])))
  return Object.freeze({ level, timeMs, message, fields })
}

module.exports = { clearLogSink, setLogSink }
