/** Whose contact point this is, for any purpose and in quarantine: for STOP and for requests to see one's own data. */
import type { AddCommand } from '../command'
import { withVault } from '../open'
import { type PointOptions, pointFrom, withPoint } from '../point'

export const identify: AddCommand = (program, act) => {
  withPoint(program.command('identify').description('ids of whoever has a phone number or address; recorded')).action(
    act(async (cli, options: PointOptions) => {
      const point = await pointFrom(cli, options)
      const ids = await withVault(cli, vault => vault.identify(point))
      return { value: ids, text: () => (ids.length === 0 ? 'Nobody.' : ids.join('\n')) }
    }),
  )
}
