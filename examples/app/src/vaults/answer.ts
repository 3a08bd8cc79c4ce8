/**
 * What the vault answers, kept true: it is asked again after each commit, here or in another tab. Meanwhile the last answer stands,
 * so that nothing flickers. While it is being asked, further commits don't start a second asking beside the first, but one more
 * after it: many commits in a row cost a screen no more than it can take.
 */
import type { AnyVault } from '@amanat/vault'
import { type DependencyList, useEffect, useRef, useState } from 'react'
import { useVault, useVersion } from './session'

export interface Answer<T> {
  readonly value: T | undefined
  readonly error: unknown
  readonly isWaiting: boolean
}

interface Question {
  /** The screen asks something else by now, or is gone. */
  isOver: boolean
  isAsked: boolean
  /** Something was committed since it was asked. */
  isDue: boolean
}

/** @param on what the question depends on, besides the vault */
export function useAnswer<T>(ask: (vault: AnyVault) => Promise<T>, on: DependencyList): Answer<T> {
  const vault = useVault()
  const version = useVersion()
  const [answer, setAnswer] = useState<Answer<T>>({ value: undefined, error: undefined, isWaiting: true })
  const asked = useRef(ask)
  asked.current = ask
  const question = useRef<Question>(undefined)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the caller says what the question depends on
  useEffect(() => {
    const asking: Question = { isOver: false, isAsked: false, isDue: false }
    question.current = asking
    return () => {
      asking.isOver = true
    }
  }, [vault, ...on])
  // biome-ignore lint/correctness/useExhaustiveDependencies: the same, and each commit
  useEffect(() => {
    const asking = question.current
    if (asking?.isAsked) asking.isDue = true
    else if (asking) void answerTo(asking)
  }, [vault, version, ...on])

  async function answerTo(asking: Question) {
    asking.isAsked = true
    setAnswer(last => ({ ...last, isWaiting: true }))
    do {
      asking.isDue = false
      try {
        const value = await asked.current(vault)
        if (!asking.isOver) setAnswer({ value, error: undefined, isWaiting: asking.isDue })
      } catch (error) {
        if (!asking.isOver) setAnswer(last => ({ value: last.value, error, isWaiting: asking.isDue }))
      }
    } while (asking.isDue && !asking.isOver)
    asking.isAsked = false
  }

  return answer
}
