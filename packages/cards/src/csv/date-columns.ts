// In which order the dates of a sheet are written, where its cells show it: `25/3/1985` can be nothing but day first, so
// `9/6/2012` below it is the ninth of June. The first rows are looked at before any is given, so that the same file always
// reads the same; a column whose cells contradict one another shows nothing, from the first that does. A program writes all its dates
// alike, and what shows in one of its columns holds for the others; in a sheet of nobody's making each column is its own.
// Dates of consents are not settled like this: a claim rests on what its own row says, or on the order that is said.
import { type DateOrder, LONGEST_DATE } from './dates'
import type { Column } from './places'

/** Rows that are looked at before the first one is given. */
export const SAMPLE = 1_000

const TWO = /^\s*'?([0-9۰-۹٠-٩]{1,2})([/-])([0-9۰-۹٠-٩]{1,2})(?:\2[0-9۰-۹٠-٩]{4})?(?:[T ].*)?\s*$/

/** What a cell shows of the order: nothing if it may be two dates, or none. */
export function orderShown(cell: string): DateOrder | undefined {
  const parts = cell.length > LONGEST_DATE ? null : TWO.exec(cell)
  if (!parts) return undefined
  const [one, two] = [numberOf(parts[1] as string), numberOf(parts[3] as string)]
  if (one > 12 && one <= 31 && two >= 1 && two <= 12) return 'dmy'
  return two > 12 && two <= 31 && one >= 1 && one <= 12 ? 'mdy' : undefined
}

const numberOf = (digits: string) => Number(digits.replace(/\D/g, digit => String(digit.charCodeAt(0) & 0xf)))

export const isDated = (column: Column | undefined): boolean =>
  column !== undefined && !column.label && (column.place === 'birthday' || column.place === 'event')

export class DateColumns {
  readonly #columns: readonly number[]
  readonly #alike: boolean
  readonly #shown = new Map<number, DateOrder | 'both'>()

  constructor(columns: readonly (Column | undefined)[], alike: boolean) {
    this.#columns = columns.flatMap((column, index) => (isDated(column) ? [index] : []))
    this.#alike = alike
  }

  /** Whether there is anything to find out. */
  get any(): boolean {
    return this.#columns.length > 0
  }

  /** One of the first rows; `later`: one that comes when it is settled, and can only contradict. */
  see(cells: readonly string[], later = false): void {
    for (const index of this.#columns) {
      const key = this.#alike ? -1 : index
      const before = this.#shown.get(key)
      if (later && before === undefined) continue
      const order = orderShown(cells[index] ?? '')
      if (order !== undefined) this.#shown.set(key, before === undefined || before === order ? order : 'both')
    }
  }

  order(index: number): DateOrder | undefined {
    const shown = this.#shown.get(this.#alike ? -1 : index)
    return shown === 'both' ? undefined : shown
  }
}
