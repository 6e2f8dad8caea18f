// The value of a word: always bytes.

import { readFileSync } from 'node:fs'

import { Mistake } from './outcome.mjs'
import { numberOf, splitOnce } from './statement.mjs'

const BARE = /^[A-Za-z0-9._/-]+$/
const LITERAL = /^"(?:[^"\\]|\\x[0-9a-fA-F]{2})*"$/

export function evaluate(names, word) {
  return joined(word.split(',').map((part) => partOf(names, part)), Buffer.from(','))
}

/** A word that is text. What is not UTF-8 gets lone surrogates, which the library must refuse. */
export function text(names, word) {
  const bytes = evaluate(names, word)
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return [...bytes].map((byte) => String.fromCharCode(byte < 0x80 ? byte : 0xdc00 + byte)).join('')
  }
}

export function number(names, word) {
  return numberOf(evaluate(names, word))
}

/** A word that is a path, made absolute: text where it is UTF-8, else bytes. */
export function path(names, word) {
  const bytes = names.absolute(evaluate(names, word))
  const decoded = bytes.toString()
  return Buffer.from(decoded).equals(bytes) ? decoded : bytes
}

function joined(parts, separator) {
  return Buffer.concat(parts.flatMap((part, at) => (at === 0 ? [part] : [separator, part])))
}

function partOf(names, part) {
  return joined(part.split('+').map((piece) => pieceOf(names, piece)), Buffer.alloc(0))
}

function pieceOf(names, piece) {
  if (piece.startsWith('$')) return names.value(piece.slice(1))
  if (piece.startsWith('"')) return unescaped(piece)
  if (piece.includes(':')) return generated(names, ...splitOnce(piece, ':'))
  if (!BARE.test(piece)) throw new Mistake(`\`${piece}\` is no word`)
  return Buffer.from(piece)
}

function unescaped(literal) {
  if (!LITERAL.test(literal)) throw new Mistake(`\`${literal.slice(0, 60)}\` is no literal`)
  const inside = literal.slice(1, -1)
  const bytes = inside.replace(/\\x(..)/g, (_, digits) => String.fromCharCode(Number.parseInt(digits, 16)))
  return Buffer.from(bytes, 'latin1')
}

function generated(names, generator, given) {
  const count = (word) => Number(number(names, word))
  switch (generator) {
    case 'zeros':
      return Buffer.alloc(count(given))
    case 'repeat': {
      const [character, times] = splitOnce(given, ':')
      return Buffer.alloc(count(times), character)
    }
    case 'random': {
      const [seed, length] = splitOnce(given, ':')
      return randomBytes(number(names, seed), count(length))
    }
    case 'ids': {
      const id = (_, at) => String(at + 1).padStart(128, '0')
      return Buffer.from(Array.from({ length: count(given) }, id).join(','))
    }
    case 'slice':
      return slice(names, given)
    case 'path':
      return names.absolute(pieceOf(names, given))
    case 'file':
      return readFileSync(names.absolute(pieceOf(names, given)))
    case 'pid':
      return Buffer.from(String(process.pid))
    default:
      throw new Mistake(`there is no generator \`${generator}\``)
  }
}

function slice(names, given) {
  const [startWord, rest] = splitOnce(given, ':')
  const [lengthWord, piece] = splitOnce(rest, ':')
  const [start, length] = [Number(number(names, startWord)), Number(number(names, lengthWord))]
  const value = pieceOf(names, piece)
  if (start < 0 || length < 0 || start + length > value.length) {
    throw new Mistake(`${value.length} bytes have no such slice`)
  }
  return value.subarray(start, start + length)
}

const cache = new Map()

/** xorshift64 of Marsaglia (2003), triple 13, 7, 17, in halves of 32 bits. Cached: lines ask for the same again. */
function randomBytes(seed, length) {
  const key = `${seed}:${length}`
  const known = cache.get(key)
  if (known) return known
  let [high, low] = [Number(seed >> 32n) | 0, Number(seed & 0xffffffffn) | 0]
  const words = new Uint32Array(Math.ceil(length / 8) * 2)
  for (let at = 0; at < words.length; at += 2) {
    high ^= (high << 13) | (low >>> 19)
    low ^= low << 13
    low ^= (low >>> 7) | (high << 25)
    high ^= high >>> 7
    high ^= (high << 17) | (low >>> 15)
    low ^= low << 17
    words[at] = low
    words[at + 1] = high
  }
  const bytes = Buffer.from(words.buffer, 0, length)
  cache.set(key, bytes)
  return bytes
}
