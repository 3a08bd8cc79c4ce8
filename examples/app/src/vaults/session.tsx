/**
 * The open vault, for the whole app: at most one at a time, and nothing of it once it is locked. Screens reach the library through
 * these few hooks and nothing else.
 */
import type { AnyVault, Clock, Door, Policy } from '@amanat/vault'
import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useState,
  useSyncExternalStore,
} from 'react'
import { useLockOutOfSight } from './out-of-sight'

export interface OpenSession {
  readonly vault: AnyVault
  /** The name of the vault on this device; `undefined` for the story, which is kept nowhere. */
  readonly name: string | undefined
  /** What time it is for this vault: the story has a clock of its own. */
  readonly clock: Clock
  /** What stands beside every screen while it is open: the story's guide. */
  readonly guide?: ReactNode
}

interface Sessions {
  readonly session: OpenSession | undefined
  /** Why there is none any more, to be told on the screen that follows. */
  readonly ended: 'locked' | undefined
  /** The device was handed to somebody who may only sign up; nothing else is to be reached. */
  readonly isKiosk: boolean
  setKiosk(isKiosk: boolean): void
  enter(session: OpenSession): void
  /** Locks the vault; whoever holds a screen of it is sent out. */
  leave(): Promise<void>
}

const SessionContext = createContext<Sessions | undefined>(undefined)

export function SessionProvider({ children }: { children: ReactNode }) {
  const [session, setSession] = useState<OpenSession>()
  const [ended, setEnded] = useState<'locked'>()
  const [isKiosk, setKiosk] = useState(false)
  useEffect(
    () =>
      session?.vault.subscribe(event => {
        if (event.type !== 'locked') return
        setSession(undefined)
        setKiosk(false)
        if (session.name !== undefined) setEnded('locked')
      }),
    [session],
  )
  const leave = useCallback(async () => {
    await session?.vault.lock()
    setSession(undefined)
  }, [session])
  // The story has nothing to hide, and whoever signs up may need the camera.
  useLockOutOfSight(session?.name !== undefined && !isKiosk, leave)
  const value = useMemo(
    () => ({
      session,
      ended,
      isKiosk,
      setKiosk,
      enter(next: OpenSession) {
        setEnded(undefined)
        setSession(next)
      },
      leave,
    }),
    [session, ended, isKiosk, leave],
  )
  return <SessionContext value={value}>{children}</SessionContext>
}

export function useSessions(): Sessions {
  const sessions = useContext(SessionContext)
  if (!sessions) throw new Error('There is no SessionProvider around this.')
  return sessions
}

/** Only inside screens of an open vault. */
export function useSession(): OpenSession {
  const { session } = useSessions()
  if (!session) throw new Error('This screen needs an open vault.')
  return session
}

export const useVault = (): AnyVault => useSession().vault

/** The same object for the same purpose. */
export const useDoor = (purpose: string): Door<Policy, string> => useVault().for(purpose)

const CALM_MS = 200

/**
 * Changes with every commit, in this tab or in another. The first is told at once; of many in a row, as while a list comes in, one
 * now and then, so that screens aren't drawn for each.
 */
export function useVersion(): number {
  const vault = useVault()
  const subscribe = useCallback(
    (tell: () => void) => {
      let timer: ReturnType<typeof setTimeout> | undefined
      let isDue = false
      const hear = () => {
        if (timer !== undefined) {
          isDue = true
          return
        }
        tell()
        timer = setTimeout(() => {
          timer = undefined
          if (!isDue) return
          isDue = false
          hear()
        }, CALM_MS)
      }
      const unsubscribe = vault.subscribe(hear)
      return () => {
        unsubscribe()
        clearTimeout(timer)
      }
    },
    [vault],
  )
  return useSyncExternalStore(subscribe, () => vault.version)
}
