/**
 * An embedded database of event trees.
 *
 * Each operation is there twice: `append` gives a promise, `appendSync` waits. Arguments are read before a call
 * returns; only a source that is a stream, an iterable, or more than a MiB of bytes is read while a `putFile` runs, and
 * the files of a `putFiles`.
 *
 * Whatever fails throws, or rejects with, an {@link OuroborosError} with a stable `code`.
 *
 * Sizes and counts are numbers; times and sequence numbers are `bigint`; bytes that come out are always a `Buffer`.
 *
 * @packageDocumentation
 */

import { Readable, type ReadableOptions, Writable, type WritableOptions } from 'node:stream'

/** Bytes in memory: a Buffer, another view, or an ArrayBuffer. */
export type Bytes = ArrayBufferView | ArrayBufferLike

/** Bytes, or text that is stored as its UTF-8. */
export type BytesOrText = Bytes | string

/** An event as an argument: itself, its id, the 64 bytes of the id, or its 128 hexadecimal digits. */
export type EventLike = Event | EventId | Bytes | string

/** A path: a string, the raw bytes, or a file URL. */
export type PathLike = string | Bytes | URL

/** Pieces of a file. */
export type Pieces = Iterable<BytesOrText>

/** Pieces of a file that may have to be waited for: a `Readable`, a web `ReadableStream`, an async generator. */
export type AsyncPieces = AsyncIterable<BytesOrText> | Pieces

/** When a commit is safe: when the call returns it survives power loss, or a crash of the process only. */
export type Durability = 'durable' | 'buffered'

/** How new chunks are compressed: zstd 3, zstd 1, or not at all. */
export type Compression = 'default' | 'fast' | 'none'

/** What an event is for; `unknown` for a kind of a later version of the library. */
export type EventKind =
  | 'plain'
  | 'root'
  | 'keyspace'
  | 'key'
  | 'value'
  | 'tombstone'
  | 'operation'
  | 'merge'
  | 'config'
  | 'unknown'

/** The stable name of an error code. */
export type Code =
  | 'invalid_argument'
  | 'invalid_id'
  | 'invalid_text'
  | 'wrong_type'
  | 'invalid_cursor'
  | 'ambiguous_id'
  | 'title_too_long'
  | 'attribute_name_too_long'
  | 'attributes_too_large'
  | 'metadata_too_large'
  | 'too_many_follows'
  | 'batch_too_large'
  | 'duplicate_attribute'
  | 'event_not_found'
  | 'parent_not_found'
  | 'invalid_parent'
  | 'no_content'
  | 'path_not_found'
  | 'not_a_store'
  | 'newer_format'
  | 'locked'
  | 'permission_denied'
  | 'read_only'
  | 'cursor_of_another_store'
  | 'already_exists'
  | 'unsafe_name'
  | 'not_exportable'
  | 'not_a_backup'
  | 'closed'
  | 'finished'
  | 'cancelled'
  | 'poisoned'
  | 'source_failed'
  | 'io'
  | 'disk_full'
  | 'corrupt'
  | 'internal'

/** A row of the table of error codes. */
export interface ErrorCodeRow {
  /** The stable number. */
  readonly number: number
  /** The stable name. */
  readonly name: Code
  /** What it means, in one line. */
  readonly meaning: string
}

/** The table of error codes: by name, and `from` for a number or a name. */
export declare const ErrorCode: Readonly<Record<Code, ErrorCodeRow>> & {
  /** The row of this number or name; null where there is none. */
  from(key: number | string): ErrorCodeRow | null
}

/**
 * Why an operation failed. The code is for programs; the message is for people, names what it concerns, and says what
 * to do.
 *
 * A call that was cancelled has the code `cancelled` and the name `AbortError`, and the reason of its signal as
 * `cause`. `source_failed` has the error of the caller's own source as `cause`.
 */
export declare class OuroborosError extends Error {
  /** Made by the package; programs catch them. */
  constructor(code: Code, message: string, options?: { cause?: unknown; errno?: number })
  /** The stable name of the code. */
  readonly code: Code
  /** The stable number of the code. */
  readonly number: number
  /** The operating system's error number, where it reported one. */
  readonly errno?: number
}

/** The name of an event: the SHA-512 of its canonical encoding. Immutable; compare with `equals`. */
export declare class EventId {
  /** From 64 bytes or 128 hexadecimal digits; `invalid_id` for others. */
  constructor(value: EventLike)
  /** The id of whatever names an event; an `EventId` is given back as it is. */
  static from(value: EventLike): EventId
  /** The 128 hexadecimal digits, in lower case. */
  toString(): string
  /** The 128 hexadecimal digits. */
  toJSON(): string
  /** A copy of the 64 bytes. */
  toBuffer(): Buffer
  /** Whether the other is an `EventId` of the same bytes. */
  equals(other: unknown): boolean
}

/**
 * An event, as it was stored: an immutable snapshot, independent of the database's life.
 *
 * What it gives out is made anew each time; keep what you ask for often.
 */
