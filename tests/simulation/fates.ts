/** Fates of unsynced writes that differ, for simulations that try each at each step instead of drawing one. */
import type { Fates } from './disk'

export const FATES = {
  'all lost': { write: () => 'lost', sector: () => 'old' },
  'all kept': { write: () => 'kept', sector: () => 'new' },
  'the last write torn, the first sectors new': {
    write: (number, of) => (number === of - 1 ? 'torn' : 'kept'),
    sector: number => (number < 3 ? 'new' : 'old'),
  },
  'the first write lost, the last sectors new': {
    write: number => (number === 0 ? 'lost' : 'kept'),
    sector: number => (number < 5 ? 'old' : 'new'),
  },
  'one sector old': { write: () => 'kept', sector: number => (number === 4 ? 'old' : 'new') },
  'one sector new': { write: () => 'lost', sector: number => (number === 0 ? 'new' : 'old') },
  'one sector torn inside': { write: () => 'lost', sector: number => (number < 7 ? 'new' : 60) },
} satisfies { readonly [what: string]: Fates }
