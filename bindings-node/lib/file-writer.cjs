// `FileWriter`: a file that the caller pushes; and a stream into one.

'use strict'

const { Writable } = require('node:stream')
const { NEW_EVENT, optionsOf } = require('./arguments.cjs')
const { bytesOrText, pieces } = require('./bytes.cjs')
const { pooled, sync } = require('./call.cjs')
const { TRUSTED, idOf } = require('./event-id.cjs')

const STREAM_OPTIONS = ['highWaterMark', 'defaultEncoding', 'signal', 'emitClose', 'autoDestroy']
/** What a stream takes before it asks to wait: enough that a trip through libuv's pool carries a good piece. */
const BUFFERED_BYTES = 1024 * 1024

class FileWriter {
  #native
  /** Settled when all calls so far have ended. */
  #before = Promise.resolve()

  constructor(native, trusted) {
    if (trusted !== TRUSTED) throw new TypeError('a FileWriter comes from a database')
    this.#native = native
  }

  /** Calls take turns: a write is several pieces, and what came between them would be in the midst of it. */
  #inTurn(call) {
    const called = this.#before.then(call)
    this.#before = called.catch(() => {})
    return called
  }

  get length() {
    return this.#native.length()
  }

  async write(bytes) {
    await this.#inTurn(async () => {
      let written = false
      for (const piece of pieces('what is written', bytes)) {
        await pooled((how) => this.#native.write(how, piece))
        written = true
      }
      // Nothing is written to a finished writer either.
      if (!written) await pooled((how) => this.#native.write(how, Buffer.alloc(0)))
    })
  }

  writeSync(bytes) {
    const given = bytesOrText('what is written', bytes)
    sync((how) => this.#native.write(how, given))
  }

  async finish() {
    return idOf(await this.#inTurn(() => pooled((how) => this.#native.finish(how))))
  }

  finishSync() {
    return idOf(sync((how) => this.#native.finish(how)))
  }

  async abort() {
    await this.#inTurn(() => pooled((how) => this.#native.abort(how)))
  }

  abortSync() {
    sync((how) => this.#native.abort(how))
  }
}

/** A stream into a file. The event is made when it finishes; destroyed before, it leaves none. */
class WriteStream extends Writable {
  event = null
  #open
  #writer

  /** `open` makes the writer from the options of a new event. */
  constructor(open, options) {
    const given = optionsOf(options, [...NEW_EVENT, ...STREAM_OPTIONS])
    const pick = (names) => Object.fromEntries(Object.entries(given).filter(([name]) => names.includes(name)))
    const { highWaterMark = BUFFERED_BYTES, ...others } = pick(STREAM_OPTIONS)
    super({ ...others, highWaterMark })
    this.#open = () => open(pick(NEW_EVENT))
  }

  get bytesWritten() {
    return this.#writer?.length ?? 0
  }

  _construct(done) {
    this.#open().then((writer) => {
      this.#writer = writer
      done()
      // Whoever has destroyed the stream already does not wait to hear of a failure.
    }, (error) => done(this.destroyed ? undefined : error))
  }

  _write(bytes, _encoding, done) {
    this.#writer.write(bytes).then(() => done(), done)
  }

  _writev(parts, done) {
    this.#writer.write(Buffer.concat(parts.map((part) => part.chunk))).then(() => done(), done)
  }

  _final(done) {
    this.#writer.finish().then((event) => {
      this.event = event
      done()
    }, done)
  }

  _destroy(error, done) {
    const writer = this.event === null ? this.#writer : undefined
    if (writer === undefined) return done(error)
    // It may be finished by an error of its own.
    writer.abort().then(() => done(error), () => done(error))
  }
}

module.exports = { FileWriter, WriteStream }