export declare class Event {
  private constructor()
  /** The SHA-512 of its canonical encoding. */
  readonly id: EventId
  /** What it is for. */
  readonly kind: EventKind
  /** The event that this one hangs under; null for a root. */
  readonly parent: EventId | null
  /** The events that this one supersedes or joins, ascending. */
  readonly follows: EventId[]
  /** Who made it: 16 bytes, drawn anew for each writer session. */
  readonly origin: Buffer
  /** When it was made, in milliseconds since 1970. */
  readonly timeMs: bigint
  /** Orders events of one millisecond. */
  readonly timeCounter: number
  /** When it was made. */
  readonly date: Date
  /** This store's own commit order, from 1; other on each replica. */
  readonly sequence: bigint
  /** The title of a root; null for other events. */
  readonly title: string | null
  /** The attributes, ascending by the bytes of their names: a `Map`, since a name may be any text. */
  readonly attributes: Map<string, Buffer>
  /** The value of one attribute; null where there is none of this name. */
  attribute(name: string): Buffer | null
  /** The event's own metadata; {@link Database.metadata} gives inherited metadata. */
  readonly metadata: Buffer | null
  /** The length in bytes of the file that it carries; null where it carries none. */
  readonly contentLength: number | null
  /** Whether it may be collected again. */
  readonly temporary: boolean
  /** When a temporary event may be collected, in milliseconds since 1970. */
  readonly expiresMs: bigint | null
  /** The same as a `Date`, which is invalid behind the year 275760. */
  readonly expires: Date | null
  /** Whether full-text search should cover it. */
  readonly fullText: boolean
  /** All fields: ids as hexadecimal text, bytes as base64 (the origin as hexadecimal), `bigint`s as decimal text. */
  toJSON(): Record<string, unknown>
}

/** How a database is opened. Each default is right for a laptop. */
export interface OpenOptions {
  /** Default `durable`; with `buffered`, {@link Database.sync} makes durable. */
  durability?: Durability | null
  /** Of new chunks. */
  compression?: Compression | null
  /** Writes that would leave less free on the disk fail with `disk_full`; default 0. */
  minimumFreeBytes?: number | bigint | null
  /** About how large a file of the store grows, 64 KiB to 4 GiB; default 256 MiB. */
  segmentBytes?: number | bigint | null
  /**
   * Further folders for these files, on other disks, 64 at most. Each is empty, or does not exist yet in a folder that
   * does, or is the store's already, wherever it was moved since. The store remembers them: later they need only be given
   * where they have moved. Files go to the store's own folder as long as there is room for a whole one, then to these in
   * their order. Where one is not there, the store opens without it, and {@link Stats.missingPaths} counts it.
   */
  paths?: Iterable<PathLike> | null
  /** Whether to make the store where there is none; default true. */
  create?: boolean | null
  /** Whether {@link Stats.latencies} are measured, which costs a few nanoseconds a call; default true. */
  latencies?: boolean | null
  /**
   * About how many bytes of memory of its own the database keeps, however much is stored, 4 MiB or more: three quarters
   * for events and pieces of files that were read lately, the rest for what is not in the index on the disk yet; default
   * 64 MiB.
   */
  memoryLimit?: number | bigint | null
}

/** How a database in memory is made. */
export interface MemoryOptions
  extends Pick<OpenOptions, 'durability' | 'compression' | 'segmentBytes' | 'latencies' | 'memoryLimit'> {
  /** Writes beyond fail with `disk_full`; default without limit. */
  memoryCapacityBytes?: number | bigint | null
}

/** What a new event carries beside its file. Nothing is required. */
export interface NewEvent {
  /** Bytes that describe the event; descendants without metadata inherit them. 16 MiB at most. */
  metadata?: BytesOrText | null
  /**
   * Named values: names are unique and have 1 to 255 bytes; all together 128 KiB at most. An object, a `Map` or pairs;
   * for names such as `__proto__` one of the latter two.
   */
  attributes?: Readonly<Record<string, BytesOrText>> | Iterable<readonly [string, BytesOrText]> | null
  /** Events that this one supersedes or joins; 1,024 at most. */
  follows?: Iterable<EventLike> | null
  /** Whether it may be collected again. Only temporary events hang under a temporary one. */
  temporary?: boolean | null
  /** When a temporary event may be collected: a `Date`, or milliseconds since 1970. */
  expires?: Date | number | bigint | null
  /** Whether full-text search should cover it. */
  fullText?: boolean | null
  /**
   * When the call that makes the event is safe; as the database was opened where it is left out. It is no part of the
   * event. A `durable` call makes everything that was committed before durable too, a `buffered` one waits for no sync.
   * Members of a batch have none of their own: see {@link Batch.commit}.
   */
  durability?: Durability | null
}

/** What a member of a batch carries. */
export type NewMember = Omit<NewEvent, 'durability'>

/** When a batch is safe, as {@link NewEvent.durability} says of one event. */
export interface CommitOptions {
  /** As the database was opened where it is left out. */
  durability?: Durability | null
}

