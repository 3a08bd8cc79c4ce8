/**
 * A door's list as far as somebody has scrolled: page after page by `next`, and from the start again after a commit, here or in another
 * tab. Until all of that has come, the last list stands.
 */
import type { Person } from '@amanat/vault'
import { useCallback, useEffect, useRef, useState } from 'react'
import { useDoor, useVersion } from '../../vaults/session'

export type Sort = 'name' | 'until'

export interface Listing {
  readonly people: readonly Person[]
  /** How many there are in all; `undefined` until the first page is here. */
  readonly total: number | undefined
  readonly error: unknown
  /** Asks for everybody up to this place. */
  readonly need: (upTo: number) => void
}

interface Loaded {
  readonly version: number
  readonly people: readonly Person[]
  readonly total: number | undefined
  readonly next: string | undefined
}

const PAGE = 200
/** The most that a door gives at once. */
const MOST = 1_000
const NOBODY = { people: [], total: undefined, next: undefined }

/** For one purpose and one order: give the component that uses it a key of both. */
export function useListing(purpose: string, sort: Sort, locale: string): Listing {
  const door = useDoor(purpose)
  const version = useVersion()
  const [wanted, setWanted] = useState(PAGE)
  const [shown, setShown] = useState<Omit<Loaded, 'version' | 'next'>>(NOBODY)
  const [error, setError] = useState<unknown>()
  const loaded = useRef<Loaded>({ version: -1, ...NOBODY })

  useEffect(() => {
    let isOvertaken = false
    const load = async () => {
      let { people, total, next }: Omit<Loaded, 'version'> =
        loaded.current.version === version ? loaded.current : NOBODY
      while (total === undefined || (next !== undefined && people.length < wanted)) {
        const limit = Math.min(MOST, Math.max(PAGE, wanted - people.length))
        const page = await door.list({ sort, locale, limit, ...(next === undefined ? {} : { after: next }) })
        if (isOvertaken) return
        people = [...people, ...page.people]
        total = page.total
        next = page.next
      }
      loaded.current = { version, people, total, next }
      setShown({ people, total })
      setError(undefined)
    }
    load().catch(trouble => !isOvertaken && setError(trouble))
    return () => {
      isOvertaken = true
    }
  }, [door, version, sort, locale, wanted])

  const need = useCallback((upTo: number) => setWanted(last => Math.max(last, Math.ceil(upTo / PAGE) * PAGE)), [])
  return { ...shown, error, need }
}
