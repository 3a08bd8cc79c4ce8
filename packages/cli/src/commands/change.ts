/** Changing a card by a merge patch (RFC 7396). What is replaced or removed is forgotten. */
import type { CardPatch, Policy } from '@amanat/vault'
import { type AddCommand, wholeNumber } from '../command'
import { usage } from '../errors'
import { readJson } from '../files'
import { withVault } from '../open'
import { present } from '../present'

interface Options {
  readonly patch: string
  readonly ifRevision?: number
  readonly source?: string
}

export const change: AddCommand = (program, act) => {
  program
    .command('change')
    .description('change a card; what is replaced or removed is forgotten')
    .argument('<id>')
    .requiredOption('--patch <file>', 'a merge patch of the card (RFC 7396) in JSON; - is stdin')
    .option('--if-revision <number>', 'only if this is still the revision', wholeNumber)
    .option('--source <text>', 'where new contact points came from')
    .action(
      act(async (cli, id: string, { patch, ifRevision, source }: Options) => {
        const parsed = await readJson(patch, '--patch', cli.io)
        if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
          throw usage('The patch is no JSON object.', 'Write { "field": new value, "another": null }.')
        }
        const revision = await withVault(cli, vault =>
          vault.change(id, parsed as CardPatch<Policy>, present({ ifRevision, source })),
        )
        return {
          value: revision,
          text: () => {
            const kept = `Changed: revision ${revision.revision}.`
            const { notKept } = revision
            return notKept.length === 0
              ? kept
              : `${kept}\nNot kept, because no consent covers it: ${notKept.join(', ')}.`
          },
        }
      }),
    )
}
