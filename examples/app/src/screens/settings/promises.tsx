/** What this store on this device can honestly promise, in words: nothing says "gone for ever" where nobody measured it. */
import type { AnyVault, Guarantees } from '@amanat/vault'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon } from '../../design/icon'
import { Button } from '../../design/parts'
import { Trouble } from '../../vaults/trouble'
import './settings.css'

export function Promises({ vault }: { vault: AnyVault }) {
  const { t } = useTranslation(['settings', 'common'])
  const [found, setFound] = useState<Guarantees>()
  const [error, setError] = useState<unknown>()
  const [isRefused, setRefused] = useState(false)
  useEffect(() => void vault.guarantees().then(setFound, setError), [vault])

  async function keep() {
    const isKept = await navigator.storage?.persist?.()
    setRefused(!isKept)
    setFound(await vault.guarantees())
  }

  if (!found) return error ? <Trouble error={error} /> : <p className="soft">{t('common:loading')}</p>
  return (
    <div className="stack">
      <ul className="settings-promises">
        <Promised isGood>{t('promise.sealed')}</Promised>
        <Promised isGood={found.forgetting === 'in-place'}>{t(`promise.forgetting.${found.forgetting}`)}</Promised>
        <Promised isGood={found.durability === 'strict'}>{t(`promise.durability.${found.durability}`)}</Promised>
        <Promised isGood={found.persisted}>{t(found.persisted ? 'promise.persisted' : 'promise.evictable')}</Promised>
      </ul>
      {!found.persisted && (
        <div className="row">
          <Button onPress={keep}>{t('promise.persist')}</Button>
          {isRefused && (
            <p className="soft small" role="status">
              {t('promise.persistRefused')}
            </p>
          )}
        </div>
      )}
    </div>
  )
}

function Promised({ isGood, children }: { isGood: boolean; children: string }) {
  return (
    <li data-good={isGood || undefined}>
      <Icon name={isGood ? 'check' : 'note'} />
      <span>{children}</span>
    </li>
  )
}
