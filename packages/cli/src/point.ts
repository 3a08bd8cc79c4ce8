/** A contact point on the command line; `-` reads it from stdin, since arguments stand in a shell's history. */
import type { Command } from 'commander'
import type { Cli } from './command'
import { usage } from './errors'
import { readAll } from './io'

export interface PointOptions {
  readonly phone?: string
  readonly email?: string
}

export const withPoint = (command: Command): Command =>
  command
    .option('--phone <number>', 'by phone number, however it is written; - reads it from stdin')
    .option('--email <address>', 'by e-mail address; - reads it from stdin')

/** @throws CliError `USAGE` */
export async function pointFrom(
  cli: Cli,
  { phone, email }: PointOptions,
): Promise<{ phone: string } | { email: string }> {
  if ((phone === undefined) === (email === undefined)) throw usage('Whom?', 'Give either --phone or --email.')
  return phone !== undefined ? { phone: await typed(cli, phone) } : { email: await typed(cli, email ?? '') }
}

export async function typed({ io }: Cli, value: string): Promise<string> {
  const text = value === '-' ? new TextDecoder().decode(await readAll(io.stdin)) : value
  if (text.trim() === '') throw usage('There is nothing to look for.')
  return text.trim()
}
