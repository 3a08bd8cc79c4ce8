/** Says that the device's clock is right, after it jumped: from then on the vault forgets by it again. */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Confirm } from '../../design/dialog'
import { Button } from '../../design/parts'
import { useSay } from '../../design/said'
import { useFormat } from '../../i18n/format'
import { useSession } from '../../vaults/session'
import { Trouble } from '../../vaults/trouble'

export function TimePart() {
  const { t } = useTranslation(['settings', 'common'])
  const format = useFormat()
  const say = useSay()
  const { vault, clock } = useSession()
  const [isAsking, setAsking] = useState(false)
  const [error, setError] = useState<unknown>()
  const now = format.dateTime(new Date(clock.now()).toISOString())
  return (
    <section className="sheet">
      <h2>{t('time.title')}</h2>
      <p className="soft">{t('time.text', { now })}</p>
      <Trouble error={error} />
      <div>
        <Button icon="calendar" onPress={() => setAsking(true)}>
          {t('time.confirm')}
        </Button>
      </div>
      <Confirm
        title={t('time.title2')}
        yes={t('time.confirm')}
        no={t('common:cancel')}
        danger
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        onTrouble={setError}
        onYes={async () => {
          await vault.confirmTime()
          say(t('time.done'))
        }}
      >
        <p>{t('time.warning', { now })}</p>
      </Confirm>
    </section>
  )
}
