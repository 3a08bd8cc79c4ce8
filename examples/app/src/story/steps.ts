/** The story's steps in their order: where each is seen, what is done in it, and where its outcome is to be seen. */
import {
  bringIn,
  bringInAgain,
  claimForTheChat,
  handToTheProvider,
  leaveTheGroup,
  letTimePass,
  readTheRecord,
  signUp,
  wantThemInTheChat,
} from './acts'

export const ACTS = {
  bring: bringIn,
  signup: signUp,
  claim: claimForTheChat,
  chat: wantThemInTheChat,
  provider: handToTheProvider,
  leave: leaveTheGroup,
  again: bringInAgain,
  time: letTimePass,
  record: readTheRecord,
} as const

export type ActName = keyof typeof ACTS
/** What came of each act that was done. */
export type Outcomes = { readonly [name in ActName]?: Awaited<ReturnType<(typeof ACTS)[name]>> }

export type Step = {
  readonly at: string
  readonly look?: string
  /** What is chosen on the screen already. */
  readonly purpose?: string
} & ({ readonly name: ActName; readonly isAct: true } | { readonly name: 'begin' | 'end'; readonly isAct: false })

const act = (name: ActName, at: string, look = at): Step => ({ name, isAct: true, at, look })

export const STEPS: readonly Step[] = [
  { name: 'begin', isAct: false, at: '/people' },
  act('bring', '/bring', '/bring/quarantine'),
  act('signup', '/bring/quarantine', '/people'),
  act('claim', '/people'),
  { ...act('chat', '/handover'), purpose: 'group-chat' },
  act('provider', '/handover'),
  act('leave', '/people'),
  act('again', '/bring'),
  act('time', '/forgetting'),
  act('record', '/forgetting/record'),
  { name: 'end', isAct: false, at: '/forgetting/record' },
]
