/** Of whom an export or a check is to be. */
import type { ExportWho, Policy } from '@amanat/vault'
import type { Command } from 'commander'
import { several } from './command'
import { present } from './present'

export interface WhoOptions {
  readonly recipient: string
  readonly id?: string[]
  readonly text?: string
  readonly field?: string[]
}

export const withWho = (command: Command): Command =>
  command
    .requiredOption('--recipient <id>', 'for whom')
    .option('--id <id>', 'these people only (again for more)', several)
    .option('--text <name>', 'those whose name begins so')
    .option('--field <field>', 'these fields only (again for more)', several)

export const whoFrom = ({ recipient, id, text, field }: WhoOptions): ExportWho<Policy, string> => ({
  recipient,
  ...present({ ids: id, query: text === undefined ? undefined : { text }, fields: field as never }),
})
