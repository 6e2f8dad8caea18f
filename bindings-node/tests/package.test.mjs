// The package as it is used: by `require` and `import`, with its types, for the quickstart, and complete.

import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'

import * as imported from 'ouroborosdb'

import { scratch } from './scratch.mjs'

const here = (path) => fileURLToPath(new URL(path, import.meta.url))
const types = readFileSync(here('../index.d.cts'), 'utf8')

test('require gives what import gives', () => {
  const required = createRequire(import.meta.url)('ouroborosdb')
  assert.deepEqual(Object.keys(required).sort(), Object.keys(imported).filter((name) => name !== 'default').sort())
  for (const [name, value] of Object.entries(required)) assert.equal(imported[name], value, name)
})

test('the types hold', () => {
  const compiler = here('../node_modules/.bin/tsc')
  execFileSync(process.execPath, [compiler, '--project', here('types')], { stdio: 'pipe', encoding: 'utf8' })
})

test('each exported name and each error code has its type', () => {
  for (const name of Object.keys(imported)) {
    assert.match(types, new RegExp(`export declare (class|function|const) ${name}\\b`), name)
  }
  const union = /export type Code =((?:\s+\| '\w+')+)/.exec(types)[1].match(/\w+/g)
  assert.deepEqual(union.sort(), Object.keys(imported.ErrorCode).sort())
})

test('each method has both forms, and each has its type', () => {
  const streams = ['createReadStream', 'createWriteStream', 'watch']
  const plain = ['attribute', 'equals', 'toBuffer', 'toJSON', 'toString', ...streams]
  for (const name of ['Batch', 'Changes', 'Database', 'Event', 'EventId', 'FileReader', 'FileWriter']) {
    const own = Object.getOwnPropertyNames(imported[name].prototype).filter((method) => method !== 'constructor')
    const described = new RegExp(`export declare class ${name} [^]*?\\n}`).exec(types)[0]
    for (const method of own) {
      const isGetter = Object.getOwnPropertyDescriptor(imported[name].prototype, method).get !== undefined
      assert.match(described, new RegExp(isGetter ? `readonly ${method}\\b` : `${method}\\(`), `${name}.${method}`)
      if (isGetter || plain.includes(method)) continue
      const other = method.endsWith('Sync') && method !== 'sync' ? method.slice(0, -4) : `${method}Sync`
      assert.ok(own.includes(other), `${name}.${method} has no ${other}`)
    }
  }
})

test('each operation is there by the name that operations.toml has for it', () => {
  const list = readFileSync(here('../../operations.toml'), 'utf8')
  const names = [...list.matchAll(/^node = "(.*)"$/gm)].map(([, name]) => name)
  assert.equal(names.length, list.match(/^\[\[operation\]\]$/gm).length)
  for (const name of names) {
    // Behind a bracket stand the options of a call.
    const [head, member] = name.replace(/\(.*$/, '').split('.')
    const isClass = typeof imported[head] === 'function' && member !== undefined
    if (isClass) assert.ok(member in imported[head].prototype, name)
    else if (/^\w+$/.test(name) && name !== 'AbortController') assert.equal(typeof imported[name], 'function', name)
  }
})

test('the quickstart prints what it prints in every language', (context) => {
  const folder = scratch(context)
  mkdirSync(join(folder, 'node_modules'))
  symlinkSync(here('..'), join(folder, 'node_modules/ouroborosdb'))
  copyFileSync(here('../../examples/quickstart.mjs'), join(folder, 'quickstart.mjs'))
  const program = [join(folder, 'quickstart.mjs'), join(folder, 'store')]
  const printed = execFileSync(process.execPath, program, { encoding: 'utf8' })
  assert.equal(printed, readFileSync(here('../../examples/expected.txt'), 'utf8'))
})
