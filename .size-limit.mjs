// What a page loads at its start and when it opens a vault, in bytes after minifying and brotli, and what each dependency is of
// it. `npm run size` prints it all; the first lines have budgets.

/** What is imported on demand is left out: age until something is sealed, phone rules until the first phone. */
const without = (name, isLeftOut) => ({
  name,
  setup(build) {
    build.onResolve({ filter: /.*/ }, ({ kind, path }) =>
      kind === 'dynamic-import' && isLeftOut(path) ? { external: true } : undefined,
    )
  },
})
const loading = plugin => config => ({ ...config, format: 'esm', plugins: [...(config.plugins ?? []), plugin] })

const atStart = loading(without('on-demand', () => true))
const whenOpened = loading(without('on-demand-of-an-open-vault', path => !path.includes('/opening')))

const START = {
  'packages/vault/dist/index.js': '{ definePolicy, createVault, openVault, dropExpired, vaultExists }',
  'packages/store-indexeddb/dist/index.js': '{ indexedDb }',
}

const OTHERS = ['valibot', '@noble/hashes', 'idb-keyval']

export default [
  {
    name: 'vault + store-indexeddb at the start, beside libsodium and Dexie',
    import: START,
    ignore: ['libsodium-wrappers', 'libsodium-wrappers-sumo', 'dexie'],
    modifyEsbuildConfig: atStart,
    limit: '20 kB',
  },
  {
    name: 'the same and what opening a vault loads',
    import: START,
    ignore: ['libsodium-wrappers', 'libsodium-wrappers-sumo', 'dexie'],
    modifyEsbuildConfig: whenOpened,
    limit: '68 kB',
  },
  {
    name: 'of that, our own code',
    import: START,
    ignore: ['libsodium-wrappers', 'libsodium-wrappers-sumo', 'dexie', ...OTHERS],
    modifyEsbuildConfig: whenOpened,
    limit: '64 kB',
  },
  { name: 'everything at the start, libsodium and Dexie', import: START, modifyEsbuildConfig: atStart },
  {
    name: 'libsodium-wrappers (at the start)',
    path: 'packages/crypto/node_modules/libsodium-wrappers/dist/modules-esm/libsodium-wrappers.mjs',
  },
  {
    name: 'libsodium-wrappers-sumo (in a worker, at a passphrase)',
    path: 'packages/crypto/node_modules/libsodium-wrappers-sumo/dist/modules-sumo-esm/libsodium-wrappers.mjs',
  },
  { name: 'dexie (at the start)', path: 'packages/store-indexeddb/node_modules/dexie/dist/modern/dexie.min.mjs' },
  {
    name: 'idb-keyval (at the start)',
    import: {
      'packages/store-indexeddb/node_modules/idb-keyval/dist/index.js': '{ createStore, get, set, del, keys }',
    },
  },
  {
    name: 'valibot (at the start)',
    import: {
      'packages/vault/node_modules/valibot/dist/index.mjs':
        '{ array, check, number, optional, picklist, pipe, record, regex, safeParse, strictObject, string, union, boolean }',
    },
  },
  {
    name: '@noble/hashes, SHA-256 (at the start)',
    import: { 'packages/vault/node_modules/@noble/hashes/sha2.js': '{ sha256 }' },
  },
  {
    name: 'libphonenumber-js/min (at the first phone number)',
    import: { 'packages/vault/node_modules/libphonenumber-js/min/index.js': '{ parsePhoneNumberFromString }' },
  },
  {
    name: 'age-encryption (at the first sealed export)',
    import: { 'packages/vault/node_modules/age-encryption/dist/index.js': '{ Encrypter }' },
  },
]
