// Makes the tarballs of a release: the package, and the one of this machine's platform with the native module.
//
//     npm run build && node scripts/pack.mjs FOLDER
//
// FOLDER must not exist or be empty. It gets `ouroborosdb-VERSION.tgz` and `ouroborosdb-PLATFORM-VERSION.tgz`. Nothing
// in the sources changes: what only a release has, the licences and the list of the platforms' packages, is added to
// copies.

import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const source = fileURLToPath(new URL('..', import.meta.url))
const description = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8'))
const { binaryName, packageName, targets } = description.napi
const LICENCES = ['LICENSE-MIT', 'LICENSE-APACHE']

/** What napi calls a target of Rust, and what npm is told of it. */
function platformOf(target) {
  const [machine, , system, libc] = target.split('-')
  const cpu = { x86_64: 'x64', aarch64: 'arm64' }[machine]
  const os = { linux: 'linux', darwin: 'darwin', windows: 'win32' }[system]
  const name = [os, cpu, libc].filter(Boolean).join('-')
  return { name, os, cpu, libc: { gnu: 'glibc', musl: 'musl' }[libc] }
}

/** Copies these entries to an empty folder with a package.json, and packs it. */
function pack(folder, entries, packageJson, out) {
  mkdirSync(folder, { recursive: true })
  for (const [from, name] of entries) cpSync(from, join(folder, name), { recursive: true })
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(packageJson, null, 2)}\n`)
  const stdio = ['ignore', 'ignore', 'inherit']
  execFileSync('npm', ['pack', '--silent', '--pack-destination', out], { cwd: folder, stdio })
  rmSync(folder, { recursive: true })
}

function main(given) {
  if (given === undefined) throw new Error('usage: node scripts/pack.mjs FOLDER')
  const out = resolve(given)
  mkdirSync(out, { recursive: true })
  if (readdirSync(out).length > 0) throw new Error(`${out} is not empty`)
  const platforms = targets.map(platformOf)
  const licences = LICENCES.map((name) => [join(source, '..', name), name])
  const { version, license, repository, engines } = description

  const main = { ...description }
  for (const name of ['devDependencies', 'scripts', 'napi']) delete main[name]
  main.optionalDependencies = Object.fromEntries(platforms.map(({ name }) => [`${packageName}-${name}`, version]))
  const own = description.files.filter((name) => !LICENCES.includes(name)).map((name) => [join(source, name), name])
  pack(join(out, 'package'), [...own, ...licences], main, out)

  const built = platforms.filter(({ name }) => existsSync(join(source, `${binaryName}.${name}.node`)))
  if (built.length === 0) throw new Error('there is no native module; run `npm run build` first')
  for (const { name, os, cpu, libc } of built) {
    const file = `${binaryName}.${name}.node`
    const about = { description: `The native module of ${packageName} for ${name}`, license, repository, engines }
    const where = { os: [os], cpu: [cpu], ...(libc && { libc: [libc] }) }
    const platform = { name: `${packageName}-${name}`, version, ...about, main: file, files: [file], ...where }
    pack(join(out, 'platform'), [[join(source, file), file], ...licences], platform, out)
  }
  for (const name of readdirSync(out)) process.stdout.write(`${join(out, name)}\n`)
}

main(process.argv[2])
