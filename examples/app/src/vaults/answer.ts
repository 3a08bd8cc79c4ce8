/**
 * What the vault answers, kept true: it is asked again after each commit, here or in another tab. Meanwhile the last answer stands,
 * so that nothing flickers; an answer that was overtaken is dropped.
 */
import type { AnyVault } from '@amanat/vault'
import { type DependencyList, useEffect, useState } from 'react'
import { useVault, useVersion } from './session'

export interface Answer<T> {
  readonly value: T | undefined
  readonly error: unknown
  readonly isWaiting: boolean
}

/** @param on what the question depends on, besides the vault */
export function useAnswer<T>(ask: (vault: AnyVault) => Promise<T>, on: DependencyList): Answer<T> {
  const vault = useVault()
  const version = useVersion()
  const [answer, setAnswer] = useState<Answer<T>>({ value: undefined, error: undefined, isWaiting: true })
  // biome-ignore lint/correctness/useExhaustiveDependencies: the caller says what the question depends on
  useEffect(() => {
    let isOvertaken = false
    setAnswer(last => ({ ...last, isWaiting: true }))
    ask(vault).then(
      value => !isOvertaken && setAnswer({ value, error: undefined, isWaiting: false }),
      error => !isOvertaken && setAnswer(last => ({ value: last.value, error, isWaiting: false })),
    )
    return () => {
      isOvertaken = true
    }
  }, [vault, version, ...on])
  return answer
}
