/** A dot for each person, or for each so many: those who are covered filled, the others hollow. Drawn, and read out by nobody. */
import type { Decision } from '@amanat/vault'
import { useTranslation } from 'react-i18next'
import { type Reason, reasonsIn, totalOf } from './picture'

const MOST = 400
const ROUND = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000]

export function Dots({ decision }: { decision: Decision }) {
  const { t } = useTranslation('handover')
  const total = totalOf(decision)
  const each = ROUND.find(people => total / people <= MOST) ?? Math.ceil(total / MOST)
  const groups: (readonly [Reason | 'covered', number])[] = [
    ['covered', decision.allowed],
    ...reasonsIn(decision.refused),
  ]
  // Nobody vanishes from the picture for being one of few.
  const dots = groups.flatMap(([reason, count]) =>
    Array.from({ length: Math.ceil(count / each) }, (_, at) => ({ key: `${reason} ${at}`, reason })),
  )
  return (
    <div className="stack-s">
      <div className={`handover-dots${total <= 40 ? ' few' : ''}`} aria-hidden="true">
        {dots.map(({ key, reason }) => (
          <span key={key} className={`handover-dot ${reason}`} />
        ))}
      </div>
      <p className="soft small">{t('picture.each', { count: each })}</p>
    </div>
  )
}
