/** Questions on a terminal: shown on stderr, never when there is nobody to answer. */
import type { Readable, Writable } from 'node:stream'
import { confirm, isCancel, password, select, text } from '@clack/prompts'
import { CliError } from './errors'
import { canAsk, type Io } from './io'

const on = ({ stdin, stderr, signal }: Io) => ({
  input: stdin as unknown as Readable,
  output: stderr as unknown as Writable,
  ...(signal ? { signal } : {}),
})

function answered<T>(answer: T): Exclude<T, symbol> {
  if (isCancel(answer)) throw new CliError('INTERRUPTED', 'Stopped; nothing was done.', 'Run the command again.')
  return answer as Exclude<T, symbol>
}

const NOT_EMPTY = (value: string | undefined) => (value?.trim() ? undefined : 'Something must be here.')

export async function askSecret(io: Io, message: string): Promise<string> {
  return answered(await password({ ...on(io), message, validate: NOT_EMPTY }))
}

export async function askText(io: Io, message: string, initialValue?: string): Promise<string> {
  const initial = initialValue === undefined ? {} : { initialValue }
  return answered(await text({ ...on(io), message, validate: NOT_EMPTY, ...initial }))
}

export async function askOne(io: Io, message: string, options: { value: string; label: string }[]): Promise<string> {
  return answered(await select({ ...on(io), message, options }))
}

/** @throws CliError `NOT_CONFIRMED` when the answer is no, or nobody can be asked and --yes wasn't given. */
export async function askConfirm(io: Io, message: string, yes: boolean | undefined): Promise<void> {
  if (yes) return
  if (canAsk(io) && answered(await confirm({ ...on(io), message, initialValue: false }))) return
  throw new CliError('NOT_CONFIRMED', 'Nothing was done, because it was not confirmed.', 'Confirm with --yes.')
}
