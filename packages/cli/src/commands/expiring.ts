/** Whose consent ends soon: early enough to ask them again. */
import type { Expiring, Policy } from '@amanat/vault'
import { type AddCommand, duration } from '../command'
import { withVault } from '../open'
import { date, table } from '../output'

export const expiring: AddCommand = (program, act) => {
  program
    .command('expiring')
    .description('whose consent ends soon')
    .argument('<within>', 'an ISO 8601 duration, such as P30D', duration)
    .action(
      act(async (cli, within: string) => {
        const found = await withVault(cli, async vault => {
          const all: Expiring<Policy>[] = []
          for await (const one of vault.expiring(within)) all.push(one)
          return all
        })
        return {
          value: found,
          text: () =>
            found.length === 0
              ? 'Nobody.'
              : table(
                  ['Id', 'Until', 'Proved', 'Purpose'],
                  found.map(one => [one.id, date(one.until), one.assurance, one.purpose]),
                  cli.paint,
                ),
        }
      }),
    )
}
