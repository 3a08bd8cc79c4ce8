/**
 * Who was found. By name as one types; by a number or an address only when asked to, because each hit counts in the meter and each
 * miss is counted too.
 */
import type { Find, Person } from '@amanat/vault'
import { type ReactNode, useDeferredValue, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button, Empty, Say } from '../../design/parts'
import { useFormat } from '../../i18n/format'
import { describe } from '../../i18n/policy'
import { useAnswer } from '../../vaults/answer'
import { useDoor, useVault } from '../../vaults/session'
import { Trouble } from '../../vaults/trouble'
import { WaysIn } from './listed'
import { lookUpFor } from './look-up'
import { type Coming, Rows } from './rows'

interface Props {
  readonly purpose: string
  readonly query: string
  readonly onPurpose: (purpose: string) => void
  readonly coming: Coming
}

export function Found({ purpose, query, onPurpose, coming }: Props) {
  const { t } = useTranslation('people')
  const meant = lookUpFor(query)
  if (meant.kind === 'unfinished') return <p className="soft people-hint">{t('search.unfinished')}</p>
  if (meant.kind === 'text') return <ByName purpose={purpose} text={meant.text} onPurpose={onPurpose} coming={coming} />
  const by = meant.kind === 'phone' ? { phone: meant.phone } : { email: meant.email }
  return <ByPoint key={query} purpose={purpose} by={by} />
}

function ByName({ purpose, text, onPurpose, coming }: Omit<Props, 'query'> & { text: string }) {
  const { locale } = useFormat()
  const wanted = useDeferredValue(text)
  const { value, error } = useAnswer(
    async vault => sorted(await vault.for(purpose).find({ text: wanted }), locale),
    [purpose, wanted, locale],
  )
  if (error) return <Trouble error={error} />
  if (!value) return <div className="people-waiting" aria-busy="true" />
  return (
    <Hits people={value} coming={coming}>
      <Elsewhere purpose={purpose} text={wanted} onPurpose={onPurpose} />
    </Hits>
  )
}

/** The list is of one purpose: whoever agreed to another one isn't missing. */
function Elsewhere({ purpose, text, onPurpose }: { purpose: string; text: string; onPurpose: (to: string) => void }) {
  const { t } = useTranslation('people')
  const format = useFormat()
  const { policy } = useVault()
  const { value: found } = useAnswer(
    async vault => {
      const others = Object.keys(vault.policy.purposes).filter(each => each !== purpose)
      const counts = await Promise.all(others.map(async each => (await vault.for(each).find({ text })).length))
      return others.map((each, at) => [each, counts[at] ?? 0] as const).filter(([, count]) => count > 0)
    },
    [purpose, text],
  )
  if (!found?.length) return null
  return (
    <div className="stack-s people-elsewhere">
      <p>{t('notFound.elsewhere')}</p>
      {found.map(([other, count]) => (
        <Button key={other} onPress={() => onPurpose(other)}>
          {t('purposeOf', { what: describe(policy, other, format.language), n: format.number(count) })}
        </Button>
      ))}
    </div>
  )
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

function Hits({
  people,
  coming,
  children,
}: {
  people: readonly Person[]
  coming?: Coming
  /** Said beside that nobody was found. */
  children?: ReactNode
}) {
  const { t } = useTranslation('people')
  const format = useFormat()
  if (people.length === 0)
    return (
      <Empty icon="search" title={t('notFound.title')}>
        {children}
        <p>{t('notFound.what')}</p>
        <WaysIn />
      </Empty>
    )
  return (
    <>
      <p className="soft" role="status">
        {t('found', { count: people.length, n: format.number(people.length) })}
      </p>
      <Rows label={t('title')} people={people} total={people.length} {...coming} />
    </>
  )
}

const sorted = (people: readonly Person[], locale: string): Person[] => {
  const { compare } = new Intl.Collator(locale, { sensitivity: 'base', numeric: true })
  return people.toSorted((a, b) => compare(a.name ?? '', b.name ?? ''))
}
