/** Before the device is handed over: what is asked at the door, and what happens then. For the volunteer. */
import { useTranslation } from 'react-i18next'
import { Button, Checks, Page, Say } from '../../design/parts'
import { useFormat } from '../../i18n/format'
import { describe, noticeFor } from '../../i18n/policy'
import { LANGUAGE_NAMES, LANGUAGES } from '../../i18n/setup'
import { useSession } from '../../vaults/session'

export function Offer({
  signed,
  offered,
  onChange,
  onHandOver,
}: {
  /** How many have signed since the device was handed over last; undefined if it wasn't yet. */
  signed: number | undefined
  offered: readonly string[]
  onChange: (purposes: string[]) => void
  onHandOver: () => void
}) {
  const { t } = useTranslation(['signup', 'common'])
  const format = useFormat()
  const { vault, name } = useSession()
  const { policy } = vault
  const names = (languages: readonly (keyof typeof LANGUAGE_NAMES)[]) =>
    format.list(languages.map(language => LANGUAGE_NAMES[language]))
  const choices = Object.entries(policy.purposes).map(([purpose, spec]) => {
    const missing = LANGUAGES.filter(language => noticeFor(policy, purpose, language)?.language !== language)
    const keeps = t('offer.keeps', {
      fields: format.list(spec.fields.map(field => t(`common:fields.${field}` as 'common:fields.name', field))),
      long: format.duration(spec.keepFor),
    })
    const gap =
      missing.length === LANGUAGES.length
        ? t('offer.noNoticeAtAll')
        : missing.length > 0 && t('offer.noNotice', { languages: names(missing) })
    return {
      value: purpose,
      label: describe(policy, purpose, format.language),
      hint: [keeps, gap].filter(Boolean).join(' '),
    }
  })
  return (
    <Page title={t('title')} lead={t('offer.lead')} narrow>
      {signed !== undefined && (
        <Say tone="good" title={t('offer.back')} live>
          <p>{t('offer.signed', { count: signed, n: format.number(signed) })}</p>
        </Say>
      )}
      <section className="sheet">
        <Checks
          label={t('offer.which')}
          hint={t('offer.whichHint')}
          choices={choices}
          value={[...offered]}
          onChange={onChange}
        />
      </section>
      <section className="stack-s">
        <h2>{t('offer.then')}</h2>
        <ul className="signup-then">
          <li>{t('offer.alone')}</li>
          <li>{t('offer.oneByOne')}</li>
          <li>{t('offer.clean')}</li>
          <li>{name === undefined ? t('offer.leaveStory') : t('offer.leave')}</li>
          <li>{t('offer.idle')}</li>
        </ul>
      </section>
      <Button look="primary" icon="lock" isDisabled={offered.length === 0} onPress={onHandOver}>
        {t('offer.handOver')}
      </Button>
    </Page>
  )
}
