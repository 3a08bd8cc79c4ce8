/** What came of it, with a report that names nobody. */
import { useTranslation } from 'react-i18next'
import { Button, ButtonLink, Say } from '../../design/parts'
import { useFormat } from '../../i18n/format'
import { Trouble } from '../../vaults/trouble'
import type { Tally } from './tally'
import { Doubts, Figures, LeftOut, Rows } from './told'

export function Outcome({ tally, total, onAgain }: { tally: Tally; total: number; onAgain: () => void }) {
  const { t } = useTranslation(['bring', 'common'])
  const format = useFormat()
  const done = { done: format.number(tally.rows), total: format.number(total) }
  function download() {
    const link = document.createElement('a')
    link.href = URL.createObjectURL(new Blob([tally.asSheet()], { type: 'text/csv;charset=utf-8' }))
    link.download = `${t('outcome.file')}.csv`
    link.click()
    URL.revokeObjectURL(link.href)
  }
  return (
    <>
      {tally.error !== undefined && <Trouble error={tally.error} />}
      {tally.isCut || tally.error !== undefined ? (
        <Say tone="soon" title={t('outcome.cut', done)} live>
          <p>{t('outcome.cutFix')}</p>
        </Say>
      ) : (
        <Say tone="good" title={t('outcome.title')} live>
          <p>{tally.quarantined > 0 ? t('outcome.ask') : t('outcome.nobody')}</p>
        </Say>
      )}
      <section className="sheet">
        <Figures tally={tally} isForeseen={false} />
        {tally.count('SUPPRESSED', 'QUARANTINE_AGAIN') > 0 && <p className="small soft">{t('outcome.unnamed')}</p>}
      </section>
      <Rows tally={tally} />
      <LeftOut tally={tally} />
      <Doubts tally={tally} />
      <div className="row">
        {tally.quarantined > 0 && (
          <ButtonLink to="/bring/quarantine" look="primary" icon="next">
            {t('outcome.toQuarantine')}
          </ButtonLink>
        )}
        <Button onPress={download} icon="record">
          {t('outcome.download')}
        </Button>
        <Button onPress={onAgain}>{t('another')}</Button>
      </div>
      <p className="soft small">{t('outcome.report')}</p>
    </>
  )
}
