import { sha256 } from '@noble/hashes/sha2.js'
import { Decrypter, generateIdentity, identityToRecipient } from 'age-encryption'
import { describe, expect, it } from 'vitest'
import type { Export, Format } from '../../src/index'
import { KEY, OTHER_KEY, riverside, withPurpose, withRecipient } from '../riverside'
import {
  card,
  centre,
  groupChat,
  ledgerOf,
  lines,
  onPaper,
  phone,
  prayerTimes,
  type Riverside,
  refusal,
  said,
  signUp,
  textOf,
  typesIn,
} from './centre'

const identity = await generateIdentity()
const withOurKey = withRecipient('prayer-times', 'sms-gateway', {
  ageKeys: [await identityToRecipient(identity)],
}) as unknown as Riverside
const toGateway = { recipient: 'sms-gateway', format: 'lines' } as const
const toPrinter = { recipient: 'print-shop', format: 'lines', via: 'plaintext-file' } as const
const forPrinter = { recipients: ['print-shop'] }

async function opened({ file }: Export): Promise<string> {
  const decrypter = new Decrypter()
  decrypter.addIdentity(identity)
  return decrypter.decrypt(new Uint8Array(await new Response(file as never).arrayBuffer()), 'text')
}

describe('check', () => {
  it('answers what an export would be answered, and writes down nothing (R28)', async () => {
    const { vault } = await centre()
    const sara = await signUp(vault, 1)
    const omid = await signUp(vault, 2, 'Omid', [prayerTimes({ given: said })])
    const mina = await signUp(vault, 3, 'Mina', [prayerTimes({ recipients: [] })])
    const ali = await signUp(vault, 4, 'Ali', [groupChat()])
    const gone = await signUp(vault, 5, 'Zed', [prayerTimes(), groupChat()])
    await vault.withdraw(gone.id, 'prayer-times')
    const no = await signUp(vault, 6, 'Nima', [groupChat()])
    await vault.refuse(no.id, 'prayer-times')
    const partly = await signUp(vault, 7, 'Pari', [prayerTimes({ fields: ['name'] })])
    const { version } = vault
    const door = vault.for('prayer-times')
    expect(await door.check({ recipient: 'sms-gateway' })).toEqual({
      allowed: 2,
      refused: { 'assurance-too-low': 1, 'recipient-not-agreed': 1 },
    })
    const ids = [sara, omid, mina, ali, gone, no, partly].map(({ id }) => id)
    expect(await door.check({ recipient: 'sms-gateway', ids: [...ids, '0'.repeat(26)], fields: ['phones'] })).toEqual({
      allowed: 1,
      refused: {
        'assurance-too-low': 1,
        'recipient-not-agreed': 1,
        'no-consent': 2,
        withdrawn: 1,
        refused: 1,
        'field-not-agreed': 1,
      },
      ids: {
        'assurance-too-low': [omid.id],
        'recipient-not-agreed': [mina.id],
        'no-consent': [ali.id, '0'.repeat(26)],
        withdrawn: [gone.id],
        refused: [no.id],
        'field-not-agreed': [partly.id],
      },
    })
    expect(await door.check({ recipient: 'sms-gateway', query: { text: 'Omid' } })).toEqual({
      allowed: 0,
      refused: { 'assurance-too-low': 1 },
    })
    await refusal('UNKNOWN_RECIPIENT', door.check({ recipient: 'data-broker' as never }))
    expect(vault.version).toBe(version)
  })

  it('says how many have no consent at all for a purpose, and suggests no other (R27)', async () => {
    const { vault } = await centre()
    for (let n = 0; n < 3; n++) await signUp(vault, n)
    const door = vault.for('group-chat')
    expect(await door.check({ recipient: 'community-chat' })).toEqual({ allowed: 0, refused: { 'no-consent': 3 } })
    const error = await refusal('EXPORT_REFUSED', door.export({ recipient: 'community-chat', format: 'lines' }))
    expect(error.data.reasons).toEqual({ 'no-consent': 3 })
    expect(JSON.stringify(error)).not.toContain('prayer-times')
  })
})

