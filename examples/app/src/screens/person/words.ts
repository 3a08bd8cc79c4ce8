/** Names of fields, of ways to agree and of those who recorded it, in the reader's language. */
import { useTranslation } from 'react-i18next'
import { useVault } from '../../vaults/session'

/** Custom fields have the name that the policy gave them. */
export function useFieldName(): (field: string) => string {
  const { t, i18n } = useTranslation('common')
  return field => {
    const plain = field.replace(/^x:/, '').replaceAll('-', ' ')
    return i18n.exists(`common:fields.${field}`) ? t(`fields.${field}` as 'fields.name') : plain
  }
}

export const WAYS = ['paper', 'verbal', 'sms', 'email', 'web-form'] as const
export type Way = (typeof WAYS)[number]

export function useWayName(): (how: string) => string {
  const { t } = useTranslation('person')
  return how =>
    (WAYS as readonly string[]).includes(how) ? t(`way.${how as Way}`) : how === 'imported' ? t('way.imported') : how
}

/** `volunteer:leila` is Leila to whoever reads it. */
export const actorName = (actor: string): string => actor.replace(/^[a-z]+:/, '')

/** Whom an export may go to: the group itself is `self`. */
export function useRecipientName(): (purpose: string, recipient: string) => string {
  const { t } = useTranslation('person')
  const { policy } = useVault()
  return (purpose, recipient) =>
    recipient === 'self' ? t('self') : (policy.purposes[purpose]?.recipients?.[recipient]?.name ?? recipient)
}
