// The conformance script, a test for each of its files, once with promises and once waiting.
//
// `conformance/README.md` at the top of the repository specifies the script. What both runs reached is written at the
// end.

import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { after, describe, test } from 'node:test'

import { Coverage } from './conformance/coverage.mjs'
import { asynchronous, synchronous } from './conformance/modes.mjs'
import { runFile } from './conformance/run.mjs'
import { scratch } from './scratch.mjs'

const folder = new URL('../../conformance/', import.meta.url)
const files = readdirSync(folder).filter((name) => name.endsWith('.txt')).sort()
const runs = []

test('the script is there', () => assert.ok(files.length > 1, `there are no script files in ${folder}`))

for (const mode of [asynchronous, synchronous]) {
  describe(mode.name, () => {
    const coverage = new Coverage()
    runs.push(coverage)
    for (const file of files) {
      test(file, async (context) => {
        await runFile(new URL(file, folder), scratch(context), mode, coverage)
        coverage.passed(file)
      })
    }
  })
}

after(() => Coverage.write(runs))
