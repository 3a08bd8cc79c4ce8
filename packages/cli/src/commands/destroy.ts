/** Removing the whole vault. Needs no passphrase: whoever forgot it must be able to, and a folder can be deleted anyway. */

import { askConfirm } from '../ask'
import type { AddCommand } from '../command'
import { withStore } from '../open'

export const destroy: AddCommand = (program, act) => {
  program
    .command('destroy')
    .description('remove the whole vault: nobody can open it again, nor copies of its rows')
    .option('--yes', 'that is what is wanted')
    .action(
      act(async (cli, { yes }: { readonly yes?: boolean }) => {
        await withStore(cli, async store => {
          await askConfirm(cli.io, 'Destroy the whole vault, for good?', yes)
          await store.destroy()
        })
        return {
          value: { destroyed: true },
          text: () => 'Destroyed. Exports, backups and whole copies of the folder are not reached.',
        }
      }),
    )
}
