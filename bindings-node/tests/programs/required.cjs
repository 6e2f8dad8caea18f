// A program that requires the package: `required.cjs STORE` stores a file and reads it back, without a promise.
//
// `cargo xtask npm` runs it where the package was installed, and knows what it prints.

'use strict'

const required = require('ouroborosdb')

const [folder] = process.argv.slice(2)
if (folder === undefined) throw new Error('usage: required.cjs STORE')
const db = required.openSync(folder)
const album = db.ensureRootSync('album')
db.putFileSync(album, Buffer.from('the sea'), { attributes: { name: 'photo' } })
for (const event of db.childrenSync(album)) console.log(`${event.attribute('name')}: ${db.readFileSync(event)}`)
db.closeSync()

import('ouroborosdb').then((imported) => {
  const same = Object.keys(required).every((name) => imported[name] === required[name])
  console.log(`import gives what require gives: ${same}`)
})
