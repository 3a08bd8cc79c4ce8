import { Secret } from '@amanat/crypto'
import { expect, test } from 'vitest'
import { headSliceOf } from '../../src/commit/head-slice'
import { Catalogue } from '../../src/contact/catalogue'
import type { SliceRecord } from '../../src/contact/slice'
import { encodeHead, HeadView, NO_SCOPE } from '../../src/pages/head'

const scope = { fields: ['name'], recipients: [], controller: 'Riverside Centre' }
const event = { a: 1_772_355_600_000, w: 1_772_355_600_000, x: 'staff:leila' }

test('a consent that permits nothing names no scope in the head, and one that permits names its own', () => {
  const catalogue = new Catalogue({ purposes: ['times', 'chat', 'call'], scopes: [scope], notices: [] })
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
