/** A page of its own begins at its top, and with its title for whoever hears it. */
import { useLayoutEffect } from 'react'

export function useArrival(): void {
  useLayoutEffect(() => {
    window.scrollTo(0, 0)
    document.querySelector<HTMLElement>('[data-page-title]')?.focus({ preventScroll: true })
  }, [])
}
