/**
 * Handing people over: who is asked about, the door's answer, and what comes of it. Either a file leaves, with its manifest, or
 * the vault says no, and then nothing leaves.
 */
import { isVaultError, type Manifest } from '@amanat/vault'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Page } from '../../design/parts'
import { useSession } from '../../vaults/session'
import { Compose } from './compose'
import { choosePlace, downloads } from './keep-file'
import { Left } from './left'
import { type Reasons, Refusal } from './refusal'
import { fileNameOf, type Wish, whoOf } from './request'
import { Running } from './running'
import { useWish } from './wish'
import './handover.css'

export type WhenRefused = 'refuse' | 'leave-out'

type Came =
  | { readonly of: 'nothing'; readonly error?: unknown; readonly isBroken?: boolean }
  | { readonly of: 'running'; readonly id?: string; readonly done: number; readonly people: number }
  | { readonly of: 'refusal'; readonly reasons: Reasons; readonly at: number }
  | { readonly of: 'file'; readonly manifest: Manifest; readonly name: string }

export default function Handover() {
  const { t } = useTranslation(['handover', 'common'])
  const { vault, clock } = useSession()
  const [wish, choosing, choose] = useWish(vault.policy)
  const [came, setCame] = useState<Came>({ of: 'nothing' })
  // What follows takes the place of the form: reading begins at its title, and from the top.
  useEffect(() => {
    if (came.of !== 'refusal' && came.of !== 'file') return
    document.querySelector<HTMLElement>('[data-page-title]')?.focus({ preventScroll: true })
    window.scrollTo(0, 0)
  }, [came.of])

  async function handOver(wish: Wish, whenRefused: WhenRefused, isCertain: boolean) {
    const name = fileNameOf(wish, clock.now())
    let hasBegun = false
    try {
      // When a no is to be expected, nobody is asked for a place first: the door is asked, and says it.
      const place = isCertain ? await choosePlace(name) : downloads(name)
      if (!place) return
      const out = await vault.for(wish.purpose).export({
        ...whoOf(vault.policy, wish),
        format: wish.format,
        via: wish.way,
        whenRefused,
        onProgress: done => setCame(last => (last.of === 'running' ? { ...last, done } : last)),
      })
      hasBegun = true
      setCame({ of: 'running', id: out.id, done: 0, people: out.people })
      await place.write(out.file)
      setCame({ of: 'file', manifest: await out.manifest, name })
    } catch (error) {
      if (isVaultError(error, 'EXPORT_REFUSED'))
        setCame({ of: 'refusal', reasons: error.data.reasons, at: clock.now() })
      else setCame({ of: 'nothing', error, isBroken: hasBegun })
    }
  }

  const none = came.of === 'nothing' ? came : undefined
  if (came.of === 'running') return <Running done={came.done} people={came.people} />
  if (came.of === 'file' && wish)
    return <Left manifest={came.manifest} name={came.name} onAgain={() => setCame({ of: 'nothing' })} />
  if (came.of === 'refusal' && wish)
    return (
      <Refusal
        wish={wish}
        reasons={came.reasons}
        at={came.at}
        onBack={() => setCame({ of: 'nothing' })}
        onHandOver={() => handOver(wish, 'leave-out', true)}
      />
    )
  return (
    <Page title={t('title')} lead={t('lead')}>
      <Compose
        wish={wish}
        choosing={choosing}
        onChoose={choose}
        onHandOver={handOver}
        error={none?.error}
        isBroken={none?.isBroken ?? false}
      />
    </Page>
  )
}
