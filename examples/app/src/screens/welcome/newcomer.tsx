/** For whoever has no vault here yet: what it does, what it doesn't, and where to begin. */
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { Icon, type IconName } from '../../design/icon'
import { ButtonLink } from '../../design/parts'
import { Fading } from './fading'
import { WaysToLearn } from './vault-list'

const PROMISES = [
  ['here', 'lock'],
  ['door', 'hand'],
  ['forgets', 'calendar'],
] as const satisfies readonly (readonly [string, IconName])[]

export function Newcomer({ told }: { told: ReactNode }) {
  const { t } = useTranslation(['welcome', 'common'])
  return (
    <main className="page welcome" id="main">
      {told}
      <section className="welcome-top">
        <div className="stack">
          <h1 tabIndex={-1} data-page-title>
            {t('common:tagline')}
          </h1>
          <p className="welcome-lead">{t('lead')}</p>
          <div className="row">
            <ButtonLink to="/new" look="primary" icon="key">
              {t('make')}
            </ButtonLink>
            <ButtonLink to="/story" icon="walk">
              {t('story')}
            </ButtonLink>
          </div>
          <p>
            <Link href="/restore">{t('restoreInstead')}</Link>
          </p>
        </div>
        <Fading />
      </section>
      <ul className="welcome-promises">
        {PROMISES.map(([promise, icon]) => (
          <li key={promise}>
            <Icon name={icon} size={24} />
            <h2>{t(`promise.${promise}.title`)}</h2>
            <p className="soft">{t(`promise.${promise}.text`)}</p>
          </li>
        ))}
      </ul>
      <section className="welcome-honest">
        <h2>{t('honest.title')}</h2>
        <ul>
          <li>{t('honest.copies')}</li>
          <li>{t('honest.device')}</li>
          <li>{t('honest.passphrase')}</li>
        </ul>
      </section>
      <WaysToLearn />
    </main>
  )
}
