/** What people are brought in from: a file as a stream, or what somebody picked from the phone's own address book. */
import {
  CardsError,
  type CardType,
  type CsvColumns,
  type CsvPlace,
  cardFrom,
  type ReadCard,
  readCards,
} from '@amanat/cards'

export type Given =
  | { readonly kind: 'file'; readonly file: File }
  | { readonly kind: 'picked'; readonly people: readonly Picked[] }

/** As the Contact Picker API gives it. */
export interface Picked {
  readonly name?: readonly string[]
  readonly tel?: readonly string[]
  readonly email?: readonly string[]
}

interface ContactPicker {
  select(properties: readonly string[], options: { multiple: boolean }): Promise<Picked[]>
}

/** There on Android; elsewhere undefined. */
export const contactPicker = (): ContactPicker | undefined => (navigator as { contacts?: ContactPicker }).contacts

export type Columns = Readonly<Record<string, CsvPlace>>

/** Larger than any address book that people made: a file of this size is something else. */
export const LARGEST = 200_000_000

/** Nothing in it can be read, and why: a code of @amanat/cards, or one of ours. */
export class Unreadable extends Error {
  constructor(readonly code: string) {
    super(code)
  }
}

export interface ReadingOf {
  readonly columns?: Columns
  readonly onColumns?: (columns: CsvColumns) => void
  readonly onShare?: (share: number) => void
}

export async function* cardsOf(
  given: Given,
  { columns = {}, onColumns, onShare }: ReadingOf,
): AsyncGenerator<ReadCard> {
  if (given.kind === 'picked') {
    for (const [index, { name, tel, email }] of given.people.entries())
      yield { line: index + 1, card: cardFrom({ name: name?.[0] ?? '', phones: tel ?? [], emails: email ?? [] }) }
    return
  }
  const { file } = given
  if (file.size > LARGEST) throw new Unreadable('TOO_LARGE')
  const known = await kindOf(file)
  if (known) throw new Unreadable(known)
  // Whoever said what its columns are knows that it is a sheet.
  const type: { type?: CardType } = Object.keys(columns).length > 0 ? { type: 'csv' } : {}
  try {
    yield* readCards(bytesOf(file, onShare), { ...type, columns, ...(onColumns ? { onColumns } : {}) })
  } catch (error) {
    if (error instanceof CardsError) throw new Unreadable(error.code)
    if (error instanceof DOMException) throw new Unreadable('FILE_GONE')
    throw error
  }
}

async function* bytesOf(file: File, onShare?: (share: number) => void): AsyncGenerator<Uint8Array> {
  const reader = file.stream().getReader()
  let done = 0
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      done += next.value.length
      onShare?.(done / file.size)
      yield next.value
    }
  } finally {
    await reader.cancel().catch(() => undefined)
  }
}

/** What people choose by mistake, told by its first bytes so that the sentence can be about it. */
async function kindOf(file: File): Promise<string | undefined> {
  const head = new Uint8Array(await file.slice(0, 8).arrayBuffer())
  const starts = (...bytes: readonly number[]) => bytes.every((byte, at) => head[at] === byte)
  if (starts(0x50, 0x4b, 0x03, 0x04)) return /\.(xlsx|xlsm|ods|numbers)$/i.test(file.name) ? 'WORKBOOK' : 'ARCHIVE'
  if (starts(0xd0, 0xcf, 0x11, 0xe0)) return 'WORKBOOK'
  if (starts(0x25, 0x50, 0x44, 0x46)) return 'PDF'
  if (starts(0xff, 0xd8, 0xff) || starts(0x89, 0x50, 0x4e, 0x47)) return 'PICTURE'
  return undefined
}
