/** What every command is made of: who calls it with which options, and what it answers. */
import { type Command, InvalidArgumentError } from 'commander'
import type { Io } from './io'
import type { Paint } from './output'
import type { SecretOptions } from './unlock'

/** Options that every command takes. */
export interface Globals extends SecretOptions {
  readonly vault?: string
  readonly actor?: string
  readonly json?: boolean
}

export interface Cli {
  readonly io: Io
  readonly globals: Globals
  /** Colours for stdout. */
  readonly paint: Paint
  /** Tells something beside the answer, on stderr; made safe to show. */
  note(text: string): void
}

export interface Answer {
  /** For programs: what `--json` prints. */
  readonly value: unknown
  /** For people. */
  readonly text: () => string
  /** Default 0. */
  readonly exit?: number
}

/** Turns a handler into what commander calls: positional arguments, then the options, then the command itself. */
export type Act = <A extends readonly unknown[]>(
  handler: (cli: Cli, ...args: A) => Promise<Answer>,
) => (...args: unknown[]) => Promise<void>

/** Adds one command to the program. */
export type AddCommand = (program: Command, act: Act) => void

/** Collects an option that may be given several times. */
export const several = (value: string, before: readonly string[] = []): string[] => [...before, value]

/** @throws InvalidArgumentError */
export function wholeNumber(text: string): number {
  const value = Number(text)
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.')
  return value
}

const DURATION =
  /^P(?=\d|T)(?:\d{1,4}Y)?(?:\d{1,5}M)?(?:\d{1,5}W)?(?:\d{1,6}D)?(?:T(?=\d)(?:\d{1,6}H)?(?:\d{1,6}M)?(?:\d{1,6}S)?)?$/

/** @throws InvalidArgumentError */
export function duration(text: string): string {
  if (!DURATION.test(text) || !/[1-9]/.test(text)) {
    throw new InvalidArgumentError('It must be an ISO 8601 duration, such as P30D.')
  }
  return text
}

const INSTANT = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2}))?$/

/** @throws InvalidArgumentError */
export function instant(text: string): string {
  const at = INSTANT.test(text) ? new Date(text) : undefined
  // A day that no month has, such as 31 February, rolls over to another.
  const rolled = at && !Number.isNaN(at.getTime()) ? new Date(`${text.slice(0, 10)}T00:00Z`).toISOString() : ''
  if (!rolled.startsWith(text.slice(0, 10))) {
    throw new InvalidArgumentError('It must be a date such as 2026-05-03, or an instant with its offset.')
  }
  return text
}
