// `Database`: an open database, and the ways to one.
//
// Each operation is there twice: `append` gives a promise, `appendSync` waits. Arguments are read before the call
// returns.

'use strict'

const { inspect } = require('node:util')
const native = require('./native.cjs')
const {
  CONTROL,
  durabilityOf,
  flag,
  newEventOf,
  optionalText,
  optionsOf,
  pathFrom,
  pathOf,
  pathsOf,
  wholeNumber,
} = require('./arguments.cjs')
const { Batch } = require('./batch.cjs')
const { wellFormed } = require('./bytes.cjs')
const { LongCall, pooled, sync } = require('./call.cjs')
const { ChangeCursor, Changes, Watcher } = require('./changes.cjs')
const { EventCursor, IdCursor, RootCursor } = require('./cursors.cjs')
const { translated } = require('./errors.cjs')
const { eventOf } = require('./event.cjs')
const { TRUSTED, idOf, wireOf } = require('./event-id.cjs')
const { FileReader, ReadStream, whole, wholeSync } = require('./file-reader.cjs')
const { FileWriter, WriteStream } = require('./file-writer.cjs')
const { putFiles, putFilesSync } = require('./new-files.cjs')
const { backupReportOf, exportReportOf, importReportOf, statsOf, verifyReportOf } = require('./reports.cjs')
const { put, putSync } = require('./source.cjs')

const titleOf = (title) => wellFormed('the title', title)
const orderOf = (options) => optionalText('order', optionsOf(options, ['order']).order)
const placeOf = (after) => (after === undefined || after === null ? undefined : ChangeCursor.from(after).toString())
const longCall = (options) => new LongCall(optionsOf(options, CONTROL))
/** Options of a call that makes many events. */
const MANY = ['durability', ...CONTROL]
const putCall = (options) => new LongCall(options ?? {})

class Database {
  #native
  /** `src/database/mod.rs`: the shortest way to an event. */
  #eventNow
  /** What its cursors look at before they give out what they have at hand. */
  #state = { closed: false }

  constructor(database, trusted) {
    if (trusted !== TRUSTED) throw new TypeError('a Database comes from open, openReadOnly or openInMemory')
    this.#native = database
    this.#eventNow = native.eventReader(database)
  }

  get closed() {
    return this.#native.isClosed()
  }

  get readOnly() {
    return this.#native.isReadOnly()
  }

  get path() {
    const path = this.#native.path()
    return path ? pathFrom(path) : null
  }

