/** What an export would be answered, without exporting. */
import type { AddCommand } from '../command'
import { withVault } from '../open'
import { people } from '../output'
import { type WhoOptions, whoFrom, withWho } from '../who'
import { reasonLines, toDo } from '../words'

export const check: AddCommand = (program, act) => {
  withWho(program.command('check').description('what an export would be answered').argument('<purpose>')).action(
    act(async (cli, purpose: string, options: WhoOptions) => {
      const decision = await withVault(cli, vault => vault.for(purpose).check(whoFrom(options)))
      return {
        value: decision,
        text: () => {
          const { allowed, refused } = decision
          const yes = `${people(allowed)} could be exported.`
          return Object.keys(refused).length === 0
            ? yes
            : [yes, 'Not in it:', reasonLines(refused), ...toDo(refused)].join('\n')
        },
      }
    }),
  )
}
