/** People as lists and searches show them, the name last. */
import type { Person } from '@amanat/vault'
import { date, type Paint, table } from './output'

export const peopleTable = (people: readonly Person[], paint: Paint): string =>
  table(
    ['Id', 'Until', 'Proved', 'Name'],
    people.map(({ id, until, assurance, name }) => [id, date(until), assurance, name ?? '']),
    paint,
  )
