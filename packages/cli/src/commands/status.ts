/** How the vault stands: counts, what comes next, and what this machine can promise. */
import type { AddCommand } from '../command'
import { withVault } from '../open'
import { counts, date, number } from '../output'
import { plain } from '../terminal'
import { promises } from '../words'

const SOON = 'P30D'
const SHOWN = 5

export const status: AddCommand = (program, act) => {
  program
    .command('status')
    .description('counts, what expires next, and what this machine can promise')
    .action(
      act(async cli => {
        const value = await withVault(cli, async vault => {
          const purposes: Record<string, number> = {}
          for (const purpose of Object.keys(vault.policy.purposes)) purposes[purpose] = await vault.for(purpose).count()
          const ends = new Map<string, number>()
          let soon = 0
          for await (const { until } of vault.expiring(SOON)) {
            soon++
            ends.set(until, (ends.get(until) ?? 0) + 1)
          }
          const guarantees = await vault.guarantees()
          return {
            vault: vault.id,
            version: vault.version,
            controller: vault.policy.controller.name,
            purposes,
            quarantine: await vault.quarantine.count(),
            expiring: {
              within: SOON,
              consents: soon,
              next: [...ends].map(([until, consents]) => ({ until, consents })),
            },
            guarantees,
            promises: promises(guarantees),
          }
        })
        return {
          value,
          text: () => {
            const { controller, purposes, quarantine, expiring } = value
            const listed = [
              ...Object.entries(purposes).map(([purpose, count]) => [count, purpose] as const),
              [quarantine, 'in quarantine'] as const,
            ]
            const next = expiring.next
              .slice(0, SHOWN)
              .map(({ until, consents }) => [consents, `until ${date(until)}`] as const)
            return [
              cli.paint('bold', plain(controller)),
              `vault ${value.vault}, version ${number(value.version)}`,
              '',
              counts(listed),
              '',
              next.length === 0
                ? 'No consent ends within 30 days.'
                : `Consents that end within 30 days, ${number(expiring.consents)} in all:\n${counts(next)}`,
              '',
              ...value.promises,
            ].join('\n')
          },
        }
      }),
    )
}
