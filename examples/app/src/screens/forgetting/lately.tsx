/** What was forgotten by itself since somebody was last here, and a button for whoever doesn't want to wait. */
import type { AnyVault } from '@amanat/vault'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../../design/parts'
import { useSay } from '../../design/said'
import { useFormat } from '../../i18n/format'
import { useVault } from '../../vaults/session'
import { Trouble } from '../../vaults/trouble'

export interface Forgetting {
  readonly at: string
  /** When somebody last did something before that; absent where nobody had. */
  readonly since: string | undefined
  readonly slices: number
}

/** Each time that something was forgotten because its day had passed, oldest first. */
export async function forgettingsOf(vault: AnyVault): Promise<Forgetting[]> {
  const found: Forgetting[] = []
  // What is forgotten stands behind whatever else was written in the same moment: the last visit is the one before.
  let last: string | undefined
  let before: string | undefined
  for await (const { type, at, slices } of vault.ledger.entries()) {
    if (type === 'purge') found.push({ at, since: last === at ? before : last, slices: Number(slices) })
    else if (type !== 'verified' && at !== last) [before, last] = [last, at]
  }
  return found
}

export function Lately({ forgettings }: { forgettings: readonly Forgetting[] }) {
  const { t } = useTranslation('forgetting')
  const format = useFormat()
  const vault = useVault()
  const say = useSay()
  const [isBusy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const latest = forgettings.at(-1)
  // All that belong to the latest visit: nobody did anything in between.
  const since = forgettings.filter(({ since }) => since === latest?.since)

  async function purge() {
    setBusy(true)
    setError(undefined)
    try {
      const { contacts, slices } = await vault.purge()
      if (contacts > 0) say(t('lately.purged', { count: contacts }))
      else say(slices > 0 ? t('lately.slices', { count: slices }) : t('lately.nothingDue'))
    } catch (trouble) {
      setError(trouble)
    }
    setBusy(false)
  }

  return (
    <section className="sheet">
      <h2>{t('lately.title')}</h2>
      {latest ? (
        <div className="stack-s">
          <p className="soft">
            {t('lately.since', {
              since: format.date(latest.since ?? forgettings[0]?.at ?? latest.at),
              at: format.date(latest.at),
            })}
          </p>
          <p className="forgetting-large">
            {t('lately.text', { count: since.reduce((sum, { slices }) => sum + slices, 0) })}
          </p>
          <p className="soft small">{t('lately.whose')}</p>
        </div>
      ) : (
        <p className="soft">{t('lately.none')}</p>
      )}
      <Trouble error={error} />
      <div className="stack-s">
        <div>
          <Button icon="gone" isPending={isBusy} onPress={purge}>
            {t('lately.purge')}
          </Button>
        </div>
        <p className="soft small">{t('lately.purgeHint')}</p>
      </div>
    </section>
  )
}
