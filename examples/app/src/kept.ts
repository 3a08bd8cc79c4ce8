/**
 * The app itself, kept on this device by its service worker: from the second visit on nothing of it comes over a network. A newer
 * version is fetched beside the one in use, and waits until somebody asks for it: nobody is torn out of what they are doing.
 */

/** A tab may stay open for weeks; it looks for a newer version when somebody comes back to it, at most so often. */
const LOOK_EVERY_MS = 3_600_000

const told = new EventTarget()
let isNewer = false

/** @param onKept told once, when the whole app is on this device for the first time */
export async function keepHere(onKept: () => void): Promise<void> {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return
  // Where a browser keeps nothing, the app works as long as there is a network.
  const registration = await navigator.serviceWorker.register('./sw.js').catch(() => undefined)
  if (!registration) return
  const follow = async () => {
    const next = registration.waiting ?? registration.installing
    const isFirst = registration.active === null
    if (!next || (await settled(next, ['installed', 'activated'])) === 'redundant') return
    if (isFirst) return onKept()
    isNewer = registration.waiting !== null
    told.dispatchEvent(new Event('newer'))
  }
  registration.addEventListener('updatefound', follow)
  void follow()
  let looked = Date.now()
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden' || Date.now() - looked < LOOK_EVERY_MS) return
    looked = Date.now()
    // Offline there is nothing newer to be found.
    void registration.update().catch(() => undefined)
  })
}

export const isNewerHere = (): boolean => isNewer

export function onNewer(listener: () => void): () => void {
  told.addEventListener('newer', listener)
  return () => told.removeEventListener('newer', listener)
}

/** Fetches the newest version, where there is one, and starts with it. The vault that is open is locked by that. */
export async function loadNewest(): Promise<void> {
  const registration = await navigator.serviceWorker?.getRegistration()
  await registration?.update().catch(() => undefined)
  if (registration?.installing) await settled(registration.installing, ['installed', 'activated'])
  const next = registration?.waiting
  if (next) {
    next.postMessage({ type: 'SKIP_WAITING' })
    await settled(next, ['activated'])
  }
  location.reload()
}

// What browsers, and Vite for a style sheet, say when a file of the app itself doesn't come.
const MISSING = /dynamically imported module|module script failed|error loading|unable to preload/i

/** Whether a part of the app didn't come: an update took it away, or the network is gone. */
export const isMissingPart = (error: unknown): boolean => error instanceof Error && MISSING.test(error.message)

/** Waits until a worker is as far as that, or is given up. */
function settled(worker: ServiceWorker, states: readonly ServiceWorkerState[]): Promise<ServiceWorkerState> {
  return new Promise(resolve => {
    const look = () => {
      if (worker.state !== 'redundant' && !states.includes(worker.state)) return
      worker.removeEventListener('statechange', look)
      resolve(worker.state)
    }
    worker.addEventListener('statechange', look)
    look()
  })
}
