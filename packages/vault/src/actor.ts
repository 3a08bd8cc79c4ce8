/** Actors stand in every entry: short, and never empty. @throws TypeError */
export function checkedActor(actor: unknown): string {
  if (typeof actor !== 'string' || actor.trim() === '' || actor.length > 200) {
    throw new TypeError('an actor is named in 1 to 200 characters, such as staff:leila')
  }
  return actor
}

const MAX_LABEL = 100

/** Names a way of unlocking. It stands in the root: one that is no text would make a vault that nobody can open. @throws TypeError */
export function checkedLabel(label: unknown): string {
  if (typeof label !== 'string' || label.trim() === '' || label.length > MAX_LABEL) {
    throw new TypeError(`a label is 1 to ${MAX_LABEL} characters`)
  }
  return label
}
