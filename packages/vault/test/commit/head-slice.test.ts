import { fingerprint, ready, Secret } from '@amanat/crypto'
import { beforeAll, expect, test } from 'vitest'
import { utf8 } from '../../src/bytes'
import { headSliceOf, pointFingerprint } from '../../src/commit/head-slice'
import { Catalogue } from '../../src/contact/catalogue'
import type { SliceRecord } from '../../src/contact/slice'
import { encodeHead, HeadView, NO_SCOPE } from '../../src/pages/head'
import { encodeRecord } from '../../src/record/record'

beforeAll(() => ready())

const scope = { fields: ['name'], recipients: [], controller: 'Riverside Centre' }
const event = { a: 1_772_355_600_000, w: 1_772_355_600_000, x: 'staff:leila' }

test('a consent that permits nothing names no scope in the head, and one that permits names its own', () => {
  const catalogue = new Catalogue([encodeRecord({ purposes: ['times', 'chat', 'call'], scopes: [scope], notices: [] })])
  const record: SliceRecord = {
    i: new Uint8Array(16),
    d: {},
    n: [
      [0, [{ ...event, k: 1, h: 'paper', p: 0, z: 1_780_099_200_000 }]],
      [1, [{ ...event, k: 3, h: 'paper' }]],
      [
        2,
        [
          { ...event, k: 1, h: 'paper', p: 0, z: 1_780_099_200_000 },
          { ...event, k: 4 },
        ],
      ],
    ],
  }
  const key = Secret.of<'points'>(new Uint8Array(32))
  const slice = headSliceOf(record, catalogue, key, undefined, () => '')
  const head = new HeadView(encodeHead([slice]))
  expect([0, 1, 2].map(i => head.consentScope(0, i))).toEqual([0, NO_SCOPE, NO_SCOPE])
})

const key = Secret.of<'points'>(new Uint8Array(32).fill(3))
const asTyped = (number: string, region: string | undefined) => `${region}:${number}`

test('a point is known by a fingerprint of eight bytes, of its kind and its value', () => {
  const phone = { kind: 'phone', value: '+447700900101' } as const
  const known = pointFingerprint(key, phone)
  expect(known).toEqual(fingerprint('amanat/point/1', key, 8, utf8('phone'), utf8('+447700900101')))
  expect(pointFingerprint(key, { ...phone, kind: 'ref' })).not.toEqual(known)
  expect(pointFingerprint(key, { ...phone, value: '+447700900102' })).not.toEqual(known)
})

test('a slice stands in the head with all that finding and deciding need of it', () => {
  const catalogue = new Catalogue([
    encodeRecord({ purposes: ['times', 'chat'], scopes: [{ ...scope, fields: [] }, scope], notices: [] }),
  ])
  const until = 1_780_099_200_000
  const record: SliceRecord = {
    i: new Uint8Array(16).fill(5),
    d: {
      name: { full: 'Sara' },
      phones: { p1: { number: '07700 900101' } },
      emails: { e1: { address: 'Sara@people.example' } },
    },
    n: [
      [0, [{ ...event, k: 1, h: 'paper', p: 1, z: until, y: event.a + 1 }]],
      [1, []],
    ],
    l: true,
    q: { a: 1, z: 2 },
    r: 4,
    c: 1_772_355_600_000,
    f: 'member-17',
  }
  const points = [
    { kind: 'phone', value: 'GB:07700 900101' },
    { kind: 'email', value: 'sara@people.example' },
    { kind: 'ref', value: 'member-17' },
  ] as const
  expect(headSliceOf(record, catalogue, key, 'GB', asTyped)).toEqual({
    contact: record.i,
    latest: true,
    quarantined: true,
    hasRef: true,
    revision: 4,
    created: 20_513,
    name: 'Sara',
    consents: [{ purpose: 0, state: 'given', assurance: 'confirmed', givenAt: event.a, until, scope: 1 }],
    points: points.map((point, i) => ({ kind: i + 1, fingerprint: pointFingerprint(key, point) })),
  })
})

test('a slice that holds next to nothing says so', () => {
  const bare = headSliceOf({ i: new Uint8Array(16), d: {} }, new Catalogue(), key, undefined, asTyped)
  expect(bare).toStrictEqual({
    contact: new Uint8Array(16),
    latest: false,
    quarantined: false,
    hasRef: false,
    revision: 0,
    created: 0,
    consents: [],
    points: [],
  })
})
