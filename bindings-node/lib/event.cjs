// `Event`: an immutable snapshot.
//
// It holds the record that `src/record.rs` describes, a string with a character for each byte, and reads a field when
// it is asked for. Nothing that it gives out leads back into it: bytes are copies.

'use strict'

const { inspect } = require('node:util')
const native = require('./native.cjs')
const { wellFormed } = require('./bytes.cjs')
const { TRUSTED, WIRE, idOf } = require('./event-id.cjs')

// Offsets in the record.
const [KIND, ORIGIN, COUNTER, TIME, SEQUENCE, EXPIRES, CONTENT] = [1, 2, 18, 20, 28, 36, 44]
const [TITLE_LENGTH, METADATA_LENGTH, FOLLOWS, ATTRIBUTES, ID, PARENT, VARIABLE] = [52, 56, 60, 64, 68, 132, 196]
const ID_BYTES = 64
// Flags.
const [TEMPORARY, FULL_TEXT, HAS_PARENT, HAS_TITLE, HAS_METADATA, HAS_CONTENT, HAS_EXPIRES] = [1, 2, 4, 8, 16, 32, 64]

class Event {
  #record

  constructor(record, trusted) {
    if (trusted !== TRUSTED) throw new TypeError('an Event comes from a database')
    this.#record = record
  }

  get [WIRE]() {
    return this.#record.slice(ID, ID + ID_BYTES)
  }

  get id() {
    return idOf(this.#record.slice(ID, ID + ID_BYTES))
  }

  get kind() {
    return kindName(this.#record.charCodeAt(KIND))
  }

  get parent() {
    return this.#has(HAS_PARENT) ? idOf(this.#record.slice(PARENT, PARENT + ID_BYTES)) : null
  }

  get follows() {
    const start = VARIABLE + u32(this.#record, TITLE_LENGTH) + u32(this.#record, METADATA_LENGTH)
    const id = (_, at) => idOf(this.#record.slice(start + at * ID_BYTES, start + (at + 1) * ID_BYTES))
    return Array.from({ length: u32(this.#record, FOLLOWS) }, id)
  }

  get origin() {
    return bytes(this.#record, ORIGIN, COUNTER)
  }

  get timeMs() {
    return u64(this.#record, TIME)
  }

  get timeCounter() {
    return this.#record.charCodeAt(COUNTER) + this.#record.charCodeAt(COUNTER + 1) * 256
  }

  get date() {
    return new Date(Number(this.timeMs))
  }

  get sequence() {
    return u64(this.#record, SEQUENCE)
  }

  get title() {
    if (!this.#has(HAS_TITLE)) return null
    return text(this.#record, VARIABLE, VARIABLE + u32(this.#record, TITLE_LENGTH))
  }

  get attributes() {
    const attributes = new Map()
    for (const [name, start, end] of this.#attributes()) attributes.set(name, bytes(this.#record, start, end))
    return attributes
  }

  attribute(name) {
    wellFormed("an attribute's name", name)
    for (const [other, start, end] of this.#attributes()) {
      if (other === name) return bytes(this.#record, start, end)
    }
    return null
  }

  get metadata() {
    if (!this.#has(HAS_METADATA)) return null
    const start = VARIABLE + u32(this.#record, TITLE_LENGTH)
    return bytes(this.#record, start, start + u32(this.#record, METADATA_LENGTH))
  }

  get contentLength() {
    return this.#has(HAS_CONTENT) ? Number(u64(this.#record, CONTENT)) : null
  }

  get temporary() {
    return this.#has(TEMPORARY)
  }

  get expiresMs() {
    return this.#has(HAS_EXPIRES) ? u64(this.#record, EXPIRES) : null
  }

  get expires() {
    return this.#has(HAS_EXPIRES) ? new Date(Number(u64(this.#record, EXPIRES))) : null
  }

  get fullText() {
    return this.#has(FULL_TEXT)
  }

  toJSON() {
    const shown = this.#shown()
    shown.follows = shown.follows.map(String)
    for (const name of ['timeMs', 'sequence', 'expiresMs']) shown[name] = shown[name]?.toString() ?? null
    const base64 = (value) => value?.toString('base64') ?? null
    shown.attributes = [...shown.attributes].map(([name, value]) => [name, base64(value)])
    shown.metadata = base64(shown.metadata)
    shown.origin = shown.origin.toString('hex')
    return shown
  }

  [inspect.custom](depth, options) {
    return depth < 0 ? '[Event]' : `Event ${inspect(this.#shown(), { ...options, depth: options.depth })}`
  }

  #shown() {
    const { id, kind, parent, follows, origin, timeMs, timeCounter, sequence, title, attributes } = this
    const { metadata, contentLength, temporary, expiresMs, fullText } = this
    const first = { id, kind, parent, follows, origin, timeMs, timeCounter, sequence, title, attributes }
    return { ...first, metadata, contentLength, temporary, expiresMs, fullText }
  }

  #has(flag) {
    return (this.#record.charCodeAt(0) & flag) !== 0
  }

  *#attributes() {
    const record = this.#record
    let at = VARIABLE + u32(record, TITLE_LENGTH) + u32(record, METADATA_LENGTH) + u32(record, FOLLOWS) * ID_BYTES
    for (let left = u32(record, ATTRIBUTES); left > 0; left -= 1) {
      const name = at + 8
      const value = name + u32(record, at)
      const end = value + u32(record, at + 4)
      yield [text(record, name, value), value, end]
      at = end
    }
  }
}

const kinds = []

function kindName(number) {
  kinds[number] ??= native.kindName(number)
  return kinds[number]
}

function u32(record, at) {
  const low = record.charCodeAt(at) | (record.charCodeAt(at + 1) << 8) | (record.charCodeAt(at + 2) << 16)
  return low + record.charCodeAt(at + 3) * 0x1000000
}

function u64(record, at) {
  return BigInt(u32(record, at)) | (BigInt(u32(record, at + 4)) << 32n)
}

/** A copy of its own, no part of Node's pool: it may be kept for long. */
function bytes(record, start, end) {
  const copy = Buffer.allocUnsafeSlow(end - start)
  copy.write(record.slice(start, end), 'latin1')
  return copy
}

function text(record, start, end) {
  return Buffer.from(record.slice(start, end), 'latin1').toString('utf8')
}

/** An event that the native half gave. */
function eventOf(record) {
  return new Event(record, TRUSTED)
}

module.exports = { Event, eventOf }
