/** The screens of this app, each with the file where it uses the library and the words by which the few lines of it are found. */
import config from '../../../vite.config.ts?raw'
import story from '../../story/stage.ts?raw'
import answer from '../../vaults/answer.ts?raw'
import here from '../../vaults/here.ts?raw'
import session from '../../vaults/session.tsx?raw'
import bring from '../bring/run.ts?raw'
import calendar from '../forgetting/calendar.ts?raw'
import lately from '../forgetting/lately.tsx?raw'
import picture from '../handover/compose.tsx?raw'
import handover from '../handover/handover.tsx?raw'
import listing from '../people/listing.ts?raw'
import acting from '../person/acting.tsx?raw'
import held from '../person/held.tsx?raw'
import quarantine from '../quarantine/quarantine.tsx?raw'
import record from '../record/entries.ts?raw'
import rules from '../settings/change-rules.tsx?raw'
import signup from '../signup/signup.tsx?raw'
import { excerpt } from './excerpt'

export type PartName =
  | 'open'
  | 'follow'
  | 'people'
  | 'person'
  | 'signup'
  | 'bring'
  | 'quarantine'
  | 'handover'
  | 'forgetting'
  | 'record'
  | 'settings'
  | 'story'

interface Source {
  /** Below `examples/app/`. */
  readonly path: string
  readonly code: string | undefined
}

const from = (path: string, source: string, ...words: string[]): Source => {
  const found = words.map(some => excerpt(source, some))
  return { path, code: found.includes(undefined) ? undefined : found.join('\n\n') }
}

export const PARTS: readonly { readonly name: PartName; readonly sources: readonly Source[] }[] = [
  { name: 'open', sources: [from('src/vaults/here.ts', here, 'async function open(', 'async function optionsOf(')] },
  {
    name: 'follow',
    sources: [
      from('src/vaults/session.tsx', session, 'export function useVersion'),
      from('src/vaults/answer.ts', answer, 'export interface Answer<T>'),
    ],
  },
  { name: 'people', sources: [from('src/screens/people/listing.ts', listing, 'const page = await door.list(')] },
  {
    name: 'person',
    sources: [
      from('src/screens/person/held.tsx', held, 'const contact = await door.reveal('),
      from(
        'src/screens/person/acting.tsx',
        acting,
        'await vault.withdraw(',
        'await vault.refuse(',
        'await vault.erase(',
      ),
    ],
  },
  { name: 'signup', sources: [from('src/screens/signup/signup.tsx', signup, 'async function signUp(')] },
  { name: 'bring', sources: [from('src/screens/bring/run.ts', bring, 'const report = await vault.addMany(')] },
  {
    name: 'quarantine',
    sources: [
      from(
        'src/screens/quarantine/quarantine.tsx',
        quarantine,
        'vault.quarantine.reveal(',
        'await vault.consent(',
        'await vault.erase(',
      ),
    ],
  },
  {
    name: 'handover',
    sources: [
      from('src/screens/handover/compose.tsx', picture, '.check('),
      from('src/screens/handover/handover.tsx', handover, '.export({', "isVaultError(error, 'EXPORT_REFUSED')"),
    ],
  },
  {
    name: 'forgetting',
    sources: [
      from('src/screens/forgetting/calendar.ts', calendar, 'vault.expiring('),
      from('src/screens/forgetting/lately.tsx', lately, 'await vault.purge('),
    ],
  },
  { name: 'record', sources: [from('src/screens/record/entries.ts', record, 'for await (const line of vault.ledger')] },
  {
    name: 'settings',
    sources: [from('src/screens/settings/change-rules.tsx', rules, 'vault.planPolicy(', 'await vault.changePolicy(')],
  },
  { name: 'story', sources: [from('src/story/stage.ts', story, 'const vault = await createVault(')] },
]

/** What the browser is told that this app may do, as the build writes it into the page. */
export const CONTENT_POLICY = excerpt(config, 'const POLICY = [')
