// Running calls of the native half: those that end soon, and those that may take long, which are cancelled by an
// `AbortSignal` and watched by a function.
//
// An exception of the caller's function cannot travel through the engine: it is kept, the call is cancelled, and when
// the engine has answered, the exception is thrown.

'use strict'

const { AsyncResource } = require('node:async_hooks')
const native = require('./native.cjs')
const { OuroborosError, fromReason, translated, wrongType } = require('./errors.cjs')

/** How a call is to be run: `src/run.rs`. */
const SYNC = 0
const ASYNC = 1
/** What a call on a thread of its own tells: `src/run.rs`. */
const [SETTLED, FAILED, PROGRESS, DRAINED] = [0, 1, 2, 3]

/** Waits for a call. */
function sync(work) {
  try {
    return work(SYNC)
  } catch (error) {
    throw translated(error)
  }
}

/** A call on libuv's pool. */
async function pooled(work) {
  try {
    return await work(ASYNC)
  } catch (error) {
    throw translated(error)
  }
}

/** An `AbortSignal`, if any. */
function signalOf(given) {
  if (given === undefined || given === null) return undefined
  if (typeof given?.addEventListener !== 'function' || typeof given.aborted !== 'boolean') {
    throw wrongType('signal', 'an AbortSignal', given)
  }
  return given
}

/** A call that may take long. */
class LongCall {
  token = new native.CallToken()
  ended = false
  #signal
  #progress
  #kept
  #failure
  #onDrain = null
  #onAbort = () => {
    this.token.cancel()
    this.onAbort?.()
  }
  /** What else to do when the signal is aborted. */
  onAbort = null

  constructor({ signal, progress }) {
    this.#signal = signalOf(signal)
    if (progress !== undefined && progress !== null) {
      if (typeof progress !== 'function') throw wrongType('progress', 'a function', progress)
      this.#progress = AsyncResource.bind(progress)
    }
  }

  get isWatched() {
    return this.#progress !== undefined
  }

  #begin() {
    this.#signal?.addEventListener('abort', this.#onAbort)
    if (this.#signal?.aborted) this.#onAbort()
  }

  #end() {
    this.ended = true
    this.#signal?.removeEventListener('abort', this.#onAbort)
    this.#onDrain?.()
  }

  /** Waits for the call. */
  sync(start) {
    this.#begin()
    let answer
    try {
      answer = start(SYNC, this.token, this.#hear)
    } catch (error) {
      throw this.#outcome(translated(error))
    } finally {
      this.#end()
    }
    if (this.#kept) throw this.#kept.error
    return answer
  }

  /** Runs the call on libuv's pool, which suits what ends soon and tells nothing. */
  async pooled(start) {
    this.#begin()
    try {
      return await start(ASYNC, this.token, undefined)
    } catch (error) {
      throw this.#outcome(translated(error))
    } finally {
      this.#end()
    }
  }

  /** Runs the call on a thread of its own. */
  async threaded(start) {
    this.#begin()
    try {
      const answer = await new Promise((resolve, reject) => {
        const settle = (kind, value) => (kind === SETTLED ? resolve(value) : reject(fromReason(value)))
        start(ASYNC, this.token, (kind, a, b) => {
          if (kind === SETTLED || kind === FAILED) settle(kind, a)
          else this.#hear(kind, a, b)
          if (kind === PROGRESS) this.token.heard()
        })
      })
      if (this.#kept) throw this.#kept.error
      return answer
    } catch (error) {
      throw this.#outcome(translated(error))
    } finally {
      this.#end()
    }
  }

  #hear = (kind, bytes, items) => {
    if (kind === DRAINED) {
      this.#onDrain?.()
    } else if (kind === PROGRESS && this.#progress && !this.#kept) {
      try {
        this.#progress({ bytes, items })
      } catch (error) {
        this.keep(error)
        this.onAbort?.()
      }
    }
  }

  /** Settles when the source has room again, or the call has ended. */
  room() {
    return new Promise((resolve) => {
      this.#onDrain = () => {
        this.#onDrain = null
        resolve()
      }
    })
  }

  /** An exception that cancels the call and is thrown as it is. */
  keep(error) {
    this.#kept ??= { error }
    this.token.cancel()
  }

  /** An exception of the caller's source: the cause of `source_failed`, unless it is one of the database's own. */
  keepOfSource(error) {
    if (error instanceof OuroborosError) this.keep(error)
    else this.#failure ??= { error }
  }

  /** What to throw where the engine answers an error. */
  #outcome(error) {
    if (this.#kept) return this.#kept.error
    const { code } = error
    if (this.#signal?.aborted && (code === 'cancelled' || code === 'source_failed')) {
      const message = code === 'cancelled' ? error.message : 'the call was cancelled before it was done'
      return new OuroborosError('cancelled', message, { cause: this.#signal.reason })
    }
    if (code === 'source_failed' && this.#failure) error.cause = this.#failure.error
    return error
  }
}

module.exports = { ASYNC, LongCall, SYNC, pooled, signalOf, sync }
