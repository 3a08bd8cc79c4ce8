/** One person's way through the form, step by step, and back to an empty one. What was typed lives in here and nowhere else. */
import type { Card, ConsentView, Policy } from '@amanat/vault'
import { useCallback, useEffect, useRef, useState } from 'react'
import { useLocation } from 'wouter'
import { useFormat } from '../../i18n/format'
import { noticeFor } from '../../i18n/policy'
import { type Language, setLanguage } from '../../i18n/setup'
import { useVault } from '../../vaults/session'
import { Declined } from './declined'
import { cardOf, Details, NOTHING_TYPED, type Typed } from './details'
import type { Notices, Proof } from './evidence'
import { Greeting } from './greeting'
import { useIdle } from './idle'
import { Leave } from './leave'
import { ProofStep } from './proof'
import { type Answer, Question } from './question'
import { Summary } from './summary'
import { Thanks } from './thanks'

export interface Filled {
  readonly card: Card
  readonly yes: readonly string[]
  readonly no: readonly string[]
  readonly proof: Proof
  readonly notices: Notices
  /** Of this one form: sent again after a trouble, it is the same person. */
  readonly ref: string
}

export interface Signed {
  readonly id: string
  readonly consents: readonly ConsentView<Policy>[]
}

export function Door({
  offered,
  onAgree,
  onLeave,
}: {
  offered: readonly string[]
  onAgree: (filled: Filled) => Promise<Signed>
  onLeave: () => void
}) {
  const { language } = useFormat()
  const [volunteers] = useState(language)
  const [person, setPerson] = useState(0)
  const [path, go] = useLocation()
  // The back button may lead to another address; the form stays what it is.
  useEffect(() => {
    if (path !== '/signup') go('/signup', { replace: true })
  }, [path, go])
  // The next person finds the door as the volunteer left it.
  const next = useCallback(() => void setLanguage(volunteers).then(() => setPerson(count => count + 1)), [volunteers])
  // A page that the browser kept whole, and shows again, begins anew.
  useEffect(() => {
    const shown = (event: PageTransitionEvent) => event.persisted && next()
    addEventListener('pageshow', shown)
    return () => removeEventListener('pageshow', shown)
  }, [next])
  const leave = async () => {
    await setLanguage(volunteers)
    onLeave()
  }
  return (
    <>
      {/* A new key: nothing of whoever was before is left in the page. */}
      <OnePerson key={person} offered={offered} onAgree={onAgree} onNext={next} />
      <Leave onLeave={leave} />
    </>
  )
}

type Step = number | 'greeting' | 'details' | 'proof' | 'summary' | 'thanks' | 'declined'

function OnePerson({
  offered,
  onAgree,
  onNext,
}: {
  offered: readonly string[]
  onAgree: (filled: Filled) => Promise<Signed>
  onNext: () => void
}) {
  const vault = useVault()
  const { policy } = vault
  const { language } = useFormat()
  const [step, setStep] = useState<Step>('greeting')
  const [answers, setAnswers] = useState<Readonly<Record<string, Answer>>>({})
  const [typed, setTyped] = useState<Typed>(NOTHING_TYPED)
  const [proof, setProof] = useState<Proof>()
  const [signed, setSigned] = useState<Signed>()
  const [ref] = useState(() => `door:${crypto.randomUUID()}`)
  useIdle(step !== 'greeting' && step !== 'thanks', onNext, vault)
  useFocusOn(step)

  const yes = offered.filter(purpose => answers[purpose] === 'yes')
  const no = offered.filter(purpose => answers[purpose] === 'no')
  const at = (number: number) => ({ number, total: offered.length + 3 })
  const afterQuestion = (number: number) =>
    setStep(
      number + 1 < offered.length ? number + 1 : offered.every(each => answers[each] === 'no') ? 'declined' : 'details',
    )

  if (step === 'greeting') {
    const begin = (chosen: Language) => void setLanguage(chosen).then(() => setStep(0))
    return <Greeting onChoose={begin} />
  }
  if (typeof step === 'number') {
    const purpose = offered[step] as string
    return (
      <Question
        key={purpose}
        purpose={purpose}
        at={at(step + 1)}
        answer={answers[purpose]}
        onAnswer={answer => setAnswers(all => ({ ...all, [purpose]: answer }))}
        onBack={() => setStep(step === 0 ? 'greeting' : step - 1)}
        onNext={() => afterQuestion(step)}
      />
    )
  }
  if (step === 'declined') return <Declined onBack={() => setStep(offered.length - 1)} onDone={onNext} />
  if (step === 'details')
    return (
      <Details
        purposes={yes}
        at={at(offered.length + 1)}
        typed={typed}
        onType={setTyped}
        onBack={() => setStep(offered.length - 1)}
        onNext={() => setStep('proof')}
      />
    )
  if (step === 'proof')
    return (
      <ProofStep
        at={at(offered.length + 2)}
        suggested={typed.name}
        proof={proof}
        onProof={setProof}
        onBack={() => setStep('details')}
        onNext={() => setStep('summary')}
      />
    )
  if (step === 'thanks' && signed) return <Thanks signed={signed} no={no} onDone={onNext} />
  const agree = async () => {
    if (!proof) return setStep('proof')
    const notices = Object.fromEntries(yes.concat(no).map(purpose => [purpose, shownFor(policy, purpose, language)]))
    setSigned(await onAgree({ card: cardOf(typed, policy, yes), yes, no, proof, notices, ref }))
    setStep('thanks')
  }
  return (
    <Summary
      yes={yes}
      no={no}
      typed={typed}
      proof={proof}
      at={at(offered.length + 3)}
      onBack={() => setStep('proof')}
      onChange={setStep}
      offered={offered}
      onAgree={agree}
    />
  )
}

function shownFor(policy: Policy, purpose: string, reader: string) {
  const shown = noticeFor(policy, purpose, reader)
  return shown?.language === undefined ? undefined : { notice: shown.id, language: shown.language }
}

/** Each step begins at its heading, for eyes and for screen readers. */
function useFocusOn(step: Step): void {
  const last = useRef(step)
  useEffect(() => {
    if (last.current === step) return
    last.current = step
    scrollTo(0, 0)
    document.querySelector<HTMLElement>('[data-page-title]')?.focus({ preventScroll: true })
  }, [step])
}
