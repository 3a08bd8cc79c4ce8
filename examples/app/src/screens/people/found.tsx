/**
 * Who was found. By name as one types; by a number or an address only when asked to, because each hit counts in the meter and each
 * miss is counted too.
 */
import type { Find, Person } from '@amanat/vault'
import { useDeferredValue, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button, Empty, Say } from '../../design/parts'
import { useFormat } from '../../i18n/format'
import { useAnswer } from '../../vaults/answer'
import { useDoor } from '../../vaults/session'
import { Trouble } from '../../vaults/trouble'
import { WaysIn } from './listed'
import { lookUpFor } from './look-up'
import { Rows } from './rows'

export function Found({ purpose, query }: { purpose: string; query: string }) {
  const { t } = useTranslation('people')
  const meant = lookUpFor(query)
  if (meant.kind === 'unfinished') return <p className="soft people-hint">{t('search.unfinished')}</p>
  if (meant.kind === 'text') return <ByName purpose={purpose} text={meant.text} />
  const by = meant.kind === 'phone' ? { phone: meant.phone } : { email: meant.email }
  return <ByPoint key={query} purpose={purpose} by={by} />
}

function ByName({ purpose, text }: { purpose: string; text: string }) {
  const { locale } = useFormat()
  const wanted = useDeferredValue(text)
  const { value, error } = useAnswer(
    async vault => sorted(await vault.for(purpose).find({ text: wanted }), locale),
    [purpose, wanted, locale],
  )
  if (error) return <Trouble error={error} />
  return value ? <Hits people={value} /> : <div className="people-waiting" aria-busy="true" />
}

function ByPoint({ purpose, by }: { purpose: string; by: Find }) {
  const { t } = useTranslation('people')
  const format = useFormat()
  const door = useDoor(purpose)
  const { value: budget } = useAnswer(vault => vault.for(purpose).budget(), [purpose])
  const [people, setPeople] = useState<readonly Person[]>()
  const [error, setError] = useState<unknown>()
  const [isBusy, setBusy] = useState(false)
  const lookUp = async () => {
    setBusy(true)
    setError(undefined)
    try {
      setPeople(await door.find(by))
    } catch (trouble) {
      setError(trouble)
    } finally {
      setBusy(false)
    }
  }
  if (people) return <Hits people={people} />
  return (
    <div className="stack">
      <Say title={'phone' in by ? t('lookUp.phone') : t('lookUp.email')}>
        <p>{budget ? t('lookUp.left', { count: budget.left, n: format.number(budget.left) }) : t('lookUp.counts')}</p>
        <div className="row">
          <Button look="primary" icon="search" isPending={isBusy} onPress={lookUp}>
            {t('lookUp.do')}
          </Button>
        </div>
      </Say>
      <Trouble error={error} />
      <EnterKey onEnter={lookUp} />
    </div>
  )
}

/** Enter in the search field looks up as well. */
function EnterKey({ onEnter }: { onEnter: () => void }) {
  useEffect(() => {
    const field = document.querySelector('.people-search input')
    const listen = (event: Event) => (event as KeyboardEvent).key === 'Enter' && onEnter()
    field?.addEventListener('keydown', listen)
    return () => field?.removeEventListener('keydown', listen)
  })
  return null
}

function Hits({ people }: { people: readonly Person[] }) {
  const { t } = useTranslation('people')
  const format = useFormat()
  if (people.length === 0)
    return (
      <Empty icon="search" title={t('notFound.title')}>
        <p>{t('notFound.what')}</p>
        <WaysIn />
      </Empty>
    )
  return (
    <>
      <p className="soft" role="status">
        {t('found', { count: people.length, n: format.number(people.length) })}
      </p>
      <Rows label={t('title')} people={people} total={people.length} />
    </>
  )
}

const sorted = (people: readonly Person[], locale: string): Person[] => {
  const { compare } = new Intl.Collator(locale, { sensitivity: 'base', numeric: true })
  return people.toSorted((a, b) => compare(a.name ?? '', b.name ?? ''))
}