/** When an import is safe, as {@link NewEvent.durability} says of one event; and how it is cancelled and watched. */
export interface ImportOptions extends Control {
  /** As the database was opened where it is left out. */
  durability?: Durability | null
}

/**
 * When a call that stores many files is safe, as {@link NewEvent.durability} says of one event; and how it is cancelled
 * and watched.
 */
export interface PutFilesOptions extends Control {
  /** As the database was opened where it is left out. */
  durability?: Durability | null
}

/** One of many files that says more than where its bytes come from; beside it, what its event carries. */
export interface NewFile<Source> extends NewMember {
  /** Where its bytes come from. What is at a path must be a file, and no device or pipe. */
  source: Source
  /** The event that it hangs under; that of the call where it is left out. */
  parent?: EventLike | null
}

/** How far a long call has come. What is counted as items is said by the call. */
export interface Progress {
  /** Bytes done so far. */
  bytes: number
  /** Entries or records done so far; 0 where the call counts bytes only. */
  items: number
}

/** How a long call is cancelled and watched. */
export interface Control {
  /** Cancels the call, which fails with `cancelled`. A call that waits hears it from within `progress` only. */
  signal?: AbortSignal | null
  /**
   * Called at most about 20 times a second, and at the end; it may call back into the database. What it throws cancels
   * the call and is thrown by it.
   */
  progress?: ((progress: Progress) => void) | null
}

/** Figures of an open database, as of one moment. */
export interface Stats {
  /** Events that are stored. */
  readonly events: number
  /** Roots among them. */
  readonly roots: number
  /** Different chunks, and lists of chunks. */
  readonly chunks: number
  /** Bytes of all files, as often as they are carried. */
  readonly contentBytes: number
  /** Bytes of all different chunks, before compression. */
  readonly chunkBytes: number
  /** Bytes of the segments. */
  readonly storedBytes: number
  /** Segment files. */
  readonly segments: number
  /** Folders that the store is in, its own among them; 1 for a database in memory. */
  readonly paths: number
  /** Those of them that were not there when the store was opened; `verify` says why. */
  readonly missingPaths: number
  /** Sequence number of the last event; 0 for an empty store. */
  readonly sequence: bigint
  /** Sequence number of the last event that survives power loss. */
  readonly durableSequence: bigint
  /** Stretches that could not be read when the store was opened; `verify` names them. */
  readonly damagedRanges: number
  /** Parts of the index on the disk. */
  readonly indexTiers: number
  /** Bytes of these parts. */
  readonly indexTierBytes: number
  /** Events and chunks in these parts. */
  readonly indexTierEntries: number
  /** Events and chunks that the index has in memory only. */
  readonly indexMemoryEntries: number
  /** Events that were asked for and found among those that were read lately, since the database was opened. */
  readonly eventCacheHits: number
  /** Events that were asked for and had to be read from the segments, or are not there. */
  readonly eventCacheMisses: number
  /** Batches that were written since the database was opened. */
  readonly commits: number
  /** How often the log was made durable since, once for all commits that waited for it. */
  readonly syncs: number
  /** How often a reader looked at what its writer committed. */
  readonly refreshes: number
  /** How long opening took, recovery included, in nanoseconds. */
  readonly openNs: number
  /** How long calls took since the database was opened, by the name of the kind of call. */
  readonly latencies: Readonly<Record<Operation, Latency>>
}

/**
 * A kind of call whose latency is measured. `append` is also `createRoot` and `ensureRoot`, `putFile` also the end of a
 * file writer; `read` is of an open file, `readChunk` of one chunk of any, `cursorPage` the next up to 128 events or ids;
 * `sync` makes the log durable, once for all commits that wait for it; `putFiles` is also `importPath`.
 */
export type Operation =
  | 'append'
  | 'putFile'
  | 'batchCommit'
  | 'event'
  | 'readFile'
  | 'read'
  | 'readChunk'
  | 'cursorPage'
  | 'sync'
  | 'refresh'
  | 'putFiles'

/** How long the calls of one kind took. Times are in nanoseconds; percentiles are at most a 32nd too large. */
export interface Latency {
  /** The kind, as other languages name it too: `put_file`. */
  readonly operation: string
  /** Calls: those that were measured, times `oneIn`. */
  readonly count: number
  /** Of how many calls one is measured: of what is quick not each is. 0 where none is, since `latencies` is false. */
  readonly oneIn: number
  /** All calls together, as far as those that were measured tell. */
  readonly sumNs: number
  /** Half of the calls took no longer. */
  readonly p50Ns: number
  /** 90 % of the calls took no longer. */
  readonly p90Ns: number
  /** 99 % of the calls took no longer. */
  readonly p99Ns: number
  /** 99.9 % of the calls took no longer. */
  readonly p999Ns: number
  /** The longest of those that were measured. */
  readonly maxNs: number
}

