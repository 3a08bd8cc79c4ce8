/** What this device can promise, before anybody relies on it. */
import type { AnyVault } from '@amanat/vault'
import { useTranslation } from 'react-i18next'
import { Button } from '../../design/parts'
import { Promises } from '../settings/promises'

export function PromiseStep({ vault, onDone }: { vault: AnyVault; onDone: () => void }) {
  const { t } = useTranslation('create')
  return (
    <div className="stack-l">
      <section className="sheet">
        <p>{t('promise.text')}</p>
        <Promises vault={vault} />
      </section>
      <Button look="primary" icon="people" onPress={onDone}>
        {t('promise.go')}
      </Button>
    </div>
  )
}
