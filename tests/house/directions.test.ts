import { describe, expect, test } from 'vitest'
import { check, checkAll } from '../../scripts/check-directions.mjs'

test('every import in the house points the way the plan says', () => {
  expect(checkAll()).toEqual([])
})

describe('an import is refused', () => {
  test.each([
    ['of the vault by crypto', 'crypto/src/seal.ts', `import { openVault } from '@amanat/vault'`],
    ['of the vault by a store', 'store-disk/src/disk.ts', `import { openVault } from '@amanat/vault'`],
    ['of its types alone by a store', 'store-disk/src/disk.ts', `import type { Vault } from '@amanat/vault'`],
    ['of a store by the vault', 'vault/src/vault.ts', `import { disk } from '@amanat/store-disk'`],
    ['of a way into a package', 'cards/src/read.ts', `import { memoryStore } from '@amanat/store-contract/memory'`],
    ['on demand', 'vault/src/vault.ts', `const { disk } = await import('@amanat/store-disk')`],
    ['that names a type where it stands', 'vault/src/vault.ts', `type D = import('@amanat/store-disk').Disk`],
    ['passed on', 'vault/src/index.ts', `export { disk } from '@amanat/store-disk'`],
    ["of another package's sources", 'cards/src/read.ts', `import { x } from '../../vault/src/bytes'`],
    ['of the door by the rules', 'vault/src/rules/read.ts', `import { Door } from '../door/door'`],
    ['of the rules by time', 'vault/src/time/day.ts', `import { lower } from '../rules/lower'`],
    ['of the rules by consent', 'vault/src/consent/state.ts', `import { lower } from '../rules/lower'`],
    ['of slices by the rules', 'vault/src/rules/read.ts', `import { slicesOf } from '../contact/slice'`],
    ['of commit by the ledger', 'vault/src/ledger/line.ts', `import { Opened } from '../commit/opened'`],
    ['of a verb by a commit', 'vault/src/commit/open.ts', `import { add, type Added } from '../verbs/add'`],
    ['for its effect', 'vault/src/rules/read.ts', `import '../door/door'`],
    ['of Node by what runs in browsers', 'vault/src/vault.ts', `import { readFile } from 'node:fs/promises'`],
    ['of Node by its older name', 'crypto/src/argon2.ts', `import { Worker } from 'worker_threads'`],
    ['of Node, required', 'store-indexeddb/src/rows.ts', `const fs = require('fs')`],
  ])('%s', (_, path, text) => {
    expect(check(path, text)).toHaveLength(1)
  })
})

describe('the vault may not ask for itself', () => {
  test.each([
    'const at = Date.now()',
    'const clock = Date.now',
    'const at = new Date()',
    'const odds = Math.random()',
    'crypto.getRandomValues(bytes)',
    'globalThis.crypto.getRandomValues(bytes)',
    'const id = crypto.randomUUID()',
  ])('%s', text => {
    expect(check('vault/src/commit/open.ts', text)).toHaveLength(1)
    expect(check('store-indexeddb/src/rows.ts', text)).toEqual([])
  })

  test('but its system clock may', () => {
    expect(check('vault/src/time/now.ts', 'const at = Date.now()')).toEqual([])
  })
})

describe('an import is allowed', () => {
  test.each([
    ['down the house', 'vault/src/door/door.ts', `import { permits } from '../rules/permits'`],
    ['within a room', 'vault/src/rules/read.ts', `import { permits } from './permits'`],
    ['of types alone, up the house', 'vault/src/rules/read.ts', `import type { Door } from '../door/door'`],
    ['of types alone, one by one', 'vault/src/rules/read.ts', `import { type Door } from '../door/door'`],
    ['of a store by the command', 'cli/src/files.ts', `import { disk } from '@amanat/store-disk'`],
    ['of Node by a store on disk', 'store-disk/src/disk.ts', `import { open } from 'node:fs/promises'`],
    ['of a date that is given', 'vault/src/time/calendar.ts', `const date = new Date(instant)`],
  ])('%s', (_, path, text) => {
    expect(check(path, text)).toEqual([])
  })
})

test('a file of the vault stands in a room that the plan names', () => {
  expect(check('vault/src/utils/misc.ts', '')).toHaveLength(1)
})
