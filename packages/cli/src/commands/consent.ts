/** Recording that somebody agreed. What proves it is the document itself; without one it is a claim, for 30 days. */
import type { NewConsent, Policy } from '@amanat/vault'
import type { AddCommand } from '../command'
import { readGiven } from '../files'
import { consentFrom, type GivenOptions, withGiven } from '../given'
import { withVault } from '../open'
import { present } from '../present'
import { receiptText } from '../receipt-text'

interface Options extends GivenOptions {
  readonly evidence?: string
  readonly evidenceKind?: string
  readonly evidenceReference?: string
}

export const consent: AddCommand = (program, act) => {
  withGiven(
    program
      .command('consent')
      .description('record that somebody agreed to a purpose')
      .argument('<id>')
      .argument('<purpose>'),
  )
    .option('--evidence <file>', 'the document, recording or form; kept sealed')
    .option('--evidence-kind <kind>', 'what it is: scan, recording, form, message, … (default: document)')
    .option('--evidence-reference <text>', 'where it lies instead; alone it is a claim')
    .action(
      act(async (cli, id: string, purpose: string, options: Options) => {
        const { evidence, evidenceKind: kind = 'document', evidenceReference: reference } = options
        const plain = consentFrom(purpose, options)
        const content = evidence === undefined ? undefined : await readGiven(evidence, '--evidence', cli.io)
        const none = content === undefined && reference === undefined
        const proved = none ? {} : { evidence: { kind, ...present({ content, reference }) } }
        const given: NewConsent<Policy> = { ...plain, given: { ...plain.given, ...proved } }
        const receipt = await withVault(cli, vault => vault.consent(id, given))
        return { value: receipt, text: () => receiptText(receipt) }
      }),
    )
}
