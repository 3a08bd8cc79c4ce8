/** How and when somebody said no, or took a consent back. */
import type { Given } from '@amanat/vault'
import type { Command } from 'commander'
import { instant } from './command'
import { present } from './present'

export interface Answered {
  readonly how?: string
  readonly at?: string
}

export const withAnswer = (command: Command): Command =>
  command
    .option('--how <how>', 'how they said it: verbal, sms, email, …')
    .option('--at <date>', 'when (default: now)', instant)

export const saidHow = ({ how, at }: Answered): Given | undefined =>
  how === undefined && at === undefined ? undefined : { how: how ?? 'not said', ...present({ at }) }
