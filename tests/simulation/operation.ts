/** What processes are asked to do: what a history is made of. */
import type { Act } from './facts'
import type { Slot } from './judge'
import type { Purpose } from './world'

export type Operation =
  | { readonly do: 'act'; readonly acts: readonly { readonly person: number; readonly act: Act }[] }
  | { readonly do: 'slot'; readonly kind: 'add' | 'remove' | 'replace'; readonly slot: Slot }
  | { readonly do: 'narrow' | 'purge' | 'drop' | 'lock' | 'open' }
  | { readonly do: 'deliver'; readonly resume: boolean }
  /** Each alone in its round. */
  | { readonly do: 'backup' }
  | { readonly do: 'restore'; readonly key: number }
  | Look

export interface Look {
  readonly do: 'look'
  readonly how: 'list' | 'check' | 'reveal' | 'ask'
  readonly person: number
  readonly purpose: Purpose
}

export interface Deed {
  readonly process: number
  readonly operation: Operation
}

/** The process without a key. */
export const CRON = 3
/** The process that restores a backup. */
export const RESTORER = 5
