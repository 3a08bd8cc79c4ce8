/** Opens every row once, to say what is damaged. */
import type { Examination } from '@amanat/vault'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button, Say } from '../../design/parts'
import { useFormat } from '../../i18n/format'
import { useVault } from '../../vaults/session'
import { Trouble } from '../../vaults/trouble'

export function CheckPart() {
  const { t } = useTranslation('settings')
  const format = useFormat()
  const vault = useVault()
  const [isBusy, setBusy] = useState(false)
  const [found, setFound] = useState<Examination>()
  const [error, setError] = useState<unknown>()

  async function look() {
    setBusy(true)
    setError(undefined)
    await vault.examine().then(setFound, setError)
    setBusy(false)
  }

  return (
    <section className="sheet">
      <h2>{t('check.title')}</h2>
      <p className="soft">{t('check.text')}</p>
      {found && (
        <Say tone={found.damaged.length > 0 ? 'stop' : 'good'} live>
          <p>
            {t(found.damaged.length > 0 ? 'check.damaged' : 'check.sound', {
              rows: format.number(found.rows),
              damaged: format.number(found.damaged.length),
            })}
          </p>
        </Say>
      )}
      <Trouble error={error} />
      <div>
        <Button icon="search" isPending={isBusy} onPress={look}>
          {t(isBusy ? 'check.checking' : 'check.start')}
        </Button>
      </div>
    </section>
  )
}
