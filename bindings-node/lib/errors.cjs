// `OuroborosError`, and how the native half's errors become one.

'use strict'

const native = require('./native.cjs')

const byName = new Map()
const byNumber = new Map()
for (const row of native.errorCodes()) {
  const code = Object.freeze({ ...row })
  byName.set(code.name, code)
  byNumber.set(code.number, code)
}

/** The table of error codes: by name (`ErrorCode.closed.number`), and `from` for a number or a name. */
const ErrorCode = Object.create(null)
for (const [name, code] of byName) ErrorCode[name] = code
Object.defineProperty(ErrorCode, 'from', { value: (key) => byName.get(key) ?? byNumber.get(key) ?? null })
Object.freeze(ErrorCode)

class OuroborosError extends Error {
  constructor(code, message, options) {
    super(message, options?.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.number = byName.get(code)?.number ?? byName.get('internal').number
    if (options?.errno) this.errno = options.errno
    // What Node's own functions reject with when their signal is aborted.
    if (code === 'cancelled') this.name = 'AbortError'
  }
}
Object.defineProperty(OuroborosError.prototype, 'name', {
  value: 'OuroborosError',
  configurable: true,
  writable: true,
})

// The reason of a native error: number, operating-system error or 0, message.
const REASON = /^(\d+) (-?\d+) ([^]*)$/

/** The error that a native reason is. */
function fromReason(reason, options) {
  const parts = REASON.exec(reason)
  if (parts === null) return new OuroborosError('internal', reason, options)
  const code = byNumber.get(Number(parts[1]))?.name ?? 'internal'
  return new OuroborosError(code, parts[3], { ...options, errno: Number(parts[2]) })
}

/** An error of the native half as the caller gets it. */
function translated(error) {
  if (error instanceof OuroborosError) return error
  if (error instanceof Error && REASON.test(error.message)) return fromReason(error.message)
  // Errors of napi itself have a code: this package and its native half do not fit together. Others are JavaScript's.
  if (error?.code === undefined) return error
  return new OuroborosError('internal', `the binding failed: ${error.message}`, { cause: error })
}

/** An argument of a wrong type. */
function wrongType(what, wanted, given) {
  return new OuroborosError('wrong_type', `${what} is ${wanted}, not ${described(given)}`)
}

function invalid(message) {
  return new OuroborosError('invalid_argument', message)
}

function described(given) {
  if (given === null) return 'null'
  if (typeof given === 'function') return 'a function'
  if (typeof given !== 'object') return `a value of type ${typeof given}`
  const name = given.constructor?.name
  return typeof name === 'string' && name !== '' ? `an object of ${name}` : 'an object'
}

module.exports = { ErrorCode, OuroborosError, fromReason, invalid, translated, wrongType }
