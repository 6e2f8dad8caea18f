// The two ways to call an operation. Each runs the whole script.

import { Readable } from 'node:stream'

function* inPieces(content, size, fails) {
  for (let at = 0; at < content.length; at += size) yield content.subarray(at, at + size)
  if (fails) throw new Error('the source of the script fails here')
}

async function* later(items) {
  yield* items
}

export const asynchronous = {
  name: 'async',
  call: (target, operation, ...given) => target[operation](...given),
  next: async (cursor) => {
    for await (const item of cursor) return item
    return null
  },
  /** A stream in every other file, so that both streams and other iterables are run. */
  source: (content, size, fails) => {
    const items = later(inPieces(content, size, fails))
    return content.length % 2 === 0 ? Readable.from(items) : items
  },
  free: async (handle) => handle[Symbol.asyncDispose]?.(),
}

export const synchronous = {
  name: 'sync',
  call: (target, operation, ...given) => target[`${operation}Sync`](...given),
  next: (cursor) => {
    for (const item of cursor) return item
    return null
  },
  source: inPieces,
  free: (handle) => handle[Symbol.dispose]?.(),
}