/** What a backup came to. */
export interface BackupReport {
  /** The copy holds the events up to this sequence number; 0 for none. */
  readonly sequence: bigint
  /** Segments of the copy. */
  readonly segments: number
  /** Bytes of segments that were copied by this call. */
  readonly bytesCopied: number
  /** Bytes of segments that were there from earlier calls. */
  readonly bytesKept: number
  /** Stretches among the copied ones that cannot be read; `verify` in the store that was copied tells which. */
  readonly damagedRanges: number
}

/** What an export wrote. */
export interface ExportReport {
  /** Files, each name of a hard link counted. */
  readonly files: number
  /** Folders, with the one that was named. */
  readonly directories: number
  /** Symbolic links. */
  readonly symlinks: number
  /** Bytes of all files together. */
  readonly bytes: number
}

/** What an import stored. */
export interface ImportReport extends ExportReport {
  /** The event of what was named. */
  readonly event: EventId
  /** Paths of devices, sockets and pipes, and the store's own; a `Buffer` where a path is not UTF-8. */
  readonly skipped: readonly (string | Buffer)[]
}

/** One thing that is wrong. */
export interface Problem {
  /** The event concerned, where it is known. */
  readonly event: EventId | null
  /** Its attribute `file.name`: raw bytes. */
  readonly fileName: Buffer | null
  /** The number of the segment concerned, where it is known. */
  readonly segment: number | null
  /** Where in the segment. */
  readonly offset: number | null
  /** How many bytes from there. */
  readonly length: number | null
  /** What is wrong, for people. */
  readonly message: string
}

/** What verify found. */
export interface VerifyReport {
  /** Whether nothing is wrong. */
  readonly isClean: boolean
  /** Segments that were read. */
  readonly segments: number
  /** Bytes that were read. */
  readonly bytes: number
  /** Events that were checked. */
  readonly events: number
  /** Chunks and lists that were checked. */
  readonly chunks: number
  /** How many problems there are. */
  readonly problemsTotal: number
  /** The first 10,000 of them. */
  readonly problems: readonly Problem[]
}

/**
 * A long answer, as of the moment it was asked for: an iterable and an async iterable. Items cross in batches.
 *
 * It is gone through once: loops go on where the last one was left. An event that cannot be read throws `corrupt` in
 * its place, and the next loop goes on behind it. `closed` once the database is closed.
 */
export interface Cursor<Item> extends Iterable<Item>, AsyncIterable<Item> {
  /** Goes through the items; each batch of them is waited for. */
  [Symbol.iterator](): Generator<Item, void, undefined>
  /** Goes through the items without keeping the thread: `for await (const item of cursor)`. */
  [Symbol.asyncIterator](): AsyncGenerator<Item, void, undefined>
  /** The next items, at most so many; an empty list at the end. */
  page(limit: number | bigint): Promise<Item[]>
  /** As {@link Cursor.page}, but waits. */
  pageSync(limit: number | bigint): Item[]
}

/** A {@link Cursor} over events. */
export declare class EventCursor implements Cursor<Event> {
  private constructor()
  [Symbol.iterator](): Generator<Event, void, undefined>
  [Symbol.asyncIterator](): AsyncGenerator<Event, void, undefined>
  page(limit: number | bigint): Promise<Event[]>
  pageSync(limit: number | bigint): Event[]
}

/** A {@link Cursor} over the ids of events. */
export declare class IdCursor implements Cursor<EventId> {
  private constructor()
  [Symbol.iterator](): Generator<EventId, void, undefined>
  [Symbol.asyncIterator](): AsyncGenerator<EventId, void, undefined>
  page(limit: number | bigint): Promise<EventId[]>
  pageSync(limit: number | bigint): EventId[]
}

/** A {@link Cursor} over the title index: a pair for every root, by the bytes of the title, then by (time, id). */
export declare class RootCursor implements Cursor<[title: string, root: EventId]> {
  private constructor()
  [Symbol.iterator](): Generator<[title: string, root: EventId], void, undefined>
  [Symbol.asyncIterator](): AsyncGenerator<[title: string, root: EventId], void, undefined>
  page(limit: number | bigint): Promise<[title: string, root: EventId][]>
  pageSync(limit: number | bigint): [title: string, root: EventId][]
}

/**
 * A place in the change feed of one store. Keep its text to go on later; another store, a copy included, refuses it.
 */
export declare class ChangeCursor {
  /** From its text; `invalid_cursor` for another. */
  constructor(text: string)
  /** The place of a text; a `ChangeCursor` is given back as it is. */
  static from(value: ChangeCursor | string): ChangeCursor
  /** The sequence number of the last event before this place; 0 at the beginning. */
  readonly sequence: bigint
  /** The text: 32 hexadecimal digits, a hyphen and 16 more. */
  toString(): string
  /** The text. */
  toJSON(): string
  /** Whether the other is a `ChangeCursor` of the same place. */
  equals(other: unknown): boolean
}

/**
 * The durable events after a place, in commit order: a {@link Cursor} that ends at the last one, and goes on from there
 * when it is asked again later.
 */
