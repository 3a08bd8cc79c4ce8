/** How many people the vault could show on each of the ninety days: two curves that fall where promises run out. */
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../i18n/format'
import type { Day } from '../../story/acts'

const [WIDTH, HEIGHT] = [300, 90]

export function Days({ days }: { days: readonly Day[] }) {
  const { t } = useTranslation('tour')
  const { day } = useFormat()
  const most = Math.max(1, ...days.flatMap(({ prayerTimes, groupChat }) => [prayerTimes, groupChat]))
  const iso = (one: Day | undefined) => new Date(one?.at ?? 0).toISOString()
  const [from, to] = [day(iso(days[0])), day(iso(days.at(-1)))]
  /** Steps: from one midnight to the next nothing changes. */
  const line = (of: 'prayerTimes' | 'groupChat') =>
    days.map((one, at) => {
      const x = (at / (days.length - 1)) * WIDTH
      const y = HEIGHT - (one[of] / most) * (HEIGHT - 4)
      return at === 0 ? `M${x} ${y}` : `H${x}V${y}`
    })
  return (
    <figure className="guide-days">
      {/* Time runs from left to right in both languages, as in the calendar of forgetting. */}
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={t('outcome.time.chart', { from, to })}>
        <path d={`${line('groupChat').join('')}V${HEIGHT}H0Z`} className="area chat" />
        <path d={`${line('prayerTimes').join('')}V${HEIGHT}H0Z`} className="area prayer" />
        <path d={line('groupChat').join('')} className="line chat" />
        <path d={line('prayerTimes').join('')} className="line prayer" />
      </svg>
      <div className="guide-axis ltr" aria-hidden="true">
        <span dir="auto">{from}</span>
        <span dir="auto">{to}</span>
      </div>
      <figcaption className="row small">
        <span className="guide-key prayer">{t('outcome.time.prayer')}</span>
        <span className="guide-key chat">{t('outcome.time.chat')}</span>
      </figcaption>
    </figure>
  )
}
