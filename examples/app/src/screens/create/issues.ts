/** Where a policy is wrong, as the form asks: at a place of its own. What each place needs, the form says in its own words. */
import { isVaultError, type Policy, parsePolicy } from '@amanat/vault'

/** Whether something is wrong at this path of the policy, or below it. */
export type WrongAt = (...path: readonly (string | number)[]) => boolean

export const NOTHING_WRONG: WrongAt = () => false

/** @returns undefined when the policy is sound */
export function wrongIn(policy: Policy): WrongAt | undefined {
  try {
    parsePolicy(policy)
    return undefined
  } catch (error) {
    if (!isVaultError(error, 'POLICY_INVALID')) throw error
    const paths = error.data.issues.map(({ path }) => path)
    return (...path) => {
      const asked = path.join('.')
      return paths.some(found => found === asked || found.startsWith(`${asked}.`))
    }
  }
}
