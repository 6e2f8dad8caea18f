// What is at a path, and a text of a folder that is equal for equal trees only.

import * as fs from 'node:fs'

export function kindOf(path) {
  const found = fs.lstatSync(path, { throwIfNoEntry: false })
  if (found === undefined) return 'none'
  if (found.isDirectory()) return 'directory'
  if (found.isFile()) return 'file'
  return found.isSymbolicLink() ? 'symlink' : 'other'
}

/** Every entry's path, type, mode, time, and target or content. */
export function snapshot(top) {
  return Buffer.concat([...entries(Buffer.from(top), Buffer.alloc(0))])
}

function* entries(top, inside) {
  const path = inside.length === 0 ? top : Buffer.concat([top, Buffer.from('/'), inside])
  const [found, kind] = [fs.lstatSync(path, { bigint: true }), kindOf(path)]
  let content = Buffer.alloc(0)
  if (kind === 'symlink') content = fs.readlinkSync(path, { encoding: 'buffer' })
  else if (kind === 'file') content = fs.readFileSync(path)
  const state = `\0${kind} ${(found.mode & 0o7777n).toString(8)} ${found.mtimeNs} ${content.length}:`
  yield Buffer.concat([inside, Buffer.from(state), content, Buffer.from('\n')])
  if (kind !== 'directory') return
  for (const name of fs.readdirSync(path, { encoding: 'buffer' }).sort(Buffer.compare)) {
    yield* entries(top, inside.length === 0 ? name : Buffer.concat([inside, Buffer.from('/'), name]))
  }
}