describe('an export', () => {
  it('leaves sealed to the recipient’s pinned key, and the standard opens it (R30)', async () => {
    const { vault } = await centre(withOurKey)
    await signUp(vault, 1, 'Sara')
    await signUp(vault, 2, 'Omid')
    const out = await vault.for('prayer-times').export(toGateway)
    expect(out.extension).toBe('jsonl.age')
    const cards = (await opened(out))
      .trim()
      .split('\n')
      .map(line => JSON.parse(line))
    expect(cards.map(({ name }) => name.full).sort()).toEqual(['Omid', 'Sara'])
    expect(Object.keys(cards[0]).sort()).toEqual(['@type', 'name', 'phones', 'version'])
  })

  it('is on the ledger before its first byte leaves, and its end with hash and bytes after the last (R29)', async () => {
    const { vault } = await centre(withOurKey)
    await signUp(vault, 1)
    const out = await vault
      .as('staff:omid')
      .for('prayer-times')
      .export({ ...toGateway, ground: 'newsletter' })
    const [started] = await ledgerOf(vault, { type: 'export-started' })
    expect(started).toMatchObject({
      actor: 'staff:omid',
      export: out.id,
      purpose: 'prayer-times',
      recipient: 'sms-gateway',
      format: 'lines',
      version: '1',
      via: 'sealed-file',
      who: 'consented',
      people: 1,
      leftOut: 0,
      ground: 'newsletter',
      destroyBy: '2026-04-09T09:30:00.000Z',
    })
    expect(await ledgerOf(vault, { type: 'export-ended' })).toEqual([])
    const bytes = new Uint8Array(await new Response(out.file as never).arrayBuffer())
    const manifest = await out.manifest
    const hash = Buffer.from(sha256(bytes)).toString('hex')
    expect(manifest).toMatchObject({
      type: 'export',
      export: out.id,
      actor: 'staff:omid',
      recipient: { id: 'sms-gateway', name: 'Pigeon SMS', country: 'GB' },
      people: 1,
      leftOut: 0,
      sha256: hash,
      bytes: bytes.length,
      destroyBy: '2026-04-09T09:30:00.000Z',
      ground: 'newsletter',
    })
    expect(await ledgerOf(vault, { type: 'export-ended' })).toMatchObject([{ export: out.id, sha256: hash, people: 1 }])
  })

  it('is refused whole for one person short, with counts, and that is on the ledger (R27)', async () => {
    const { vault } = await centre()
    for (let n = 0; n < 4; n++) await signUp(vault, n)
    await signUp(vault, 5, 'Eve', [prayerTimes({ given: said })])
    const error = await refusal('EXPORT_REFUSED', vault.for('prayer-times').export(toGateway))
    expect(error.data).toEqual({ reasons: { 'assurance-too-low': 1 } })
    expect(await ledgerOf(vault, { type: 'export-refused' })).toMatchObject([
      {
        actor: 'staff:leila',
        purpose: 'prayer-times',
        recipient: 'sms-gateway',
        people: 5,
        reasons: error.data.reasons,
      },
    ])
    expect(await typesIn(vault)).not.toContain('export-started')
  })

  it('says whose consents are short where ids were given', async () => {
    const { vault } = await centre()
    const sara = await signUp(vault, 1)
    const eve = await signUp(vault, 2, 'Eve', [prayerTimes({ given: said })])
    const error = await refusal(
      'EXPORT_REFUSED',
      vault.for('prayer-times').export({ ...toGateway, ids: [sara.id, eve.id] }),
    )
    expect(error.data.ids).toEqual({ 'assurance-too-low': [eve.id] })
  })

  it('leaves out who is short where that is asked for, and the manifest counts them', async () => {
    const { vault } = await centre(withOurKey)
    await signUp(vault, 1, 'Sara')
    await signUp(vault, 2, 'Eve', [prayerTimes({ given: said })])
    const out = await vault.for('prayer-times').export({ ...toGateway, whenRefused: 'leave-out' })
    const text = await opened(out)
    expect(text).toContain('Sara')
    expect(text).not.toContain('Eve')
    expect(await out.manifest).toMatchObject({ people: 1, leftOut: 1, reasons: { 'assurance-too-low': 1 } })
  })

  it('says how many it began with, and how many of them were written', async () => {
    const { vault } = await centre(withOurKey)
    await signUp(vault, 1, 'Sara')
    await signUp(vault, 2, 'Omid')
    const told: number[] = []
    const out = await vault.for('prayer-times').export({ ...toGateway, onProgress: done => told.push(done) })
    expect([out.people, told]).toEqual([2, []])
    await opened(out)
    expect(told).toEqual([1, 2])
  })

  it('is refused when nobody is left, also with leave-out', async () => {
    const { vault } = await centre()
    await refusal('EXPORT_REFUSED', vault.for('prayer-times').export({ ...toGateway, whenRefused: 'leave-out' }))
    await signUp(vault, 1, 'Eve', [prayerTimes({ given: said })])
    await refusal('EXPORT_REFUSED', vault.for('prayer-times').export({ ...toGateway, whenRefused: 'leave-out' }))
  })

  it('freezes who is in it at its start, and leaves out who withdrew before they were read (R29)', async () => {
    const { vault } = await centre(withOurKey)
    const sara = await signUp(vault, 1, 'Sara')
    await signUp(vault, 2, 'Omid')
    const out = await vault.for('prayer-times').export(toGateway)
    await signUp(vault, 3, 'Mina')
    await vault.withdraw(sara.id)
    const text = await opened(out)
    expect(text).toContain('Omid')
    expect(text).not.toMatch(/Sara|Mina/)
    expect(await out.manifest).toMatchObject({ people: 1, leftOut: 1 })
  })

  for (const [what, code, change] of [
    ['one of the keys that it is sealed to', 'NO_AGE_KEYS', { ageKeys: [OTHER_KEY] }],
    ['the way in which it leaves', 'VIA_NOT_ALLOWED', { via: ['delivery'] }],
  ] as const) {
    it(`breaks over ${what} when that is taken away while it is read (R30)`, async () => {
      const policy = (more: object) =>
        withRecipient('prayer-times', 'sms-gateway', { ageKeys: [KEY, OTHER_KEY], ...more }) as unknown as Riverside
      const { vault, open } = await centre(policy({}))
      // More than are read at once, so that some of them are read after it.
      for (let n = 0; n < 70; n++) await signUp(vault, n)
      const narrower = policy(change)
      const narrowing: Format = {
        ...lines,
        async *write(people) {
          let written = 0
          for await (const { card } of people) {
            if (++written === 1) await vault.changePolicy(narrower, { accept: await vault.planPolicy(narrower) })
            yield new TextEncoder().encode(`${JSON.stringify(card)}\n`)
          }
        },
      }
      const other = await open('staff:omid', { formats: { lines: narrowing } } as never)
      const { file, manifest } = await other.for('prayer-times').export(toGateway)
      await refusal(code, textOf(file))
      await refusal(code, manifest)
      expect(await ledgerOf(other, { type: 'export-broken' })).toMatchObject([{ people: 64 }])
    })
  }

  it('leaves out whose consent names its recipient no longer when they are read (R29)', async () => {
    const { vault } = await centre(withOurKey)
    const sara = await signUp(vault, 1, 'Sara')
    await signUp(vault, 2, 'Omid')
    const out = await vault.for('prayer-times').export(toGateway)
    await vault.consent(sara.id, prayerTimes({ recipients: [] }))
    expect((await vault.for('prayer-times').get(sara.id))?.id).toBe(sara.id)
    expect(await opened(out)).not.toContain('Sara')
    expect(await out.manifest).toMatchObject({ people: 1, leftOut: 1 })
  })

  it('leaves out who expired before they were read', async () => {
    const { vault, clock } = await centre(withOurKey)
    await signUp(vault, 1, 'Sara', [prayerTimes({ until: '2026-03-12' })])
    await signUp(vault, 2, 'Omid')
    const out = await vault.for('prayer-times').export(toGateway)
    await clock.advance('P2D')
    expect(await opened(out)).not.toContain('Sara')
  })

  it('holds of each person the fields they agreed to, and of all the fields asked for', async () => {
    const { vault } = await centre(withOurKey)
    await signUp(vault, 1, 'Sara', [prayerTimes({ fields: ['phones'] })])
    await signUp(vault, 2, 'Omid')
    expect(await opened(await vault.for('prayer-times').export(toGateway))).not.toContain('Sara')
    const phones = await opened(await vault.for('prayer-times').export({ ...toGateway, fields: ['phones'] }))
    expect(phones).not.toMatch(/Sara|Omid/)
    expect(phones).toContain('900002')
  })

  it('that is not read to its end is on the ledger as broken (R29)', async () => {
    const { vault } = await centre(withOurKey)
    await signUp(vault, 1)
    const out = await vault.for('prayer-times').export(toGateway)
    await out.file.cancel()
    await expect(out.manifest).rejects.toThrow()
    expect(await ledgerOf(vault, { type: 'export-broken' })).toMatchObject([{ export: out.id }])
    expect(await typesIn(vault)).not.toContain('export-ended')
  })

  it('breaks when the vault is locked meanwhile, and nothing more leaves', async () => {
    const { vault } = await centre(withOurKey)
    await signUp(vault, 1)
    const out = await vault.for('prayer-times').export(toGateway)
    await vault.lock()
    await refusal('VAULT_LOCKED', textOf(out.file))
    await refusal('VAULT_LOCKED', out.manifest)
  })

  it('breaks when the format does, and says so on the ledger', async () => {
    const { open, vault } = await centre(withOurKey)
    await signUp(vault, 1)
    const failing = {
      name: 'failing',
      version: '1',
      mediaType: 'text/plain',
      extension: 'txt',
      async *write() {
        yield new Uint8Array([1])
        throw new Error('the format failed')
      },
    }
    const other = await open('staff:omid', { formats: { failing } } as never)
    const out = await other.for('prayer-times').export({ recipient: 'sms-gateway', format: 'failing' })
    await expect(textOf(out.file)).rejects.toThrow('the format failed')
    expect(await ledgerOf(other, { type: 'export-broken' })).toHaveLength(1)
  })

  it('loads a format when it is first asked for, and begins nothing when that fails', async () => {
    const { open, vault } = await centre(withOurKey)
    await signUp(vault, 1)
    const loaded: string[] = []
    const formats = {
      later: async () => {
        loaded.push('later')
        return lines
      },
      never: () => Promise.reject(new Error('no such file')),
    }
    const door = (await open('staff:omid', { formats } as never)).for('prayer-times')
    expect(loaded).toEqual([])
    const out = await door.export({ recipient: 'sms-gateway', format: 'later' })
    expect(await opened(out)).toContain('Person 1')
    expect(loaded).toEqual(['later'])
    await expect(door.export({ recipient: 'sms-gateway', format: 'never' })).rejects.toThrow('no such file')
    expect(await ledgerOf(vault, { type: 'export-started' })).toHaveLength(1)
  })

  it('leaves in the clear only where recipient and request both say so (R30)', async () => {
    const { vault } = await centre()
    await signUp(vault, 1, 'Sara', [prayerTimes({ recipients: ['print-shop', 'sms-gateway'] })])
    const door = vault.for('prayer-times')
    const sealed = await door.export({ recipient: 'print-shop', format: 'lines' })
    expect(await textOf(sealed.file)).toMatch(/^age-encryption.org\/v1/)
    const plain = await door.export(toPrinter)
    expect(await textOf(plain.file)).toContain('Sara')
    expect([sealed.extension, plain.extension]).toEqual(['jsonl.age', 'jsonl'])
    const error = await refusal('VIA_NOT_ALLOWED', door.export({ ...toGateway, via: 'plaintext-file' }))
    expect(error.data.allowed).toEqual(['sealed-file', 'delivery'])
  })

  it('is no way round a recipient who takes deliveries only (R30)', async () => {
    const policy = withRecipient('prayer-times', 'sms-gateway', { via: ['delivery'] }) as unknown as Riverside
    const { vault } = await centre(policy)
    await signUp(vault, 1)
    const door = vault.for('prayer-times')
    for (const request of [toGateway, { ...toGateway, via: 'sealed-file' as const }]) {
      const error = await refusal('VIA_NOT_ALLOWED', door.export(request))
      expect(error.data.allowed).toEqual(['delivery'])
    }
    // What never left isn't on the record as begun.
    expect(await ledgerOf(vault, { type: 'export-started' })).toEqual([])
  })

  it('takes no delivery for a file', async () => {
    const policy = withRecipient('prayer-times', 'sms-gateway', {
      via: ['delivery', 'sealed-file'],
    }) as unknown as Riverside
    const { vault } = await centre(policy)
    await signUp(vault, 1)
    const door = vault.for('prayer-times')
    await expect(door.export({ ...toGateway, via: 'delivery' as never })).rejects.toThrow(TypeError)
    const out = await door.export(toGateway)
    await textOf(out.file)
    expect((await out.manifest).via).toBe('sealed-file')
  })

  it('to members who see each other, or of a special purpose, needs a confirmed consent (R26)', async () => {
    const { vault } = await centre()
    await vault.add({
      card: card(1),
      consents: [groupChat(), { purpose: 'counselling', recipients: ['clinic'], given: onPaper }],
      source: 'x',
    })
    for (const [purpose, recipient] of [
      ['group-chat', 'community-chat'],
      ['counselling', 'clinic'],
    ] as const) {
      const door = vault.for(purpose)
      const error = await refusal('EXPORT_REFUSED', door.export({ recipient: recipient as never, format: 'lines' }))
      expect(error.data.reasons).toEqual({ 'assurance-too-low': 1 })
    }
  })

  it('needs a known recipient, a known format and a key to seal to', async () => {
    const { ageKeys: _, ...noKey } = riverside.purposes['prayer-times'].recipients['sms-gateway']
    const policy = withPurpose('prayer-times', { recipients: { 'sms-gateway': noKey } }) as unknown as Riverside
    const { vault } = await centre(policy)
    await signUp(vault, 1)
    const door = vault.for('prayer-times')
    await refusal('UNKNOWN_RECIPIENT', door.export({ recipient: 'broker' as never, format: 'lines' }))
    expect((await refusal('UNKNOWN_FORMAT', door.export({ ...toGateway, format: 'pdf' }))).data.known).toEqual([
      'lines',
    ])
    await refusal('NO_AGE_KEYS', door.export(toGateway))
    const open = (await centre()).vault.for('prayer-times')
    await expect(open.export({ ...toGateway, ground: 'because Sara said so' })).rejects.toThrow(TypeError)
    expect(await typesIn(vault)).not.toContain('export-started')
  })

  it('reads nobody before it is read', async () => {
    const { vault } = await centre()
    for (let n = 0; n < 3; n++) await signUp(vault, n, 'Sara', [prayerTimes(forPrinter)])
    const out = await vault.for('prayer-times').export(toPrinter)
    expect(await ledgerOf(vault, { type: 'export-ended' })).toEqual([])
    expect((await textOf(out.file)).trim().split('\n')).toHaveLength(3)
  })

  it('names nobody on the ledger but the actor (R34)', async () => {
    const { vault } = await centre()
    await signUp(vault, 1, 'Sara', [prayerTimes(forPrinter)])
    await textOf((await vault.for('prayer-times').export({ ...toPrinter, query: { text: 'Sara' } })).file)
    const all = JSON.stringify(await ledgerOf(vault))
    expect(all).not.toMatch(/Sara|900001/)
    expect(all).toContain('"who":"query"')
    expect(phone(1)).toContain('900001')
  })
})
