/** Days as numbers: whole days since 1970-01-01, in UTC. Buckets and ticks are days. */

export type Day = number
const DAY_MS = 86_400_000

/** The day in which an instant lies. */
export const dayOf = (instant: number): Day => Math.floor(instant / DAY_MS)

/** 00:00Z of a day, in milliseconds since 1970. */
export const startOf = (day: Day): number => day * DAY_MS

/** The last whole day before an instant of expiry that lies at 00:00Z: its bucket. */
export const lastDayBefore = (expiry: number): Day => Math.ceil(expiry / DAY_MS) - 1
