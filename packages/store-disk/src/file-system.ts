/**
 * Which file system a folder lies on, and what overwriting in place means there. Only what was measured byte by byte
 * is called `in-place`: ext4 and xfs. What writes elsewhere and keeps the old block is `copy-on-write`.
 */
import { readFile, stat, statfs } from 'node:fs/promises'
import type { Guarantees } from '@amanat/store-contract'

type Forgetting = Guarantees['forgetting']

/** The magic numbers are Linux's (include/uapi/linux/magic.h, and zfs, bcachefs by their own sources). */
const LINUX: Record<number, readonly [name: string, forgetting: Forgetting]> = {
  61267: ['ext4', 'in-place'],
  1481003842: ['xfs', 'in-place'],
  2435016766: ['btrfs', 'copy-on-write'],
  801189825: ['zfs', 'copy-on-write'],
  3393526350: ['bcachefs', 'copy-on-write'],
  4076150800: ['f2fs', 'best-effort'],
  2035054128: ['overlay', 'best-effort'],
  26985: ['nfs', 'best-effort'],
  4283649346: ['cifs', 'best-effort'],
  4266872130: ['smb', 'best-effort'],
  16914839: ['9p', 'best-effort'],
  1702057286: ['fuse', 'best-effort'],
  16914836: ['tmpfs', 'unknown'],
}

/** `f_type` of macOS: apfs keeps old blocks, and its snapshots keep them longer. */
const DARWIN: Record<number, readonly [name: string, forgetting: Forgetting]> = {
  26: ['apfs', 'copy-on-write'],
}

export async function fileSystemOf(path: string): Promise<{ name: string; forgetting: Forgetting }> {
  const { type } = await statfs(path)
  const known = process.platform === 'linux' ? LINUX : process.platform === 'darwin' ? DARWIN : {}
  const [name, forgetting] = known[type >>> 0] ?? (['unknown', 'unknown'] as const)
  if (name !== 'ext4') return { name, forgetting }
  return await extOf(path)
}

/** ext2 and ext3 share ext4's number; and with `data=journal` old and new bytes pass through the journal. */
async function extOf(path: string): Promise<{ name: string; forgetting: Forgetting }> {
  const { dev } = await stat(path)
  const mounts = await readFile('/proc/self/mountinfo', 'utf8').catch(() => '')
  return parseExt(mounts, `${major(dev)}:${minor(dev)}`)
}

/** By the device's line in mountinfo (proc_pid_mountinfo(5)); ext4 in its usual mode where there is no such line. */
export function parseExt(mounts: string, device: string): { name: string; forgetting: Forgetting } {
  const line = mounts.split('\n').find(line => line.split(' ')[2] === device)
  const [type = 'ext4', , options = ''] = line?.split(' - ')[1]?.split(' ') ?? []
  if (type !== 'ext4') return { name: /^[a-z0-9]+$/.test(type) ? type : 'unknown', forgetting: 'unknown' }
  return { name: 'ext4', forgetting: options.split(',').includes('data=journal') ? 'best-effort' : 'in-place' }
}

/** As glibc's `gnu_dev_major` and `gnu_dev_minor` do, for numbers below 2^32. */
function major(dev: number): number {
  return (dev >>> 8) & 0xfff
}

function minor(dev: number): number {
  return (dev & 0xff) | ((dev >>> 12) & 0xfff00)
}
