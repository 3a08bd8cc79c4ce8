/** The policy that rules the vault: shown, planned and changed. What a change would forget is told before it does. */
import { type AnyVault, type Policy, type PolicyPlan, parsePolicy } from '@amanat/vault'
import { askConfirm } from '../ask'
import type { AddCommand, Cli } from '../command'
import { readJson } from '../files'
import { withVault } from '../open'
import { date, people } from '../output'
import { plain } from '../terminal'

interface Options {
  readonly yes?: boolean
  readonly sameLegalPerson?: string
}

export const policy: AddCommand = (program, act) => {
  const root = program.command('policy').description('the policy that rules the vault')
  root
    .command('show', { isDefault: true })
    .description('as it was accepted')
    .action(
      act(async cli => {
        const value = await withVault(cli, async vault => vault.policy)
        return { value, text: () => policyText(value) }
      }),
    )
  const same = ['--same-legal-person <evidence>', 'another controller is the same legal person: what shows it'] as const
  root
    .command('plan')
    .description('what a change would forget; changes nothing')
    .argument('<file>', 'the next policy, in JSON; - is stdin')
    .option(...same)
    .action(
      act(async (cli, file: string, options: Options) => {
        const next = await policyFrom(cli, file)
        const plan = await withVault(cli, vault => planned(vault, next, options))
        return { value: summary(plan), text: () => planText(plan) }
      }),
    )
  root
    .command('change')
    .description('change it, once what it would forget is accepted')
    .argument('<file>', 'the next policy, in JSON; - is stdin')
    .option(...same)
    .option('--yes', 'accept the plan')
    .action(
      act(async (cli, file: string, options: Options) => {
        const next = await policyFrom(cli, file)
        const plan = await withVault(cli, async vault => {
          const accept = await planned(vault, next, options)
          if (!options.yes) cli.io.stderr.write(`${planText(accept)}\n`)
          await askConfirm(cli.io, 'Change the policy?', options.yes)
          await vault.changePolicy(next, { accept })
          return accept
        })
        return { value: summary(plan), text: () => `${planText(plan)}\nThe policy is changed.` }
      }),
    )
}

const policyFrom = async ({ io }: Cli, file: string): Promise<Policy> => parsePolicy(await readJson(file, '<file>', io))

const planned = (vault: AnyVault, next: Policy, { sameLegalPerson: evidence }: Options): Promise<PolicyPlan> =>
  vault.planPolicy(next, evidence === undefined ? {} : { sameLegalPerson: { evidence } })

/** Without the policy itself, which the caller has. */
const summary = ({ next: _, ...plan }: PolicyPlan) => plan

function planText(plan: PolicyPlan): string {
  const list = (what: string, paths: readonly string[]) => (paths.length === 0 ? [] : [`${what}: ${paths.join(', ')}`])
  const { forgotten, shortened, loosened, loosensAt } = plan
  return [
    forgotten === 0 ? 'Nobody would be forgotten.' : `${people(forgotten)} would be forgotten.`,
    ...(shortened === 0 ? [] : [`${people(shortened)} would lose something.`]),
    ...(plan.stopsEveryConsent ? ['Every consent would stop: the controller is another.'] : []),
    ...list('Narrowed, at once', plan.narrowed),
    ...list('Widened, for consents given from now on', plan.widened),
    ...list(loosensAt === undefined ? 'Loosened' : `Loosened, from ${date(loosensAt)}`, loosened),
    ...list(
      'Renamed',
      Object.entries(plan.renamed).map(([before, after]) => `${before} to ${after}`),
    ),
  ]
    .map(plain)
    .join('\n')
}

function policyText({ controller, purposes, special }: Policy): string {
  const { name, jurisdiction, contact } = controller
  const lines = [`${name} (${jurisdiction}), ${contact}`]
  if (special) lines.push('Being listed is itself the secret.')
  for (const [id, purpose] of Object.entries(purposes)) {
    const { description, fields, keepFor, recipients = {}, self } = purpose
    const text = typeof description === 'string' ? description : (description['en'] ?? Object.values(description)[0])
    const to = [...Object.values(recipients).map(one => one.name), ...(self ? ['ourselves'] : [])]
    lines.push(
      '',
      `${id}: ${text}`,
      `  fields: ${fields.join(', ')}; kept for ${keepFor}${purpose.special ? '; special' : ''}`,
      `  recipients: ${to.length === 0 ? 'nobody' : to.join(', ')}`,
    )
  }
  return lines.map(plain).join('\n')
}
