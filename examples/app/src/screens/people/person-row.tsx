/** One person of a list: what they are called, how well it is proved that they agreed, and until when. */
import type { Person } from '@amanat/vault'
import { useTranslation } from 'react-i18next'
import { Icon } from '../../design/icon'
import { Badge } from '../../design/parts'
import { useFormat } from '../../i18n/format'
import { useSession } from '../../vaults/session'

const DAY_MS = 86_400_000
/** Whoever ends within these days can still be asked again in peace. */
export const SOON_DAYS = 14

export const daysLeft = (until: string, now: number): number => Math.floor((Date.parse(until) - now) / DAY_MS)

export function PersonRow({ person }: { person: Person }) {
  const { t } = useTranslation(['people', 'common'])
  const format = useFormat()
  const { clock } = useSession()
  const days = daysLeft(person.until, clock.now())
  return (
    <>
      <span className="people-face" aria-hidden="true">
        {person.name ? initialOf(person.name) : <Icon name="person" size={18} />}
      </span>
      <span className="people-who">
        <span className="people-name">
          <bdi>{person.name ?? t('noName')}</bdi>
        </span>
        <span className="soft small">
          {t('until', { date: format.date(person.until) })} · {t(`common:assurance.${person.assurance}`)}
        </span>
      </span>
      {days <= SOON_DAYS && (
        <Badge tone="soon">
          <Icon name="soon" size={14} />
          {days < 1 ? t('endsToday') : t('endsIn', { count: days, n: format.number(days) })}
        </Badge>
      )}
    </>
  )
}

const LETTERS = new Intl.Segmenter()

/** The first letter as its reader sees it: some are written with several code points. */
const initialOf = (name: string): string => {
  const { value } = LETTERS.segment(name.trim())[Symbol.iterator]().next()
  return value?.segment.toUpperCase() ?? ''
}
