// Prints the ids of so many events as they come, and ends: `watching.mjs STORE COUNT`. It closes nothing: that the
// iteration is left must be enough.

import { openReadOnly } from 'ouroborosdb'

const [store, count] = process.argv.slice(2)
const db = await openReadOnly(store)
let left = Number(count)
for await (const event of db.watch()) {
  console.log(event.id.toString())
  left -= 1
  if (left === 0) break
}
