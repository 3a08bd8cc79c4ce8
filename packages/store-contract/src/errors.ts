/** What can go wrong in a store. A vault translates these into its own errors; nothing here names a person or a path. */

export type StoreErrorCode =
  /** Another holder kept the lock for 30 seconds. */
  | 'BUSY'
  /** There is no cell where one was expected. */
  | 'CELL_MISSING'
  /** The medium has no room, or the platform's quota is used up. Nothing was written. */
  | 'NO_SPACE'
  /** The connection went, or a durable write's answer never came: read the root again to know. */
  | 'UNKNOWN_RESULT'
  /** Reading or writing failed in another way. Nothing was committed. */
  | 'IO'
  /** The platform lacks something the store needs. */
  | 'UNSUPPORTED'
  /** The store was closed. */
  | 'CLOSED'

export class StoreError extends Error {
  override readonly name = 'StoreError'
  constructor(
    readonly code: StoreErrorCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options)
  }
}

export function isStoreError(value: unknown): value is StoreError {
  return value instanceof Error && value.name === 'StoreError' && 'code' in value
}