  async close() {
    this.#state.closed = true
    await pooled((how) => this.#native.close(how))
  }

  closeSync() {
    this.#state.closed = true
    sync((how) => this.#native.close(how))
  }

  [Symbol.dispose]() {
    this.closeSync()
  }

  async [Symbol.asyncDispose]() {
    await this.close()
  }

  // Roots and events.

  async createRoot(title) {
    const text = titleOf(title)
    return idOf(await pooled((how) => this.#native.createRoot(how, text)))
  }

  createRootSync(title) {
    const text = titleOf(title)
    return idOf(sync((how) => this.#native.createRoot(how, text)))
  }

  async ensureRoot(title) {
    const text = titleOf(title)
    return idOf(await pooled((how) => this.#native.ensureRoot(how, text)))
  }

  ensureRootSync(title) {
    const text = titleOf(title)
    return idOf(sync((how) => this.#native.ensureRoot(how, text)))
  }

  async roots() {
    return new EventCursor(await pooled((how) => this.#native.roots(how)), this.#state, TRUSTED)
  }

  rootsSync() {
    return new EventCursor(sync((how) => this.#native.roots(how)), this.#state, TRUSTED)
  }

  async rootsTitled(title) {
    const text = titleOf(title)
    return new EventCursor(await pooled((how) => this.#native.rootsTitled(how, text)), this.#state, TRUSTED)
  }

  rootsTitledSync(title) {
    const text = titleOf(title)
    return new EventCursor(sync((how) => this.#native.rootsTitled(how, text)), this.#state, TRUSTED)
  }

  async rootIndex() {
    return new RootCursor(await pooled((how) => this.#native.rootIndex(how)), this.#state, TRUSTED)
  }

  rootIndexSync() {
    return new RootCursor(sync((how) => this.#native.rootIndex(how)), this.#state, TRUSTED)
  }

  async append(parent, options) {
    const [under, fields] = [wireOf(parent), newEventOf(options)]
    return idOf(await pooled((how) => this.#native.append(how, under, fields)))
  }

  appendSync(parent, options) {
    const [under, fields] = [wireOf(parent), newEventOf(options)]
    return idOf(sync((how) => this.#native.append(how, under, fields)))
  }

  async resolve(digits) {
    const text = wellFormed('the beginning of an id', digits)
    return idOf(await pooled((how) => this.#native.resolve(how, text)))
  }

  resolveSync(digits) {
    const text = wellFormed('the beginning of an id', digits)
    return idOf(sync((how) => this.#native.resolve(how, text)))
  }

  async event(event) {
    const id = wireOf(event)
    return eventOf(await pooled((how) => this.#native.event(how, id)))
  }

  eventSync(event) {
    const id = wireOf(event)
    // As `sync` does, by a shorter way: this is the call that is made most often.
    try {
      return eventOf(this.#eventNow(id))
    } catch (error) {
      throw translated(error)
    }
  }

  // Walking.

  async metadata(event) {
    const id = wireOf(event)
    return pooled((how) => this.#native.metadata(how, id))
  }

  metadataSync(event) {
    const id = wireOf(event)
    return sync((how) => this.#native.metadata(how, id))
  }

  async parent(event) {
    const id = wireOf(event)
    const record = await pooled((how) => this.#native.parent(how, id))
    return record === null ? null : eventOf(record)
  }

  parentSync(event) {
    const id = wireOf(event)
    const record = sync((how) => this.#native.parent(how, id))
    return record === null ? null : eventOf(record)
  }

  async children(event, options) {
    const [id, order] = [wireOf(event), orderOf(options)]
    return new EventCursor(await pooled((how) => this.#native.children(how, id, order)), this.#state, TRUSTED)
  }

  childrenSync(event, options) {
    const [id, order] = [wireOf(event), orderOf(options)]
    return new EventCursor(sync((how) => this.#native.children(how, id, order)), this.#state, TRUSTED)
  }

  async childIds(event, options) {
    const [id, order] = [wireOf(event), orderOf(options)]
    return new IdCursor(await pooled((how) => this.#native.childIds(how, id, order)), this.#state, TRUSTED)
  }

  childIdsSync(event, options) {
    const [id, order] = [wireOf(event), orderOf(options)]
    return new IdCursor(sync((how) => this.#native.childIds(how, id, order)), this.#state, TRUSTED)
  }

  async ancestors(event) {
    const id = wireOf(event)
    return new EventCursor(await pooled((how) => this.#native.ancestors(how, id)), this.#state, TRUSTED)
  }

  ancestorsSync(event) {
    const id = wireOf(event)
    return new EventCursor(sync((how) => this.#native.ancestors(how, id)), this.#state, TRUSTED)
  }

  async descendants(event) {
    const id = wireOf(event)
    return new EventCursor(await pooled((how) => this.#native.descendants(how, id)), this.#state, TRUSTED)
  }

  descendantsSync(event) {
    const id = wireOf(event)
    return new EventCursor(sync((how) => this.#native.descendants(how, id)), this.#state, TRUSTED)
  }

  // Files.

  async putFile(parent, source, options) {
    const [under, fields] = [wireOf(parent), newEventOf(options, CONTROL)]
    const start = (how, file, token, listener) => this.#native.putFile(how, under, file, fields, token, listener)
    return idOf(await put(putCall(options), source, start))
  }

  putFileSync(parent, source, options) {
    const [under, fields] = [wireOf(parent), newEventOf(options, CONTROL)]
    const start = (how, file, token, listener) => this.#native.putFile(how, under, file, fields, token, listener)
    const pulled = (pull, token, listener) => this.#native.putPulled(under, pull, fields, token, listener)
    return idOf(putSync(putCall(options), source, start, pulled))
  }

  async putFiles(parent, files, options) {
    const [under, given] = [wireOf(parent), optionsOf(options, MANY)]
    const [call, durability] = [new LongCall(given), durabilityOf(given)]
    const start = (how, queue, ...control) => this.#native.putFiles(how, under, queue, durability, ...control)
    return (await putFiles(call, files, start)).map(idOf)
  }

  putFilesSync(parent, files, options) {
    const [under, given] = [wireOf(parent), optionsOf(options, MANY)]
    const [call, durability] = [new LongCall(given), durabilityOf(given)]
    const start = (queue, next, read, ...control) =>
      this.#native.putFilesAsked(under, queue, next, read, durability, ...control)
    return putFilesSync(call, files, start).map(idOf)
  }

  async readFile(event) {
    const id = wireOf(event)
    return whole(await pooled((how) => this.#native.readFile(how, id)))
  }

  readFileSync(event) {
    const id = wireOf(event)
    return wholeSync(sync((how) => this.#native.readFile(how, id)))
  }

  async openFile(event) {
    const id = wireOf(event)
    return new FileReader(await pooled((how) => this.#native.openFile(how, id)), TRUSTED)
  }

  openFileSync(event) {
    const id = wireOf(event)
    return new FileReader(sync((how) => this.#native.openFile(how, id)), TRUSTED)
  }

  async fileWriter(parent, options) {
    const [under, fields] = [wireOf(parent), newEventOf(options)]
    return new FileWriter(await pooled((how) => this.#native.fileWriter(how, under, fields)), TRUSTED)
  }

  fileWriterSync(parent, options) {
    const [under, fields] = [wireOf(parent), newEventOf(options)]
    return new FileWriter(sync((how) => this.#native.fileWriter(how, under, fields)), TRUSTED)
  }

  createReadStream(event, options) {
    return new ReadStream(() => this.openFile(event), options)
  }

  createWriteStream(parent, options) {
    return new WriteStream((fields) => this.fileWriter(parent, fields), options)
  }

  // Many at once, and the change feed.

  async batch() {
    return new Batch(await pooled((how) => this.#native.batch(how)), TRUSTED)
  }

  batchSync() {
    return new Batch(sync((how) => this.#native.batch(how)), TRUSTED)
  }

  async changes(after) {
    const place = placeOf(after)
    return new Changes(await pooled((how) => this.#native.changes(how, place)), this.#state, TRUSTED)
  }

  changesSync(after) {
    const place = placeOf(after)
    return new Changes(sync((how) => this.#native.changes(how, place)), this.#state, TRUSTED)
  }

  watch(after, options) {
    const place = placeOf(after)
    return new Watcher(() => this.changes(place), optionsOf(options, ['signal']).signal, TRUSTED)
  }

  // Folders.

  async importPath(parent, path, options) {
    const [under, name, given] = [wireOf(parent), pathOf(path), optionsOf(options, MANY)]
    const [call, durability] = [new LongCall(given), durabilityOf(given)]
    const start = (how, ...control) => this.#native.importPath(how, under, name, durability, ...control)
    return importReportOf(await call.threaded(start))
  }

  importPathSync(parent, path, options) {
    const [under, name, given] = [wireOf(parent), pathOf(path), optionsOf(options, MANY)]
    const [call, durability] = [new LongCall(given), durabilityOf(given)]
    return importReportOf(
      call.sync((how, ...control) => this.#native.importPath(how, under, name, durability, ...control)),
    )
  }

  async exportPath(event, path, options) {
    const [id, name, call] = [wireOf(event), pathOf(path), longCall(options)]
    const report = call.threaded((how, ...control) => this.#native.exportPath(how, id, name, ...control))
    return exportReportOf(await report)
  }

  exportPathSync(event, path, options) {
    const [id, name, call] = [wireOf(event), pathOf(path), longCall(options)]
    return exportReportOf(call.sync((how, ...control) => this.#native.exportPath(how, id, name, ...control)))
  }

  // Copies.

  async backupTo(path, options) {
    const [name, call] = [pathOf(path), longCall(options)]
    return backupReportOf(await call.threaded((how, ...control) => this.#native.backupTo(how, name, ...control)))
  }

  backupToSync(path, options) {
    const [name, call] = [pathOf(path), longCall(options)]
    return backupReportOf(call.sync((how, ...control) => this.#native.backupTo(how, name, ...control)))
  }

  // Upkeep.

  async refresh() {
    return pooled((how) => this.#native.refresh(how))
  }

  refreshSync() {
    return sync((how) => this.#native.refresh(how))
  }

  async sync() {
    await pooled((how) => this.#native.sync(how))
  }

  syncSync() {
    sync((how) => this.#native.sync(how))
  }

  async rebuildIndex(options) {
    await longCall(options).threaded((how, ...control) => this.#native.rebuildIndex(how, ...control))
  }

  rebuildIndexSync(options) {
    longCall(options).sync((how, ...control) => this.#native.rebuildIndex(how, ...control))
  }

  async verify(options) {
    return verifyReportOf(await longCall(options).threaded((how, ...control) => this.#native.verify(how, ...control)))
  }

  verifySync(options) {
    return verifyReportOf(longCall(options).sync((how, ...control) => this.#native.verify(how, ...control)))
  }

  async stats() {
    return statsOf(await pooled((how) => this.#native.stats(how)))
  }

  statsSync() {
    return statsOf(sync((how) => this.#native.stats(how)))
  }

  async prometheus() {
    return pooled((how) => this.#native.prometheus(how))
  }

  prometheusSync() {
    return sync((how) => this.#native.prometheus(how))
  }

  [inspect.custom](_depth, options) {
    const state = [this.closed && 'closed', this.readOnly && 'read-only'].filter(Boolean)
    const where = this.path === null ? 'in memory' : options.stylize(inspect(String(this.path)), 'string')
    return `Database { ${[where, ...state].join(', ')} }`
  }
}

const MEMORY_OPTIONS = ['durability', 'compression', 'segmentBytes', 'memoryCapacityBytes', 'latencies', 'memoryLimit']
const READ_OPTIONS = ['segmentBytes', 'paths', 'latencies', 'memoryLimit']
const OPTIONS = ['durability', 'compression', 'minimumFreeBytes', 'create', ...READ_OPTIONS]

/** Options of opening, as the native half takes them. */
function openOptions(given, known) {
  const options = optionsOf(given, known)
  const number = (name) => (options[name] == null ? undefined : wholeNumber(name, options[name]))
  return {
    durability: optionalText('durability', options.durability),
    compression: optionalText('compression', options.compression),
    minimumFreeBytes: number('minimumFreeBytes'),
    segmentBytes: number('segmentBytes'),
    memoryCapacityBytes: number('memoryCapacityBytes'),
    paths: options.paths == null ? undefined : pathsOf(options.paths),
    create: flag('create', options.create),
    latencies: flag('latencies', options.latencies),
    memoryLimit: number('memoryLimit'),
  }
}

const opened = (database) => new Database(database, TRUSTED)

async function open(path, options) {
  const [name, given] = [pathOf(path), openOptions(options, OPTIONS)]
  return opened(await pooled((how) => native.open(how, name, given)))
}

function openSync(path, options) {
  const [name, given] = [pathOf(path), openOptions(options, OPTIONS)]
  return opened(sync((how) => native.open(how, name, given)))
}

async function openReadOnly(path, options) {
  const [name, given] = [pathOf(path), openOptions(options, READ_OPTIONS)]
  return opened(await pooled((how) => native.openReadOnly(how, name, given)))
}

function openReadOnlySync(path, options) {
  const [name, given] = [pathOf(path), openOptions(options, READ_OPTIONS)]
  return opened(sync((how) => native.openReadOnly(how, name, given)))
}

async function openInMemory(options) {
  const given = openOptions(options, MEMORY_OPTIONS)
  return opened(await pooled((how) => native.openInMemory(how, given)))
}

function openInMemorySync(options) {
  const given = openOptions(options, MEMORY_OPTIONS)
  return opened(sync((how) => native.openInMemory(how, given)))
}

module.exports = { Database, open, openInMemory, openInMemorySync, openReadOnly, openReadOnlySync, openSync }
