/**
 * The first screen: what this is, for whoever meets it for the first time; the vaults of this device for everybody else. While it
 * stands there, what is due in a locked vault is forgotten: that needs no key.
 */
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Page, Say } from '../../design/parts'
import { forgetWhatIsDue, onNames, vaultsHere } from '../../vaults/here'
import { useSessions } from '../../vaults/session'
import { Newcomer } from './newcomer'
import { VaultList } from './vault-list'
import './welcome.css'

const LOOK_EVERY_MS = 3_600_000

export function Welcome() {
  const { t } = useTranslation(['welcome', 'common', 'trouble'])
  const { ended } = useSessions()
  const [names, setNames] = useState<readonly string[]>()
  const [missing, setMissing] = useState<ReadonlySet<string>>(new Set())
  const [isUnable, setUnable] = useState(!canKeepVaults())

  useEffect(() => {
    let isGone = false
    const look = async () => {
      const found = await vaultsHere()
      if (isGone) return
      setNames(found)
      for (const name of found) {
        const isThere = await forgetWhatIsDue(name).catch(() => true)
        if (!isThere && !isGone) setMissing(before => new Set(before).add(name))
      }
    }
    const lookNow = () => void look().catch(() => setUnable(true))
    lookNow()
    const unsubscribe = onNames(lookNow)
    // A tab may stand there for weeks.
    const timer = setInterval(lookNow, LOOK_EVERY_MS)
    return () => {
      isGone = true
      clearInterval(timer)
      unsubscribe()
    }
  }, [])

  const told = (
    <>
      {isUnable && (
        <Say tone="stop" title={t('trouble:UNSUPPORTED.what')} live>
          <p>{t('trouble:UNSUPPORTED.fix')}</p>
        </Say>
      )}
      {ended === 'locked' && (
        <Say tone="good" title={t('common:lockedNow')} live>
          <p>{t('lockedWhy')}</p>
        </Say>
      )}
    </>
  )
  if (names?.length === 0 || isUnable) return <Newcomer told={told} />
  return (
    <Page title={t('yours')} narrow>
      {told}
      {names && <VaultList names={names} missing={missing} />}
    </Page>
  )
}

/** What the store needs of a browser; private windows and pages that didn't come over https lack some of it. */
const canKeepVaults = () => window.isSecureContext && 'indexedDB' in window && 'locks' in navigator
