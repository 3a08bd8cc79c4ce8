/** Finding somebody through a purpose's door. A hit by phone or e-mail counts like looking somebody up. */
import type { AddCommand } from '../command'
import { usage } from '../errors'
import { withVault } from '../open'
import { peopleTable } from '../people-table'
import { type PointOptions, pointFrom, typed, withPoint } from '../point'

interface Options extends PointOptions {
  readonly text?: string
}

export const find: AddCommand = (program, act) => {
  withPoint(
    program.command('find').description('find people of a purpose by name, phone or e-mail').argument('<purpose>'),
  )
    .option('--text <name>', 'by the beginning of a name; - reads it from stdin')
    .action(
      act(async (cli, purpose: string, { text, ...point }: Options) => {
        if (text !== undefined && (point.phone ?? point.email) !== undefined)
          throw usage('Find by one thing at a time.')
        const by = text === undefined ? await pointFrom(cli, point) : { text: await typed(cli, text) }
        const people = await withVault(cli, vault => vault.for(purpose).find(by))
        return { value: people, text: () => (people.length === 0 ? 'Nobody.' : peopleTable(people, cli.paint)) }
      }),
    )
}
