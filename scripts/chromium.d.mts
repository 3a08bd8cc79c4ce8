/** What Playwright's `launch` and vitest's browser provider want to know of a Chromium. */
export interface ChromiumLaunch {
  executablePath?: string
  env?: Record<string, string>
  chromiumSandbox: boolean
  args: string[]
}

/** Launch options for the Chromium found last; never probes, never throws. */
export function chromiumLaunch(): ChromiumLaunch

/** Makes sure that there is a Chromium which runs, and answers where it lies. */
export function ensureChromium(options?: { say?: (line: string) => void }): Promise<string>
