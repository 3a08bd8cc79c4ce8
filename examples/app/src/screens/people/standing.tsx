/** Where a purpose stands: how many agreed, how many of them end soon, in which order they are listed, and what is left of the meter. */
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { Icon } from '../../design/icon'
import { useFormat } from '../../i18n/format'
import { useAnswer } from '../../vaults/answer'
import type { Sort } from './listing'
import { SOON_DAYS } from './person-row'

const SORTS = ['name', 'until'] as const satisfies readonly Sort[]

export function Standing({
  purpose,
  total,
  sort,
  onSort,
}: {
  purpose: string
  total: number | undefined
  sort: Sort
  onSort: (sort: Sort) => void
}) {
  const { t } = useTranslation('people')
  const format = useFormat()
  const { value: ending } = useAnswer(
    async vault => {
      let count = 0
      for await (const person of vault.expiring(`P${SOON_DAYS}D`)) if (person.purpose === purpose) count++
      return count
    },
    [purpose],
  )
  const { value: budget } = useAnswer(vault => vault.for(purpose).budget(), [purpose])
  return (
    <div className="people-standing">
      <div className="row spread">
        <p className="people-count">
          <strong>{total === undefined ? '…' : t('count', { count: total, n: format.number(total) })}</strong>
          {ending ? (
            <Link href="/forgetting" className="people-ending">
              <Icon name="soon" size={16} />
              {t('ending', { count: ending, n: format.number(ending), days: format.number(SOON_DAYS) })}
            </Link>
          ) : null}
        </p>
        {total ? (
          <fieldset className="people-sort" aria-label={t('sort.label')}>
            {SORTS.map(each => (
              <button key={each} type="button" aria-pressed={sort === each} onClick={() => onSort(each)}>
                {t(`sort.${each}`)}
              </button>
            ))}
          </fieldset>
        ) : null}
      </div>
      {total && budget ? (
        <p className="soft small people-meter">
          <Icon name="eye" size={16} />
          {budget.left > 0
            ? t('meter.left', { count: budget.left, n: format.number(budget.left) })
            : t('meter.none', { when: budget.resets ? format.dateTime(budget.resets) : '' })}
        </p>
      ) : null}
    </div>
  )
}
