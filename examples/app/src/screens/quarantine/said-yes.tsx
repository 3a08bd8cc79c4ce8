/** They said yes: to what, how, and what shows it. Nothing is ticked, and without a document it is a claim. */
import type { NewConsent, Policy } from '@amanat/vault'
import { useState } from 'react'
import { FileTrigger } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import { Button, Checks, Choices } from '../../design/parts'
import { Select } from '../../design/select'
import { useFormat } from '../../i18n/format'
import { describe, noticeFor } from '../../i18n/policy'
import { LANGUAGE_NAMES, LANGUAGES, type Language } from '../../i18n/setup'
import { useVault } from '../../vaults/session'
import { Trouble } from '../../vaults/trouble'

const HOWS = ['verbal', 'paper', 'sms', 'email'] as const
type How = (typeof HOWS)[number]

const MOST_BYTES = 8_000_000

interface Document {
  readonly name: string
  readonly content: Uint8Array
  readonly mediaType: string
}

export function SaidYes({
  mayOnlyMeet,
  onYes,
  onCancel,
}: {
  /** They may be asked face to face or by post alone. */
  mayOnlyMeet: boolean
  /** May throw. */
  onYes: (consents: readonly NewConsent<Policy>[]) => Promise<void>
  onCancel: () => void
}) {
  const { t } = useTranslation(['quarantine', 'common'])
  const format = useFormat()
  const { policy } = useVault()
  const [purposes, setPurposes] = useState<readonly string[]>([])
  const [how, setHow] = useState<How>()
  const [language, setLanguage] = useState<Language>(format.language)
  const [document, setDocument] = useState<Document>()
  const [isTooLarge, setTooLarge] = useState(false)
  const [isTried, setTried] = useState(false)
  const [isBusy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()

  async function attach(files: FileList | null) {
    const [file] = files ?? []
    if (!file) return
    setTooLarge(file.size > MOST_BYTES || file.size === 0)
    if (file.size > MOST_BYTES || file.size === 0) return
    const content = new Uint8Array(await file.arrayBuffer())
    setDocument({ name: file.name, content, mediaType: file.type || 'application/octet-stream' })
  }

  async function record() {
    setTried(true)
    if (purposes.length === 0 || how === undefined) return
    setBusy(true)
    setError(undefined)
    try {
      await onYes(purposes.map(purpose => consentFor(purpose, how)))
    } catch (trouble) {
      setError(trouble)
      setBusy(false)
    }
  }

  function consentFor(purpose: string, by: How): NewConsent<Policy> {
    const { recipients = {}, self } = policy.purposes[purpose] ?? {}
    const shown = noticeFor(policy, purpose, language)
    return {
      purpose,
      recipients: [...Object.keys(recipients), ...(self ? ['self'] : [])],
      ...(shown?.language === undefined ? {} : { notice: shown.id, language: shown.language }),
      given: {
        how: by,
        ...(document
          ? { evidence: { kind: 'document', content: document.content, mediaType: document.mediaType } }
          : {}),
      },
    }
  }

  return (
    <>
      <Checks
        label={t('yes.which')}
        hint={
          isTried && purposes.length === 0 ? (
            <span className="quarantine-wrong">{t('yes.whichWrong')}</span>
          ) : (
            t('yes.whichHint')
          )
        }
        value={[...purposes]}
        onChange={setPurposes}
        choices={Object.entries(policy.purposes).map(([value, { keepFor, recipients = {} }]) => ({
          value,
          label: describe(policy, value, format.language),
          hint: [
            format.duration(keepFor),
            ...Object.values(recipients).map(({ name, country }) => `⁨${name}⁩ (${format.country(country)})`),
          ].join(' · '),
        }))}
      />
      <Choices
        label={t('yes.how')}
        value={how ?? null}
        onChange={value => setHow(value as How)}
        wrong={isTried && how === undefined ? t('yes.howWrong') : undefined}
        choices={HOWS.map(value => ({
          value,
          label: t(`how.${value}`),
          disabled: mayOnlyMeet && (value === 'sms' || value === 'email'),
        }))}
      />
      <Select
        label={t('yes.language')}
        value={language}
        options={LANGUAGES.map(value => ({ value, label: LANGUAGE_NAMES[value] }))}
        onChange={setLanguage}
      />
      <div className="stack-s">
        <h3>{t('yes.document')}</h3>
        <p className="soft small">{document ? t('yes.documentThere') : t('yes.documentNone')}</p>
        <div className="row">
          <FileTrigger onSelect={files => void attach(files)}>
            <Button icon="plus">{document ? t('yes.documentOther') : t('yes.documentAdd')}</Button>
          </FileTrigger>
          {document && (
            <span className="badge good">
              <bdi>{document.name}</bdi>
            </span>
          )}
        </div>
        {isTooLarge && (
          <p className="quarantine-wrong" role="alert">
            {t('yes.documentWrong')}
          </p>
        )}
      </div>
      <Trouble error={error} />
      <div className="row">
        <Button onPress={onCancel}>{t('common:cancel')}</Button>
        <Button look="primary" icon="check" isPending={isBusy} onPress={record}>
          {t('yes.record')}
        </Button>
      </div>
    </>
  )
}
