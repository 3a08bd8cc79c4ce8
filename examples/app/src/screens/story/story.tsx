/**
 * The story's first page, and its beginning: a stage is set, and a session is entered with the guide beside it. From then on the
 * app's own screens show what happens. The story's vault has no name on this device, because it isn't kept on it.
 */
import { type ReactNode, useEffect, useState } from 'react'
import { Trans, useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { Icon, type IconName } from '../../design/icon'
import { Button, Page, Say } from '../../design/parts'
import { useFormat } from '../../i18n/format'
import { isMarked, unmark } from '../../story/mark'
import { STARTS, setStage } from '../../story/stage'
import { useSessions } from '../../vaults/session'
import { Trouble } from '../../vaults/trouble'
import { Guide } from './guide'
import './story.css'

export default function Story() {
  const { t } = useTranslation(['tour', 'common'])
  const format = useFormat()
  const [, go] = useLocation()
  const { session, enter, leave } = useSessions()
  const isRunning = session !== undefined && session.name === undefined
  const [wasInterrupted] = useState(() => !isRunning && isMarked())
  const [isBusy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  useEffect(() => {
    if (!isRunning) unmark()
  }, [isRunning])

  async function begin() {
    setBusy(true)
    setError(undefined)
    try {
      await leave()
      const stage = await setStage(format.language)
      // Told before the screens are, so that the lock isn't taken for a reload.
      stage.vault.subscribe(({ type }) => type === 'locked' && unmark())
      enter({
        vault: stage.vault,
        name: undefined,
        clock: stage.clock,
        guide: <Guide key={Date.now()} stage={stage} />,
      })
      go('/people')
    } catch (trouble) {
      setError(trouble)
      setBusy(false)
    }
  }

  return (
    <Page title={t('title')} lead={t('lead')} back={{ to: '/', label: t('common:back') }} narrow>
      {wasInterrupted && (
        <Say tone="soon" title={t('interrupted')} live>
          <p>{t('interruptedMore')}</p>
        </Say>
      )}
      <div className="story-told">
        <p>{t('happened')}</p>
        <p>
          <Trans t={t} i18nKey="here" components={{ b: <strong /> }} />
        </p>
      </div>
      <ul className="story-facts">
        <Fact icon="people" title={t('facts.invented')}>
          {t('facts.inventedMore')}
        </Fact>
        <Fact icon="gone" title={t('facts.kept')}>
          {t('facts.keptMore')}
        </Fact>
        <Fact icon="soon" title={t('facts.clock')}>
          {t('facts.clockMore', { date: format.date(STARTS) })}
        </Fact>
      </ul>
      <Trouble error={error} />
      {session && !isRunning && <p className="soft">{t('locksFirst')}</p>}
      <div className="row">
        {isRunning && (
          <Button look="primary" icon="walk" onPress={() => go('/people')}>
            {t('resume')}
          </Button>
        )}
        <Button look={isRunning ? 'plain' : 'primary'} icon="walk" isPending={isBusy} onPress={begin}>
          {t(isRunning || wasInterrupted ? 'startAgain' : 'start')}
        </Button>
      </div>
    </Page>
  )
}

function Fact({ icon, title, children }: { icon: IconName; title: string; children: ReactNode }) {
  return (
    <li>
      <Icon name={icon} />
      <span className="stack-s">
        <strong>{title}</strong>
        <span className="soft small">{children}</span>
      </span>
    </li>
  )
}
