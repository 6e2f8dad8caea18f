// Files in and out.

import { closeSync, openSync } from 'node:fs'

import { Database, FileReader, FileWriter } from 'ouroborosdb'

import { splitOnce } from '../statement.mjs'
import * as words from '../words.mjs'
import { camel } from './camel.mjs'
import { control } from './control.mjs'
import { newEvent } from './fields.mjs'

// Most bytes that a stream hands out at a time.
const STREAM_PIECE_BYTES = 1000

/** Where the bytes of a file come from. */
export function source(names, word) {
  const [form, piece] = splitOnce(word, ':')
  if (form === 'file') {
    const path = words.path(names, piece)
    // A Buffer is content; a path that is not UTF-8 has no other form here.
    return Buffer.isBuffer(path) ? path.toString() : path
  }
  if (form === 'stream') return names.mode.source(words.evaluate(names, piece), STREAM_PIECE_BYTES, false)
  if (form === 'source_fails') {
    return names.mode.source(Buffer.alloc(Number(words.number(names, piece))), STREAM_PIECE_BYTES, true)
  }
  return words.evaluate(names, word)
}

function putFile(names, statement) {
  const [db, parent, word] = statement.arguments(3)
  const database = names.handle(db, Database)
  const options = { ...newEvent(names, statement), ...control(names, statement, database) }
  return names.mode.call(database, 'putFile', words.text(names, parent), source(names, word), options)
}

function putFiles(names, statement) {
  const [db, parent] = statement.arguments(2)
  const database = names.handle(db, Database)
  const fields = newEvent(names, statement)
  const options = control(names, statement, database)
  const files = []
  for (const [key, word] of statement.options) {
    if (key === 'file') files.push({ source: source(names, word), ...fields })
    if (key === 'under') files.at(-1).parent = words.text(names, word)
    if (key === 'call_durability') options.durability = word
  }
  // What says nothing more is given as it is.
  const given = files.map((file) => (Object.keys(file).length > 1 ? file : file.source))
  return names.mode.call(database, 'putFiles', words.text(names, parent), given, options)
}

async function writeTo(names, statement) {
  const [reader, word] = statement.arguments(2)
  const descriptor = openSync(words.path(names, word), 'w')
  try {
    return await names.mode.call(names.handle(reader, FileReader), 'writeTo', descriptor, control(names, statement))
  } finally {
    closeSync(descriptor)
  }
}

function writeToPath(names, statement) {
  const [reader, word] = statement.arguments(2)
  const path = words.path(names, word)
  return names.mode.call(names.handle(reader, FileReader), 'writeTo', path, control(names, statement))
}

function fileWriter(names, statement) {
  const [db, parent] = statement.arguments(2)
  const fields = newEvent(names, statement)
  return names.mode.call(names.handle(db, Database), 'fileWriter', words.text(names, parent), fields)
}

function ofEvent(names, statement) {
  const [db, event] = statement.arguments(2)
  return names.mode.call(names.handle(db, Database), camel(statement.verb), words.text(names, event))
}

function write(names, statement) {
  const [writer, word] = statement.arguments(2)
  return names.mode.call(names.handle(writer, FileWriter), 'write', words.evaluate(names, word))
}

function ofWriter(names, statement) {
  const [writer] = statement.arguments(1)
  return names.mode.call(names.handle(writer, FileWriter), statement.field)
}

function ofReader(operation) {
  return (names, statement) => {
    const [reader, ...numbers] = statement.words
    const given = numbers.map((word) => words.number(names, word))
    return names.mode.call(names.handle(reader, FileReader), operation, ...given)
  }
}

function seek(names, statement) {
  const [reader, whence, offset] = statement.arguments(3)
  return names.mode.call(names.handle(reader, FileReader), 'seek', words.number(names, offset), whence)
}

export default {
  put_file: putFile,
  put_files: putFiles,
  'file_reader.write_to': writeTo,
  'file_reader.write_to_path': writeToPath,
  file_writer: fileWriter,
  'file_writer.write': write,
  'file_writer.length': (names, statement) => names.handle(...statement.arguments(1), FileWriter).length,
  'file_writer.finish': ofWriter,
  'file_writer.abort': ofWriter,
  read_file: ofEvent,
  open_file: ofEvent,
  'file_reader.read': ofReader('read'),
  'file_reader.read_at': ofReader('readAt'),
  'file_reader.seek': seek,
  'file_reader.position': (names, statement) => names.handle(...statement.arguments(1), FileReader).position,
  'file_reader.length': (names, statement) => names.handle(...statement.arguments(1), FileReader).length,
}
