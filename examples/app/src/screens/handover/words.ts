/** Recipients, fields and actors, as they are said on these screens. */
import { useTranslation } from 'react-i18next'
import { useFormat } from '../../i18n/format'
import type { Receiver } from './request'

export function useReceiverName(): (receiver: Pick<Receiver, 'role' | 'name'>) => string {
  const { t } = useTranslation('handover')
  return ({ role, name }) => (role === 'self' ? t('recipient.self', { name }) : name)
}

/** A field of the vault's own is called what the policy calls it. */
export function useFieldNames(): (field: string) => string {
  const { t, i18n } = useTranslation('common')
  return field =>
    i18n.exists(`common:fields.${field}`)
      ? t(`fields.${field}` as 'fields.name')
      : field.replace(/^x:/, '').replaceAll('-', ' ')
}

/** In the middle of a sentence. */
export function useFieldList(): (fields: readonly string[]) => string {
  const fieldName = useFieldNames()
  const { list, locale } = useFormat()
  return fields => list(fields.map(field => fieldName(field).toLocaleLowerCase(locale)))
}

/** Who did something: the name that they gave when they opened the vault; the vault, where nobody did. */
export function useActorName(): (actor: string) => string {
  const { t } = useTranslation('handover')
  return actor => (actor === 'vault' ? t('actor.vault') : actor.replace(/^volunteer:/, ''))
}
