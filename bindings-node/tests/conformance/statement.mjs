// One line of the script, taken apart: nothing is evaluated here.

import { Mistake } from './outcome.mjs'

const LINE_BYTES_MAX = 1000
const RELATIONS = new Set(['==', '!=', '<', '<=', '>', '>=', '~'])

/** The statement of a line; null for an empty line or a comment. */
export function parse(line) {
  if (line === '' || line.startsWith('#')) return null
  if (line.length > LINE_BYTES_MAX || !/^[\x00-\x7f]*$/.test(line)) {
    throw new Mistake('a line is ASCII and has 1,000 bytes at most')
  }
  const words = line.split(' ')
  if (words.includes('')) throw new Mistake('words are separated by single spaces')
  const guard = /^\[(.+)\]$/.exec(words[0])
  if (guard) words.shift()
  const sign = words.findIndex((word) => word === '->' || RELATIONS.has(word))
  const split = sign === -1 ? words.length : sign
  if (split === 0) throw new Mistake('there is no verb')
  const [verb, ...given] = words.slice(0, split)
  const isOption = (word) => word.includes('=')
  return new Statement(verb, {
    words: given.filter((word) => !isOption(word)),
    options: given.filter(isOption).map((word) => splitOnce(word, '=')),
    expectation: expectationOf(words.slice(split)),
    languages: guard ? guard[1].split(',') : null,
  })
}

export class Statement {
  constructor(verb, parts) {
    Object.assign(this, { verb, ...parts })
  }

  isFor(language) {
    return this.languages === null || this.languages.includes(language)
  }

  option(key) {
    return this.options.find(([other]) => other === key)?.[1] ?? null
  }

  /** The words, which must be so many. */
  arguments(count) {
    if (this.words.length === count) return this.words
    throw new Mistake(`\`${this.verb}\` takes ${count} words, not ${this.words.length}`)
  }

  /** The verb behind its last dot. */
  get field() {
    return this.verb.slice(this.verb.lastIndexOf('.') + 1)
  }
}

/** What stands before the first separator, and what behind. */
export function splitOnce(text, separator) {
  const at = text.indexOf(separator)
  return [text.slice(0, at), text.slice(at + separator.length)]
}

function expectationOf(words) {
  const [sign, target, tilde, message] = words
  if (words.length === 0) return { kind: 'succeeds' }
  if (sign === '->' && target?.startsWith('!') && (words.length === 2 || (words.length === 4 && tilde === '~'))) {
    return { kind: 'fails', code: target.slice(1), message: message ?? null }
  }
  if (words.length !== 2) throw new Mistake('the expectation is malformed')
  if (sign !== '->') return { kind: 'relates', relation: sign, word: target }
  if (!target.startsWith('$')) return { kind: 'handle', name: target }
  const names = target.split(',')
  if (!names.every((name) => name.startsWith('$'))) throw new Mistake('the expectation is malformed')
  return { kind: 'values', names: names.map((name) => name.slice(1)) }
}

/** Whether the left is so related to the right. */
export function holds(relation, left, right) {
  if (relation === '==') return left.equals(right)
  if (relation === '!=') return !left.equals(right)
  if (relation === '~') return left.includes(right)
  const [a, b] = [numberOf(left), numberOf(right)]
  if (relation === '<') return a < b
  if (relation === '<=') return a <= b
  return relation === '>' ? a > b : a >= b
}

export function numberOf(value) {
  const digits = value.toString('latin1')
  if (!/^-?\d+$/.test(digits)) throw new Mistake(`${digits.slice(0, 60)} is no number`)
  return BigInt(digits)
}
