/** Where a story happens: a store that can be opened a second time, as after a restart or by somebody who copied it. */
import type { Store } from '@amanat/vault'

export interface Place {
  /** Another store on the same rows and cell. */
  store(): Store
  remove(): Promise<void>
}

export type MakePlace = () => Promise<Place>
