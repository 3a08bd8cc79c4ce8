/** Who is there for a purpose: ids, names, dates. No contact points. */
import { Option } from 'commander'
import { type AddCommand, wholeNumber } from '../command'
import { usage } from '../errors'
import { withVault } from '../open'
import { number } from '../output'
import { peopleTable } from '../people-table'
import { present } from '../present'

interface Options {
  readonly sort?: 'name' | 'until'
  readonly locale?: string
  readonly limit?: number
  readonly after?: string
}

const MOST = 1_000

export const list: AddCommand = (program, act) => {
  program
    .command('list')
    .description('who is there for a purpose: ids, names and dates')
    .argument('<purpose>')
    .addOption(new Option('--sort <by>', 'in which order').choices(['name', 'until']))
    .option('--locale <tag>', 'how names are ordered, such as fa')
    .option('--limit <count>', `how many, at most ${MOST} (default: 50)`, wholeNumber)
    .option('--after <cursor>', 'go on after an earlier list')
    .action(
      act(async (cli, purpose: string, { sort, locale, limit, after }: Options) => {
        if (limit === 0 || (limit ?? 1) > MOST) throw usage(`--limit is from 1 to ${MOST}.`)
        const found = await withVault(cli, vault => vault.for(purpose).list(present({ sort, locale, limit, after })))
        return {
          value: found,
          text: () => {
            const { people, total, next } = found
            if (people.length === 0) return 'Nobody.'
            const rest = next === undefined ? '' : `\n${number(total)} in all; go on with --after ${next}`
            return peopleTable(people, cli.paint) + rest
          },
        }
      }),
    )
}
