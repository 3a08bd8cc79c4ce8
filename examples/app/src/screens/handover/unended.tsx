/**
 * Exports that were begun and neither ended nor broke off, as the record has them: the page was closed in the middle. They count
 * as handed over (R29), so this is said until the day by which they must be destroyed.
 */
import type { AnyVault, LedgerLine } from '@amanat/vault'
import { useTranslation } from 'react-i18next'
import { Say } from '../../design/parts'
import { useFormat } from '../../i18n/format'
import { useAnswer } from '../../vaults/answer'
import { useSession } from '../../vaults/session'
import { receiverOf } from './request'
import { useActorName, useReceiverName } from './words'

export async function unendedExports(vault: AnyVault, now: number): Promise<LedgerLine[]> {
  const begun = new Map<unknown, LedgerLine>()
  for await (const line of vault.ledger.entries({ type: 'export-started' }))
    if (Date.parse(String(line.destroyBy)) > now) begun.set(line.export, line)
  if (begun.size === 0) return []
  for (const type of ['export-ended', 'export-broken'] as const)
    for await (const line of vault.ledger.entries({ type })) begun.delete(line.export)
  return [...begun.values()].reverse()
}

export function Unended() {
  const { t } = useTranslation(['handover', 'common'])
  const { clock } = useSession()
  const format = useFormat()
  const nameOf = useReceiverName()
  const actorName = useActorName()
  const { value: lines = [] } = useAnswer(async vault => {
    const lines = await unendedExports(vault, clock.now())
    return lines.map(line => ({
      line,
      receiver: receiverOf(vault.policy, String(line.purpose), String(line.recipient)),
    }))
  }, [])
  if (lines.length === 0) return null
  return (
    <Say tone="soon" title={t('unended.title', { count: lines.length })}>
      <ul>
        {lines.map(({ line, receiver }) => (
          <li key={line.index}>
            {t('unended.item', {
              people: t('common:people', { count: Number(line.people) }),
              recipient: receiver ? nameOf(receiver) : String(line.recipient),
              when: format.dateTime(line.at),
              actor: actorName(line.actor),
            })}
          </li>
        ))}
      </ul>
      <p>{t('unended.counts')}</p>
    </Say>
  )
}
