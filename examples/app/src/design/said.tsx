/** What was just done, in a few words at the foot of the screen: read out, and gone after a while. */
import { createContext, type ReactNode, useCallback, useContext, useEffect, useState } from 'react'

const SaidContext = createContext<(words: string) => void>(() => undefined)
const SHOWN_MS = 5_000

export const useSay = (): ((words: string) => void) => useContext(SaidContext)

export function SaidProvider({ children }: { children: ReactNode }) {
  const [said, setSaid] = useState<{ readonly words: string; readonly nonce: number }>()
  const say = useCallback((words: string) => setSaid(last => ({ words, nonce: (last?.nonce ?? 0) + 1 })), [])
  useEffect(() => {
    if (!said) return
    const timer = setTimeout(() => setSaid(undefined), SHOWN_MS)
    return () => clearTimeout(timer)
  }, [said])
  return (
    <SaidContext value={say}>
      {children}
      <div className="shell-said" role="status">
        {said && <p key={said.nonce}>{said.words}</p>}
      </div>
    </SaidContext>
  )
}
