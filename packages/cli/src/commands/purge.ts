/** Forgetting what has expired. It happens by itself whenever the vault is used; `--locked` is for a cron job. */
import { dropExpired } from '@amanat/vault'
import type { AddCommand } from '../command'
import { withStore, withVault } from '../open'
import { number } from '../output'

export const purge: AddCommand = (program, act) => {
  program
    .command('purge')
    .description('forget what has expired, now')
    .option('--locked', 'without unlocking: for a cron job')
    .action(
      act(async (cli, { locked }: { readonly locked?: boolean }) => {
        const { clock } = cli.io
        if (locked) {
          const dropped = await withStore(cli, store => dropExpired(store, clock ? { clock } : {}))
          return {
            value: dropped,
            text: () => `Nothing from before ${dropped.tick} can be read; rows dropped: ${number(dropped.rows)}.`,
          }
        }
        const report = await withVault(cli, vault => vault.purge())
        return {
          value: report,
          text: () =>
            `Nothing from before ${report.tick} can be read. What had expired was forgotten when the vault was opened.`,
        }
      }),
    )
}
