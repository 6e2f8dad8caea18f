// What a line says about a new event, as options.

import { Mistake } from '../outcome.mjs'
import { splitOnce } from '../statement.mjs'
import * as words from '../words.mjs'

const FLAGS = { true: true, false: false }
const NOT_OF_THE_EVENT = ['cancel', 'cancel_within', 'progress', 'file', 'under', 'call_durability']

export function newEvent(names, statement) {
  const fields = {}
  // Pairs and no object, which could not say the same name twice.
  const attributes = []
  for (const [key, value] of statement.options) {
    if (key === 'metadata') {
      fields.metadata = words.evaluate(names, value)
    } else if (key === 'attribute') {
      const [name, word] = splitOnce(value, '=')
      attributes.push([words.text(names, name), words.evaluate(names, word)])
    } else if (key === 'follows') {
      fields.follows = words.text(names, value).split(',')
    } else if ((key === 'temporary' || key === 'full_text') && value in FLAGS) {
      fields[key === 'temporary' ? key : 'fullText'] = FLAGS[value]
    } else if (key === 'durability') {
      fields.durability = words.text(names, value)
    } else if (key === 'expires_ms') {
      fields.expires = words.number(names, value)
    } else if (!NOT_OF_THE_EVENT.includes(key)) {
      throw new Mistake(`a new event has no \`${key}=${value}\``)
    }
  }
  if (attributes.length > 0) fields.attributes = attributes
  return fields
}
