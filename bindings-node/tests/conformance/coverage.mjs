// What the script reached: a file of lines for the check over all languages.

import { writeFileSync } from 'node:fs'

export class Coverage {
  #lines = new Set(['language node'])

  /** An operation that succeeded, or a part of one. */
  operation(name) {
    this.#lines.add(`op ${name}`)
  }

  /** An error code that a line expected and got. */
  code(name) {
    this.#lines.add(`code ${name}`)
  }

  /** A file that ran to its end. */
  passed(file) {
    this.#lines.add(`passed ${file}`)
  }

  get lines() {
    return this.#lines
  }

  /** What both runs reached: an operation counts where its promise and its waiting form work. */
  static write(runs) {
    const path = process.env.OUROBOROSDB_COVERAGE
    if (!path) return
    const [first, ...others] = runs.map((run) => run.lines)
    const lines = [...first].filter((line) => others.every((other) => other.has(line)))
    writeFileSync(path, lines.sort().map((line) => `${line}\n`).join(''))
  }
}
