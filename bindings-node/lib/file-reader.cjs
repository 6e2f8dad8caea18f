// `FileReader`: a stored file, open for reading; and a stream of it.

'use strict'

const { Readable } = require('node:stream')
const { constants } = require('node:buffer')
const { CONTROL, offsetOf, optionsOf, pathOf, wholeNumber } = require('./arguments.cjs')
const { LongCall, pooled, sync } = require('./call.cjs')
const { OuroborosError, invalid } = require('./errors.cjs')
const { TRUSTED } = require('./event-id.cjs')

const WHENCES = { start: 0, current: 1, end: 2 }
const STREAM_OPTIONS = ['start', 'end', 'highWaterMark', 'encoding', 'signal', 'emitClose', 'autoDestroy']
/** What a stream reads at once: each piece is a trip through libuv's pool. */
const PIECE_BYTES = 256 * 1024

class FileReader {
  #native
  #length
  /** How many calls run that move the position. */
  #moving = 0

  constructor(native, trusted) {
    if (trusted !== TRUSTED) throw new TypeError('a FileReader comes from a database')
    this.#native = native
    this.#length = native.length()
  }

  get length() {
    return this.#length
  }

  get position() {
    return this.#native.position()
  }

  async read(length = this.#length) {
    const room = this.#room(this.#count(length))
    return this.#moved((how) => this.#native.read(how, room))
  }

  readSync(length = this.#length) {
    const room = this.#room(this.#count(length))
    return sync((how) => this.#native.read(how, room))
  }

  async readAt(offset, length = this.#length) {
    const from = wholeNumber('the offset', offset)
    const room = roomFor(this.#count(length), this.#length - Number(from))
    return pooled((how) => this.#native.readAt(how, from, room))
  }

  readAtSync(offset, length = this.#length) {
    const from = wholeNumber('the offset', offset)
    const room = roomFor(this.#count(length), this.#length - Number(from))
    return sync((how) => this.#native.readAt(how, from, room))
  }

  async seek(offset, whence = 'start') {
    const [from, to] = target(offset, whence)
    return this.#moved((how) => this.#native.seek(how, from, to))
  }

  seekSync(offset, whence = 'start') {
    const [from, to] = target(offset, whence)
    return sync((how) => this.#native.seek(how, from, to))
  }

  async writeTo(target, options) {
    const [path, descriptor] = targetOf(target)
    const call = new LongCall(optionsOf(options, CONTROL))
    this.#moving += 1
    try {
      return await call.threaded((how, ...control) => this.#native.writeTo(how, path, descriptor, ...control))
    } finally {
      this.#moving -= 1
    }
  }

  writeToSync(target, options) {
    const [path, descriptor] = targetOf(target)
    const call = new LongCall(optionsOf(options, CONTROL))
    return call.sync((how, ...control) => this.#native.writeTo(how, path, descriptor, ...control))
  }

  #count(length) {
    const count = wholeNumber('the length', length)
    if (count > constants.MAX_LENGTH && this.#length > constants.MAX_LENGTH) {
      throw invalid(`a Buffer holds ${constants.MAX_LENGTH} bytes at most; read the file in pieces`)
    }
    return Number(count)
  }

  /** Room for what is read from the position on, which is not known while another call may move it. */
  #room(count) {
    return roomFor(count, this.#length - (this.#moving > 0 ? 0 : this.position))
  }

  async #moved(work) {
    this.#moving += 1
    try {
      return await pooled(work)
    } finally {
      this.#moving -= 1
    }
  }
}

/**
 * A Buffer for so many bytes, but no more than are left. It is V8's own memory, which is free as soon as the Buffer is
 * collected; nobody has it before the engine has filled it, for what was in it before is not for the caller.
 */
function roomFor(count, left) {
  const length = Math.max(0, Math.min(count, left))
  try {
    return Buffer.allocUnsafeSlow(length)
  } catch (cause) {
    const message = `there is not enough memory for ${length} bytes; read fewer at once`
    throw new OuroborosError('io', message, { cause })
  }
}

/** The bytes of a file, which came whole if it is small; of a larger one came its reader: `src/file_reader.rs`. */
async function whole(found) {
  return Buffer.isBuffer(found) ? found : new FileReader(found, TRUSTED).readAt(0)
}

function wholeSync(found) {
  return Buffer.isBuffer(found) ? found : new FileReader(found, TRUSTED).readAtSync(0)
}

/** A path, or an open descriptor. */
function targetOf(given) {
  if (typeof given !== 'number') return [pathOf(given), undefined]
  const isDescriptor = Number.isInteger(given) && given >= 0 && given <= 0x7fffffff
  if (!isDescriptor) throw invalid('the target is a number that no descriptor has; pass an open one, or a path')
  return [undefined, given]
}

function target(offset, whence) {
  if (!Object.hasOwn(WHENCES, whence)) throw invalid('whence is "start", "current" or "end"')
  return [WHENCES[whence], whence === 'start' ? wholeNumber('the offset', offset) : offsetOf(offset)]
}

/** A stream of a stored file, from `start` to `end`, which is read too. */
class ReadStream extends Readable {
  #open
  #reader
  #at
  #end

  constructor(open, options) {
    const { start, end, highWaterMark = PIECE_BYTES, ...others } = optionsOf(options, STREAM_OPTIONS)
    // A stream whose constructor throws behind `super` would be opened all the same.
    const first = start === undefined || start === null ? 0n : wholeNumber('start', start)
    const behind = end === undefined || end === null ? null : wholeNumber('end', end) + 1n
    if (behind !== null && behind < first) throw invalid('start is not behind end')
    super({ ...others, highWaterMark })
    this.#open = open
    this.#at = first
    this.#end = behind
  }

  _construct(done) {
    this.#open().then((reader) => {
      this.#reader = reader
      done()
    }, done)
  }

  _read(size) {
    const left = this.#end === null ? BigInt(size) : this.#end - this.#at
    const count = left < BigInt(size) ? left : BigInt(size)
    this.#reader.readAt(this.#at, count).then((bytes) => {
      this.#at += BigInt(bytes.length)
      this.push(bytes.length === 0 ? null : bytes)
    }, (error) => this.destroy(error))
  }
}

module.exports = { FileReader, ReadStream, whole, wholeSync }
