// Set-up in the file system.

import { execFileSync } from 'node:child_process'
import * as fs from 'node:fs'

import { Mistake } from '../outcome.mjs'
import * as words from '../words.mjs'
import { kindOf, snapshot } from './snapshot.mjs'

const path = (names, statement) => words.path(names, ...statement.arguments(1))

function makeWritable(file) {
  fs.chmodSync(file, (fs.statSync(file).mode & 0o7777) | 0o200)
}

function write(names, statement) {
  const [file, content] = statement.arguments(2)
  fs.writeFileSync(words.path(names, file), words.evaluate(names, content))
}

function overwrite(names, statement) {
  const [word, offsetWord, content] = statement.arguments(3)
  const [file, offset] = [words.path(names, word), Number(words.number(names, offsetWord))]
  makeWritable(file)
  const start = offset >= 0 ? offset : fs.statSync(file).size + offset
  if (start < 0) throw new Mistake('the file is too short')
  const descriptor = fs.openSync(file, 'r+')
  try {
    fs.writeSync(descriptor, words.evaluate(names, content), 0, undefined, start)
  } finally {
    fs.closeSync(descriptor)
  }
}

function truncate(names, statement) {
  const [file, length] = statement.arguments(2)
  makeWritable(words.path(names, file))
  fs.truncateSync(words.path(names, file), Number(words.number(names, length)))
}

function setMtime(names, statement) {
  const [file, word] = statement.arguments(2)
  const nanoseconds = words.number(names, word)
  const second = 1_000_000_000n
  // Downwards, also before 1970. Node's own function takes seconds as a double, which has no nanoseconds.
  const rest = ((nanoseconds % second) + second) % second
  const time = `@${(nanoseconds - rest) / second}.${String(rest).padStart(9, '0')}`
  execFileSync('touch', ['-h', '-m', '-d', time, words.path(names, file)])
}

function copy(names, statement) {
  const [source, target] = statement.arguments(2).map((word) => words.path(names, word))
  execFileSync('cp', ['-a', source, target])
}

function list(names, statement) {
  const found = fs.readdirSync(path(names, statement), { encoding: 'buffer' })
  return found.sort(Buffer.compare)
}

export default {
  'fs.make_folder': (names, statement) => void fs.mkdirSync(path(names, statement), { recursive: true }),
  'fs.write': write,
  'fs.overwrite': overwrite,
  'fs.truncate': truncate,
  'fs.symlink': (names, statement) => {
    const [link, target] = statement.arguments(2)
    fs.symlinkSync(words.evaluate(names, target), words.path(names, link))
  },
  'fs.hard_link': (names, statement) => {
    const [link, existing] = statement.arguments(2)
    fs.linkSync(words.path(names, existing), words.path(names, link))
  },
  'fs.fifo': (names, statement) => void execFileSync('mkfifo', ['-m', '700', path(names, statement)]),
  'fs.chmod': (names, statement) => {
    const [file, mode] = statement.arguments(2)
    fs.chmodSync(words.path(names, file), Number.parseInt(words.evaluate(names, mode).toString(), 8))
  },
  'fs.set_mtime': setMtime,
  'fs.remove': (names, statement) => fs.rmSync(path(names, statement), { recursive: true }),
  'fs.copy': copy,
  'fs.rename': (names, statement) => {
    const [from, to] = statement.arguments(2)
    fs.renameSync(words.path(names, from), words.path(names, to))
  },
  'fs.kind': (names, statement) => kindOf(path(names, statement)),
  'fs.size': (names, statement) => fs.statSync(path(names, statement)).size,
  'fs.list': list,
  'fs.snapshot': (names, statement) => snapshot(path(names, statement)),
}
