// What a verb gives, as the bytes that the script compares; and what went wrong.

import { ChangeCursor, EventId } from 'ouroborosdb'

/** A mistake in the script, or a set-up step that failed. */
export class Mistake extends Error {}

/** A line does not hold. */
export class Unexpected extends Error {}

/** The form that the script's language gives a value; null for a handle. */
export function asBytes(value) {
  if (value === null || value === undefined) return Buffer.from('none')
  if (Buffer.isBuffer(value)) return value
  if (['string', 'number', 'bigint', 'boolean'].includes(typeof value)) return Buffer.from(String(value))
  if (value instanceof EventId || value instanceof ChangeCursor) return Buffer.from(value.toString())
  if (!Array.isArray(value)) return null
  const parts = value.map(asBytes)
  if (parts.includes(null)) return null
  return Buffer.concat(parts.flatMap((part, at) => (at === 0 ? [part] : [Buffer.from(','), part])))
}

/** The beginning of a value, for people. */
export function brief(value) {
  const bytes = asBytes(value)
  if (bytes === null) return `a handle of ${value.constructor?.name}`
  return `${JSON.stringify(bytes.subarray(0, 300).toString('latin1'))} (${bytes.length} bytes)`
}
