/**
 * The vault said no. What was asked, why it can't be, that nothing left, and what can lawfully be done instead. Without blame: it
 * isn't wrong to ask. No other purpose is offered as a way around (R27).
 */
import type { Decision } from '@amanat/vault'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { Icon } from '../../design/icon'
import { Page } from '../../design/parts'
import { useFormat } from '../../i18n/format'
import { describe } from '../../i18n/policy'
import { useAnswer } from '../../vaults/answer'
import { useVault } from '../../vaults/session'
import { Instead } from './instead'
import { reasonsIn, totalOf } from './picture'
import { receiverOf, type Wish, whoOf } from './request'
import { useActorName, useFieldList, useReceiverName } from './words'

export type Reasons = Decision['refused']

export function Refusal({
  wish,
  reasons,
  at,
  onBack,
  onHandOver,
}: {
  wish: Wish
  reasons: Reasons
  at: number
  onBack: () => void
  onHandOver: () => Promise<void>
}) {
  const { t } = useTranslation(['handover', 'common'])
  const vault = useVault()
  const format = useFormat()
  const fieldList = useFieldList()
  const actorName = useActorName()
  const nameOf = useReceiverName()
  const receiver = receiverOf(vault.policy, wish.purpose, wish.recipient)
  const { value: decision = { allowed: 0, refused: reasons } } = useAnswer(
    vault => vault.for(wish.purpose).check(whoOf(vault.policy, wish)),
    [wish.purpose, wish.recipient, wish.fields.join()],
  )
  if (!receiver) return null
  const total = totalOf({ ...decision, refused: reasons })
  const words = { purpose: describe(vault.policy, wish.purpose, format.language), recipient: nameOf(receiver) }
  const when = format.dateTime(new Date(at).toISOString())
  return (
    <Page
      title={
        <span className="handover-no">
          <Icon name="stop" size={40} />
          {t(decision.allowed > 0 ? 'refusal.titleSome' : 'refusal.title')}
        </span>
      }
      lead={<strong className="handover-stayed">{t('refusal.stayed')}</strong>}
    >
      <div className="handover-refusal">
        <section>
          <h2>{t('refusal.asked')}</h2>
          <p>{t('refusal.askedText', { count: total, fields: fieldList(wish.fields), ...words })}</p>
        </section>
        <section>
          <h2>{t('refusal.why')}</h2>
          <p className="handover-why">
            {receiver.together && total > 1
              ? t('refusal.seen', { count: total - 1 })
              : t('refusal.goes', { recipient: words.recipient, country: format.country(receiver.country) })}
          </p>
          <ul className="stack-s">
            {reasonsIn(reasons).map(([reason, count]) => (
              <li key={reason} className="handover-because">
                <span className={`handover-dot ${reason}`} aria-hidden="true" />
                <span>
                  {format.number(count)} {t(`reason.${reason}`)}.{' '}
                  <span className="soft">{t(`reasonHelp.${reason}`)}</span>
                </span>
              </li>
            ))}
          </ul>
          {receiver.proof === 'confirmed' && (
            <p className="soft">
              {receiver.together ? t('confirmed.together', { name: words.recipient }) : t('confirmed.special')}
            </p>
          )}
        </section>
        {reasons['no-consent'] !== undefined && <Agreed purpose={wish.purpose} />}
        <p className="soft">{t('refusal.nobodyWrong')}</p>
        <p className="soft small">
          {t('refusal.record', { when, actor: actorName(vault.actor) })}{' '}
          <Link href="/forgetting/record">{t('refusal.recordLink')}</Link>
        </p>
      </div>
      <Instead wish={wish} receiver={receiver} decision={decision} onBack={onBack} onHandOver={onHandOver} />
    </Page>
  )
}

/** What people here did agree to, counted by purpose: counts of a whole purpose are free. */
function Agreed({ purpose }: { purpose: string }) {
  const { t } = useTranslation(['handover', 'common'])
  const { language } = useFormat()
  const { value: agreed } = useAnswer(
    async vault => {
      const others = Object.keys(vault.policy.purposes).filter(name => name !== purpose)
      const counts = await Promise.all(others.map(async name => ({ name, count: await vault.for(name).count() })))
      return counts
        .filter(({ count }) => count > 0)
        .sort((one, other) => other.count - one.count)
        .map(({ name, count }) => ({ count, purpose: describe(vault.policy, name, language) }))
    },
    [purpose, language],
  )
  if (!agreed || agreed.length === 0) return null
  return (
    <section>
      <h2>{t('refusal.agreed')}</h2>
      <ul className="stack-s">
        {agreed.map(({ count, purpose }) => (
          <li key={purpose}>{t('refusal.agreedTo', { people: t('common:people', { count }), purpose })}</li>
        ))}
      </ul>
      <p>
        <strong>{t('refusal.agreedNot')}</strong>
      </p>
    </section>
  )
}
