// The package for `require`. All of it lies in `lib/`, once; `index.js` gives the same to `import`.

'use strict'

const { Batch, Member } = require('./lib/batch.cjs')
const { ChangeCursor, Changes, Watcher } = require('./lib/changes.cjs')
const { EventCursor, IdCursor, RootCursor } = require('./lib/cursors.cjs')
const { ErrorCode, OuroborosError } = require('./lib/errors.cjs')
const { Event } = require('./lib/event.cjs')
const { EventId } = require('./lib/event-id.cjs')
const { FileReader, ReadStream } = require('./lib/file-reader.cjs')
const { FileWriter, WriteStream } = require('./lib/file-writer.cjs')
const { clearLogSink, setLogSink } = require('./lib/log.cjs')

module.exports = {
  ...require('./lib/database.cjs'),
  Batch,
  ChangeCursor,
  Changes,
  ErrorCode,
  Event,
  EventCursor,
  EventId,
  FileReader,
  FileWriter,
  IdCursor,
  Member,
  OuroborosError,
  ReadStream,
  RootCursor,
  Watcher,
  WriteStream,
  clearLogSink,
  setLogSink,
}
