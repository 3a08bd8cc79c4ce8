/**
 * Who is covered, and why the others are not: a field of dots, and the same in words. The dots say nothing that the words don't,
 * and are passed over by a screen reader. Names only where the purpose's own door shows them.
 */
import type { ContactId, Decision } from '@amanat/vault'
import { useState } from 'react'
import { Button, Disclosure, DisclosurePanel, Heading } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { Icon } from '../../design/icon'
import { Say } from '../../design/parts'
import { useFormat } from '../../i18n/format'
import { useAnswer } from '../../vaults/answer'
import { type Names, namesBehind } from '../../vaults/names'
import { Trouble } from '../../vaults/trouble'
import { Dots } from './dots'
import { type Receiver, type Wish, whoOf } from './request'
import { useReceiverName } from './words'

export type Reason = keyof Decision['refused']

export const reasonsIn = (refused: Decision['refused']): (readonly [Reason, number])[] =>
  (Object.entries(refused) as [Reason, number][]).sort(([, one], [, other]) => other - one)

export const totalOf = ({ allowed, refused }: Pick<Decision, 'allowed' | 'refused'>): number =>
  reasonsIn(refused).reduce((sum, [, count]) => sum + count, allowed)

export function Picture({ wish, receiver, decision }: { wish: Wish; receiver: Receiver; decision: Decision }) {
  const { t } = useTranslation('handover')
  const format = useFormat()
  const nameOf = useReceiverName()
  const total = totalOf(decision)
  const { allowed } = decision
  const said =
    total === 0
      ? t('picture.empty')
      : allowed === 0
        ? t('picture.none', { count: total })
        : allowed === total
          ? t('picture.all', { count: total })
          : t('picture.some', { allowed: format.number(allowed), total: format.number(total) })
  return (
    <section className="stack">
      <h2>{t('picture.title')}</h2>
      <p className={allowed > 0 && allowed === total ? 'handover-said good' : 'handover-said'} role="status">
        {said}
      </p>
      {total > 0 && <Dots decision={decision} />}
      <ul className="handover-reasons">
        {allowed > 0 && (
          <ReasonLine reason="covered" count={allowed} wish={wish} words={t('picture.covered', { count: allowed })} />
        )}
        {reasonsIn(decision.refused).map(([reason, count]) => (
          <ReasonLine
            key={reason}
            reason={reason}
            count={count}
            wish={wish}
            words={`${format.number(count)} ${t(`reason.${reason}`)}`}
            help={t(`reasonHelp.${reason}`)}
          />
        ))}
      </ul>
      {receiver.proof === 'confirmed' && (
        <Say title={t('confirmed.title')}>
          <p>{receiver.together ? t('confirmed.together', { name: nameOf(receiver) }) : t('confirmed.special')}</p>
          <p>{t('confirmed.notYet')}</p>
        </Say>
      )}
    </section>
  )
}

function ReasonLine({
  reason,
  count,
  wish,
  words,
  help,
}: {
  reason: Reason | 'covered'
  count: number
  wish: Wish
  words: string
  help?: string
}) {
  const { t } = useTranslation('handover')
  const [isOpen, setOpen] = useState(false)
  return (
    <li>
      <Disclosure isExpanded={isOpen} onExpandedChange={setOpen}>
        <Heading level={3} className="handover-reason">
          <Button slot="trigger">
            <span className={`handover-dot ${reason}`} aria-hidden="true" />
            <span>{words}</span>
            <span className="soft small">{t('picture.who')}</span>
            <Icon name="down" size={16} />
          </Button>
        </Heading>
        <DisclosurePanel className="handover-who">
          {help && <p className="soft small">{help}</p>}
          {isOpen && <Who reason={reason} count={count} wish={wish} />}
        </DisclosurePanel>
      </Disclosure>
    </li>
  )
}

/** Most names that are listed at once: more are counted. */
const SHOWN = 200

/** The people of one reason. Asked for when somebody looks: the door is asked about everybody it knows, by id. */
function Who({ reason, count, wish }: { reason: Reason | 'covered'; count: number; wish: Wish }) {
  const { t } = useTranslation(['handover', 'common'])
  const { locale, number } = useFormat()
  const { value, error, isWaiting } = useAnswer(
    async vault => {
      const names = await namesBehind(vault, wish.purpose, locale)
      const { ids = {} } = await vault.for(wish.purpose).check({ ...whoOf(vault.policy, wish), ids: [...names.keys()] })
      return chosenFrom(names, reason, ids)
    },
    [wish.purpose, wish.recipient, wish.fields.join(), reason, locale],
  )
  if (error) return <Trouble error={error} />
  if (!value) return isWaiting ? <p className="soft small">{t('common:loading')}</p> : null
  const named = [...value]
    .filter(([, name]) => name !== '')
    .sort(([, one], [, other]) => one.localeCompare(other, locale))
  const nameless = count - Math.min(named.length, SHOWN)
  if (named.length === 0) return <p className="soft small">{t('picture.nameless')}</p>
  return (
    <>
      <ul className="handover-names">
        {named.slice(0, SHOWN).map(([id, name]) => (
          <li key={id}>
            <Link href={`/people/${id}`}>
              <bdi>{name}</bdi>
            </Link>
          </li>
        ))}
      </ul>
      {nameless > 0 && (
        <p className="soft small">
          {named.length > SHOWN ? `+ ${number(nameless)}` : t('picture.others', { count: nameless })}
        </p>
      )}
    </>
  )
}

/** Those refused for this reason; or, of everybody, those refused for none. */
function chosenFrom(names: Names, reason: Reason | 'covered', ids: NonNullable<Decision['ids']>): [string, string][] {
  const refused = new Set<string>(reason === 'covered' ? Object.values(ids).flat() : [])
  const chosen: readonly string[] =
    reason === 'covered' ? [...names.keys()].filter(id => !refused.has(id)) : ((ids[reason] ?? []) as ContactId[])
  return chosen.map(id => [id, names.get(id) ?? ''])
}