export declare class Changes implements Cursor<Event> {
  private constructor()
  /** The place behind the last event that was given out. */
  readonly cursor: ChangeCursor
  [Symbol.iterator](): Generator<Event, void, undefined>
  [Symbol.asyncIterator](): AsyncGenerator<Event, void, undefined>
  page(limit: number | bigint): Promise<Event[]>
  pageSync(limit: number | bigint): Event[]
  /**
   * As `page`, but where there are no events yet it waits for them. A database that was opened read-only looks at what
   * its writer has committed meanwhile, in whichever process that is; it looks once where it may not wait at all. No
   * thread waits meanwhile.
   */
  watch(limit: number | bigint, options?: WatchOptions | null): Promise<Event[]>
  /** As {@link Changes.watch}, but holds up JavaScript's thread; the signal is looked at once. */
  watchSync(limit: number | bigint, options?: WatchOptions | null): Event[]
}

/** How long to wait for events. */
export interface WatchOptions {
  /** Milliseconds; without end where it is left out. */
  timeout?: number | bigint | null
  /** Ends the wait, which then rejects with `cancelled`. */
  signal?: AbortSignal | null
}

/**
 * The durable events after a place, in commit order, and then each that is committed, as it is committed. It ends only
 * by leaving the loop, by its signal, and by an error: `closed` when the database is closed. An event that cannot be
 * read rejects with `corrupt` in its place, and `next` goes on behind it.
 */
export declare class Watcher implements AsyncIterableIterator<Event> {
  private constructor()
  /** The place behind the last event that was given out; null before the first was asked for. */
  readonly cursor: ChangeCursor | null
  /** The next event, as soon as there is one. */
  next(): Promise<IteratorResult<Event, undefined>>
  /** Ends it, and a wait too. */
  return(): Promise<IteratorReturnResult<undefined>>
  /** Itself: `for await (const event of db.watch())`. */
  [Symbol.asyncIterator](): this
}

/** From where a position is counted. */
export type Whence = 'start' | 'current' | 'end'

/** A stored file, open for reading. Each byte is checked when it is read; only the chunks that are touched are read. */
export declare class FileReader {
  private constructor()
  /** The length of the file. */
  readonly length: number
  /** Where the next read begins, as of the last call that has ended. */
  readonly position: number
  /** Up to so many bytes from the position on, to the end without a length. Fewer only at the end. */
  read(length?: number | bigint): Promise<Buffer>
  /** As {@link FileReader.read}, but waits. */
  readSync(length?: number | bigint): Buffer
  /** Up to so many bytes from the offset on; the position stays. */
  readAt(offset: number | bigint, length?: number | bigint): Promise<Buffer>
  /** As {@link FileReader.readAt}, but waits. */
  readAtSync(offset: number | bigint, length?: number | bigint): Buffer
  /**
   * Writes the file from the position on to the end, to a new file at a path or to an open descriptor, which stays open,
   * and gives how many bytes that were. The position advances with what was written, also where the call fails; at a path
   * no half file is left then. `already_exists` where there is something at the path, be it a symbolic link. Progress
   * counts bytes.
   */
  writeTo(target: PathLike | number, options?: Control | null): Promise<number>
  /** As {@link FileReader.writeTo}, but waits. */
  writeToSync(target: PathLike | number, options?: Control | null): number
  /** Moves the position, and gives the new one. */
  seek(offset: number | bigint, whence?: Whence): Promise<number>
  /** As {@link FileReader.seek}, but waits. */
  seekSync(offset: number | bigint, whence?: Whence): number
}

/**
 * A file that the caller pushes. Nothing is visible before `finish`. {@link Database.createWriteStream} makes a stream
 * of one.
 */
export declare class FileWriter {
  private constructor()
  /** Bytes taken so far, as of the last call that has ended. */
  readonly length: number
  /**
   * Takes all of the bytes, behind those of the calls before it, awaited or not. Leave them alone until the promise is
   * settled.
   */
  write(bytes: BytesOrText): Promise<void>
  /** As {@link FileWriter.write}, but waits. */
  writeSync(bytes: BytesOrText): void
  /** Makes the event, and gives its id. */
  finish(): Promise<EventId>
  /** As {@link FileWriter.finish}, but waits. */
  finishSync(): EventId
  /** Ends the writer without an event. */
  abort(): Promise<void>
  /** As {@link FileWriter.abort}, but waits. */
  abortSync(): void
}

/** A part of a stored file as a stream. */
export interface ReadStreamOptions
  extends Pick<ReadableOptions, 'highWaterMark' | 'encoding' | 'signal' | 'emitClose' | 'autoDestroy'> {
  /** The first byte that is read. */
  start?: number | bigint
  /** The last byte that is read, as in `fs.createReadStream`. */
  end?: number | bigint
}

/** A stored file as a stream. Made by {@link Database.createReadStream}. */
export declare class ReadStream extends Readable {
  private constructor()
}

/** A new event and how the stream behaves. */
export interface WriteStreamOptions
  extends NewEvent,
    Pick<WritableOptions, 'highWaterMark' | 'defaultEncoding' | 'signal' | 'emitClose' | 'autoDestroy'> {}

