// Arguments, looked at here so that a complaint names them in JavaScript's words. Limits are the engine's.
//
// `undefined` and `null` stand for "left out" wherever something may be left out.

'use strict'

const { fileURLToPath } = require('node:url')
const { isDate } = require('node:util/types')
const { bytesOf, bytesOrText, isBytes, wellFormed } = require('./bytes.cjs')
const { OuroborosError, invalid, wrongType } = require('./errors.cjs')
const { wireOf } = require('./event-id.cjs')

const U64_MAX = (1n << 64n) - 1n
const I64_MAX = (1n << 63n) - 1n
/** So many paths are read from what may go on without end; the engine refuses fewer. */
const PATHS_READ_MAX = 1024
const NEW_EVENT = ['metadata', 'attributes', 'follows', 'temporary', 'expires', 'fullText', 'durability']
const CONTROL = ['signal', 'progress']

/** An object of options with no others than these. */
function optionsOf(given, known) {
  if (given === undefined || given === null) return {}
  if (typeof given !== 'object' || isBytes(given)) throw wrongType('the options', 'an object', given)
  for (const name of Object.keys(given)) {
    if (!known.includes(name)) throw invalid(`there is no option \`${name}\`; the options are ${known.join(', ')}`)
  }
  return given
}

function wholeNumber(what, given) {
  if (typeof given !== 'number' && typeof given !== 'bigint') throw wrongType(what, 'a number or a BigInt', given)
  const number = typeof given === 'bigint' ? given : Number.isInteger(given) ? BigInt(given) : -1n
  if (number < 0n || number > U64_MAX) throw invalid(`${what} is a whole number from 0 to 2**64 - 1`)
  return number
}

/** How many items, held to what one page can have. */
function limitOf(given) {
  const limit = wholeNumber('the limit', given)
  return limit > 0xffffffffn ? 0xffffffff : Number(limit)
}

/** How long to wait, in milliseconds; without end where it is left out. Less than nothing is nothing. */
function timeoutOf(given) {
  if (given === undefined || given === null) return Infinity
  if (typeof given !== 'number' && typeof given !== 'bigint') {
    throw wrongType('the timeout', 'a number or a BigInt of milliseconds', given)
  }
  const timeout = Number(given)
  if (Number.isNaN(timeout)) throw invalid('the timeout is a number of milliseconds, and NaN is no number')
  return Math.max(timeout, 0)
}

/** A step from somewhere, which may lead back. */
function offsetOf(given) {
  if (typeof given !== 'number' && typeof given !== 'bigint') {
    throw wrongType('the offset', 'a number or a BigInt', given)
  }
  if (typeof given === 'number' && !Number.isInteger(given)) throw invalid('the offset is a whole number')
  const number = BigInt(given)
  if (number > I64_MAX || number < -I64_MAX) throw invalid('the offset is a whole number of 64 bits')
  return number
}

function flag(what, given) {
  if (given === undefined || given === null) return undefined
  if (typeof given !== 'boolean') throw wrongType(what, 'true or false', given)
  return given
}

/** When a call is safe; the native half knows the words. */
function durabilityOf(options) {
  return optionalText('durability', options.durability)
}

function optionalText(what, given) {
  return given === undefined || given === null ? undefined : wellFormed(what, given)
}

/** A path as its bytes, a character for each. */
function pathOf(given) {
  if (given instanceof URL) return latin1(Buffer.from(fromUrl(given)))
  if (typeof given === 'string') return latin1(Buffer.from(wellFormed('the path', given)))
  const bytes = bytesOf(given)
  if (bytes === null) throw wrongType('a path', 'a string, a Buffer or a file URL', given)
  return latin1(bytes)
}

/** Several paths, of an iterable that may go on without end. */
function pathsOf(given) {
  if (typeof given !== 'object' || isBytes(given) || typeof given[Symbol.iterator] !== 'function') {
    throw wrongType('paths', 'an iterable of paths', given)
  }
  const paths = []
  for (const path of given) {
    paths.push(pathOf(path))
    if (paths.length === PATHS_READ_MAX) break
  }
  return paths
}

function fromUrl(url) {
  try {
    return fileURLToPath(url)
  } catch (cause) {
    throw new OuroborosError('invalid_argument', `the URL is no path of a file: ${cause.message}`, { cause })
  }
}

function latin1(bytes) {
  return bytes.toString('latin1')
}

/** A path of the native half: text where it is UTF-8, else its bytes. */
function pathFrom(bytes) {
  const text = bytes.toString('utf8')
  return Buffer.from(text).equals(bytes) ? text : bytes
}

/** What a new event carries, as the native half takes it; nothing for nothing. */
function newEventOf(given, others = []) {
  const options = optionsOf(given, [...NEW_EVENT, ...others])
  const fields = {}
  let any = false
  const set = (name, value) => {
    if (value === undefined) return
    fields[name] = value
    any = true
  }
  const { metadata, attributes, follows, expires } = options
  if (metadata !== undefined && metadata !== null) set('metadata', bytesOrText('metadata', metadata))
  if (attributes !== undefined && attributes !== null) {
    const pairs = attributesOf(attributes)
    set('names', pairs.map(([name]) => name))
    set('values', pairs.map(([, value]) => value))
  }
  if (follows !== undefined && follows !== null) set('follows', followsOf(follows))
  if (expires !== undefined && expires !== null) set('expiresMs', expiryOf(expires))
  set('temporary', flag('temporary', options.temporary))
  set('fullText', flag('fullText', options.fullText))
  set('durability', durabilityOf(options))
  return any ? fields : undefined
}

const ATTRIBUTES = 'a Map, an object or an iterable of pairs, of names and bytes or strings'

function attributesOf(given) {
  const plain = Object.prototype.toString.call(given) === '[object Object]'
  const listed = typeof given === 'object' && !isBytes(given) && typeof given[Symbol.iterator] === 'function'
  if (!plain && !listed) throw wrongType('attributes', ATTRIBUTES, given)
  const pairs = listed ? [...given] : Object.entries(given)
  return pairs.map((pair) => {
    if (!Array.isArray(pair) || pair.length !== 2) throw wrongType('attributes', ATTRIBUTES, pair)
    return [wellFormed("an attribute's name", pair[0]), bytesOrText("an attribute's value", pair[1])]
  })
}

function followsOf(given) {
  if (typeof given !== 'object' || isBytes(given) || typeof given[Symbol.iterator] !== 'function') {
    throw wrongType('follows', 'an iterable of events', given)
  }
  return Array.from(given, wireOf).join('')
}

function expiryOf(given) {
  if (!isDate(given)) return wholeNumber('expires', given)
  const ms = given.getTime()
  if (!(ms >= 0)) throw invalid('expires is no date from 1970 on')
  return BigInt(ms)
}

module.exports = {
  CONTROL,
  NEW_EVENT,
  durabilityOf,
  flag,
  limitOf,
  newEventOf,
  offsetOf,
  optionalText,
  optionsOf,
  pathFrom,
  pathOf,
  pathsOf,
  timeoutOf,
  wholeNumber,
}
