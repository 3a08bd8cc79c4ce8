// Cells of an organisation's own fields, as the types that its policy gives them. What isn't surely one is none: it is told, and
// left out, for a policy refuses a whole row for it.
import type { Policy } from '@amanat/vault'
import { ascii, cellDate, type DateOrder } from './dates'
import { fold } from './places'

/** What an organisation's own fields hold, as its policy says; text where it says nothing. */
export type CustomTypes = NonNullable<Policy['custom']>
export type CustomType = CustomTypes[keyof CustomTypes]

const words = (list: string) => new Set(list.split('|').map(fold))
const YES = words('yes|y|true|1|x|✓|✔|ja|oui|vrai|wahr|بله|بلی|آری')
const NO = words('no|n|false|0|nein|non|faux|falsch|خیر|نه')
/** Longer than any number that a double tells apart from its neighbours. */
const LONGEST_NUMBER = 30
// A comma before three digits may part thousands, and then it isn't known which number it is.
const NUMBER = /^[+-]?\d+(?:\.\d+|,(?:\d{1,2}|\d{4,}))?$/

/** Undefined where the cell isn't surely of that type. A date comes as ISO 8601. */
export function customValue(
  type: Exclude<CustomType, 'text'>,
  cell: string,
  order: DateOrder | undefined,
): number | boolean | string | undefined {
  if (type === 'number') {
    const text = cell.length > LONGEST_NUMBER ? '' : ascii(cell)
    return NUMBER.test(text) ? Number(text.replace(',', '.')) : undefined
  }
  if (type === 'boolean') {
    const word = fold(cell)
    return YES.has(word) ? true : NO.has(word) ? false : undefined
  }
  const { year, month, day } = cellDate(cell, order) ?? {}
  if (year === undefined || month === undefined || day === undefined) return undefined
  const padded = (part: number, length: number) => String(part).padStart(length, '0')
  return `${padded(year, 4)}-${padded(month, 2)}-${padded(day, 2)}`
}
