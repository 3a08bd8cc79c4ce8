/** The vaults of this device, each a way to its lock; and the other ways to begin. */
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { Icon } from '../../design/icon'
import { Badge, ButtonLink } from '../../design/parts'
import { useSessions } from '../../vaults/session'

export function VaultList({ names, missing }: { names: readonly string[]; missing: ReadonlySet<string> }) {
  const { t } = useTranslation('welcome')
  const { session } = useSessions()
  return (
    <>
      <ul className="welcome-vaults">
        {names.map(name => (
          <li key={name}>
            <Link href={session?.name === name ? '/people' : `/open/${encodeURIComponent(name)}`}>
              <span className="welcome-lock">
                <Icon name="lock" />
              </span>
              <bdi>{name}</bdi>
              {missing.has(name) ? (
                <Badge tone="stop">{t('notHere')}</Badge>
              ) : (
                <span className="soft">{t(session?.name === name ? 'opened' : 'closed')}</span>
              )}
              <Icon name="next" turns />
            </Link>
          </li>
        ))}
      </ul>
      <div className="row">
        <ButtonLink to="/new" icon="plus">
          {t('another')}
        </ButtonLink>
        <ButtonLink to="/restore" look="quiet" icon="bring">
          {t('restore')}
        </ButtonLink>
      </div>
      <WaysToLearn />
    </>
  )
}

export function WaysToLearn() {
  const { t } = useTranslation('welcome')
  return (
    <nav className="welcome-learn" aria-label={t('learn')}>
      <Link href="/story">
        <Icon name="walk" size={18} />
        {t('story')}
      </Link>
      <Link href="/about">
        <Icon name="code" size={18} />
        {t('developers')}
      </Link>
    </nav>
  )
}
