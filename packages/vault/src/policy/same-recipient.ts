/** R3: who counts as the recipient that people agreed to, after the policy changed. */
import type { AgreedRecipient } from '../consent/consent'

/**
 * Whether the recipient of today is one that people who agreed to an earlier one agreed to. A processor may
 * be replaced in its own country: it does the controller's work either way. Another country, another
 * controller, another role, or members who now see each other: not what was agreed.
 */
export function isSameRecipient(agreed: AgreedRecipient, today: AgreedRecipient): boolean {
  if (agreed.id !== today.id || agreed.role !== today.role || agreed.country !== today.country) return false
  if (agreed.members === 'kept-apart' && today.members === 'see-each-other') return false
  return today.role !== 'controller' || agreed.name === today.name
}
