/** One person of a list: what they are called, how well it is proved that they agreed, and until when. */
import type { Clock, Person } from '@amanat/vault'
import type { TFunction } from 'i18next'
import { Icon } from '../../design/icon'
import { Badge } from '../../design/parts'
import type { Format } from '../../i18n/format'

const DAY_MS = 86_400_000
/** Whoever ends within these days can still be asked again in peace. */
export const SOON_DAYS = 14

export const daysLeft = (until: string, now: number): number => Math.floor((Date.parse(until) - now) / DAY_MS)

/** The same for every row: asked for once, and not by each of those that a thumb flies over. */
export interface RowWords {
  readonly t: TFunction<['people', 'common']>
  readonly format: Format
  readonly clock: Clock
}

export function PersonRow({ person, t, format, clock }: RowWords & { person: Person }) {
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
