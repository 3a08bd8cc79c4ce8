/** Everything once more before it counts; each part can be changed from here. */
import { isVaultError } from '@amanat/vault'
import { useTranslation } from 'react-i18next'
import { Icon } from '../../design/icon'
import { Button, Say } from '../../design/parts'
import { useFormat } from '../../i18n/format'
import { describe } from '../../i18n/policy'
import { useVault } from '../../vaults/session'
import { type Typed, typedOf } from './details'
import type { Proof } from './evidence'
import { type At, Step } from './step'
import { type Asked, fieldsFor } from './told'

export function Summary({
  offered,
  yes,
  no,
  typed,
  proof,
  at,
  onBack,
  onChange,
  onAgree,
}: {
  offered: readonly string[]
  yes: readonly string[]
  no: readonly string[]
  typed: Typed
  proof: Proof | undefined
  at: At
  onBack: () => void
  onChange: (step: number | 'details' | 'proof') => void
  onAgree: () => Promise<void>
}) {
  const { t } = useTranslation(['signup', 'common'])
  const format = useFormat()
  const { policy } = useVault()
  const fields = fieldsFor(policy, yes).filter(field => typedOf(typed, field) !== '')
  const label = (field: Asked) => (field.startsWith('x:') ? field.slice(2) : t(`details.${field as 'name'}`))
  return (
    <Step
      title={t('summary.title')}
      lead={t('summary.lead')}
      at={at}
      next={t('summary.agree')}
      onBack={onBack}
      onNext={onAgree}
      words={doorWords}
    >
      <section className="sheet">
        <ul className="signup-answers">
          {offered.map((purpose, number) => (
            <li key={purpose} className={yes.includes(purpose) ? 'yes' : 'no'}>
              <Icon name={yes.includes(purpose) ? 'check' : 'cross'} />
              <span className="grow">
                <strong>{yes.includes(purpose) ? t('common:yes') : t('common:no')}</strong>{' '}
                <bdi>{describe(policy, purpose, format.language)}</bdi>
                {yes.includes(purpose) && (
                  <span className="soft small signup-line">
                    {t('facts.thenForgotten', { long: format.duration(policy.purposes[purpose]?.keepFor ?? '') })}
                  </span>
                )}
              </span>
              <Button look="quiet" onPress={() => onChange(number)}>
                {t('summary.change')}
                <span className="hidden">{describe(policy, purpose, format.language)}</span>
              </Button>
            </li>
          ))}
        </ul>
      </section>
      <section className="sheet">
        <dl className="signup-facts">
          {fields.map(field => (
            <div key={field}>
              <dt>{label(field)}</dt>
              <dd className={field === 'phones' || field === 'emails' ? 'ltr' : undefined} dir="auto">
                {typedOf(typed, field)}
              </dd>
            </div>
          ))}
          <div>
            <dt>{t('summary.signed')}</dt>
            <dd>{proof && t(`summary.${proof.how}`)}</dd>
          </div>
        </dl>
        <div className="row">
          <Button look="quiet" onPress={() => onChange('details')}>
            {t('summary.changeDetails')}
          </Button>
          <Button look="quiet" onPress={() => onChange('proof')}>
            {t('summary.changeProof')}
          </Button>
        </div>
      </section>
      {no.length > 0 && <p className="soft small">{t('summary.noes')}</p>}
    </Step>
  )
}

/** Whoever left, and whatever else the vault knows of somebody, is nobody's business at the door: one sentence for all of it. */
const AT_THE_DOOR = [
  'SUPPRESSED',
  'QUARANTINE_AGAIN',
  'REF_TAKEN',
  'EXPIRES_TOO_SOON',
  'CONSENT_INVALID',
  'CARD_INVALID',
] as const

function doorWords(error: unknown) {
  return isVaultError(error) && (AT_THE_DOOR as readonly string[]).includes(error.code) ? <Stopped /> : undefined
}

function Stopped() {
  const { t } = useTranslation('signup')
  return (
    <Say tone="soon" title={t('stopped.title')} live>
      <p>{t('stopped.fix')}</p>
    </Say>
  )
}
