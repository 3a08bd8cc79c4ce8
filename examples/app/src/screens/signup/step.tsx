/** A step of the form: where one is, what is asked, and the two ways on. */
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button, Page } from '../../design/parts'
import { useFormat } from '../../i18n/format'
import { Trouble } from '../../vaults/trouble'

export interface At {
  readonly number: number
  readonly total: number
}

export function Step({
  title,
  lead,
  at,
  next,
  onBack,
  onNext,
  words,
  children,
}: {
  title: ReactNode
  lead?: ReactNode
  at: At
  /** What the button on says. */
  next: string
  onBack: () => void
  /** May take its time, and may throw. */
  onNext: () => unknown
  /** In words for whoever stands at the door; undefined: as everywhere else. */
  words?: (error: unknown) => ReactNode | undefined
  children: ReactNode
}) {
  const { t } = useTranslation(['signup', 'common'])
  const format = useFormat()
  const [isBusy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  async function go() {
    setBusy(true)
    setError(undefined)
    try {
      await onNext()
    } catch (trouble) {
      setError(trouble)
    }
    setBusy(false)
  }
  const said = t('step', { number: format.number(at.number), total: format.number(at.total) })
  return (
    <Page
      narrow
      title={
        <>
          <span className="signup-at">{said}</span> {title}
        </>
      }
      lead={lead}
    >
      <div className="signup-way" aria-hidden="true">
        <span style={{ inlineSize: `${(100 * at.number) / at.total}%` }} />
      </div>
      <form
        className="stack"
        autoComplete="off"
        noValidate
        onSubmit={event => {
          event.preventDefault()
          void go()
        }}
      >
        {children}
        {error !== undefined && (words?.(error) ?? <Trouble error={error} />)}
        <div className="signup-steps">
          <Button onPress={onBack} isDisabled={isBusy}>
            {t('common:back')}
          </Button>
          <Button type="submit" look="primary" isPending={isBusy}>
            {next}
          </Button>
        </div>
      </form>
    </Page>
  )
}
