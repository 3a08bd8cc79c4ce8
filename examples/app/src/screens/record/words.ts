/** An entry of the record in a sentence, for everybody in the group: each type that there is, and a word for those still to come. */
import type { LedgerLine, Policy } from '@amanat/vault'
import type { TFunction } from 'i18next'
import type { Format } from '../../i18n/format'
import { describe } from '../../i18n/policy'
import { receiverOf } from '../handover/request'
import type { Told } from './entries'

export interface Words {
  readonly what: string
  /** Why something was refused, or who was left out; nothing for most. */
  readonly more?: string
}

interface Speaker {
  readonly t: TFunction<readonly ['forgetting', 'handover', 'common']>
  readonly format: Format
  readonly policy: Policy
}

export function wordsFor({ line, count }: Told, { t, format, policy }: Speaker): Words {
  const people = (of: unknown) => t('common:people', { count: Number(of ?? 0) })
  const purpose = () => t('record.purpose', { purpose: describe(policy, String(line.purpose), format.language) })
  const recipient = () =>
    receiverOf(policy, String(line.purpose), String(line.recipient))?.name ?? String(line.recipient)
  const date = (of: unknown) => format.date(String(of))
  /** Sentences are chosen by words of the ledger: each of them is known to have one. */
  const say = (key: string, data: Record<string, unknown> = {}): string =>
    t(`record.entry.${key}` as 'record.entry.verified', data)

  switch (line.type) {
    case 'policy-changed':
      return { what: line.effective ? say('policy-loosened', { date: date(line.effective) }) : say('policy-changed') }
    case 'contact-added':
    case 'contact-changed':
    case 'contact-erased':
    case 'quarantined':
      return { what: say(line.type, { count }) }
    case 'contact-forgotten':
      return { what: say(line.type, { count: Number(line.contacts) }) }
    case 'consent':
      return { what: say(`consent-${line.event}`, { count, purpose: purpose() }) }
    case 'purge':
      return { what: say('purge', { count: Number(line.slices) }) }
    case 'reveal':
      return { what: say(`reveal-${line.via}`, { count }), ...(line.purpose ? { more: purpose() } : {}) }
    case 'miss':
    case 'suppressed':
      return { what: say(line.type, { count: Number(line.count) }) }
    case 'check':
      return { what: say('check', { people: people(line.allowed), recipient: recipient(), purpose: purpose() }) }
    case 'export-started': {
      const form = t(`record.form.${line.via}` as 'record.form.delivery')
      const data = { people: people(line.people), recipient: recipient(), purpose: purpose(), form }
      return { what: say(line.type, { ...data, date: date(line.destroyBy) }), more: numberOf(line, t) }
    }
    case 'export-ended': {
      const isFile = line.sha256 !== undefined
      const data = { people: people(line.people), size: format.bytes(Number(line.bytes)) }
      return { what: say(isFile ? 'export-ended' : 'export-ended-delivery', data), more: numberOf(line, t) }
    }
    case 'export-broken':
      return { what: say(line.type, { people: people(line.people) }), more: numberOf(line, t) }
    case 'export-refused': {
      const data = { people: people(line.people), recipient: recipient(), purpose: purpose() }
      return { what: say(line.type, data), more: t('record.reasons', { reasons: reasonsOf(line, t, format) }) }
    }
    case 'delivery-batch':
      return { what: say(line.type, { from: Number(line.from) + 1, to: Number(line.to) }), more: numberOf(line, t) }
    case 'bulk-read-refused':
      return {
        what: line.resets ? say('bulk-read-resets', { date: format.dateTime(String(line.resets)) }) : say(line.type),
      }
    case 'slot-added':
    case 'slot-removed':
    case 'slot-replaced':
      return { what: say(line.type, { kind: t(`record.slot.${line.kind}` as 'record.slot.passphrase') }) }
    case 'clock':
      return { what: say(`clock-${line.kind}`, { from: date(line.from), to: date(line.to) }) }
    case 'restored': {
      const gone = Number(line.gone)
      const data = { people: people(line.people), gone: people(gone) }
      return { what: say(gone > 0 ? 'restored-less' : 'restored', data) }
    }
    case 'vault-created':
    case 'verified':
    case 'backup-started':
      return { what: say(line.type) }
    default:
      return { what: say('unknown', { was: String(line.was ?? line.type) }) }
  }
}

/** By its first letters, so that the beginning and the end of a hand-over are seen to belong together. */
const numberOf = (line: LedgerLine, t: Speaker['t']): string =>
  t('record.number', { id: String(line.export).slice(0, 8) })

function reasonsOf(line: LedgerLine, t: Speaker['t'], format: Format): string {
  const reasons = Object.entries((line.reasons ?? {}) as Record<string, number>).sort(
    ([, one], [, other]) => other - one,
  )
  return format.list(
    reasons.map(([reason, count]) => {
      const words = t(`handover:reason.${reason}` as 'handover:reason.refused', {
        defaultValue: t('record.unknownReason'),
      })
      return `${format.number(count)} ${words}`
    }),
  )
}
