// `Batch` and `Member`: many at once, all or nothing.

'use strict'

const { inspect } = require('node:util')
const { CONTROL, durabilityOf, newEventOf, optionsOf } = require('./arguments.cjs')
const { wellFormed } = require('./bytes.cjs')
const { LongCall, pooled, sync } = require('./call.cjs')
const { TRUSTED, idOf, wireOf } = require('./event-id.cjs')
const { put, putSync } = require('./source.cjs')

class Member {
  #native

  constructor(member, trusted) {
    if (trusted !== TRUSTED) throw new TypeError('a Member comes from a batch')
    this.#native = member
  }

  get index() {
    return this.#native.index()
  }

  /** What a parent is to the native half: a member, or the id of an event. */
  static parentOf(parent) {
    return parent instanceof Member ? parent.#native : wireOf(parent)
  }

  [inspect.custom]() {
    return `Member { index: ${this.index} }`
  }
}

const memberOf = (member) => new Member(member, TRUSTED)

class Batch {
  #native

  constructor(batch, trusted) {
    if (trusted !== TRUSTED) throw new TypeError('a Batch comes from a database')
    this.#native = batch
  }

  get length() {
    return this.#native.length()
  }

  async createRoot(title) {
    const text = wellFormed('the title', title)
    return memberOf(await pooled((how) => this.#native.createRoot(how, text)))
  }

  createRootSync(title) {
    const text = wellFormed('the title', title)
    return memberOf(sync((how) => this.#native.createRoot(how, text)))
  }

  async append(parent, options) {
    const [under, fields] = [Member.parentOf(parent), newEventOf(options)]
    return memberOf(await pooled((how) => this.#native.append(how, under, fields)))
  }

  appendSync(parent, options) {
    const [under, fields] = [Member.parentOf(parent), newEventOf(options)]
    return memberOf(sync((how) => this.#native.append(how, under, fields)))
  }

  async putFile(parent, source, options) {
    const [under, fields] = [Member.parentOf(parent), newEventOf(options, CONTROL)]
    const start = (how, file, token, listener) => this.#native.putFile(how, under, file, fields, token, listener)
    return memberOf(await put(new LongCall(options ?? {}), source, start))
  }

  putFileSync(parent, source, options) {
    const [under, fields] = [Member.parentOf(parent), newEventOf(options, CONTROL)]
    const start = (how, file, token, listener) => this.#native.putFile(how, under, file, fields, token, listener)
    const pulled = (pull, token, listener) => this.#native.putPulled(under, pull, fields, token, listener)
    return memberOf(putSync(new LongCall(options ?? {}), source, start, pulled))
  }

  async commit(options) {
    const durability = durabilityOf(optionsOf(options, ['durability']))
    return (await pooled((how) => this.#native.commit(how, durability))).map(idOf)
  }

  commitSync(options) {
    const durability = durabilityOf(optionsOf(options, ['durability']))
    return sync((how) => this.#native.commit(how, durability)).map(idOf)
  }

  async discard() {
    await pooled((how) => this.#native.discard(how))
  }

  discardSync() {
    sync((how) => this.#native.discard(how))
  }
}

module.exports = { Batch, Member }
