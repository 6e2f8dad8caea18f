// How the Node programs measure: nanoseconds of a call, the median over slices.

export const EVENTS = 10_000
export const FILES = 16
export const FILE_BYTES = 1 << 20
/** What the canonical encoding of an event of these programs takes: the peers' values have as many. */
export const EVENT_BYTES = 117
/** An asynchronous call takes about ten times as long as one that waits, so there are fewer. */
export const ASYNC_SHARE = 10
const SLICES = 5

/** FOLDER GETS APPENDS READS */
export function counts() {
  const [folder, ...numbers] = process.argv.slice(2)
  const [gets, appends, reads] = numbers.map(Number)
  return { folder, gets, appends, reads }
}

/** The items, in an order that is the same in each run. */
export function shuffled(items) {
  let state = 1
  for (let at = items.length - 1; at > 0; at -= 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    const other = state % (at + 1)
    ;[items[at], items[other]] = [items[other], items[at]]
  }
  return items
}

/** Calls with the items in turn, and prints the median. The first slice, a warm-up, does not count. */
export function measure(name, count, items, call) {
  const slices = []
  for (let slice = 0; slice <= SLICES; slice += 1) {
    const start = process.hrtime.bigint()
    for (let at = 0; at < count; at += 1) call(items[at % items.length])
    slices.push(Number(process.hrtime.bigint() - start) / count)
  }
  print(name, slices)
}

/** The same, where each call is waited for before the next is made. */
export async function measureAsync(name, count, items, call) {
  const slices = []
  for (let slice = 0; slice <= SLICES; slice += 1) {
    const start = process.hrtime.bigint()
    for (let at = 0; at < count; at += 1) await call(items[at % items.length])
    slices.push(Number(process.hrtime.bigint() - start) / count)
  }
  print(name, slices)
}

function print(name, slices) {
  const counted = slices.slice(1).sort((a, b) => a - b)
  console.log(`${name} ${counted[counted.length >> 1].toFixed(1)}`)
}

/** What `make` makes of the numbers from 0 on. */
export function times(count, make) {
  return Array.from({ length: count }, (_, number) => make(number))
}

/** The name that the event of this number has. */
export function nameOf(number) {
  return `event ${String(number).padStart(10, '0')}`
}
