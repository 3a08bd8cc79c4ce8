/** How a consent was expressed, as options: shared by `consent` and by an import that comes with consents. */
import type { NewConsent, Policy } from '@amanat/vault'
import type { Command } from 'commander'
import { instant, several } from './command'
import { usage } from './errors'
import { present } from './present'

export interface GivenOptions {
  readonly how?: string
  readonly words?: string
  readonly at?: string
  readonly until?: string
  readonly recipient?: string[]
  readonly field?: string[]
  readonly notice?: string
  readonly language?: string
  readonly guardian?: string
  readonly guardianUntil?: string
}

export const withGiven = (command: Command): Command =>
  command
    .option('--how <how>', 'how it was given: paper, web-form, verbal, sms, email, …')
    .option('--words <text>', 'the method in words')
    .option('--at <date>', 'when it was given (default: now)', instant)
    .option('--until <date>', 'sooner than the purpose would keep', instant)
    .option('--recipient <id>', 'whom the details may be handed to (again for more; default: nobody)', several)
    .option('--field <field>', 'only these fields of the purpose (again for more)', several)
    .option('--notice <id>', 'which notice they were shown')
    .option('--language <tag>', 'in which language')
    .option('--guardian <authority>', 'a guardian gave it, with this authority')
    .option('--guardian-until <date>', 'until when the guardian may', instant)

/** @throws CliError `USAGE` */
export function consentFrom(purpose: string, options: GivenOptions, how = options.how): NewConsent<Policy> {
  if (how === undefined) throw usage('How was it given?', 'Say with --how: paper, web-form, verbal, sms, email, …')
  const { words, at, until, recipient, field, notice, language, guardian, guardianUntil } = options
  return {
    purpose,
    ...present({ until, notice, language, recipients: recipient, fields: field }),
    given: {
      how,
      ...present({ words, at, authority: guardian, authorityUntil: guardianUntil }),
      ...(guardian === undefined ? {} : { by: 'guardian' }),
    },
  }
}
