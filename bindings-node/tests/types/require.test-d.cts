// The same types by `require`.

import ouroborosdb = require('ouroborosdb')

const db: ouroborosdb.Database = ouroborosdb.openInMemorySync()
const root: ouroborosdb.EventId = db.createRootSync('root')
const title: string | null = db.eventSync(root).title
// @ts-expect-error it is no number
const wrong: number = db.eventSync(root).title
void [title, wrong]
