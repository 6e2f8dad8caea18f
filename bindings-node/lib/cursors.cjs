// `EventCursor`, `IdCursor`, `RootCursor`: long answers, item by item or in pages.
//
// Items cross in pages: a small one first, for who wants one item, each next one twice as long, up to the last. What is
// fetched stays with the cursor, so a loop that is left can be taken up again.

'use strict'

const { limitOf } = require('./arguments.cjs')
const { pooled, sync } = require('./call.cjs')
const { eventOf } = require('./event.cjs')
const { TRUSTED, idOf } = require('./event-id.cjs')

const PAGE_FIRST = 8
const PAGE_LAST = 256

class Cursor {
  #native
  #state
  #items
  #ahead = []
  #at = 0
  #page = PAGE_FIRST

  /** `state` is the database's: whether it was closed. `items` makes a list of items of a page of the native half. */
  constructor(native, state, items, trusted) {
    if (trusted !== TRUSTED) throw new TypeError(`a ${new.target.name} comes from a database`)
    this.#native = native
    this.#state = state
    this.#items = items
  }

  async page(limit) {
    const count = limitOf(limit)
    const kept = this.#take(count)
    return kept ?? this.#items(await pooled((how) => this.#native.page(how, count)))
  }

  pageSync(limit) {
    const count = limitOf(limit)
    return this.#take(count) ?? this.#items(sync((how) => this.#native.page(how, count)))
  }

  *[Symbol.iterator]() {
    for (;;) {
      if (this.#isEmpty()) this.#keep(sync((how) => this.#native.page(how, this.#page)))
      if (this.#at >= this.#ahead.length) return
      yield this.#next()
    }
  }

  async *[Symbol.asyncIterator]() {
    for (;;) {
      if (this.#isEmpty()) this.#keep(await pooled((how) => this.#native.page(how, this.#page)))
      if (this.#at >= this.#ahead.length) return
      yield this.#next()
    }
  }

  /** Whether a page must be fetched: a closed database answers `closed`, whatever is at hand. */
  #isEmpty() {
    return this.#at >= this.#ahead.length || this.#state.closed
  }

  #keep(page) {
    // What another loop over the same cursor fetched meanwhile comes first.
    this.#ahead = this.#ahead.slice(this.#at).concat(this.#items(page))
    this.#at = 0
    this.#page = Math.min(this.#page * 2, PAGE_LAST)
  }

  #next() {
    const item = this.#ahead[this.#at]
    this.#ahead[this.#at] = undefined
    this.#at += 1
    return item
  }

  /** What is at hand: fewer than wanted, rather than an error of the next page in the place of these. */
  #take(count) {
    if (this.#isEmpty()) return null
    const items = this.#ahead.slice(this.#at, this.#at + count)
    this.#at += items.length
    return items
  }
}

class EventCursor extends Cursor {
  constructor(native, state, trusted) {
    super(native, state, (page) => page.map(eventOf), trusted)
  }
}

class IdCursor extends Cursor {
  constructor(native, state, trusted) {
    super(native, state, (page) => page.map(idOf), trusted)
  }
}

class RootCursor extends Cursor {
  constructor(native, state, trusted) {
    super(native, state, rootsOf, trusted)
  }
}

/** Titles and ids in turn, as pairs. */
function rootsOf(page) {
  const roots = []
  for (let at = 0; at < page.length; at += 2) {
    roots.push([Buffer.from(page[at], 'latin1').toString('utf8'), idOf(page[at + 1])])
  }
  return roots
}

module.exports = { EventCursor, IdCursor, RootCursor }
