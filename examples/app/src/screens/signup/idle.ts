/** Somebody who walked away from a half-filled form: it empties itself, so that the next person doesn't read it. */
import type { AnyVault } from '@amanat/vault'
import { useEffect, useRef } from 'react'

const LEFT_ALONE_MS = 150_000
/** The vault locks itself when it isn't used; whoever is typing uses it. */
const TOLD_EVERY_MS = 60_000
const SIGNS = ['pointerdown', 'keydown', 'input', 'scroll'] as const

export function useIdle(isFilled: boolean, onIdle: () => void, vault: AnyVault): void {
  const act = useRef(onIdle)
  act.current = onIdle
  useEffect(() => {
    let timer = 0
    let told = 0
    const begin = () => {
      clearTimeout(timer)
      if (isFilled) timer = window.setTimeout(() => act.current(), LEFT_ALONE_MS)
      const now = Date.now()
      if (now - told < TOLD_EVERY_MS) return
      told = now
      vault.exists([]).catch(() => undefined)
    }
    begin()
    for (const sign of SIGNS) addEventListener(sign, begin, { passive: true })
    return () => {
      clearTimeout(timer)
      for (const sign of SIGNS) removeEventListener(sign, begin)
    }
  }, [isFilled, vault])
}
