// Bytes that the caller gives, as the native half takes them: a Buffer over plain memory, read before the call returns.
//
// Memory that another thread may write to (a SharedArrayBuffer), or that may move (a resizable ArrayBuffer), is copied
// here, so that Rust never looks at it.

'use strict'

const { isAnyArrayBuffer, isSharedArrayBuffer } = require('node:util/types')
const { OuroborosError, invalid, wrongType } = require('./errors.cjs')

/** The most that is copied at once: more would keep the event loop waiting. */
const PIECE_BYTES = 256 * 1024

function isBytes(value) {
  return ArrayBuffer.isView(value) || isAnyArrayBuffer(value)
}

/** A Buffer of the bytes of any view or buffer; null for what is none. */
function bytesOf(value) {
  if (!isBytes(value)) return null
  const whole = !ArrayBuffer.isView(value)
  const memory = whole ? value : value.buffer
  let bytes
  try {
    bytes = whole ? Buffer.from(memory) : Buffer.from(memory, value.byteOffset, value.byteLength)
  } catch (cause) {
    throw new OuroborosError('invalid_argument', `the buffer cannot be read: ${cause.message}`, { cause })
  }
  return isSharedArrayBuffer(memory) || memory.resizable ? Buffer.from(bytes) : bytes
}

/** The UTF-8 of a text; text with lone surrogates has none. */
function utf8(what, text) {
  return Buffer.from(wellFormed(what, text), 'utf8')
}

function wellFormed(what, text) {
  if (typeof text !== 'string') throw wrongType(what, 'a string', text)
  if (!text.isWellFormed()) {
    throw new OuroborosError('invalid_text', `${what} is not text that UTF-8 can hold: it has a lone surrogate`)
  }
  return text
}

/** The bytes of a buffer, or the UTF-8 of a text. */
function bytesOrText(what, value) {
  if (typeof value === 'string') return utf8(what, value)
  const bytes = bytesOf(value)
  if (bytes === null) throw wrongType(what, 'a Buffer, another view of bytes, an ArrayBuffer or a string', value)
  return bytes
}

/**
 * The pieces of bytes or of a text, none of them long. What is written to the bytes between two pieces may or may not
 * be seen.
 */
function* pieces(what, value) {
  const given = typeof value === 'string' ? utf8(what, value) : value
  const { length } = bytesOrText(what, given)
  for (let at = 0; at < length; at += PIECE_BYTES) {
    // Looked at anew each time: the memory may have been given away, or have shrunk.
    const bytes = bytesOf(given)
    if (bytes.length !== length) throw invalid(`${what} changed its length while it was read`)
    yield bytes.subarray(at, at + PIECE_BYTES)
  }
}

module.exports = { PIECE_BYTES, bytesOf, bytesOrText, isBytes, pieces, utf8, wellFormed }
