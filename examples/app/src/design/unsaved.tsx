/**
 * Asks before what was typed is lost: on any way to another screen, the browser's back button among them, and by the browser's own
 * question when the page is closed.
 */
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { Dialog } from './dialog'
import { Button } from './parts'

export function Unsaved({ isChanged }: { isChanged: boolean }) {
  const { t } = useTranslation()
  const [, go] = useLocation()
  /** How this screen would be left, were it for whoever pressed. */
  const [leave, setLeave] = useState<() => void>()
  const isLeaving = useRef(false)
  useEffect(() => {
    if (!isChanged) return
    const here = location.href
    // Before the link's own handler: every way in this app is a link to an address after the hash.
    const onClick = (event: MouseEvent) => {
      const way = (event.target as Element).closest('a[href^="#/"]')?.getAttribute('href')
      if (!way || event.ctrlKey || event.metaKey || event.shiftKey) return
      event.preventDefault()
      event.stopPropagation()
      setLeave(() => () => go(way.slice(1)))
    }
    // The address has changed by then: it is put back above the other one, to which one step back leads. What the app itself does
    // comes as an event that isn't trusted.
    const onAddress = (event: Event) => {
      if (!event.isTrusted || isLeaving.current || location.href === here) return
      event.stopImmediatePropagation()
      history.pushState(null, '', here)
      setLeave(() => () => history.back())
    }
    const onClose = (event: BeforeUnloadEvent) => event.preventDefault()
    document.addEventListener('click', onClick, { capture: true })
    window.addEventListener('popstate', onAddress, { capture: true })
    window.addEventListener('hashchange', onAddress, { capture: true })
    window.addEventListener('beforeunload', onClose)
    return () => {
      document.removeEventListener('click', onClick, { capture: true })
      window.removeEventListener('popstate', onAddress, { capture: true })
      window.removeEventListener('hashchange', onAddress, { capture: true })
      window.removeEventListener('beforeunload', onClose)
    }
  }, [isChanged, go])
  const stay = () => setLeave(undefined)
  const left = () => {
    isLeaving.current = true
    leave?.()
  }
  return (
    <Dialog title={t('unsaved.title')} isOpen={leave !== undefined} onClose={stay}>
      <p>{t('unsaved.what')}</p>
      <div className="actions">
        <Button look="primary" onPress={stay}>
          {t('unsaved.stay')}
        </Button>
        <Button look="danger" onPress={left}>
          {t('unsaved.leave')}
        </Button>
      </div>
    </Dialog>
  )
}
