// The verbs of the script, a file for each theme of the README's tables.
//
// Each theme has a table: a verb's name, and what does it. What a verb gives is said in `outcome.mjs`.

import { Mistake } from '../outcome.mjs'
import backup from './backup.mjs'
import batch from './batch.mjs'
import changes from './changes.mjs'
import control from './control.mjs'
import cursors from './cursors.mjs'
import disk from './disk.mjs'
import errors from './errors.mjs'
import event from './event.mjs'
import files from './files.mjs'
import folders from './folders.mjs'
import log from './log.mjs'
import opening from './opening.mjs'
import script from './script.mjs'
import tree from './tree.mjs'
import upkeep from './upkeep.mjs'

const looking = { changes, cursors, event, log, opening, tree }
const writing = { backup, batch, files, folders, upkeep }
const tables = { ...looking, ...writing, control, disk, errors, script }
const verbs = new Map(Object.values(tables).flatMap((table) => Object.entries(table)))

/** Does what a statement says. */
export function call(names, statement) {
  const does = verbs.get(statement.verb)
  if (does === undefined) throw new Mistake(`there is no verb \`${statement.verb}\``)
  return does(names, statement)
}

/** Whether a verb is an operation of the engine, not one of the script's own. */
export function isOperation(verb) {
  return verb !== 'free' && !verb.startsWith('fs.') && !verb.startsWith('script.')
}

