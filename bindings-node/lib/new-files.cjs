// Many files for one call: an iterable whose elements are sources, or objects that say more of a file.
//
// A call on a thread of its own takes files from a short queue, which JavaScript fills, waiting where it is full. A call
// that JavaScript waits for asks for the files one by one.

'use strict'

const native = require('./native.cjs')
const { newEventOf, pathOf } = require('./arguments.cjs')
const { bytesOf, isBytes, pieces } = require('./bytes.cjs')
const { translated, wrongType } = require('./errors.cjs')
const { wireOf } = require('./event-id.cjs')
const { iterator, kindOf, letGo, pullFrom, pump } = require('./source.cjs')

const WANTED = 'an iterable of sources, or of objects with a source'

/** Beside what a new event carries. */
const FILE = ['source', 'parent']

/** One element: where its bytes come from, and what its event is. */
function fileOf(given) {
  if (!saysMore(given)) return [given, undefined, undefined]
  const { source, parent } = given
  return [source, parent === undefined || parent === null ? undefined : wireOf(parent), newEventOf(given, FILE)]
}

function saysMore(given) {
  if (typeof given !== 'object' || given === null || isBytes(given) || given instanceof URL) return false
  return 'source' in given && !isIterable(given)
}

function isIterable(given) {
  return typeof given[Symbol.asyncIterator] === 'function' || typeof given[Symbol.iterator] === 'function'
}

/** The iterator of the files; text and bytes are one file and no list of files. */
function filesOf(given, mayWait) {
  const one = typeof given !== 'object' || given === null || isBytes(given)
  if (one || !isIterable(given)) throw wrongType('the files', WANTED, given)
  if (mayWait) return iterator(given)
  if (typeof given[Symbol.iterator] === 'function') return given[Symbol.iterator]()
  throw wrongType('the files of a call that waits', 'an iterable that need not be awaited', given)
}

/** What the native half takes as it is; null for what has to be brought piece by piece. */
function sourceOf(source, kind) {
  if (kind === 'path') return native.Source.path(pathOf(source))
  return kind === 'bytes' ? native.Source.bytes(bytesOf(source)) : null
}

/** Puts files and waits for it. */
function putFilesSync(call, files, start) {
  const items = filesOf(files, false)
  const queue = new native.NewFiles()
  const pulls = []
  const next = () => {
    try {
      const { done, value } = items.next()
      if (done) return false
      const [source, parent, fields] = fileOf(value)
      const kind = kindOf(source)
      const whole = sourceOf(source, kind)
      if (whole !== null) {
        queue.push(whole, parent, fields)
      } else {
        queue.pushPulled(pulls.length, parent, fields)
        pulls.push(pullFrom(piecesOf(source, kind), call))
      }
      return true
    } catch (error) {
      call.keep(translated(error))
      throw new Error('there are no more files')
    }
  }
  const read = (number, wanted) => pulls[number](wanted)
  try {
    return call.sync((_how, token, listener) => start(queue, next, read, token, listener))
  } catch (error) {
    items.return?.()
    throw error
  }
}

function piecesOf(source, kind) {
  if (kind === 'large') return pieces('the source', source)
  if (typeof source[Symbol.iterator] === 'function') return source[Symbol.iterator]()
  throw wrongType('the source of a call that waits', 'bytes, a path or an iterable that need not be awaited', source)
}

/** Puts files. */
async function putFiles(call, files, start) {
  const items = filesOf(files, true)
  const queue = new native.NewFiles()
  const way = { queue, feed: null, items: null, source: null }
  call.onAbort = () => {
    queue.fail()
    way.feed?.fail('the call was cancelled')
  }
  const answer = call.threaded((how, token, listener) => start(how, queue, token, listener))
  const pumped = pumpFiles(call, items, way)
  try {
    const ids = await answer
    await pumped
    return ids
  } catch (error) {
    // The iterators may wait for something that never comes: they are told to end, and not waited for.
    if (way.items !== null) letGo(way.items, way.source)
    letGo(items, files)
    throw error
  }
}

async function pumpFiles(call, items, way) {
  try {
    while (!call.ended) {
      const { done, value } = await items.next()
      if (call.ended) return
      if (done) break
      const [source, parent, fields] = fileOf(value)
      const kind = kindOf(source)
      const whole = sourceOf(source, kind)
      if (whole === null) {
        await pumpOne(call, way, source, kind, parent, fields)
      } else if (!way.queue.push(whole, parent, fields)) {
        await call.room()
      }
    }
    way.queue.end()
  } catch (error) {
    call.keep(translated(error))
    way.queue.fail()
  }
}

/** Brings one file piece by piece. */
async function pumpOne(call, way, source, kind, parent, fields) {
  const items = kind === 'large' ? pieces('the source', source) : iterator(source)
  const feed = native.Source.feed()
  Object.assign(way, { feed, items, source })
  if (!way.queue.push(feed, parent, fields)) await call.room()
  await pump(call, items, feed)
  Object.assign(way, { feed: null, items: null, source: null })
}

module.exports = { putFiles, putFilesSync }
