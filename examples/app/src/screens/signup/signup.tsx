/**
 * Consent at the door: a volunteer hands over the device, people answer for themselves, and nobody sees who was before. Whoever says
 * no to everything leaves nothing behind.
 */
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useSession, useSessions } from '../../vaults/session'
import { Door, type Filled } from './door'
import { evidenceOf } from './evidence'
import { Offer } from './offer'
import { recipientsOf } from './told'
import './signup.css'

export default function Signup() {
  const { t } = useTranslation('signup')
  const { isKiosk, setKiosk } = useSessions()
  const { vault } = useSession()
  const [offered, setOffered] = useState<readonly string[]>([])
  const [signed, setSigned] = useState<number>()

  /** One consent for each yes, with what proves it; each no is recorded as well. */
  async function signUp({ card, yes, no, proof, notices, ref }: Filled) {
    const evidence = evidenceOf(proof, { policy: vault.policy, yes, no, notices })
    const { id } = await vault.add({
      card,
      source: t('source'),
      ref,
      consents: yes.map(purpose => ({
        purpose,
        recipients: recipientsOf(vault.policy, purpose),
        ...notices[purpose],
        given: { how: 'web-form', evidence },
      })),
    })
    for (const purpose of no) await vault.refuse(id, purpose, 'web-form')
    setSigned(count => (count ?? 0) + 1)
    return { id, consents: await vault.consents(id) }
  }

  if (isKiosk) return <Door offered={offered} onAgree={signUp} onLeave={() => setKiosk(false)} />
  return (
    <Offer
      signed={signed}
      offered={offered}
      onChange={setOffered}
      onHandOver={() => {
        setSigned(0)
        setKiosk(true)
      }}
    />
  )
}
