// The parts of `npm run trust`: what each shows, and where its tests are. `nightly: true` marks one that has no normal
// size; `command` one that isn't run by vitest alone.
export const PARTS = {
  simulation: {
    what: 'seeded histories on a simulated store that crashes, loses, tears and reorders',
    files: ['tests/simulation'],
  },
  oracle: {
    what: 'an adversary with every byte ever written, the key and the cell finds nothing forgotten',
    files: ['tests/oracle', 'packages/vault/test/protocol'],
  },
  backup: {
    what: 'restores that are cut, tampered with, killed, out of room; and who must not come back',
    files: ['packages/vault/test/backup', 'tests/backup'],
    projects: ['node*', 'browser'],
  },
  faults: {
    what: 'every call of every port fails once; every byte of root, ring and cell flips',
    files: ['tests/faults'],
    projects: ['node*', 'browser'],
  },
  kills: { what: 'processes and a Chromium killed at random moments', files: ['tests/kills'] },
  many: { what: 'several processes, several tabs, one history', files: ['tests/many'] },
  forensics: { what: 'raw images of real file systems searched for what was forgotten', files: ['tests/forensics'] },
  hostile: { what: 'what somebody else could have written, given to every parser', files: ['tests/hostile'] },
  clocks: { what: 'clocks that jump, stop and run backwards', files: ['tests/clocks'] },
  vectors: { what: 'test vectors from outside', files: ['tests/vectors', 'packages/crypto/test'] },
  reader: {
    what: 'a second reader, in another language, opens the frozen vaults',
    files: ['tests/reader', 'tests/golden'],
    projects: ['node*', 'browser'],
  },
  mutants: {
    what: 'code broken on purpose, and whether a test notices',
    nightly: true,
    command: ['scripts/mutants.mjs'],
  },
}
