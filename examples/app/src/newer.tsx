/** Says that the whole app is on this device now, and offers a newer version of it: never by force. */
import { useEffect, useState, useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'
import { Button, Say } from './design/parts'
import { useSay } from './design/said'
import { isNewerHere, keepHere, loadNewest, onNewer } from './kept'

let isBegun = false

export function Newer() {
  const { t } = useTranslation()
  const say = useSay()
  const isNewer = useSyncExternalStore(onNewer, isNewerHere)
  const [isBusy, setBusy] = useState(false)
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, in the language of that moment
  useEffect(() => {
    if (isBegun) return
    isBegun = true
    void keepHere(() => say(t('offlineReady')))
  }, [])
  if (!isNewer) return null
  return (
    <aside className="shell-newer" aria-label={t('newVersion')}>
      <Say title={t('newVersion')} live>
        <p>{t('newVersionHint')}</p>
        <Button
          isPending={isBusy}
          onPress={() => {
            setBusy(true)
            void loadNewest()
          }}
        >
          {t('reload')}
        </Button>
      </Say>
    </aside>
  )
}
