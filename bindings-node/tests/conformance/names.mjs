// The names of a script file: values and handles, and the folder that it runs in.

import { Mistake } from './outcome.mjs'

export class Names {
  values = new Map()
  handles = new Map()

  /** `mode` runs the database's calls: `modes.mjs`. */
  constructor(folder, mode) {
    this.folder = Buffer.from(folder)
    this.mode = mode
  }

  value(name) {
    const value = this.values.get(name)
    if (value === undefined) throw new Mistake(`there is no value \`$${name}\``)
    return value
  }

  /** The handle of this name, which must be of this class. */
  handle(name, kind) {
    const handle = this.handles.get(name)
    if (!(handle instanceof kind)) throw new Mistake(`\`${name}\` is no ${kind.name}`)
    return handle
  }

  keep(name, handle) {
    this.handles.set(name, handle)
  }

  /** Frees a handle: what can be disposed of is, the rest is dropped. */
  async free(name) {
    if (!this.handles.has(name)) throw new Mistake(`there is no handle \`${name}\``)
    const handle = this.handles.get(name)
    this.handles.delete(name)
    await this.mode.free(handle)
  }

  async freeAll() {
    for (const name of [...this.handles.keys()]) await this.free(name)
  }

  /** A path in the scratch folder as it is given to the library: absolute, and raw bytes. */
  absolute(path) {
    return path[0] === 0x2f ? path : Buffer.concat([this.folder, Buffer.from('/'), path])
  }
}
