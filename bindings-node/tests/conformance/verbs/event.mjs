// What an event says, and ids.

import { Event, EventId } from 'ouroborosdb'

import * as words from '../words.mjs'

// The last one that a Date can say.
const LAST_MS = 8_640_000_000_000_000n

function expiresMs(event) {
  const ms = event.expiresMs
  return ms === null || ms > LAST_MS ? ms : BigInt(event.expires.getTime())
}

const FIELDS = {
  id: (event) => event.id,
  kind: (event) => event.kind,
  parent: (event) => event.parent,
  follows: (event) => event.follows,
  origin: (event) => event.origin.toString('hex'),
  time_ms: (event) => event.timeMs,
  time_counter: (event) => event.timeCounter,
  sequence: (event) => event.sequence,
  title: (event) => event.title,
  attributes: (event) => [...event.attributes].map(([name, value]) => Buffer.concat([Buffer.from(`${name}=`), value])),
  metadata: (event) => event.metadata,
  content_length: (event) => event.contentLength,
  temporary: (event) => event.temporary,
  expires_ms: expiresMs,
  full_text: (event) => event.fullText,
}

function field(names, statement) {
  const [event] = statement.arguments(1)
  return FIELDS[statement.field](names.handle(event, Event))
}

function attribute(names, statement) {
  const [event, name] = statement.arguments(2)
  return names.handle(event, Event).attribute(words.text(names, name))
}

export default {
  ...Object.fromEntries(Object.keys(FIELDS).map((name) => [`event.${name}`, field])),
  'event.attribute': attribute,
  'event_id.from_hex': (names, statement) => new EventId(words.text(names, ...statement.arguments(1))),
  'event_id.from_bytes': (names, statement) => EventId.from(words.evaluate(names, ...statement.arguments(1))),
  'event_id.to_bytes': (names, statement) => new EventId(words.text(names, ...statement.arguments(1))).toBuffer(),
}
