// `EventId`: the name of an event.
//
// It holds its 64 bytes as a string with a character for each byte, the form in which ids cross to the native half:
// immutable, and compared at once.

'use strict'

const { inspect } = require('node:util')
const native = require('./native.cjs')
const { bytesOf } = require('./bytes.cjs')
const { translated, wrongType } = require('./errors.cjs')

const ID_BYTES = 64
const HEX = /^[0-9a-fA-F]{128}$/

/** Under this key an `EventId` and an `Event` have the form in which an id crosses. */
const WIRE = Symbol('wire')
/** Says that what is given to a constructor comes from the native half. */
const TRUSTED = Symbol('trusted')

class EventId {
  #wire

  constructor(value, trusted) {
    this.#wire = trusted === TRUSTED ? value : wireOf(value)
  }

  static from(value) {
    return value instanceof EventId ? value : new EventId(value)
  }

  get [WIRE]() {
    return this.#wire
  }

  toString() {
    return Buffer.from(this.#wire, 'latin1').toString('hex')
  }

  toJSON() {
    return this.toString()
  }

  toBuffer() {
    return Buffer.from(this.#wire, 'latin1')
  }

  equals(other) {
    return other instanceof EventId && this.#wire === other.#wire
  }

  [inspect.custom](_depth, options) {
    return `EventId(${options.stylize(this.toString(), 'special')})`
  }
}

/** The id that names an event, in the form in which it crosses. What is malformed the engine itself complains about. */
function wireOf(value) {
  if (typeof value === 'string') {
    if (HEX.test(value)) return Buffer.from(value, 'hex').toString('latin1')
    return complained(() => native.eventIdFromHex(value))
  }
  const wire = value?.[WIRE]
  if (typeof wire === 'string') return wire
  const bytes = bytesOf(value)
  if (bytes === null) throw wrongType('an event', 'an Event, an EventId, 64 bytes or 128 hexadecimal digits', value)
  if (bytes.length !== ID_BYTES) return complained(() => native.eventIdFromBytes(bytes))
  return bytes.toString('latin1')
}

function complained(work) {
  try {
    return work()
  } catch (error) {
    throw translated(error)
  }
}

/** An id that the native half gave. */
function idOf(wire) {
  return new EventId(wire, TRUSTED)
}

module.exports = { EventId, TRUSTED, WIRE, idOf, wireOf }
