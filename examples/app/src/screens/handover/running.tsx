/** While a file is being written: how far it is, and a word with whoever is about to close the page. */
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { Bar, Page } from '../../design/parts'

export function Running({ done, people }: { done: number; people: number }) {
  const { t } = useTranslation('handover')
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', ask)
    return () => window.removeEventListener('beforeunload', ask)
  }, [])
  return (
    <Page title={t('running.title')} narrow>
      <div className="sheet" aria-live="polite">
        <Bar label={t('running.progress', { count: done })} share={people === 0 ? 0 : done / people} />
        <p className="soft">{t('running.stay')}</p>
      </div>
    </Page>
  )
}