/**
 * A new file as a stream. Destroyed before it finishes, it leaves no event. Made by {@link Database.createWriteStream}.
 */
export declare class WriteStream extends Writable {
  private constructor()
  /** The new event, from `finish` on; null before. */
  readonly event: EventId | null
  /** Bytes taken so far. */
  readonly bytesWritten: number
}

/** One member of a batch: a parent for later members of the same batch. */
export declare class Member {
  private constructor()
  /** Its position in the batch, and in what `commit` gives, from 0. */
  readonly index: number
}

/**
 * Events that become visible together or not at all. It holds no lock until `commit`. Its events together may take
 * 64 MiB and number 1,048,576; their files do not count. `finished` once it is committed or discarded.
 */
export declare class Batch {
  private constructor()
  /** Members so far; 0 once it is finished. */
  readonly length: number
  /** Adds a root. */
  createRoot(title: string): Promise<Member>
  /** As {@link Batch.createRoot}, but waits. */
  createRootSync(title: string): Member
  /** Adds an event under a stored event or an earlier member. After an error the batch is as it was. */
  append(parent: EventLike | Member, options?: NewMember | null): Promise<Member>
  /** As {@link Batch.append}, but waits. */
  appendSync(parent: EventLike | Member, options?: NewMember | null): Member
  /** Adds an event that carries a file. The bytes are stored now, the event at `commit`. */
  putFile(
    parent: EventLike | Member,
    source: Bytes | string | URL | AsyncPieces,
    options?: (NewMember & Control) | null,
  ): Promise<Member>
  /** As {@link Batch.putFile}, but waits. */
  putFileSync(
    parent: EventLike | Member,
    source: Bytes | string | URL | Pieces,
    options?: (NewMember & Control) | null,
  ): Member
  /** Makes all members visible at once, and gives their ids by {@link Member.index}. */
  commit(options?: CommitOptions | null): Promise<EventId[]>
  /** As {@link Batch.commit}, but waits. */
  commitSync(options?: CommitOptions | null): EventId[]
  /** Throws all members away. */
  discard(): Promise<void>
  /** As {@link Batch.discard}, but waits. */
  discardSync(): void
}

/** In which order children come: as this store committed them, or by time and id, the same on every replica. */
export interface ChildrenOptions {
  /** Default `commit`. */
  order?: 'commit' | 'time' | null
}

/**
 * An open database of event trees.
 *
 * When the last handle on it is collected it is closed in the background; `close` does so with a result, and releases
 * the lock when you say so.
 */
export declare class Database {
  private constructor()
  /** Whether closing has begun. */
  readonly closed: boolean
  /** Whether it was opened read-only. */
  readonly readOnly: boolean
  /** The store's folder, as it was given to open; null in memory; a `Buffer` where it is not UTF-8. */
  readonly path: string | Buffer | null

  /** Refuses new calls, waits for running ones (long ones are cancelled), makes durable, releases the lock. */
  close(): Promise<void>
  /** As {@link Database.close}, but waits. */
  closeSync(): void
  /** Closes and waits: `using db = openSync(path)`. */
  [Symbol.dispose](): void
  /** Closes: `await using db = await open(path)`. */
  [Symbol.asyncDispose](): Promise<void>

  /** Makes a new root; a title may name several. */
  createRoot(title: string): Promise<EventId>
  /** As {@link Database.createRoot}, but waits. */
  createRootSync(title: string): EventId
  /** The root whose id follows from the title alone, made where there is none: the same on every replica. */
  ensureRoot(title: string): Promise<EventId>
  /** As {@link Database.ensureRoot}, but waits. */
  ensureRootSync(title: string): EventId
  /** All roots, in commit order. */
  roots(): Promise<EventCursor>
  /** As {@link Database.roots}, but waits. */
  rootsSync(): EventCursor
  /** The roots of one title, in commit order. */
  rootsTitled(title: string): Promise<EventCursor>
  /** As {@link Database.rootsTitled}, but waits. */
  rootsTitledSync(title: string): EventCursor
  /** Every title with its roots. */
  rootIndex(): Promise<RootCursor>
  /** As {@link Database.rootIndex}, but waits. */
  rootIndexSync(): RootCursor
  /** Appends an event under a parent. */
  append(parent: EventLike, options?: NewEvent | null): Promise<EventId>
  /** As {@link Database.append}, but waits. */
  appendSync(parent: EventLike, options?: NewEvent | null): EventId
  /** The id of the one event whose id begins with these hexadecimal digits, 1 to 128. */
  resolve(digits: string): Promise<EventId>
  /** As {@link Database.resolve}, but waits. */
  resolveSync(digits: string): EventId
  /** The event of this id. */
  event(event: EventLike): Promise<Event>
  /** As {@link Database.event}, but waits. */
  eventSync(event: EventLike): Event

