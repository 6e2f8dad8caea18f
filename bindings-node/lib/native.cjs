// Finds the native half: beside this package where it was built here, else in the package of this platform.
//
// On Linux that is one of two, by the C library; npm installs the one that fits, and the other one does not load.

'use strict'

const { existsSync } = require('node:fs')
const { join } = require('node:path')

/** The names that napi has for this platform, such as `linux-x64-gnu`. */
function names() {
  const { platform, arch } = process
  if (platform === 'linux') return [`linux-${arch}-gnu`, `linux-${arch}-musl`]
  return [platform === 'win32' ? `win32-${arch}-msvc` : `${platform}-${arch}`]
}

function load() {
  const causes = []
  for (const name of names()) {
    const built = join(__dirname, '..', `ouroborosdb.${name}.node`)
    try {
      return require(existsSync(built) ? built : `ouroborosdb-${name}`)
    } catch (cause) {
      causes.push(cause)
    }
  }
  const message =
    `ouroborosdb found no native module: ${names().map((name) => `ouroborosdb-${name}`).join(' or ')} could not be ` +
    `loaded (${causes[0].message}). If it was left out, install again without --omit=optional; npm before 11.3 may ` +
    'leave it out when a lock file was written on another platform: then remove node_modules and package-lock.json.'
  throw new Error(message, { cause: causes[0] })
}

module.exports = load()
