/** What is recorded of one person's consents: states, dates, how well they are proved. No contact points. */
import type { AddCommand } from '../command'
import { withVault } from '../open'
import { date, table } from '../output'

export const consents: AddCommand = (program, act) => {
  program
    .command('consents')
    .description('what one person agreed to, and since when')
    .argument('<id>')
    .action(
      act(async (cli, id: string) => {
        const found = await withVault(cli, vault => vault.consents(id))
        return {
          value: found,
          text: () =>
            found.length === 0
              ? 'Nothing is recorded.'
              : table(
                  ['Purpose', 'State', 'Proved', 'Given', 'Until', 'Recipients'],
                  found.map(one => [
                    one.purpose,
                    one.state,
                    one.assurance,
                    one.given && date(one.given),
                    one.until && date(one.until),
                    one.recipients?.join(', '),
                  ]),
                  cli.paint,
                ),
        }
      }),
    )
}
