// Measuring in a browser: an origin for each candidate, a profile for each candidate and round.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildPage, launchPage, servePage } from './launch.mjs'

const NAMES = ['amanat', 'dexie', 'dexie + secretbox', 'dexie-encrypted', 'rxdb + crypto-js', 'pouchdb + crypto-pouch']
const sites = new Map()

export const browserPlace = {
  words: 'In Chromium',
  names: NAMES,
  needs: {
    'dexie-encrypted': ['dexie-encrypted'],
    'rxdb + crypto-js': ['rxdb'],
    'pouchdb + crypto-pouch': ['pouchdb-browser', 'crypto-pouch'],
  },
  begin: missing => buildPage(missing),
  async run(name, count, round) {
    const site = sites.get(name) ?? (await servePage(0))
    sites.set(name, site)
    const profile = mkdtempSync(join(tmpdir(), 'amanat-bench-'))
    try {
      const call = phase => ({ name, phase, count, seed: 1, round })
      const load = await launchPage(profile, site.url, call('load'))
      return [load, await launchPage(profile, site.url, call('work'))]
    } finally {
      rmSync(profile, { recursive: true, force: true })
    }
  },
  async end() {
    for (const site of sites.values()) site.close()
  },
}
