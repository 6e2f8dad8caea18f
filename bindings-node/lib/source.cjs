// Where a file's bytes come from: bytes, a path, a stream or another iterable.
//
// Few bytes are copied at once. More of them, and what is iterated over, are copied a piece at a time into a queue that
// the call's own thread reads from; JavaScript waits where the queue is full, so memory stays bounded. A call that
// JavaScript waits for asks for the pieces instead, one by one.

'use strict'

const native = require('./native.cjs')
const { pathOf } = require('./arguments.cjs')
const { bytesOf, bytesOrText, isBytes, pieces } = require('./bytes.cjs')
const { invalid, wrongType } = require('./errors.cjs')

/** What is copied on JavaScript's thread at once. */
const COPIED_BYTES_MAX = 1024 * 1024

const PIECE = 'a piece of the source'
const WANTED = 'bytes, a path (a string or a file URL), a stream or an iterable of bytes'

/** What the caller gave: `bytes`, `path` or `items`. */
function kindOf(source) {
  if (typeof source === 'string' || source instanceof URL) return 'path'
  if (isBytes(source)) return source.byteLength <= COPIED_BYTES_MAX ? 'bytes' : 'large'
  const iterable = source?.[Symbol.asyncIterator] ?? source?.[Symbol.iterator]
  if (typeof source !== 'object' || typeof iterable !== 'function') throw wrongType('the source', WANTED, source)
  return 'items'
}

/** Puts a file and waits for it. `put` and `putPulled` start the call of the native half. */
function putSync(call, source, put, putPulled) {
  const kind = kindOf(source)
  if (kind === 'path') {
    const file = native.Source.path(pathOf(source))
    return call.sync((how, token, listener) => put(how, file, token, listener))
  }
  if (kind === 'bytes') {
    const copy = native.Source.bytes(bytesOf(source))
    return call.sync((how, token, listener) => put(how, copy, token, listener))
  }
  if (kind === 'items' && typeof source[Symbol.iterator] !== 'function') {
    throw wrongType('the source of a call that waits', 'bytes, a path or an iterable that need not be awaited', source)
  }
  const items = kind === 'large' ? pieces('the source', source) : source[Symbol.iterator]()
  return call.sync((_how, token, listener) => putPulled(pullFrom(items, call), token, listener))
}

/** The function that the engine asks for the next bytes: none at the end. */
function pullFrom(items, call) {
  let [piece, at, length] = [null, 0, 0]
  return (wanted) => {
    try {
      while (at === length) {
        const { done, value } = items.next()
        if (done) {
          // Of many files each is asked for its bytes until the last one is stored.
          ;[items, piece, at, length] = [[][Symbol.iterator](), null, 0, 0]
          return Buffer.alloc(0)
        }
        piece = bytesOrText(PIECE, value)
        at = 0
        length = piece.length
      }
      // The caller's functions run between two pulls, and may give the memory away.
      if (piece.length !== length) throw invalid(`${PIECE} changed its length while it was read`)
      const given = piece.subarray(at, at + wanted)
      at += given.length
      return given
    } catch (error) {
      call.keepOfSource(error)
      throw new Error(messageOf(error))
    }
  }
}

/** Puts a file. */
async function put(call, source, start) {
  const kind = kindOf(source)
  if (kind === 'path') {
    // On a thread of its own: it may be long, and opening a pipe waits for its writer.
    const file = native.Source.path(pathOf(source))
    return call.threaded((how, token, listener) => start(how, file, token, listener))
  }
  if (kind === 'bytes') {
    const copy = native.Source.bytes(bytesOf(source))
    const run = call.isWatched ? 'threaded' : 'pooled'
    return call[run]((how, token, listener) => start(how, copy, token, listener))
  }
  const items = kind === 'large' ? pieces('the source', source) : iterator(source)
  return fed(call, items, source, start)
}

function iterator(source) {
  return source[Symbol.asyncIterator]?.() ?? source[Symbol.iterator]()
}

/** Puts what an iterator gives. */
async function fed(call, items, source, start) {
  const feed = native.Source.feed()
  call.onAbort = () => feed.fail('the call was cancelled')
  const answer = call.threaded((how, token, listener) => start(how, feed, token, listener))
  const pumped = pump(call, items, feed)
  try {
    const event = await answer
    await pumped
    return event
  } catch (error) {
    // The iterator may wait for something that never comes: it is told to end, and not waited for.
    letGo(items, source)
    throw error
  }
}

async function pump(call, items, feed) {
  try {
    while (!call.ended) {
      const { done, value } = await items.next()
      if (done) break
      for (const piece of pieces(PIECE, value)) {
        if (!feed.push(piece)) await call.room()
        if (call.ended) break
      }
    }
    feed.end()
  } catch (error) {
    call.keepOfSource(error)
    feed.fail(messageOf(error))
  }
}

function messageOf(error) {
  return error instanceof Error ? String(error.message).toWellFormed() : 'it threw what is no error'
}

function letGo(items, source) {
  const ignore = () => {}
  try {
    Promise.resolve(items.return?.()).catch(ignore)
    if (typeof source.destroy === 'function') source.destroy()
  } catch {
    // What the caller's iterator does about its end is not this call's error.
  }
}

module.exports = { iterator, kindOf, letGo, pullFrom, pump, put, putSync }
