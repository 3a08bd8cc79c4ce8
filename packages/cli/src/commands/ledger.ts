/** What was done, by whom and when. Ids, counts and hashes: nobody's name. */
import type { LedgerLine, LedgerQuery } from '@amanat/vault'
import { type AddCommand, instant } from '../command'
import { withVault } from '../open'
import { date, table } from '../output'
import { present } from '../present'

interface Options {
  readonly type?: string
  readonly by?: string
  readonly contact?: string
  readonly since?: string
  readonly before?: string
}

export const ledger: AddCommand = (program, act) => {
  program
    .command('ledger')
    .description('what was done, by whom and when')
    .option('--type <type>', 'only entries of this type, such as export-refused')
    .option('--by <actor>', 'only what this actor did')
    .option('--contact <id>', 'only what is about this contact')
    .option('--since <date>', 'from this date on', instant)
    .option('--before <date>', 'until before this date', instant)
    .action(
      act(async (cli, { type, by, contact, since, before }: Options) => {
        const query = present({ type: type as LedgerQuery['type'], actor: by, contact, since, before })
        const lines = await withVault(cli, async vault => {
          const all: LedgerLine[] = []
          for await (const line of vault.ledger.entries(query)) all.push(line)
          return all
        })
        return {
          value: lines,
          text: () =>
            lines.length === 0
              ? 'Nothing.'
              : table(
                  ['No', 'When', 'Type', 'By', 'What'],
                  lines.map(({ index, at, type, actor, ...details }) => [
                    index,
                    date(at),
                    type,
                    actor,
                    inLine(details),
                  ]),
                  cli.paint,
                ),
        }
      }),
    )
}

const inLine = (details: Readonly<Record<string, unknown>>): string =>
  Object.entries(details)
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' ')
