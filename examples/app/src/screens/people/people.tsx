/**
 * Who is seen through a door: by name in the reader's order, or by who ends first; found by a name, a number or an address. Lists
 * hold no contact points; looking somebody up by one counts in the meter.
 */
import type { AnyVault } from '@amanat/vault'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { Icon } from '../../design/icon'
import { ButtonLink, Empty, Page } from '../../design/parts'
import { Select } from '../../design/select'
import { useFormat } from '../../i18n/format'
import { describe } from '../../i18n/policy'
import { useAnswer } from '../../vaults/answer'
import { useVault } from '../../vaults/session'
import { Found } from './found'
import { Listed, WaysIn } from './listed'
import type { Sort } from './listing'
import type { LastRow } from './rows'
import { SearchField } from './search-field'
import { Standing } from './standing'
import './people.css'

/** Where one was on this screen, for coming back to it: gone with the vault. */
interface Place {
  readonly purpose: string | undefined
  readonly sort: Sort
  readonly query: string
  readonly scrolled: number
  readonly last?: LastRow | undefined
}
const places = new WeakMap<AnyVault, Place>()

export default function People() {
  const { t } = useTranslation(['people', 'common'])
  const vault = useVault()
  const format = useFormat()
  const [place, setPlace] = useState<Place>(() => places.get(vault) ?? START)
  const { value: counts } = useAnswer(countAll, [])
  const purpose = place.purpose && place.purpose in vault.policy.purposes ? place.purpose : busiest(counts)
  const go = (next: Partial<Place>) => {
    const there = { ...place, scrolled: 0, last: undefined, ...next }
    places.set(vault, there)
    setPlace(there)
  }

  const here = () => places.get(vault) ?? place
  const coming = {
    scrolled: place.scrolled,
    onScrolled: (scrolled: number) => void places.set(vault, { ...here(), scrolled }),
    last: here().last,
    onLast: (last: LastRow) => void places.set(vault, { ...here(), last }),
  }
  // A vault in which nobody is has nothing to choose from and nobody to find.
  if (counts && [...counts.values()].every(count => count === 0))
    return (
      <Page title={t('title')}>
        <Waiting />
        <Empty icon="people" title={t('empty.title')}>
          <p>{t('nobody.what')}</p>
          <WaysIn />
        </Empty>
      </Page>
    )
  return (
    <Page
      title={t('title')}
      actions={
        <ButtonLink to="/people/new" look="primary" icon="plus">
          {t('add')}
        </ButtonLink>
      }
    >
      <div className="people-tools">
        {counts && purpose && counts.size > 1 && (
          <Select
            label={t('purpose')}
            value={purpose}
            options={[...counts].map(([name, count]) => ({
              value: name,
              label: t('purposeOf', { what: describe(vault.policy, name, format.language), n: format.number(count) }),
            }))}
            onChange={next => go({ purpose: next, query: '' })}
          />
        )}
        <SearchField value={place.query} onChange={query => go({ query })} />
      </div>
      <Waiting />
      {purpose === undefined ? (
        <div className="people-waiting" aria-busy="true" />
      ) : (
        <>
          <Standing
            purpose={purpose}
            total={counts?.get(purpose)}
            sort={place.sort}
            onSort={sort => go({ purpose, sort, query: '' })}
          />
          {place.query.trim() === '' ? (
            <Listed key={`${purpose} ${place.sort}`} purpose={purpose} sort={place.sort} coming={coming} />
          ) : (
            <Found
              key={purpose}
              purpose={purpose}
              query={place.query}
              onPurpose={other => go({ purpose: other })}
              coming={coming}
            />
          )}
        </>
      )}
    </Page>
  )
}

/** Whoever came in without a yes is on no list: where they are. */
function Waiting() {
  const { t } = useTranslation('people')
  const { number } = useFormat()
  const { value: waiting = 0 } = useAnswer(vault => vault.quarantine.count(), [])
  if (waiting === 0) return null
  return (
    <Link href="/bring/quarantine" className="people-asked">
      <Icon name="soon" size={18} />
      <span>{t('asked', { count: waiting, n: number(waiting) })}</span>
      <Icon name="next" size={18} turns />
    </Link>
  )
}

const START: Place = { purpose: undefined, sort: 'name', query: '', scrolled: 0 }

/** How many agreed to each purpose: free to ask. */
async function countAll(vault: AnyVault): Promise<Map<string, number>> {
  const purposes = Object.keys(vault.policy.purposes)
  const counts = await Promise.all(purposes.map(purpose => vault.for(purpose).count()))
  return new Map(purposes.map((purpose, at) => [purpose, counts[at] ?? 0]))
}

/** Where somebody who says nothing else will want to look. */
const busiest = (counts: ReadonlyMap<string, number> | undefined): string | undefined =>
  counts && [...counts].sort(([, one], [, other]) => other - one)[0]?.[0]
