// Builds the native module, and puts it into FOLDER under the name that `lib/native.cjs` looks for.
//
//     node scripts/build.mjs FOLDER [ARGUMENTS OF CARGO]
//
// It is that of this machine, or of the `--target` among the arguments. And it is the very library that `cargo build`
// makes, so that nothing of the engine is compiled for Node.js anew.

import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

import { TARGETS, platformOf } from './platforms.mjs'

const source = fileURLToPath(new URL('..', import.meta.url))
const MESSAGES_BYTES_MAX = 64 * 1024 * 1024

function output(program, words, env = process.env) {
  const options = { cwd: source, encoding: 'utf8', maxBuffer: MESSAGES_BYTES_MAX, env }
  return execFileSync(program, words, { ...options, stdio: ['ignore', 'pipe', 'inherit'] })
}

/** The target that is built for, as Rust names it. */
function targetOf(words) {
  const at = words.indexOf('--target')
  return at >= 0 ? words[at + 1] : /^host: (.*)$/m.exec(output(process.env.RUSTC ?? 'rustc', ['-vV']))[1]
}

/** Builds, and gives the path of the library, as cargo tells it. */
function build(target, words) {
  // Users get it without symbols; what the module depends on is compiled as for everyone else.
  const stripped = ['--config', 'profile.release.package.ouroborosdb-node.strip="symbols"']
  const wanted = ['--package', 'ouroborosdb-node', '--message-format', 'json-render-diagnostics']
  const env = { ...process.env }
  // musl: a library cannot have the C library in it.
  if (target.endsWith('-musl')) env.RUSTFLAGS = `${env.RUSTFLAGS ?? ''} -C target-feature=-crt-static`.trim()
  const said = output(env.CARGO ?? 'cargo', ['build', '--quiet', ...wanted, ...stripped, ...words], env)
  const messages = said.trim().split('\n').map((line) => JSON.parse(line))
  const isOurs = (message) => message.reason === 'compiler-artifact' && message.target.name === 'ouroborosdb_node'
  const library = messages.find(isOurs)?.filenames.find((name) => /\.(so|dylib|dll)$/.test(name))
  if (library === undefined) throw new Error('cargo built no library that Node.js could load')
  return library
}

function main([folder, ...words]) {
  if (folder === undefined) throw new Error('usage: node scripts/build.mjs FOLDER [ARGUMENTS OF CARGO]')
  const target = targetOf(words)
  if (!TARGETS.includes(target)) throw new Error(`there is no package for ${target}`)
  const library = build(target, words)
  const module = join(resolve(folder), platformOf(target).file)
  mkdirSync(resolve(folder), { recursive: true })
  // A process may have the old one mapped: it keeps that file.
  rmSync(module, { force: true })
  copyFileSync(library, module)
}

main(process.argv.slice(2))
