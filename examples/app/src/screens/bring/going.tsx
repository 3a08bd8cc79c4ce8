/** While a file is read, and while it comes in: how far, a way to stop, and what happens if the page is closed. */
import { useTranslation } from 'react-i18next'
import { Bar, Button, Say } from '../../design/parts'
import { useFormat } from '../../i18n/format'

export function Reading({ share, onCancel }: { share: number; onCancel: () => void }) {
  const { t } = useTranslation(['bring', 'common'])
  const format = useFormat()
  return (
    <section className="sheet">
      <Bar label={t('reading.label')} share={share} said={format.percent(Math.min(1, share))} />
      <p className="soft">{t('reading.nothing')}</p>
      <div>
        <Button onPress={onCancel}>{t('common:cancel')}</Button>
      </div>
    </section>
  )
}

export function Importing({ done, total, onCancel }: { done: number; total: number; onCancel: () => void }) {
  const { t } = useTranslation(['bring', 'common'])
  const format = useFormat()
  return (
    <section className="sheet">
      <Bar
        label={t('importing.label')}
        share={total === 0 ? 1 : done / total}
        said={t('importing.done', { done: format.number(done), total: format.number(total) })}
      />
      <Say>{t('importing.safe')}</Say>
      <div>
        <Button onPress={onCancel}>{t('importing.stop')}</Button>
      </div>
    </section>
  )
}
