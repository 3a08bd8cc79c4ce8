/** How somebody said yes: in which way, on which day, to whom their details may go, and what proves it. */
import type { NewConsent, NewEvidence, Policy } from '@amanat/vault'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button, Check, Checks, Say, TextField } from '../../design/parts'
import { Select } from '../../design/select'
import { useFormat } from '../../i18n/format'
import { noticeFor } from '../../i18n/policy'
import { useSession, useVault } from '../../vaults/session'
import { type Document, documentFrom } from './evidence'
import { wouldEnd } from './lasts'
import { useRecipientName, useWayName, WAYS, type Way } from './words'

export interface GivenDraft {
  /** Nothing to begin with: what stands on the record is what somebody said of it. */
  readonly how?: Way
  /** ISO 8601 date. */
  readonly on: string
  readonly evidence?: Document
  readonly recipients: readonly string[]
  readonly isNoticeShown: boolean
}

export const givenToday = (now: number): GivenDraft => ({
  on: new Date(now).toISOString().slice(0, 10),
  recipients: [],
  isNoticeShown: false,
})

/** What a document is that proves a yes said so. */
const KIND: Record<Way, string> = {
  paper: 'scan',
  verbal: 'recording',
  sms: 'message',
  email: 'message',
  'web-form': 'form',
}

/** What can be told to a vault. */
export type GivenSaid = GivenDraft & { readonly how: Way }

export const isSaid = (draft: GivenDraft): draft is GivenSaid => draft.how !== undefined

/** What the vault is told. Today means now: midnight may have been before they left last time. */
export function consentOf(
  purpose: string,
  draft: GivenSaid,
  policy: Policy,
  language: string,
  now: number,
): NewConsent<Policy> {
  const { how, on, evidence, recipients, isNoticeShown } = draft
  const notice = isNoticeShown ? noticeFor(policy, purpose, language) : undefined
  return {
    purpose,
    recipients,
    ...(notice ? { notice: notice.id, ...(notice.language ? { language: notice.language } : {}) } : {}),
    given: {
      how,
      ...(on === new Date(now).toISOString().slice(0, 10) ? {} : { at: on }),
      ...(evidence
        ? { evidence: { kind: KIND[how], content: evidence.content, mediaType: evidence.mediaType } as NewEvidence }
        : {}),
    },
  }
}

export function GivenFields({
  purpose,
  draft,
  onChange,
  endsNow,
}: {
  purpose: string
  draft: GivenDraft
  onChange: (draft: GivenDraft) => void
  /** Until when they are held already. */
  endsNow?: string | undefined
}) {
  const { t } = useTranslation('person')
  const { vault, clock } = useSession()
  const format = useFormat()
  const wayName = useWayName()
  const recipientName = useRecipientName()
  const spec = vault.policy.purposes[purpose]
  const recipients = [...Object.keys(spec?.recipients ?? {}), ...(spec?.self ? ['self'] : [])]
  const given = Date.parse(draft.on)
  const end = wouldEnd(Number.isNaN(given) ? clock.now() : given, spec?.keepFor ?? 'P1D', !draft.evidence)
  return (
    <div className="stack">
      <div className="person-two">
        <Select
          label={t('given.how')}
          value={draft.how}
          options={WAYS.map(value => ({ value, label: wayName(value) }))}
          onChange={how => onChange({ ...draft, how })}
        />
        <TextField
          label={t('given.on')}
          type="date"
          value={draft.on}
          onChange={on => onChange({ ...draft, on })}
          isRequired
          hint={format.language === 'fa' && draft.on ? format.date(draft.on) : undefined}
        />
      </div>
      {recipients.length > 0 && (
        <Checks
          label={t('given.recipients')}
          hint={t('given.recipientsHint')}
          value={[...draft.recipients]}
          onChange={chosen => onChange({ ...draft, recipients: chosen })}
          choices={recipients.map(value => ({
            value,
            label: recipientName(purpose, value),
            hint: spec?.recipients?.[value]?.members === 'see-each-other' ? t('given.seeEachOther') : undefined,
          }))}
        />
      )}
      <NoticeShown purpose={purpose} draft={draft} onChange={onChange} />
      <EvidenceField draft={draft} onChange={onChange} />
      <Say tone={draft.evidence ? 'good' : 'note'}>
        <p>
          {draft.evidence
            ? t('given.proved', { date: format.date(end) })
            : t('given.claimed', { date: format.date(end) })}
        </p>
        {endsNow && end < endsNow && <p>{t('given.sooner', { date: format.date(endsNow) })}</p>}
      </Say>
    </div>
  )
}

type Part = { readonly draft: GivenDraft; readonly onChange: (draft: GivenDraft) => void }

function NoticeShown({ purpose, draft, onChange }: Part & { purpose: string }) {
  const { t } = useTranslation('person')
  const { policy } = useVault()
  const { language } = useFormat()
  const notice = noticeFor(policy, purpose, language)
  if (!notice) return null
  return (
    <div className="stack-s">
      <Check isSelected={draft.isNoticeShown} onChange={isNoticeShown => onChange({ ...draft, isNoticeShown })}>
        {t('given.notice')}
      </Check>
      <details className="soft small">
        <summary>{t('given.noticeText')}</summary>
        <p dir="auto" lang={notice.language}>
          {notice.text}
        </p>
      </details>
    </div>
  )
}

function EvidenceField({ draft, onChange }: Part) {
  const { t } = useTranslation('person')
  const format = useFormat()
  const chooser = useRef<HTMLInputElement>(null)
  const [wrong, setWrong] = useState<'tooLarge' | 'unreadable'>()
  const take = async (file: File | undefined) => {
    if (!file) return
    const evidence = await documentFrom(file)
    setWrong(typeof evidence === 'string' ? evidence : undefined)
    if (typeof evidence !== 'string') onChange({ ...draft, evidence })
  }
  const { evidence, ...rest } = draft
  return (
    <div className="stack-s">
      <span className="person-label">{t('given.evidence')}</span>
      <span className="soft small">{t('given.evidenceHint')}</span>
      <div className="row">
        <input
          ref={chooser}
          className="hidden"
          type="file"
          accept="image/*,application/pdf,audio/*,text/plain"
          aria-label={t('given.choose')}
          tabIndex={-1}
          onChange={event => void take(event.target.files?.[0])}
        />
        <Button icon="bring" onPress={() => chooser.current?.click()}>
          {t('given.choose')}
        </Button>
        {evidence && (
          <>
            <span className="person-file">
              <bdi>{evidence.name}</bdi> ({format.bytes(evidence.content?.length ?? 0)})
            </span>
            <Button look="quiet" icon="cross" onPress={() => onChange(rest)}>
              {t('given.remove')}
            </Button>
          </>
        )}
      </div>
      {wrong && (
        <p className="person-wrong" role="alert">
          {t(`given.${wrong}`)}
        </p>
      )}
    </div>
  )
}
