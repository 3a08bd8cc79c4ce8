/** Somebody who isn't here and doesn't want to be. */
import type { AddCommand } from '../command'
import { withVault } from '../open'
import { type PointOptions, pointFrom, withPoint } from '../point'

export const suppress: AddCommand = (program, act) => {
  withPoint(program.command('suppress').description('somebody who is not here does not want to be')).action(
    act(async (cli, options: PointOptions) => {
      const point = await pointFrom(cli, options)
      await withVault(cli, vault => vault.suppress(point))
      return { value: { suppressed: 1 }, text: () => 'Recorded: an import will not bring them in.' }
    }),
  )
}
