/** What of a slice stands in its page's head: enough to find, list and decide without opening the page. */
import { fingerprint, type Secret } from '@amanat/crypto'
import { utf8 } from '../bytes'
import { summaryOf } from '../consent/state'
import type { Catalogue } from '../contact/catalogue'
import type { Card } from '../contact/jscontact'
import { displayName } from '../contact/name'
import { type PhoneReader, POINT_KINDS, type Point, pointsOf } from '../contact/points'
import { eventOf, type SliceRecord } from '../contact/slice'
import type { HeadConsent, HeadSlice } from '../pages/head'
import { dayOf } from '../time/day'

/** Bytes of a point's fingerprint in a head: it never leaves memory and sealed rows, so it need only tell points apart. */
const POINT_BYTES = 8

// Made when a contact is looked for, and again when its head is written: the same object both times.
const made = new WeakMap<Point, { readonly key: Secret<'points'>; readonly bytes: Uint8Array }>()

/** Keep it as it is: it may be given to others too. */
export function pointFingerprint(key: Secret<'points'>, point: Point): Uint8Array {
  const known = made.get(point)
  if (known?.key === key) return known.bytes
  const bytes = fingerprint('amanat/point/1', key, POINT_BYTES, utf8(point.kind), utf8(point.value))
  made.set(point, { key, bytes })
  return bytes
}

export function headSliceOf(
  record: SliceRecord,
  catalogue: Catalogue,
  key: Secret<'points'>,
  region: string | undefined,
  readPhone: PhoneReader,
): HeadSlice {
  const card = record.d as Card
  const points = pointsOf(card, region, readPhone)
  if (record.f !== undefined) points.push({ kind: 'ref', value: record.f })
  return {
    contact: record.i,
    latest: record.l === true,
    quarantined: record.q !== undefined,
    hasRef: record.f !== undefined,
    revision: record.r ?? 0,
    created: dayOf(record.c ?? 0),
    ...(card.name ? { name: displayName(card.name) } : {}),
    consents: (record.n ?? []).flatMap(([purpose, events]): HeadConsent[] => {
      const summary = summaryOf({ purpose: '', events: events.map(event => eventOf(event, catalogue)) })
      return summary ? [{ purpose, state: summary.state, ...givenOf(summary.given, catalogue) }] : []
    }),
    points: points.map(point => ({ kind: POINT_KINDS[point.kind], fingerprint: pointFingerprint(key, point) })),
  }
}

function givenOf(given: NonNullable<ReturnType<typeof summaryOf>>['given'], catalogue: Catalogue) {
  if (!given) return {}
  const { assurance, at, until, scope } = given
  return { assurance, givenAt: at, until, scope: catalogue.scope(scope) }
}
