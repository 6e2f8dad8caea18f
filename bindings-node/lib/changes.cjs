// `Changes` and `ChangeCursor`: the change feed.
//
// Events cross in pages, each with the place behind it, so that `cursor` always tells the place behind the last event
// that was given out.
//
// Who waits for events looks at the store now and then, by a timer: a call that waited would hold one of libuv's four
// threads for as long, and with them Node's own files.

'use strict'

const { inspect } = require('node:util')
const native = require('./native.cjs')
const { limitOf, optionsOf, timeoutOf } = require('./arguments.cjs')
const { LongCall, pooled, signalOf, sync } = require('./call.cjs')
const { wrongType } = require('./errors.cjs')
const { eventOf } = require('./event.cjs')
const { TRUSTED } = require('./event-id.cjs')

const PAGE_FIRST = 1
const PAGE_LAST = 64

/** How many milliseconds a watcher waits before it looks again: at first, and when nothing has come for a while. */
const PAUSE_FIRST_MS = 1
const PAUSE_LAST_MS = 50

const WATCH = ['timeout', 'signal']

class ChangeCursor {
  #text
  #sequence

  constructor(text) {
    if (typeof text !== 'string') throw wrongType('a change cursor', 'a string', text)
    this.#sequence = sync(() => native.changeCursorSequence(text))
    this.#text = text.toLowerCase()
  }

  static from(value) {
    return value instanceof ChangeCursor ? value : new ChangeCursor(value)
  }

  get sequence() {
    return this.#sequence
  }

  toString() {
    return this.#text
  }

  toJSON() {
    return this.#text
  }

  equals(other) {
    return other instanceof ChangeCursor && this.#text === other.#text
  }

  [inspect.custom](_depth, options) {
    return `ChangeCursor(${options.stylize(this.#text, 'special')})`
  }
}

/** For the watcher below: the next event of `Changes`, whenever it comes. */
let nextEver

/** A while, cut short by the signal. */
function paused(ms, signal) {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, ms)
    signal?.addEventListener('abort', end)
  })
}

class Changes {
  #native
  #state
  /** Record of an event and the place behind it in turn. */
  #ahead = []
  #at = 0
  #page = PAGE_FIRST
  #cursor

  /** `state` is the database's: whether it was closed. */
  constructor(feed, state, trusted) {
    if (trusted !== TRUSTED) throw new TypeError('Changes come from a database')
    this.#native = feed
    this.#state = state
    this.#cursor = feed.cursor()
  }

  get cursor() {
    return new ChangeCursor(this.#cursor)
  }

  async page(limit) {
    const count = limitOf(limit)
    if (this.#isEmpty()) this.#keep(await pooled((how) => this.#native.page(how, count)))
    return this.#take(count)
  }

  pageSync(limit) {
    const count = limitOf(limit)
    if (this.#isEmpty()) this.#keep(sync((how) => this.#native.page(how, count)))
    return this.#take(count)
  }

  async watch(limit, options) {
    const count = limitOf(limit)
    const { timeout, signal } = optionsOf(options, WATCH)
    await this.#wait(count, timeoutOf(timeout), signalOf(signal))
    return this.#take(count)
  }

  watchSync(limit, options) {
    const count = limitOf(limit)
    const { timeout, signal } = optionsOf(options, WATCH)
    const [call, most] = [new LongCall({ signal }), timeoutOf(timeout)]
    if (this.#isEmpty() || signal?.aborted) {
      this.#keep(call.sync((how, token) => this.#native.watch(how, token, count, most)))
    }
    return this.#take(count)
  }

  /** Waits until something is at hand. */
  async #wait(count, timeout, signal) {
    const until = performance.now() + timeout
    for (let pause = PAUSE_FIRST_MS; this.#isEmpty() || signal?.aborted; pause = Math.min(2 * pause, PAUSE_LAST_MS)) {
      const call = new LongCall({ signal })
      this.#keep(await call.pooled((how, token) => this.#native.watch(how, token, count, 0)))
      const left = until - performance.now()
      if (!this.#isEmpty() || count === 0 || left <= 0) return
      await paused(Math.min(pause, left), signal)
    }
  }

  /** The next event, whenever it comes. */
  async #nextEver(signal) {
    for (;;) {
      await this.#wait(PAGE_LAST, Infinity, signal)
      const [event] = this.#take(1)
      if (event !== undefined) return event
    }
  }

  static {
    nextEver = (changes, signal) => changes.#nextEver(signal)
  }

  *[Symbol.iterator]() {
    for (;;) {
      if (this.#isEmpty()) this.#keep(sync((how) => this.#native.page(how, this.#next())))
      const [event] = this.#take(1)
      if (event === undefined) return
      yield event
    }
  }

  async *[Symbol.asyncIterator]() {
    for (;;) {
      if (this.#isEmpty()) this.#keep(await pooled((how) => this.#native.page(how, this.#next())))
      const [event] = this.#take(1)
      if (event === undefined) return
      yield event
    }
  }

  /** Whether a page must be fetched: a closed database answers `closed`, whatever is at hand. */
  #isEmpty() {
    return this.#at >= this.#ahead.length || this.#state.closed
  }

  /** The length of the next page. */
  #next() {
    const page = this.#page
    this.#page = Math.min(page * 2, PAGE_LAST)
    return page
  }

  #keep(page) {
    this.#ahead = this.#ahead.slice(this.#at).concat(page)
    this.#at = 0
  }

  #take(count) {
    const end = Math.min(this.#at + 2 * count, this.#ahead.length)
    const events = []
    for (; this.#at < end; this.#at += 2) {
      events.push(eventOf(this.#ahead[this.#at]))
      this.#cursor = this.#ahead[this.#at + 1]
    }
    return events
  }
}

/** The events behind a place, and then each as it is committed. Ends by `return`, the signal, or an error. */
class Watcher {
  #begin
  #changes = null
  #signal
  #stop = new AbortController()
  #onAbort = () => this.#stop.abort(this.#signal.reason)
  /** Whether it has ended, so that nothing is asked any more. */
  #ended = false
  /** The last step that was asked for: each waits for the one before. */
  #turn = Promise.resolve()

  /** `begin` gives the `Changes`, when the first event is asked for. */
  constructor(begin, signal, trusted) {
    if (trusted !== TRUSTED) throw new TypeError('a Watcher comes from a database')
    this.#begin = begin
    this.#signal = signalOf(signal)
    this.#signal?.addEventListener('abort', this.#onAbort)
    if (this.#signal?.aborted) this.#onAbort()
  }

  get cursor() {
    return this.#changes === null ? null : this.#changes.cursor
  }

  next() {
    const step = this.#turn.then(() => this.#step())
    this.#turn = step.catch(() => {})
    return step
  }

  async return(value) {
    this.#end()
    this.#stop.abort()
    return { done: true, value }
  }

  [Symbol.asyncIterator]() {
    return this
  }

  async #step() {
    if (this.#ended) return { done: true, value: undefined }
    try {
      this.#changes ??= await this.#begin()
      return { done: false, value: await nextEver(this.#changes, this.#stop.signal) }
    } catch (error) {
      // It was returned from meanwhile.
      if (this.#ended && error.code === 'cancelled') return { done: true, value: undefined }
      // Behind an event that is damaged the feed goes on.
      if (error.code !== 'corrupt') this.#end()
      throw error
    }
  }

  #end() {
    this.#ended = true
    this.#signal?.removeEventListener('abort', this.#onAbort)
  }
}

module.exports = { ChangeCursor, Changes, Watcher }
