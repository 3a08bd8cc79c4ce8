/** Who leaves a vault in a file, and who is handed over: the ids of each purpose. */
import type { Format } from '@amanat/vault'
import type { KilledVault } from '../kills/act'
import { fieldsIn, PURPOSES, type Purpose } from '../kills/people'

/** Names, one a line; and tells whom it wrote, because what leaves is sealed. */
export const namesFormat = (wrote: (name: string) => void): Format => ({
  name: 'names',
  version: '1',
  mediaType: 'text/plain',
  extension: 'txt',
  async *write(people) {
    for await (const { card } of people) {
      const { name = '' } = fieldsIn(card)
      wrote(name)
      yield new TextEncoder().encode(`${name}\n`)
    }
  },
})

export interface Left {
  readonly purpose: Purpose
  readonly handedOver: readonly string[]
  readonly exported: number
}

/** The vault has to be opened with a format called `names`. */
export async function exportsOf(vault: KilledVault): Promise<Left[]> {
  const left: Left[] = []
  for (const purpose of PURPOSES) {
    const door = vault.for(purpose)
    if ((await door.count()) === 0) continue
    const handedOver: string[] = []
    await door.deliver({ recipient: 'gateway', to: async people => handedOver.push(...people.map(({ id }) => id)) })
    const { file, manifest } = await door.export({ recipient: 'gateway', format: 'names' })
    const reader = file.getReader()
    while (!(await reader.read()).done);
    left.push({ purpose, handedOver, exported: (await manifest).people })
  }
  return left
}
