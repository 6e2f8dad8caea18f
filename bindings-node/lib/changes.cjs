// `Changes` and `ChangeCursor`: the change feed.
//
// Events cross in pages, each with the place behind it, so that `cursor` always tells the place behind the last event
// that was given out.

'use strict'

const { inspect } = require('node:util')
const native = require('./native.cjs')
const { limitOf } = require('./arguments.cjs')
const { pooled, sync } = require('./call.cjs')
const { wrongType } = require('./errors.cjs')
const { eventOf } = require('./event.cjs')
const { TRUSTED } = require('./event-id.cjs')

const PAGE_FIRST = 1
const PAGE_LAST = 64

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

module.exports = { ChangeCursor, Changes }
