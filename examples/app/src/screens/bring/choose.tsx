/** A file by dropping or choosing it, or people from the phone's own address book. */
import { useState } from 'react'
import { DropZone, FileTrigger, Text } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import { Icon } from '../../design/icon'
import { Button, Say } from '../../design/parts'
import { Trouble } from '../../vaults/trouble'
import { contactPicker, type Given, Unreadable } from './source'

const TYPES = ['.vcf', '.vcard', '.csv', '.tsv', '.txt', '.json', '.jscontact']

export function Choose({ error, onGiven }: { error: unknown; onGiven: (given: Given) => void }) {
  const { t } = useTranslation(['bring', 'common'])
  const [trouble, setTrouble] = useState<unknown>()
  const picker = contactPicker()

  async function pick() {
    setTrouble(undefined)
    try {
      const people = (await picker?.select(['name', 'tel', 'email'], { multiple: true })) ?? []
      if (people.length > 0) onGiven({ kind: 'picked', people })
    } catch {
      setTrouble(new Unreadable('PICKER'))
    }
  }

  return (
    <>
      <Wrong error={trouble ?? error} />
      <DropZone
        className="bring-drop"
        onDrop={event => {
          const item = event.items.find(each => each.kind === 'file')
          if (item?.kind === 'file') void item.getFile().then(file => onGiven({ kind: 'file', file }))
        }}
      >
        <Icon name="bring" size={40} />
        <Text slot="label" className="bring-drop-label">
          {t('choose.drop')}
        </Text>
        <FileTrigger
          acceptedFileTypes={TYPES}
          onSelect={files => {
            const [file] = files ?? []
            if (file) onGiven({ kind: 'file', file })
          }}
        >
          <Button look="primary">{t('choose.file')}</Button>
        </FileTrigger>
        <p className="soft small">{t('choose.kinds')}</p>
      </DropZone>
      {picker && (
        <Button icon="phone" onPress={() => void pick()}>
          {t('choose.picker')}
        </Button>
      )}
      <section className="stack-s">
        <h2>{t('choose.how')}</h2>
        <ol className="bring-how">
          <li>{t('choose.first')}</li>
          <li>{t('choose.then')}</li>
          <li>{t('choose.asked')}</li>
        </ol>
      </section>
    </>
  )
}

/** A file that is nothing, in a sentence about what it is and what to do. */
function Wrong({ error }: { error: unknown }) {
  const { t, i18n } = useTranslation('bring')
  if (error === undefined) return null
  if (!(error instanceof Unreadable)) return <Trouble error={error} />
  const code = (i18n.exists(`bring:wrong.${error.code}.what`) ? error.code : 'TYPE_UNKNOWN') as 'TYPE_UNKNOWN'
  return (
    <Say tone="soon" title={t(`wrong.${code}.what`)} live>
      <p>{t(`wrong.${code}.fix`)}</p>
    </Say>
  )
}
