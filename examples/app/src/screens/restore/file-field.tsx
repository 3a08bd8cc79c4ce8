/** The file of a backup, chosen. It is read when it is brought back, and never held in whole. */
import { FileTrigger } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import { Button } from '../../design/parts'
import { useFormat } from '../../i18n/format'

export function FileField({ file, onChange }: { file: File | undefined; onChange: (file: File) => void }) {
  const { t } = useTranslation('settings')
  const format = useFormat()
  return (
    <div className="row">
      <FileTrigger onSelect={files => files?.[0] && onChange(files[0])}>
        <Button icon="bring">{t('restore.choose')}</Button>
      </FileTrigger>
      {file && (
        <span role="status">
          <bdi>{t('restore.chosen', { name: file.name, size: format.bytes(file.size) })}</bdi>
        </span>
      )}
    </div>
  )
}
