/**
 * A real Chromium on a profile on disk, and its end: closed as a person closes it, or killed with everything that it
 * started, as by a power switch that leaves the operating system running.
 */
import { spawnSync } from 'node:child_process'
import { type BrowserContext, chromium, type Page } from 'playwright'
import { chromiumLaunch } from '../../scripts/chromium.mjs'

export interface Launched {
  readonly context: BrowserContext
  /** A new tab with the page of this address, loaded. */
  tab(address: string): Promise<Page>
  close(): Promise<void>
  /** SIGKILL to the whole tree at once. Resolves when the browser is gone. */
  kill(): Promise<void>
}

export async function launch(profile: string): Promise<Launched> {
  const context = await chromium.launchPersistentContext(profile, { ...chromiumLaunch(), headless: true })
  const spare = context.pages()
  return {
    context,
    async tab(address) {
      const tab = spare.pop() ?? (await context.newPage())
      await tab.goto(address)
      return tab
    },
    close: () => context.close(),
    async kill() {
      const gone = new Promise<void>(resolve => context.once('close', () => resolve()))
      const groups = groupsOn(profile)
      if (groups.length === 0) throw new Error('there is no browser on this profile to be killed')
      for (const group of groups) process.kill(-group, 'SIGKILL')
      await gone
      // Told when its pipe closes: it may hold files of the profile for a moment longer.
      while (groupsOn(profile).length > 0) await new Promise(resolve => setTimeout(resolve, 10))
    },
  }
}

/** The process groups of whatever was started with this profile: Playwright gives each browser a group of its own. */
function groupsOn(profile: string): number[] {
  const { stdout } = spawnSync('ps', ['-axwwo', 'pid=,pgid=,command='], { encoding: 'utf8' })
  const groups = new Set<number>()
  for (const line of stdout.split('\n')) {
    const [, pid, group, command = ''] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? []
    if (command.includes(`--user-data-dir=${profile}`) && pid === group) groups.add(Number(group))
  }
  return [...groups]
}
