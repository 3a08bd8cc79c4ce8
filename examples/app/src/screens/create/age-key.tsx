/** Makes a pair of keys for a recipient: the one that seals goes into the rules, the one that opens to the recipient, and stays nowhere here. */
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Dialog } from '../../design/dialog'
import { Button, Say } from '../../design/parts'
import { saveText } from '../../vaults/save-file'
import { Trouble } from '../../vaults/trouble'

interface Pair {
  readonly identity: string
  readonly recipient: string
}

export function AgeKey({
  owner,
  onKey,
  onClose,
}: {
  owner: string
  onKey: (recipient: string) => void
  onClose: () => void
}) {
  const { t } = useTranslation(['create', 'common'])
  const [pair, setPair] = useState<Pair>()
  const [isSaved, setSaved] = useState(false)
  const [error, setError] = useState<unknown>()

  useEffect(() => {
    makePair().then(setPair, setError)
  }, [])

  return (
    <Dialog title={t('ageKey.title', { owner: owner || t('recipient.new') })} isOpen onClose={onClose}>
      <p>{t('ageKey.text')}</p>
      <p className="create-key ltr" data-testid="identity">
        {pair?.identity}
      </p>
      <Say tone="soon">
        <p>{t('ageKey.warning')}</p>
      </Say>
      <Trouble error={error} />
      <div className="actions">
        <Button
          isDisabled={!pair}
          onPress={() => {
            if (pair) saveText('amanat-key.txt', fileOf(pair))
            setSaved(true)
          }}
        >
          {t('ageKey.save')}
        </Button>
        <Button
          look="primary"
          isDisabled={!pair}
          onPress={() => {
            if (pair) onKey(pair.recipient)
            onClose()
          }}
        >
          {t(isSaved ? 'ageKey.use' : 'ageKey.useWritten')}
        </Button>
      </div>
    </Dialog>
  )
}

async function makePair(): Promise<Pair> {
  const { generateX25519Identity, identityToRecipient } = await import('age-encryption')
  const identity = await generateX25519Identity()
  return { identity, recipient: await identityToRecipient(identity) }
}

/** As age-keygen writes it, so that age and rage read it. */
const fileOf = ({ identity, recipient }: Pair) => `# public key: ${recipient}\n${identity}\n`