  /** The event's metadata, or that of its nearest ancestor that has some. */
  metadata(event: EventLike): Promise<Buffer | null>
  /** As {@link Database.metadata}, but waits. */
  metadataSync(event: EventLike): Buffer | null
  /** The event that this one hangs under; null for a root. */
  parent(event: EventLike): Promise<Event | null>
  /** As {@link Database.parent}, but waits. */
  parentSync(event: EventLike): Event | null
  /** The events directly under this one. */
  children(event: EventLike, options?: ChildrenOptions | null): Promise<EventCursor>
  /** As {@link Database.children}, but waits. */
  childrenSync(event: EventLike, options?: ChildrenOptions | null): EventCursor
  /** Their ids, without reading them. */
  childIds(event: EventLike, options?: ChildrenOptions | null): Promise<IdCursor>
  /** As {@link Database.childIds}, but waits. */
  childIdsSync(event: EventLike, options?: ChildrenOptions | null): IdCursor
  /** The events above this one, nearest first. */
  ancestors(event: EventLike): Promise<EventCursor>
  /** As {@link Database.ancestors}, but waits. */
  ancestorsSync(event: EventLike): EventCursor
  /** All events under this one, parents before their children. */
  descendants(event: EventLike): Promise<EventCursor>
  /** As {@link Database.descendants}, but waits. */
  descendantsSync(event: EventLike): EventCursor

  /**
   * Stores a file under a parent. The source is bytes, a **path** (a string or a file URL), a stream or another
   * iterable of bytes and text. Progress counts bytes. Up to a MiB of bytes is copied before the call returns; leave
   * more alone until the promise is settled.
   */
  putFile(
    parent: EventLike,
    source: Bytes | string | URL | AsyncPieces,
    options?: (NewEvent & Control) | null,
  ): Promise<EventId>
  /** As {@link Database.putFile}; an iterable must be a synchronous one. */
  putFileSync(
    parent: EventLike,
    source: Bytes | string | URL | Pieces,
    options?: (NewEvent & Control) | null,
  ): EventId
  /**
   * Stores many files, each under the parent or one of its own, and gives their ids in the order of the files. Each is
   * a source, as for {@link Database.putFile}, or a {@link NewFile}. All processors work on bytes and paths, however
   * small each file is; streams and other iterables are read one after the other. The iterable is asked for a file when
   * there is room for it: leave the files alone until the promise is settled. All become visible at once or none does,
   * in one batch, whose limits hold: 1,048,576 files, and 64 MiB for their events, in which the bytes of the files do
   * not count. Progress counts bytes and files.
   */
  putFiles(
    parent: EventLike,
    files:
      | Iterable<Bytes | string | URL | AsyncPieces | NewFile<Bytes | string | URL | AsyncPieces>>
      | AsyncIterable<Bytes | string | URL | AsyncPieces | NewFile<Bytes | string | URL | AsyncPieces>>,
    options?: PutFilesOptions | null,
  ): Promise<EventId[]>
  /** As {@link Database.putFiles}; iterables must be synchronous ones. */
  putFilesSync(
    parent: EventLike,
    files: Iterable<Bytes | string | URL | Pieces | NewFile<Bytes | string | URL | Pieces>>,
    options?: PutFilesOptions | null,
  ): EventId[]
  /** The whole file that an event carries. */
  readFile(event: EventLike): Promise<Buffer>
  /** As {@link Database.readFile}, but waits. */
  readFileSync(event: EventLike): Buffer
  /** Opens the file that an event carries. */
  openFile(event: EventLike): Promise<FileReader>
  /** As {@link Database.openFile}, but waits. */
  openFileSync(event: EventLike): FileReader
  /** A writer for a file that the caller pushes. */
  fileWriter(parent: EventLike, options?: NewEvent | null): Promise<FileWriter>
  /** As {@link Database.fileWriter}, but waits. */
  fileWriterSync(parent: EventLike, options?: NewEvent | null): FileWriter
  /** The file that an event carries, as a stream. */
  createReadStream(event: EventLike, options?: ReadStreamOptions | null): ReadStream
  /** A stream into a new file: `await pipeline(source, stream)`, then `stream.event`. */
  createWriteStream(parent: EventLike, options?: WriteStreamOptions | null): WriteStream

  /** Begins a batch: all or nothing. */
  batch(): Promise<Batch>
  /** As {@link Database.batch}, but waits. */
  batchSync(): Batch
  /** The durable events after a place, in commit order; from the beginning without one. */
  changes(after?: ChangeCursor | string | null): Promise<Changes>
  /** As {@link Database.changes}, but waits. */
  changesSync(after?: ChangeCursor | string | null): Changes
  /**
   * The durable events after a place, in commit order, and then each that is committed, as it is committed:
   * `for await (const event of db.watch())`. In a database that was opened read-only, what its writer commits, in
   * whichever process that is.
   */
  watch(after?: ChangeCursor | string | null, options?: Pick<WatchOptions, 'signal'> | null): Watcher

