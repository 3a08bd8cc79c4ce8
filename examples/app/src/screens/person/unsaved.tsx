/** Asks before what was typed is lost: on any way to another screen, and by the browser's own question when the page is closed. */
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import { Dialog } from '../../design/dialog'
import { Button } from '../../design/parts'

export function Unsaved({ isChanged }: { isChanged: boolean }) {
  const { t } = useTranslation('person')
  const [, go] = useLocation()
  const [to, setTo] = useState<string>()
  useEffect(() => {
    if (!isChanged) return
    // Before the link's own handler: every way in this app is a link to an address after the hash.
    const onClick = (event: MouseEvent) => {
      const way = (event.target as Element).closest('a[href^="#/"]')?.getAttribute('href')
      if (!way || event.ctrlKey || event.metaKey || event.shiftKey) return
      event.preventDefault()
      event.stopPropagation()
      setTo(way.slice(1))
    }
    const onLeave = (event: BeforeUnloadEvent) => event.preventDefault()
    document.addEventListener('click', onClick, { capture: true })
    window.addEventListener('beforeunload', onLeave)
    return () => {
      document.removeEventListener('click', onClick, { capture: true })
      window.removeEventListener('beforeunload', onLeave)
    }
  }, [isChanged])
  return (
    <Dialog title={t('unsaved.title')} isOpen={to !== undefined} onClose={() => setTo(undefined)}>
      <p>{t('unsaved.what')}</p>
      <div className="actions">
        <Button look="primary" onPress={() => setTo(undefined)}>
          {t('unsaved.stay')}
        </Button>
        <Button look="danger" onPress={() => to !== undefined && go(to)}>
          {t('unsaved.leave')}
        </Button>
      </div>
    </Dialog>
  )
}
