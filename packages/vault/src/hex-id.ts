/** Ids of vaults, exports and slots as people and files see them: sixteen bytes in hexadecimal. */
import { hex } from './bytes'

export const hexId = (bytes: Uint8Array): string => hex(bytes)

export function hexIdBytes(id: string): Uint8Array | undefined {
  if (!/^[0-9a-f]{32}$/.test(id)) return undefined
  return Uint8Array.from({ length: 16 }, (_, i) => Number.parseInt(id.slice(2 * i, 2 * i + 2), 16))
}
