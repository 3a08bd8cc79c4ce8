/** What this person said, newest first, and who wrote it down. */
import { useTranslation } from 'react-i18next'
import { Icon, type IconName } from '../../design/icon'
import { useFormat } from '../../i18n/format'
import { describe } from '../../i18n/policy'
import { useVault } from '../../vaults/session'
import type { Consent } from './look-at'
import { actorName, useWayName } from './words'

const KINDS = {
  requested: 'note',
  given: 'check',
  renewed: 'check',
  refused: 'cross',
  withdrawn: 'cross',
  lowered: 'down',
  expired: 'soon',
} as const satisfies Record<string, IconName>
type Kind = keyof typeof KINDS

interface Moment {
  readonly kind: Kind
  readonly at: string
  readonly purpose: string
  readonly actor?: string
  readonly how?: string
}

export function Timeline({ consents }: { consents: readonly Consent[] }) {
  const { t } = useTranslation('person')
  const { policy } = useVault()
  const format = useFormat()
  const wayName = useWayName()
  return (
    <section className="stack-s" aria-label={t('timeline.title')}>
      <h2>{t('timeline.title')}</h2>
      <ol className="person-timeline">
        {momentsOf(consents).map(({ kind, at, purpose, actor, how }) => (
          <li key={`${purpose} ${at} ${kind}`} className={kind}>
            <span className="dot">
              <Icon name={KINDS[kind]} size={14} />
            </span>
            <div>
              <p>
                <strong>{t(`timeline.${kind}`)}</strong> {describe(policy, purpose, format.language)}
              </p>
              <p className="soft small">
                <time dateTime={at}>{format.date(at)}</time>
                {how && ` · ${wayName(how)}`}
                {actor && ` · ${t('timeline.by', { actor: actorName(actor) })}`}
              </p>
            </div>
          </li>
        ))}
      </ol>
    </section>
  )
}

function momentsOf(consents: readonly Consent[]): Moment[] {
  const moments = consents.flatMap(({ purpose, state, until, events }): Moment[] => [
    ...events.map(event => ({ ...event, kind: event.kind as Kind, purpose })),
    ...(state === 'expired' && until ? [{ kind: 'expired' as const, at: until, purpose }] : []),
  ])
  return moments.sort((one, other) => (one.at < other.at ? 1 : one.at > other.at ? -1 : 0))
}
