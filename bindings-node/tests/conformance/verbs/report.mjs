import { Mistake } from '../outcome.mjs'

/** A report, which is a plain frozen object, as a handle. */
export class Report {
  #report

  constructor(report) {
    if (!Object.isFrozen(report)) throw new Mistake('a report is frozen')
    this.#report = report
  }

  field(name) {
    const value = this.#report[name]
    if (value === undefined) throw new Mistake(`the report has no \`${name}\``)
    return value
  }
}
