// Running a file of the script: line by line, until one does not hold.

import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'

import { OuroborosError } from 'ouroborosdb'

import { Names } from './names.mjs'
import { Mistake, Unexpected, asBytes, brief } from './outcome.mjs'
import { holds, parse } from './statement.mjs'
import { call, isOperation } from './verbs/index.mjs'
import { evaluate } from './words.mjs'

const LANGUAGE = 'node'

/** Runs a file in an empty folder; throws `Unexpected` with the line that does not hold. */
export async function runFile(file, folder, mode, coverage) {
  const names = new Names(folder, mode)
  const lines = readFileSync(file, 'latin1').split('\n')
  try {
    for (const [at, line] of lines.entries()) {
      try {
        await runLine(line, names, coverage)
      } catch (problem) {
        const place = `${basename(fileURLToPath(file))}:${at + 1}`
        throw new Unexpected(`${place}: ${line}\n    ${problem.message}`, { cause: problem })
      }
    }
  } finally {
    await names.freeAll()
  }
}

async function runLine(line, names, coverage) {
  const statement = parse(line)
  if (statement === null || !statement.isFor(LANGUAGE)) return
  let answer
  try {
    answer = await call(names, statement)
  } catch (error) {
    if (!(error instanceof OuroborosError)) throw error
    checkError(names, statement.expectation, error)
    coverage.code(error.code)
    markControl(statement, coverage)
    return
  }
  check(names, statement.expectation, answer)
  mark(statement, coverage)
  markControl(statement, coverage)
}

function markControl(statement, coverage) {
  const isCancel = ([key]) => key === 'cancel' || key === 'cancel_within'
  if (statement.options.some(isCancel)) coverage.operation('control.cancel')
}

/** Notes what a statement that succeeded has shown to work. */
function mark(statement, coverage) {
  if (isOperation(statement.verb)) coverage.operation(statement.verb)
  for (const [key] of statement.options) {
    if (key === 'progress') coverage.operation('control.progress')
    else if (['cancel', 'cancel_within', 'order', 'after', 'file'].includes(key)) continue
    else if (key === 'under') coverage.operation('new_file.under')
    else if (key === 'call_durability') coverage.operation('put_files_options.durability')
    else if (statement.verb.startsWith('open')) coverage.operation(`options.${key}`)
    else if (statement.verb === 'import_path') coverage.operation(`import_options.${key}`)
    else coverage.operation(`new_event.${key}`)
  }
}

function check(names, expectation, answer) {
  switch (expectation.kind) {
    case 'succeeds':
      return
    case 'fails':
      throw new Unexpected(`expected ${expectation.code}, got ${brief(answer)}`)
    case 'handle':
      if (asBytes(answer) !== null) {
        throw new Mistake(`a value is kept under a name with a dollar, this is one: ${brief(answer)}`)
      }
      names.keep(expectation.name, answer)
      return
    case 'values':
      keepValues(names, expectation.names, valueOf(answer))
      return
    default: {
      const expected = evaluate(names, expectation.word)
      if (!holds(expectation.relation, valueOf(answer), expected)) {
        throw new Unexpected(`expected ${expectation.relation} ${brief(expected)}, got ${brief(answer)}`)
      }
    }
  }
}

function valueOf(answer) {
  const value = asBytes(answer)
  if (value === null) throw new Mistake(`a handle has no bytes: ${brief(answer)}`)
  return value
}

function keepValues(names, targets, value) {
  const parts = targets.length === 1 ? [value] : split(value)
  if (parts.length !== targets.length) {
    throw new Unexpected(`expected ${targets.length} parts, got ${parts.length}: ${brief(value)}`)
  }
  for (const [at, target] of targets.entries()) names.values.set(target, parts[at])
}

function split(value) {
  return value.toString('latin1').split(',').map((part) => Buffer.from(part, 'latin1'))
}

function checkError(names, expectation, error) {
  if (expectation.kind !== 'fails') throw new Unexpected(`expected success, got ${error.code}: ${error.message}`)
  if (error.code !== expectation.code) {
    throw new Unexpected(`expected ${expectation.code}, got ${error.code}: ${error.message}`)
  }
  const wanted = expectation.message === null ? '' : evaluate(names, expectation.message).toString()
  if (error.message === '' || !error.message.includes(wanted)) {
    throw new Unexpected(`the message does not contain ${brief(wanted)}: ${error.message}`)
  }
}
