/** One person through a purpose's door. Their contact points only with --reveal, which is counted and recorded. */
import { VaultError } from '@amanat/vault'
import { cardLines } from '../card-lines'
import type { AddCommand } from '../command'
import { withVault } from '../open'
import { date, pairs } from '../output'

export const show: AddCommand = (program, act) => {
  program
    .command('show')
    .description('one person, as far as the purpose goes')
    .argument('<purpose>')
    .argument('<id>')
    .option('--reveal', 'contact points too; counted, and recorded with the actor')
    .action(
      act(async (cli, purpose: string, id: string, { reveal }: { readonly reveal?: boolean }) => {
        const contact = await withVault(cli, async vault => {
          const door = vault.for(purpose)
          return reveal ? door.reveal(id) : door.get(id)
        })
        if (!contact) throw new VaultError('UNKNOWN_CONTACT')
        return {
          value: contact,
          text: () =>
            pairs([
              ['id', contact.id],
              ['until', date(contact.until)],
              ['proved', contact.assurance],
              ['revision', contact.revision],
              ...cardLines(contact.card),
            ]),
        }
      }),
    )
}
