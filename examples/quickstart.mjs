// The tour. The same program in every language prints the same text, `expected.txt`.
//
// Run it with the path of a folder that does not exist yet, where `npm install ouroborosdb` was run:
// `node quickstart.mjs /tmp/tour`.

import { OuroborosError, open } from 'ouroborosdb'

const [folder] = process.argv.slice(2)
if (folder === undefined) throw new Error('usage: quickstart.mjs FOLDER')
const lines = Array.from({ length: 100_000 }, (_, number) => `line ${String(number).padStart(6, '0')}\n`)
const log = Buffer.from(lines.join(''))

// README: begin
const db = await open(folder)
const diary = await db.ensureRoot('diary') // this title has this id on every machine
const trip = await db.append(diary, { attributes: { place: 'Lisbon' }, metadata: 'text/plain' })
const file = await db.putFile(trip, log, { attributes: { name: 'log' } }) // durable now
const content = await db.readFile(file) // each byte checked
const reader = await db.openFile(file)
await reader.seek(77_777 * 12) // reads only what it needs
const line = await reader.read(11)
const metadata = await db.metadata(file) // inherited from the trip
// README: end

console.log(`read back: ${content.length} bytes, ${content.equals(log) ? 'equal' : 'different'}`)
console.log(`range: ${line}`)
console.log(`inherited metadata: ${metadata}`)

const { chunks } = await db.stats()
await db.putFile(trip, log, { attributes: { name: 'copy' } })
console.log(`new chunks of the copy: ${(await db.stats()).chunks - chunks}`)

const batch = await db.batch()
const day = await batch.append(trip, { attributes: { name: 'day 1' } })
await batch.putFile(day, Buffer.from('the sea'), { attributes: { name: 'photo' } })
console.log(`batch: ${(await batch.commit()).length} events`)
try {
  await db.readFile(trip)
} catch (error) {
  if (!(error instanceof OuroborosError)) throw error
  console.log(`error: ${error.code}`)
}
await db.close()

const again = await open(folder)
for await (const child of await again.children(trip)) {
  console.log(`child: ${child.attribute('name')}, ${child.contentLength ?? 0} bytes`)
}
const report = await again.verify()
console.log(`verified: ${report.events} events, ${report.problemsTotal} problems`)
await again.close()
