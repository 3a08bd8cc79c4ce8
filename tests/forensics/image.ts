/**
 * File systems of our own in files: made, mounted through a loop device, and read as the raw bytes of a disk. Only root on
 * Linux may, so whoever uses it asks `whyNot` first and skips with that word.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export type Kind = 'ext4' | 'ext4 with data=journal' | 'btrfs' | 'xfs' | 'tmpfs'

interface Making {
  readonly type: string
  readonly make?: readonly string[]
  readonly options: string
  readonly megabytes: number
}

const MAKING: { readonly [kind in Kind]: Making } = {
  ext4: { type: 'ext4', make: ['mkfs.ext4', '-q', '-F'], options: 'loop', megabytes: 64 },
  'ext4 with data=journal': {
    type: 'ext4',
    make: ['mkfs.ext4', '-q', '-F'],
    options: 'loop,data=journal',
    megabytes: 64,
  },
  // Less than some 110 MB it refuses.
  btrfs: { type: 'btrfs', make: ['mkfs.btrfs', '-q', '-f'], options: 'loop', megabytes: 128 },
  // Less than 300 MB it refuses.
  xfs: { type: 'xfs', make: ['mkfs.xfs', '-q', '-f'], options: 'loop', megabytes: 320 },
  tmpfs: { type: 'tmpfs', options: 'size=32m', megabytes: 32 },
}

export interface Image {
  /** Where it is mounted. */
  readonly path: string
  /** The file whose bytes are those of the disk. Not there for what lives in memory. */
  readonly file: string
  /** Everything that waits in memory is written: the file is then what the disk would hold. */
  sync(): void
  unmount(): void
  remount(): void
  /** Unmounts if need be, and removes all of it. */
  remove(): void
}

/** Why there can be no image of this kind here; undefined when there can. */
export function whyNot(kind: Kind): string | undefined {
  const { type, make } = MAKING[kind]
  if (process.platform !== 'linux') return 'only Linux mounts a file as a disk'
  if (process.getuid?.() !== 0) return 'only root mounts'
  if (make && !found(make[0] as string)) return `there is no ${make[0]}`
  if (!readFileSync('/proc/filesystems', 'utf8').split(/\s+/).includes(type)) {
    if (run('modprobe', [type]).status !== 0) return `this kernel knows no ${type}`
  }
  return mounts()
}

let mayMount: { readonly why: string | undefined } | undefined

/** Tried once: a container may have root and yet no loop device. */
function mounts(): string | undefined {
  mayMount ??= { why: tryOne() }
  return mayMount.why
}

function tryOne(): string | undefined {
  try {
    newImage('ext4', 8).remove()
    return undefined
  } catch (error) {
    return `nothing can be mounted here (${(error as Error).message})`
  }
}

export function newImage(kind: Kind, megabytes = MAKING[kind].megabytes): Image {
  const { type, make, options } = MAKING[kind]
  const place = mkdtempSync(join(tmpdir(), `amanat-image-`))
  const file = join(place, 'image')
  const path = join(place, 'mounted')
  mkdirSync(path)
  let mounted = false
  const remount = () => {
    must('mount', ['-t', type, '-o', options, make ? file : 'tmpfs', path])
    mounted = true
  }
  const unmount = () => {
    if (mounted) must('umount', [path])
    mounted = false
  }
  const remove = () => {
    // Lazily: a test that failed may have left a vault open, and its own error is the one to be shown.
    if (mounted) must('umount', ['-l', path])
    mounted = false
    rmSync(place, { recursive: true, force: true })
  }
  try {
    if (make) {
      writeFileSync(file, '')
      truncateSync(file, megabytes * 1_048_576)
      must(make[0] as string, [...make.slice(1), file])
    }
    remount()
  } catch (error) {
    remove()
    throw error
  }
  return { path, file, sync: () => must('sync', ['-f', path]), unmount, remount, remove }
}

const found = (command: string) =>
  [...(process.env.PATH ?? '').split(':'), '/sbin', '/usr/sbin'].some(folder => existsSync(join(folder, command)))

function must(command: string, args: readonly string[]): void {
  const { status, stderr, error } = run(command, args)
  if (status !== 0) throw new Error(`${command} failed: ${error?.message ?? stderr.trim()}`)
}

function run(command: string, args: readonly string[]) {
  const PATH = `${process.env.PATH ?? ''}:/sbin:/usr/sbin`
  return spawnSync(command, [...args], { encoding: 'utf8', env: { ...process.env, PATH } })
}
