/** The next days as a list: how many people, for what, who; and where somebody can be asked to stay. */
import { useState } from 'react'
import { Button as AriaButton, Disclosure, DisclosurePanel, Heading } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { Icon } from '../../design/icon'
import { Button } from '../../design/parts'
import { useFormat } from '../../i18n/format'
import { useAnswer } from '../../vaults/answer'
import { namesBehind } from '../../vaults/names'
import { useSession } from '../../vaults/session'
import { DAY_MS, dayOf, type Ending, startOf, WAITING } from './calendar'
import { usePurposeName } from './purpose-name'

const DAYS_AHEAD = 42
const SHOWN = 6

export function NextDays({ endings }: { endings: readonly Ending[] | undefined }) {
  const { t } = useTranslation(['forgetting', 'common'])
  const { clock } = useSession()
  const [shown, setShown] = useState(SHOWN)
  const end = dayOf(clock.now() + DAYS_AHEAD * DAY_MS)
  const days = new Map<string, Ending[]>()
  for (const ending of endings ?? []) {
    if (ending.day > end) break
    days.set(ending.day, [...(days.get(ending.day) ?? []), ending])
  }
  const left = days.size - shown
  return (
    <section className="sheet">
      <h2>{t('next.title')}</h2>
      {days.size === 0 ? (
        <p className="soft">{endings ? t('next.none') : t('common:loading')}</p>
      ) : (
        <>
          <ul className="forgetting-days">
            {[...days].slice(0, shown).map(([day, ended]) => (
              <Day key={day} day={day} endings={ended} />
            ))}
          </ul>
          {left > 0 && (
            <div>
              <Button look="quiet" icon="down" onPress={() => setShown(days.size)}>
                {t('next.more', { count: left })}
              </Button>
            </div>
          )}
          <p className="soft small">{t('next.renew')}</p>
        </>
      )}
    </section>
  )
}

function Day({ day, endings }: { day: string; endings: readonly Ending[] }) {
  const { t } = useTranslation(['forgetting', 'common'])
  const { locale } = useFormat()
  const purposeName = usePurposeName()
  const [isOpen, setOpen] = useState(false)
  const idsOf = (some: readonly Ending[]) => [...new Set(some.map(({ id }) => id))]
  const people = idsOf(endings).length
  const gone = idsOf(endings.filter(({ isLast }) => isLast)).length
  const purposes = [...new Set(endings.map(({ purpose }) => purpose))]
  const date = new Intl.DateTimeFormat(locale, { weekday: 'long', day: 'numeric', month: 'long', timeZone: 'UTC' })
  return (
    <li>
      <Disclosure isExpanded={isOpen} onExpandedChange={setOpen}>
        <Heading level={3} className="forgetting-day">
          <AriaButton slot="trigger">
            <span className="stack-s">
              <span>
                {t('next.day', { people: t('common:people', { count: people }), date: date.format(startOf(day)) })}
              </span>
              <span className="soft small">
                {purposes.map(purposeName).join(' · ')}
                {gone > 0 && <> · {t('next.gone', { count: gone })}</>}
              </span>
            </span>
            <Icon name="down" size={16} />
          </AriaButton>
        </Heading>
        <DisclosurePanel className="forgetting-who">
          {isOpen &&
            purposes.map(purpose => (
              <Who
                key={purpose}
                purpose={purpose}
                ids={idsOf(endings.filter(ending => ending.purpose === purpose))}
                isAlone={purposes.length === 1}
              />
            ))}
          {gone < people && <p className="soft small">{t('next.stay')}</p>}
        </DisclosurePanel>
      </Disclosure>
    </li>
  )
}

/** Most who are listed at once. */
const MOST = 100

function Who({ purpose, ids, isAlone }: { purpose: string; ids: readonly string[]; isAlone: boolean }) {
  const { t } = useTranslation(['forgetting', 'common'])
  const { locale, number } = useFormat()
  const purposeName = usePurposeName()
  const { value: names } = useAnswer(
    async vault => (purpose === WAITING ? new Map<string, string>() : namesBehind(vault, purpose, locale)),
    [purpose, locale],
  )
  if (!names) return <p className="soft small">{t('common:loading')}</p>
  return (
    <div>
      {!isAlone && <p className="small">{purposeName(purpose)}</p>}
      {purpose === WAITING ? (
        <Link href="/bring/quarantine">{t('next.waiting')}</Link>
      ) : (
        <ul className="forgetting-names">
          {ids.slice(0, MOST).map(id => (
            <li key={id}>
              <Link href={`/people/${id}`}>
                <bdi>{names.get(id) || t('next.nameless')}</bdi>
              </Link>
            </li>
          ))}
          {ids.length > MOST && <li className="soft">+ {number(ids.length - MOST)}</li>}
        </ul>
      )}
    </div>
  )
}
