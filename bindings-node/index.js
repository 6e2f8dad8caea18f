// The package for `import`. It is the one of `require`, so that a class is the same whichever way it came.

import ouroborosdb from './index.cjs'

export const {
  Batch,
  ChangeCursor,
  Changes,
  Database,
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
  open,
  openInMemory,
  openInMemorySync,
  openReadOnly,
  openReadOnlySync,
  openSync,
  setLogSink,
} = ouroborosdb
