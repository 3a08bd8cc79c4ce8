/** A clock that ran far ahead could make a vault forget everybody: so it asks somebody who can look at a calendar. */
import type { ErrorData } from '@amanat/vault'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button, Page, Say } from '../../design/parts'
import { useFormat } from '../../i18n/format'
import type { OpenSession } from '../../vaults/session'
import { Trouble } from '../../vaults/trouble'

export function DateQuestion({
  session,
  jump,
  onRight,
  onWrong,
}: {
  session: OpenSession
  jump: ErrorData['CLOCK_JUMPED']
  onRight: () => void
  onWrong: () => void
}) {
  const { t } = useTranslation('welcome')
  const format = useFormat()
  const [isBusy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()

  async function confirm() {
    setBusy(true)
    try {
      await session.vault.confirmTime()
      onRight()
    } catch (trouble) {
      setError(trouble)
      setBusy(false)
    }
  }

  return (
    <Page title={t('date.title')} narrow>
      <section className="sheet">
        <p className="unlock-date">{format.date(jump.clock)}</p>
        <p>{t('date.text', { seen: format.date(jump.lastSeen) })}</p>
        <Say tone="soon">
          <p>{t('date.warning')}</p>
        </Say>
        <Trouble error={error} />
        <div className="row">
          <Button look="primary" isPending={isBusy} onPress={confirm}>
            {t('date.right')}
          </Button>
          <Button
            onPress={async () => {
              await session.vault.lock()
              onWrong()
            }}
          >
            {t('date.wrong')}
          </Button>
        </div>
      </section>
    </Page>
  )
}
