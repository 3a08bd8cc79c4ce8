/** What came of an act: one number large, and what it means. Read out when it comes. */
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../i18n/format'
import type { ActName, Outcomes } from '../../story/steps'
import { Days } from './days'

export function Outcome({ name, outcomes }: { name: ActName; outcomes: Outcomes }) {
  return <div role="status">{outcomes[name] && <Came name={name} outcomes={outcomes} />}</div>
}

function Came({ name, outcomes }: { name: ActName; outcomes: Outcomes }) {
  const { t } = useTranslation(['tour', 'common'])
  const { number, date, list } = useFormat()
  const { bring, signup, claim, chat, provider, leave, again, time, record } = outcomes
  if (name === 'bring' && bring) {
    const left = Object.entries(bring.leftOut).map(([field, count]) =>
      t('outcome.fieldCount', { field: t(`common:fields.${field as 'notes'}`), people: number(count) }),
    )
    return (
      <Big words={t('outcome.bring.big', { people: number(bring.waiting) })}>
        <p>{t('outcome.bring.text', { date: date(bring.until) })}</p>
        <p className="soft small">{t('outcome.bring.left', { list: list(left) })}</p>
      </Big>
    )
  }
  if (name === 'signup' && signup)
    return (
      <Big tone="good" words={t('outcome.signup.big', { people: number(signup.reachable) })}>
        <Counts
          rows={[
            [signup.onPaper, t('outcome.signup.paper')],
            [signup.remembered, t('outcome.signup.remembered')],
            [signup.no, t('outcome.signup.no')],
            [signup.waiting, t('outcome.signup.waiting')],
          ]}
        />
      </Big>
    )
  if (name === 'claim' && claim)
    return (
      <Big tone="soon" words={t('outcome.claim.big', { people: number(claim.claims) })}>
        <p>{t('outcome.claim.text', { people: number(claim.claims), paper: number(claim.onPaper) })}</p>
      </Big>
    )
  if (name === 'chat' && chat)
    return (
      <Big tone="stop" words={t('outcome.chat.big', { people: number(chat.people) })}>
        <p>{t('outcome.chat.text')}</p>
        <p className="soft small">{t('outcome.chat.record')}</p>
      </Big>
    )
  if (name === 'provider' && provider)
    return (
      <Big tone="good" words={t('outcome.provider.big', { people: number(provider.people) })}>
        <p>{t('outcome.provider.text', { arrived: number(provider.arrived), date: date(provider.destroyBy) })}</p>
        <p className="soft small">{t('outcome.provider.out', { people: number(provider.leftOut) })}</p>
        <p className="guide-hash ltr" translate="no">
          SHA-256 {provider.sha256.slice(0, 16)}…
        </p>
      </Big>
    )
  if (name === 'leave' && leave)
    return (
      <Big tone="good" words={t('outcome.leave.big')}>
        <p>{t('outcome.leave.text', { name: leave.name, before: number(leave.before), after: number(leave.after) })}</p>
        <p className="soft small">{t('outcome.leave.record')}</p>
      </Big>
    )
  if (name === 'again' && again)
    return (
      <Big tone="stop" words={t('outcome.again.big', { people: number(again.cameIn) })}>
        <Counts
          rows={[
            [again.stopped, t('outcome.again.stopped')],
            [again.again, t('outcome.again.again')],
            [again.mayHaveLeft, t('outcome.again.left')],
          ]}
        />
      </Big>
    )
  if (name === 'time' && time)
    return (
      <Big words={t('outcome.time.big', { people: number(time.left) })}>
        <Days days={time.days} />
        <p>{t('outcome.time.text')}</p>
      </Big>
    )
  if (name === 'record' && record)
    return (
      <Big words={t('outcome.record.big', { entries: number(record.entries) })}>
        <Counts
          rows={[
            [record.refused, t('outcome.record.refused')],
            [record.handedOver, t('outcome.record.handed')],
            [record.forgotten, t('outcome.record.forgotten')],
          ]}
        />
      </Big>
    )
  return null
}

function Big({ words, tone = 'note', children }: { words: string; tone?: string; children: ReactNode }) {
  return (
    <div className={`guide-came ${tone}`}>
      <p className="guide-big">{words}</p>
      {children}
    </div>
  )
}

function Counts({ rows }: { rows: readonly (readonly [number, string])[] }) {
  const { number } = useFormat()
  return (
    <ul className="guide-counts">
      {rows.map(([count, words]) => (
        <li key={words}>
          <strong className="numbers">{number(count)}</strong> <span>{words}</span>
        </li>
      ))}
    </ul>
  )
}
