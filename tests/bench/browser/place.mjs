// Measuring in a browser: an origin for each candidate, a profile for each candidate and round.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildPage, launchPage, removePages, servePage } from './launch.mjs'

/** The file of each candidate, and what it needs that is installed for the benchmark alone. */
const CANDIDATES = {
  amanat: ['amanat'],
  dexie: ['dexie'],
  'dexie + secretbox': ['dexie-secretbox'],
  'dexie-encrypted': ['dexie-encrypted', 'dexie-encrypted'],
  'rxdb + crypto-js': ['rxdb', 'rxdb', 'rxjs'],
  'pouchdb + crypto-pouch': ['pouchdb', 'pouchdb-browser', 'crypto-pouch', 'events'],
  limits: ['limits'],
  evolu: ['evolu', '@evolu/web', '@evolu/common', '@evolu/sqlite-wasm'],
}
const sites = new Map()
const root = fileURLToPath(new URL('../../..', import.meta.url))

export const browserPlace = {
  words: 'In Chromium',
  names: Object.keys(CANDIDATES).filter(name => name !== 'limits'),
  needs: Object.fromEntries(Object.entries(CANDIDATES).map(([name, [, ...packages]]) => [name, packages])),
  /** @returns by name, why a page can't be built */
  async begin(names) {
    const broken = {}
    for (const name of names) {
      const [file, ...packages] = CANDIDATES[name]
      try {
        await buildPage(file, packages)
        sites.set(name, await servePage(file))
      } catch (error) {
        broken[name] = `its page can't be built: ${lineOf(error)}`
      }
    }
    return broken
  },
  async run(name, calls, patience) {
    const profile = mkdtempSync(join(tmpdir(), 'amanat-bench-'))
    const found = []
    try {
      for (const call of calls) found.push(await launchPage(profile, sites.get(name).url, call, patience))
      return found
    } finally {
      rmSync(profile, { recursive: true, force: true })
    }
  },
  async end() {
    for (const site of sites.values()) site.close()
    removePages()
  },
}

/** What a build says opens with how many errors there are; the line after it has the reason. */
function lineOf(error) {
  const lines = String(error.message)
    .split('\n')
    .map(line => line.trim())
    .filter(line => line && !line.startsWith('Build failed'))
  return (lines[0] ?? 'for no reason given').replace(/^Error: /, '').replaceAll(root, '')
}
