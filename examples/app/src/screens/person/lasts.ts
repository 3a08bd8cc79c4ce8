/** About when a consent would end, to be said before it is given; what counts is the date on its receipt. */
const CLAIM_DAYS = 30
const DURATION = /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?/

/** A mere claim lasts thirty days at most: time to get a signature. */
export function wouldEnd(given: number, keepFor: string, isClaim: boolean): string {
  const [years, months, weeks, days] = (DURATION.exec(keepFor) ?? []).slice(1).map(part => Number(part ?? 0))
  const end = new Date(given)
  end.setUTCFullYear(end.getUTCFullYear() + (years ?? 0), end.getUTCMonth() + (months ?? 0))
  end.setUTCDate(end.getUTCDate() + 7 * (weeks ?? 0) + (days ?? 0))
  const claim = new Date(given)
  claim.setUTCDate(claim.getUTCDate() + CLAIM_DAYS)
  return (isClaim && claim < end ? claim : end).toISOString()
}
