// Cancelling and watching: an `AbortController` is what the script calls a cancel token.


/** What the function saw that watched a call. */
class Watched {
  calls = 0
  bytes = 0
  items = 0
}

/**
 * What the line says about cancelling and watching the call, as options. The function that watches asks the database
 * for its figures, to show that it may.
 */
export function control(names, statement, database) {
  const options = {}
  const [cancel, within] = [statement.option('cancel'), statement.option('cancel_within')]
  if (cancel !== null) options.signal = names.handle(cancel, AbortController).signal
  if (within !== null) {
    const controller = names.handle(within, AbortController)
    options.signal = controller.signal
    options.progress = () => controller.abort()
  }
  const progress = statement.option('progress')
  if (progress !== null) {
    const seen = new Watched()
    names.keep(progress, seen)
    options.progress = ({ bytes, items }) => {
      seen.calls += 1
      Object.assign(seen, { bytes, items })
      database?.statsSync()
    }
  }
  return options
}

function watched(names, statement) {
  const [progress] = statement.arguments(1)
  return names.handle(progress, Watched)[statement.field.replace('progress_', '')]
}

const token = (names, statement) => names.handle(...statement.arguments(1), AbortController)

export default {
  cancel_token: () => new AbortController(),
  'cancel_token.cancel': (names, statement) => token(names, statement).abort(),
  'cancel_token.is_cancelled': (names, statement) => token(names, statement).signal.aborted,
  'script.progress_calls': watched,
  'script.progress_bytes': watched,
  'script.progress_items': watched,
}

