/** Saying that this machine's clock is right after it jumped ahead: what expired meanwhile is forgotten then. */
import type { AddCommand } from '../command'
import { withVault } from '../open'

export const confirmTime: AddCommand = (program, act) => {
  program
    .command('confirm-time')
    .description("say that this machine's date is right, after it jumped ahead")
    .action(
      act(async cli => {
        await withVault(cli, vault => vault.confirmTime())
        return { value: { confirmed: true }, text: () => 'Confirmed: what has expired is forgotten.' }
      }),
    )
}
