/**
 * Makes a vault, in five steps: what it is for, the rules, the passphrase, a second way in, and what this device can promise. The
 * vault exists from the third step on; it is shown when everything was said.
 */
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { Page } from '../../design/parts'
import { Unsaved } from '../../design/unsaved'
import { useFormat } from '../../i18n/format'
import { create, warmUp } from '../../vaults/here'
import { type PolicyDraft, policyOf, startingDraft } from '../../vaults/policy-draft'
import { type OpenSession, useSessions } from '../../vaults/session'
import { ChooseTemplate } from './choose-template'
import { countryHere } from './country-select'
import { KeyStep, type NewVault } from './key-step'
import { OnPaper } from './on-paper'
import { PromiseStep } from './promise-step'
import { RulesStep } from './rules-step'

const STEPS = ['template', 'rules', 'key', 'paper', 'promise'] as const

export default function Create() {
  const { t } = useTranslation(['create', 'common'])
  const format = useFormat()
  const [, go] = useLocation()
  const { enter } = useSessions()
  const [step, setStep] = useState<(typeof STEPS)[number]>('template')
  const [draft, setDraft] = useState<PolicyDraft>()
  const [isTyped, setTyped] = useState(false)
  const [session, setSession] = useState<OpenSession>()
  useEffect(warmUp, [])
  const keepOpen = useLockedOnLeaving(session)
  // biome-ignore lint/correctness/useExhaustiveDependencies: each step begins at its title
  useEffect(() => {
    document.querySelector<HTMLElement>('[data-page-title]')?.focus({ preventScroll: true })
    window.scrollTo({ top: 0 })
  }, [step])

  async function make(chosen: NewVault) {
    if (!draft) return
    setSession(await create({ ...chosen, policy: policyOf(draft) }))
    setStep('paper')
  }

  const at = STEPS.indexOf(step)
  const isMade = session !== undefined
  return (
    <Page
      title={t(`step.${step}`)}
      lead={t('stepOf', { step: format.number(at + 1), steps: format.number(STEPS.length) })}
      {...(isMade ? {} : { back: { to: '/', label: t('common:cancel') } })}
      narrow
    >
      <ol className="create-steps" aria-hidden="true">
        {STEPS.map((each, index) => (
          <li key={each} data-done={index <= at || undefined} />
        ))}
      </ol>
      <Unsaved isChanged={!isMade && (isTyped || step === 'key')} />
      {step === 'template' && (
        <ChooseTemplate
          onChoose={template => {
            setDraft(startingDraft(template, countryHere(), format.language))
            setStep('rules')
          }}
        />
      )}
      {step === 'rules' && draft && (
        <RulesStep
          draft={draft}
          onChange={next => {
            setDraft(next)
            setTyped(true)
          }}
          onBack={() => setStep('template')}
          onDone={() => setStep('key')}
        />
      )}
      {step === 'key' && <KeyStep onBack={() => setStep('rules')} onDone={make} />}
      {step === 'paper' && session && <OnPaper vault={session.vault} onDone={() => setStep('promise')} />}
      {step === 'promise' && session && (
        <PromiseStep
          vault={session.vault}
          onDone={() => {
            keepOpen()
            enter(session)
            go('/people')
          }}
        />
      )}
    </Page>
  )
}

/** A vault that was made and isn't gone into stays open no longer than this screen. */
function useLockedOnLeaving(session: OpenSession | undefined): () => void {
  const left = useRef<OpenSession>(undefined)
  left.current = session
  const isKept = useRef(false)
  useEffect(
    () => () => {
      if (!isKept.current) void left.current?.vault.lock()
    },
    [],
  )
  return () => {
    isKept.current = true
  }
}
