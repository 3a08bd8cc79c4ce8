/**
 * What this browser on this device can honestly promise. A page can't ask which file system lies under OPFS, and on
 * one that copies on write (btrfs, a Fedora's default, is one) an overwritten cell stays on the disk. So unless whoever
 * runs the machines says what they are, the answer is `unknown`.
 */
import type { Guarantees } from '@amanat/store-contract'

/** Where 199 cells were overwritten through an access handle and none was found on the device afterwards (Chromium 156, Firefox 153). */
const MEASURED = ['ext4']
/** Where every overwritten cell was found again. */
const COPY_ON_WRITE = ['btrfs', 'zfs', 'bcachefs', 'refs']

/** @param fileSystem as the organisation that runs the machines knows it, or undefined. */
export async function guaranteesHere(cell: 'opfs' | 'idb', fileSystem: string | undefined): Promise<Guarantees> {
  return {
    cell,
    fileSystem: fileSystem ?? 'unknown',
    forgetting: cell === 'idb' ? 'best-effort' : forgettingOn(fileSystem?.toLowerCase()),
    // A browser that doesn't know the attribute doesn't heed it either.
    durability: 'durability' in IDBTransaction.prototype ? 'strict' : 'relaxed',
    persisted: (await navigator.storage?.persisted?.()) ?? false,
    // Read through a newly opened handle, after a flush: what the operating system gives, which may be its cache.
    readBack: false,
  }
}

function forgettingOn(fileSystem: string | undefined): Guarantees['forgetting'] {
  if (fileSystem === undefined) return 'unknown'
  if (COPY_ON_WRITE.includes(fileSystem)) return 'copy-on-write'
  return MEASURED.includes(fileSystem) && isMeasuredEngine() ? 'in-place' : 'unknown'
}

/** Chromium names itself in `userAgentData`; Firefox has no such thing, but a tag of its own. Safari was not measured. */
function isMeasuredEngine(): boolean {
  const { userAgentData } = navigator as { userAgentData?: { brands?: readonly { brand: string }[] } }
  return userAgentData?.brands?.some(({ brand }) => brand === 'Chromium') || /\bFirefox\//.test(navigator.userAgent)
}
