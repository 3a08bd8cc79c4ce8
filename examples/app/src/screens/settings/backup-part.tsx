/** A sealed copy of everything, streamed to where the person says; and how old the last one is, as the ledger tells. */
import type { AnyVault } from '@amanat/vault'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button, Say } from '../../design/parts'
import { useSay } from '../../design/said'
import { useFormat } from '../../i18n/format'
import { useAnswer } from '../../vaults/answer'
import { saveStream } from '../../vaults/save-file'
import { useSession } from '../../vaults/session'
import { Trouble } from '../../vaults/trouble'

const OLD_AFTER_MS = 30 * 86_400_000

export function BackupPart() {
  const { t } = useTranslation('settings')
  const format = useFormat()
  const say = useSay()
  const { vault, clock } = useSession()
  const last = useAnswer(async vault => ({ at: await lastBackup(vault) }), [])
  const [isBusy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()

  async function make() {
    setBusy(true)
    setError(undefined)
    try {
      const day = new Date(clock.now()).toISOString().slice(0, 10)
      const isSaved = await saveStream(`backup-${day}.amanat`, async () => (await vault.backup()).file)
      if (isSaved) say(t('backup.made'))
    } catch (trouble) {
      setError(trouble)
    }
    setBusy(false)
  }

  const at = last.value?.at
  const isOld = last.value && (at === undefined || clock.now() - Date.parse(at) > OLD_AFTER_MS)
  return (
    <section className="sheet">
      <h2>{t('backup.title')}</h2>
      {last.value && (
        <Say tone={isOld ? 'soon' : 'good'}>
          <p>
            {at === undefined
              ? t('backup.none')
              : t('backup.last', { when: format.relative(at, clock.now()), date: format.date(at) })}
          </p>
        </Say>
      )}
      <p className="soft">{t('backup.text')}</p>
      <Trouble error={error ?? last.error} />
      <div>
        <Button icon="bring" isPending={isBusy} onPress={make}>
          {t(isBusy ? 'backup.making' : 'backup.make')}
        </Button>
      </div>
    </section>
  )
}

async function lastBackup(vault: AnyVault): Promise<string | undefined> {
  let at: string | undefined
  for await (const line of vault.ledger.entries({ type: 'backup-started' })) at = line.at
  return at
}
