// Makes the tarballs of a release: the package, and one for each platform whose native module is in MODULES.
//
//     npm run build && node scripts/pack.mjs build FOLDER
//
// FOLDER must not exist or be empty. It gets `ouroborosdb-VERSION.tgz` and `ouroborosdb-PLATFORM-VERSION.tgz`. Nothing
// in the sources changes: what only a release has, the licences and the list of the platforms' packages, is added to
// copies. The module that lies beside the sources is one for tests, and is never packed.

import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

import { TARGETS, platformOf } from './platforms.mjs'

const source = fileURLToPath(new URL('..', import.meta.url))
const description = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8'))
const LICENCES = ['LICENSE-MIT', 'LICENSE-APACHE']

/** Copies these entries to an empty folder with a package.json, and packs it. */
function pack(folder, entries, packageJson, out) {
  mkdirSync(folder, { recursive: true })
  for (const [from, name] of entries) cpSync(from, join(folder, name), { recursive: true })
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(packageJson, null, 2)}\n`)
  const stdio = ['ignore', 'ignore', 'inherit']
  execFileSync('npm', ['pack', '--silent', '--pack-destination', out], { cwd: folder, stdio })
  rmSync(folder, { recursive: true })
}

function main(modules, given) {
  if (given === undefined) throw new Error('usage: node scripts/pack.mjs MODULES FOLDER')
  const out = resolve(given)
  mkdirSync(out, { recursive: true })
  if (readdirSync(out).length > 0) throw new Error(`${out} is not empty`)
  const platforms = TARGETS.map(platformOf)
  const built = platforms.filter(({ file }) => existsSync(join(modules, file)))
  if (built.length === 0) throw new Error(`there is no native module in ${modules}; run \`npm run build\` first`)
  const licences = LICENCES.map((name) => [join(source, '..', name), name])
  const { name: packageName, version, license, repository, engines } = description

  const main = { ...description }
  for (const name of ['devDependencies', 'scripts']) delete main[name]
  main.optionalDependencies = Object.fromEntries(platforms.map(({ name }) => [`${packageName}-${name}`, version]))
  const own = description.files.filter((name) => !LICENCES.includes(name)).map((name) => [join(source, name), name])
  pack(join(out, 'package'), [...own, ...licences], main, out)

  for (const { name, file, os, cpu, libc } of built) {
    const about = { description: `The native module of ${packageName} for ${name}`, license, repository, engines }
    const content = { type: 'commonjs', main: file, files: [file] }
    const where = { os: [os], cpu: [cpu], ...(libc && { libc: [libc] }) }
    const platform = { name: `${packageName}-${name}`, version, ...about, ...content, ...where }
    pack(join(out, 'platform'), [[join(modules, file), file], ...licences], platform, out)
  }
  for (const name of readdirSync(out)) process.stdout.write(`${join(out, name)}\n`)
}

main(...process.argv.slice(2))
