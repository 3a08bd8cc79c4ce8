/** What of a vCard file reached nothing, by property, and on which line it stands first. */
export function unreached(
  bytes: Uint8Array,
  items: readonly object[],
): { losses: Record<string, number>; lines: Record<string, number> }
