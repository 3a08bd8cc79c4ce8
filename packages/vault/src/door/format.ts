// What turns the people of an export into a file: the port that address-book formats implement.
// The door decides who and which fields; a format only writes what it is given, one person after another,
// and never holds all of them.
import type { Card } from '../contact/jscontact'

/** One person as an export writes them: only the fields of the purpose and the agreed scope. */
export interface ExportedPerson {
  readonly card: Card
}

/** What a format may say in the file about the export itself. */
export interface FormatContext {
  readonly purpose: string
  readonly recipient: string
  /** ISO 8601 instant by which the recipient must have destroyed the file. */
  readonly destroyBy: string
  /** ISO 8601 instant of the export. */
  readonly exported: string
}

/** A file format, registered by name when a vault is opened. */
export interface Format {
  /** As the ledger and the manifest name it, such as `vcard`. */
  readonly name: string
  /** Of the format as written, such as `4.0`; on the ledger too. */
  readonly version: string
  readonly mediaType: string
  /** Without the dot. */
  readonly extension: string
  /** Streams the file: takes the next person only when the bytes before were taken. */
  write(people: AsyncIterable<ExportedPerson>, context: FormatContext): AsyncIterable<Uint8Array>
}

/** By the name that exports ask for: each format, or what loads it when it is first asked for. */
export type Formats = Readonly<Record<string, Format | (() => Promise<Format>)>>
