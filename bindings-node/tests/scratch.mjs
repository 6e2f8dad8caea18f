// An empty folder for a test, removed behind it.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export function scratch(context) {
  const folder = mkdtempSync(join(tmpdir(), 'ouroborosdb-node-'))
  context.after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}