  /** Stores a folder, a file or a symbolic link under a parent. Progress counts bytes and entries. */
  importPath(parent: EventLike, path: PathLike, options?: ImportOptions | null): Promise<ImportReport>
  /** As {@link Database.importPath}, but waits. */
  importPathSync(parent: EventLike, path: PathLike, options?: ImportOptions | null): ImportReport
  /** Writes a stored folder, file or symbolic link to a path, which must not exist, or be an empty folder. */
  exportPath(event: EventLike, path: PathLike, options?: Control | null): Promise<ExportReport>
  /** As {@link Database.exportPath}, but waits. */
  exportPathSync(event: EventLike, path: PathLike, options?: Control | null): ExportReport

  /**
   * Makes a path a consistent copy of the database, as of one sequence number, while writers go on. The copy is a store,
   * and opens at once. The path names a folder that does not exist, is empty, or holds an earlier backup of this database,
   * finished or cut short; then only what is new is copied. A backup that something was written to is one no more.
   * `not_a_backup` where something else is there; after `cancelled`, `disk_full` and `io`, calling again goes on.
   * Progress counts bytes and segments.
   */
  backupTo(path: PathLike, options?: Control | null): Promise<BackupReport>
  /** As {@link Database.backupTo}, but waits. */
  backupToSync(path: PathLike, options?: Control | null): BackupReport

  /**
   * Sees what a writer has committed since this database was opened read-only, or refreshed, in this process or
   * another; whether there are new events. A database that is open for writing sees everything as it comes, and answers
   * false. Cursors that are open go on seeing what they saw; new ones, and the change feed, see what is new.
   */
  refresh(): Promise<boolean>
  /** As {@link Database.refresh}, but waits. */
  refreshSync(): boolean
  /** Makes everything that was committed durable. */
  sync(): Promise<void>
  /** As {@link Database.sync}, but waits. */
  syncSync(): void
  /** Makes the index anew from the segments. Progress counts bytes and records. */
  rebuildIndex(options?: Control | null): Promise<void>
  /** As {@link Database.rebuildIndex}, but waits. */
  rebuildIndexSync(options?: Control | null): void
  /** Reads and checks everything. Damage is no error: the report names it. Progress counts bytes and records. */
  verify(options?: Control | null): Promise<VerifyReport>
  /** As {@link Database.verify}, but waits. */
  verifySync(options?: Control | null): VerifyReport
  /** Figures as of now. */
  stats(): Promise<Stats>
  /** As {@link Database.stats}, but waits. */
  statsSync(): Stats
  /**
   * All figures in the text format of Prometheus, for an application to serve. Serve each database under a path of its
   * own: the texts of two make no whole.
   */
  prometheus(): Promise<string>
  /** As {@link Database.prometheus}, but waits. */
  prometheusSync(): string
}

/** How grave something is that the engine tells. */
export type LogLevel = 'error' | 'warn' | 'info' | 'debug'

/** One thing that the engine tells. */
export interface LogRecord {
  /** How grave it is. */
  readonly level: LogLevel
  /** When it was told, in milliseconds since 1970. */
  readonly timeMs: bigint
  /** What happened, the same words each time. */
  readonly message: string
  /** What it happened to, by name; `store` is the store's folder. */
  readonly fields: Readonly<Record<string, number | boolean | string>>
}

/**
 * Has `sink` called with what the engine tells from now on, up to `level`, of all databases of this process: openings,
 * recoveries, damage, failures, upkeep. Never content, titles, metadata or attributes: ids, numbers and paths of stores.
 *
 * It takes the place of an earlier sink, of whichever worker. It does not keep the process alive; what it throws becomes
 * a warning of the process. Nothing waits for it: a bounded number of records wait, what does not fit is counted, and
 * the count is told.
 */
export declare function setLogSink(level: LogLevel, sink: (record: LogRecord) => unknown): void
/** Ends the sink, of whichever worker. Once the promise is settled, it has heard all that was told before. */
export declare function clearLogSink(): Promise<void>

/** Opens the store at a path for reading and writing, and makes it where there is none. One process at a time may. */
export declare function open(path: PathLike, options?: OpenOptions | null): Promise<Database>
/** As {@link open}, but waits. */
export declare function openSync(path: PathLike, options?: OpenOptions | null): Database

/** Opens the store at a path for reading, as of now. Writes nothing, and does not mind a process that writes. */
export declare function openReadOnly(
  path: PathLike,
  options?: Pick<OpenOptions, 'segmentBytes' | 'paths' | 'latencies' | 'memoryLimit'> | null,
): Promise<Database>
/** As {@link openReadOnly}, but waits. */
export declare function openReadOnlySync(
  path: PathLike,
  options?: Pick<OpenOptions, 'segmentBytes' | 'paths' | 'latencies' | 'memoryLimit'> | null,
): Database

/** Makes an empty database in memory, which is gone when it is closed. For tests and scratch. */
export declare function openInMemory(options?: MemoryOptions | null): Promise<Database>
/** As {@link openInMemory}, but waits. */
export declare function openInMemorySync(options?: MemoryOptions | null): Database
