/** Asks a vault one thing of `register.ts`, and says what it answered in the words of that register. Runs anywhere. */
import { isVaultError } from '@amanat/vault'
import type { KilledVault } from '../kills/act'
import { cardOf, consentTo, fieldsIn } from '../kills/people'
import type { Answered, Asked } from './register'

/** The ids of the people, by key, in the order of the keys. */
export type Ids = ReadonlyMap<string, string>

const REFUSALS = ['UNKNOWN_CONTACT', 'CONFLICT', 'SUPPRESSED'] as const

/** @throws what a vault must not answer here, `BUSY` among it */
export async function ask(vault: KilledVault, asked: Asked, ids: Ids): Promise<Answered> {
  try {
    return await answerOf(vault, asked, ids)
  } catch (error) {
    const refused = REFUSALS.find(code => isVaultError(error, code))
    if (refused === undefined) throw error
    return { refused }
  }
}

async function answerOf(vault: KilledVault, asked: Asked, ids: Ids): Promise<Answered> {
  const id = 'key' in asked ? (ids.get(asked.key) as string) : ''
  switch (asked.do) {
    case 'change': {
      const { name, phone, ifRevision } = asked
      const fields = { ...(name === undefined ? {} : { name }), ...(phone === undefined ? {} : { phone }) }
      const { revision } = await vault.change(id, cardOf(fields), ifRevision === undefined ? {} : { ifRevision })
      return { revision }
    }
    case 'consent':
      await vault.consent(id, consentTo(asked.purpose, 'Scan'))
      return { done: true }
    case 'withdraw':
      return { taken: (await vault.withdraw(id, asked.purpose)).length }
    case 'erase':
      await vault.erase(id, { suppress: false })
      return { done: true }
    case 'get':
    case 'reveal': {
      const door = vault.for(asked.purpose)
      const found = await (asked.do === 'get' ? door.get(id) : door.reveal(id))
      if (!found) return { shown: null }
      const { name, phone } = fieldsIn(found.card)
      return { shown: shown(found.revision, name, phone) }
    }
    case 'list':
    case 'find': {
      const door = vault.for(asked.purpose)
      const found = asked.do === 'list' ? (await door.list({ limit: 1000 })).people : await door.find({ text: 'Name' })
      return { names: namesOf(found, ids) }
    }
    case 'count':
      return { count: await vault.for(asked.purpose).count() }
    case 'check': {
      const { allowed, refused } = await vault.for(asked.purpose).check({ recipient: 'gateway' })
      // Where nobody is left, the answer says of everybody why (R27).
      if (allowed > 0 && Object.keys(refused).length > 0)
        throw new Error(`somebody was refused: ${JSON.stringify(refused)}`)
      return { count: allowed }
    }
    case 'exist': {
      const here = new Set<string>(await vault.exists([...ids.values()]))
      return { keys: [...ids].flatMap(([key, each]) => (here.has(each) ? [key] : [])) }
    }
  }
}

export const shown = (revision: number, name?: string, phone?: string) => ({
  revision,
  ...(name === undefined ? {} : { name }),
  ...(phone === undefined ? {} : { phone }),
})

export function namesOf(found: readonly { id: string; name?: string }[], ids: Ids): [string, string | undefined][] {
  const names = new Map(found.map(({ id, name }) => [id, name]))
  if (names.size !== found.length) throw new Error('somebody was named twice')
  const known = [...ids].flatMap(([key, id]): [string, string | undefined][] =>
    names.has(id) ? [[key, names.get(id)]] : [],
  )
  if (known.length !== found.length) throw new Error('somebody was named whom nobody added')
  return known
}
