/** Where people without consent wait to be asked: seen one at a time, and counted. */
import { VaultError } from '@amanat/vault'
import { cardLines } from '../card-lines'
import { type AddCommand, wholeNumber } from '../command'
import { usage } from '../errors'
import { withVault } from '../open'
import { date, number, pairs, table } from '../output'
import { present } from '../present'

interface Options {
  readonly limit?: number
  readonly after?: string
}

const MOST = 1_000

export const quarantine: AddCommand = (program, act) => {
  const room = program.command('quarantine').description('who waits to be asked for consent')
  room
    .command('list', { isDefault: true })
    .description('names and dates')
    .option('--limit <count>', `how many, at most ${MOST} (default: 50)`, wholeNumber)
    .option('--after <cursor>', 'go on after an earlier list')
    .action(
      act(async (cli, { limit, after }: Options) => {
        if (limit === 0 || (limit ?? 1) > MOST) throw usage(`--limit is from 1 to ${MOST}.`)
        const found = await withVault(cli, vault => vault.quarantine.list(present({ limit, after })))
        return {
          value: found,
          text: () => {
            if (found.people.length === 0) return 'Nobody.'
            const rows = found.people.map(({ id, until, name }) => [id, date(until), name])
            const rest =
              found.next === undefined ? '' : `\n${number(found.total)} in all; go on with --after ${found.next}`
            return table(['Id', 'Until', 'Name'], rows, cli.paint) + rest
          },
        }
      }),
    )
  room
    .command('show')
    .description('one person, to ask them; counted, and recorded with the actor')
    .argument('<id>')
    .action(
      act(async (cli, id: string) => {
        const found = await withVault(cli, vault => vault.quarantine.reveal(id))
        if (!found) throw new VaultError('UNKNOWN_CONTACT')
        return {
          value: found,
          text: () =>
            pairs([
              ['id', found.id],
              ['until', date(found.until)],
              ['may be asked', found.mayAsk ?? 'no: no ground was recorded'],
              ...cardLines(found.card),
              ...Object.entries(found.source).map(([path, source]) => [`source of ${path}`, source] as const),
            ]),
        }
      }),
    )
}
