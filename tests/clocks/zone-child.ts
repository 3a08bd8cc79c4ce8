/**
 * The life of a vault around the days on which clocks are put forward and back, told hour by hour, in whatever time zone
 * this process was started: who can be seen, until when each may be kept, on which day the ratchet stands.
 */
import { createVault, definePolicy, dropExpired } from '@amanat/vault'
import { fakeClock, memoryMedium, memoryStore, testKey } from '@amanat/vault/testing'

const purpose = (keepFor: string) => ({ description: `Keep you for ${keepFor}`, fields: ['name'] as const, keepFor })
const policy = definePolicy({
  controller: {
    name: 'Riverside Centre',
    contact: 'privacy@riverside.example',
    address: '1 Quay Street, Riverside',
    jurisdiction: 'GB',
    withdraw: 'Reply STOP',
  },
  region: 'GB',
  purposes: { days: purpose('P2D'), month: purpose('P1M'), year: purpose('P1Y'), long: purpose('P2Y') },
  bulk: { perActor: [{ people: 40, within: 'PT1H' }], vault: [{ share: 0.1, within: 'P30D' }] },
})

const HOUR = 3_600_000
const given = { how: 'paper', evidence: { kind: 'scan', content: new Uint8Array([1, 2, 3]) } }

async function around(change: string): Promise<unknown> {
  const start = Date.parse(change) - 36 * HOUR
  const clock = fakeClock(new Date(start).toISOString())
  const medium = memoryMedium()
  const store = () => memoryStore({ medium })
  const vault = await createVault({ store: store(), unlock: testKey(), policy, actor: 'staff:leila', clock })
  const until: string[] = []
  for (const purpose of ['days', 'month', 'year', 'long'] as const) {
    const { receipts } = await vault.add({
      card: { name: { full: purpose } },
      consents: [{ purpose, given }],
      source: 'x',
    })
    until.push(receipts[0]?.until as string)
  }
  const told: string[] = []
  for (let hour = 0; hour <= 72; hour++) {
    clock.set(new Date(start + hour * HOUR).toISOString())
    const { tick } = await dropExpired(store(), { clock })
    told.push(`${tick} ${await vault.for('days').count()}`)
  }
  return { change, until, told }
}

async function main(): Promise<void> {
  const changes = process.argv.slice(2)
  const told: unknown[] = []
  for (const change of changes) told.push(await around(change))
  const offsets = changes.map(change => new Date(change).getTimezoneOffset())
  process.stdout.write(JSON.stringify({ told, offsets }))
}

main().catch(error => {
  console.error(error)
  process.exitCode = 1
})
