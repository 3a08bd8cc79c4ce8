/** The record in words that a member of the group understands: by day, newest first, as far back as somebody wants to look. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { Icon, type IconName } from '../../design/icon'
import { Button, Empty, Page } from '../../design/parts'
import { Select } from '../../design/select'
import { useFormat } from '../../i18n/format'
import { useAnswer } from '../../vaults/answer'
import { useVault } from '../../vaults/session'
import { Trouble } from '../../vaults/trouble'
import { useActorName } from '../handover/words'
import { KINDS, type Kind, kindOf, readRecord, type Told } from './entries'
import { wordsFor } from './words'
import './record.css'

const AT_ONCE = 50
const ICON: Record<Kind, IconName> = {
  refused: 'stop',
  left: 'hand',
  seen: 'eye',
  people: 'person',
  forgotten: 'gone',
  vault: 'key',
}

export default function RecordScreen() {
  const { t } = useTranslation(['forgetting', 'common'])
  const format = useFormat()
  const actorName = useActorName()
  const [kind, setKind] = useState<Kind | 'all'>('all')
  const [actor, setActor] = useState('')
  const [limit, setLimit] = useState(AT_ONCE)
  const { value, error, isWaiting } = useAnswer(
    async vault => {
      const page = await readRecord(vault, { kind, actor, limit })
      // Somebody who was erased is nowhere any more: only those who are still here can be gone to.
      const ids = page.told.flatMap(({ line, count }) => (count === 1 && line.contact ? [String(line.contact)] : []))
      return { ...page, here: new Set<string>(await vault.exists(ids)) }
    },
    [kind, actor, limit],
  )
  const days = new Map<string, Told[]>()
  for (const told of value?.told ?? []) {
    const day = format.date(told.line.at)
    days.set(day, [...(days.get(day) ?? []), told])
  }
  return (
    <Page title={t('record.title')} lead={t('record.lead')} back={{ to: '/forgetting', label: t('title') }}>
      <div className="record-filters">
        <Select
          label={t('record.kind')}
          value={kind}
          onChange={setKind}
          options={(['all', ...KINDS] as const).map(each => ({ value: each, label: t(`record.kinds.${each}`) }))}
        />
        <Select
          label={t('record.actor')}
          value={actor}
          onChange={setActor}
          options={[
            { value: '', label: t('record.everybody') },
            ...(value?.actors ?? []).map(each => ({ value: each, label: actorName(each) })),
          ]}
        />
      </div>
      <Trouble error={error} />
      {!value && isWaiting && <p className="soft">{t('common:loading')}</p>}
      {value?.told.length === 0 && <Empty icon="record" title={t('record.empty')} />}
      {[...days].map(([day, told]) => (
        <section key={day} className="stack-s">
          <h2 className="record-day">{day}</h2>
          <ol className="record-lines">
            {told.map(each => (
              <Line key={each.line.index} told={each} isHere={value?.here.has(String(each.line.contact)) ?? false} />
            ))}
          </ol>
        </section>
      ))}
      {value?.hasMore && (
        <div>
          <Button icon="down" isPending={isWaiting} onPress={() => setLimit(limit + 2 * AT_ONCE)}>
            {t('common:more')}
          </Button>
        </div>
      )}
    </Page>
  )
}

function Line({ told, isHere }: { told: Told; isHere: boolean }) {
  const { t } = useTranslation(['forgetting', 'handover', 'common'])
  const format = useFormat()
  const { policy } = useVault()
  const actorName = useActorName()
  const { line, count } = told
  const kind = kindOf(line.type)
  const { what, more } = wordsFor(told, { t, format, policy })
  const time = new Intl.DateTimeFormat(format.locale, { timeStyle: 'short' }).format(new Date(line.at))
  return (
    <li className={`record-line ${kind}`}>
      <Icon name={ICON[kind]} />
      <div>
        <p className="record-what">{what}</p>
        {more && <p className="soft small">{more}</p>}
        <p className="soft small">
          <time dateTime={line.at}>{time}</time> · {t('record.by', { actor: actorName(line.actor) })}
          {count === 1 && isHere && (
            <>
              {' '}
              · <Link href={`/people/${String(line.contact)}`}>{t('record.person')}</Link>
            </>
          )}
        </p>
      </div>
    </li>
  )
}
