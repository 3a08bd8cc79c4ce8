/** Options that were left out are absent, not undefined: the vault's types tell the two apart. */
export type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> }

export const present = <T extends object>(options: T): Present<T> =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Present<T>
