/** What is wrong with one source, as sentences. The path starts below `packages/`. */
export function check(path: string, text: string): string[]

/** What is wrong in this checkout. */
export function checkAll(): string[]
