/** Actors stand in every entry: short, and never empty. @throws TypeError */
export function checkedActor(actor: unknown): string {
  if (typeof actor !== 'string' || actor.trim() === '' || actor.length > 200) {
    throw new TypeError('an actor is named in 1 to 200 characters, such as staff:leila')
  }
  return actor
}
