/** A forgetting: in which order it writes, what it leaves in memory, and what is known when the lock goes or its end is not seen. */
import { ready, type Secret } from '@amanat/crypto'
import type { Root } from '@amanat/store-contract'
import { beforeAll, describe, expect, it } from 'vitest'
import { cellOf, finding, forgetting, magics, noting, vault } from './committing'

beforeAll(() => ready())

describe('a forgetting', () => {
  it('runs under the lock from its plan to the overwrite, and only then is anybody told', async () => {
    const standing = await vault()
    const { committer, released, opened, changed } = standing
    const [old] = cellOf(standing)
    const oldBytes = (opened.epochSecret as Secret<'epoch'>).expose().slice()
    let resolved = false
    changed.overwrite = async really => {
      expect(resolved).toBe(false)
      await really()
    }
    const done = committer.submit(forgetting().operation).then(answer => {
      resolved = true
      return answer
    })
    expect(await done).toBe('forgot')
    expect(await released()).toEqual(['lock', 'overwrite', 'commit', 'overwrite', 'unlock'])
    expect(opened.epoch).toBe(2)
    expect(opened.verifiedEpoch).toBe(2)
    expect(opened.clear.epoch).toBe(2)
    expect(magics(standing)).toEqual(['AMNF', 'AMNC'])
    expect(cellOf(standing)).not.toContain(old)
    for (const half of standing.medium.cellNow() ?? [])
      expect(Buffer.from(half).includes(Buffer.from(oldBytes))).toBe(false)
    expect(Buffer.from(opened.epochSecret?.expose() ?? []).equals(Buffer.from(oldBytes))).toBe(false)
    expect(await committer.submit(noting('next').operation)).toBe('next')
    expect(opened.epoch).toBe(2)
  })

  it('leaves the old secret in no object that held it (R19)', async () => {
    const { committer, opened } = await vault()
    for (let epoch = 2; epoch < 5; epoch++) {
      const old = opened.epochSecret as Secret<'epoch'>
      await committer.submit(forgetting().operation)
      expect(() => old.expose()).toThrow(TypeError)
      expect(opened.epochSecret?.expose()).toHaveLength(32)
      expect(await committer.submit(noting('next').operation)).toBe('next')
    }
  })

  it('that shows only when it is planned takes the lock then, for all that were asked for with it', async () => {
    const { committer, released, opened } = await vault()
    const [plain, found] = [noting('plain'), finding()]
    const answers = await Promise.all([committer.submit(plain.operation), committer.submit(found.operation)])
    expect(answers).toEqual(['plain', 'found'])
    expect(await released()).toEqual(['lock', 'overwrite', 'commit', 'overwrite', 'unlock'])
    expect([plain.planned.length, found.planned.length]).toEqual([2, 2])
    expect(opened.epoch).toBe(2)
  })

  it('counts its record on, and never sets back the time that was seen', async () => {
    const standing = await vault()
    const { committer, clock, opened } = standing
    await clock.advance('PT2H')
    await committer.submit(forgetting().operation)
    const half = (standing.medium.cellNow()?.[1] ?? new Uint8Array()) as Uint8Array
    const view = new DataView(half.buffer, half.byteOffset)
    expect(Number(view.getBigUint64(112, true))).toBe(2)
    expect(view.getFloat64(100, true)).toBe(clock.now())
    expect(Number(view.getBigUint64(24, true))).toBe(2)
    expect(view.getUint32(108, true)).toBe(opened.maxJumpDays)
    expect(opened.maxJumpDays).toBeGreaterThan(50)
  })

  it('that turns out to forget nothing replaces no secret', async () => {
    const { committer, released, opened } = await vault()
    const secret = opened.epochSecret
    await committer.submit(noting('plain', () => {}, { forgets: true }).operation)
    expect(await released()).toEqual(['lock', 'commit', 'unlock'])
    expect(opened.epoch).toBe(1)
    expect(opened.epochSecret).toBe(secret)
  })

  it('commits nothing once its lock is gone, before the new secret is written and after', async () => {
    const before = await vault()
    before.changed.lost = new AbortController()
    before.changed.lost.abort()
    const cell = cellOf(before)
    const root = await before.below.root()
    await expect(before.committer.submit(forgetting().operation)).rejects.toMatchObject({ code: 'BUSY' })
    expect(cellOf(before)).toEqual(cell)
    expect(before.steps).not.toContain('commit')

    const after = await vault()
    const lost = new AbortController()
    after.changed.lost = lost
    after.changed.overwrite = async really => {
      await really()
      lost.abort()
    }
    await expect(after.committer.submit(forgetting().operation)).rejects.toMatchObject({ code: 'BUSY' })
    expect(await after.released()).toEqual(['lock', 'overwrite', 'unlock'])
    expect((await after.below.root())?.version).toBe(root?.version)
    after.changed.lost = undefined as never
    delete after.changed.overwrite
    expect(await after.committer.submit(forgetting().operation)).toBe('forgot')
    expect(magics(after).sort()).toEqual(['AMNC', 'AMNF'])
  })

  it('is unknown when its end is not seen: the lock gone, the old half unwritten, the root another or none', async () => {
    const root = async (standing: Awaited<ReturnType<typeof vault>>, answer: (root: Root) => Root | undefined) => {
      standing.changed.commit = async (_, really) => {
        const result = await really()
        standing.changed.root = async really => answer((await really()) as Root)
        return result
      }
    }
    const ends: [string, (standing: Awaited<ReturnType<typeof vault>>) => void][] = [
      [
        'the lock',
        ({ changed }) => {
          const lost = new AbortController()
          changed.lost = lost
          changed.commit = async (_, really) => {
            const result = await really()
            lost.abort()
            return result
          }
        },
      ],
      [
        'the overwrite',
        standing => {
          let written = 0
          standing.changed.overwrite = really => (++written === 2 ? Promise.reject(new Error('no')) : really())
        },
      ],
      [
        'another root',
        standing => root(standing, held => ({ ...held, bytes: held.bytes.with(40, (held.bytes[40] as number) ^ 1) })),
      ],
      ['another epoch', standing => root(standing, held => ({ ...held, bytes: held.bytes.with(24, 9) }))],
      [
        'the last byte of its header',
        standing => root(standing, held => ({ ...held, bytes: held.bytes.with(63, (held.bytes[63] as number) ^ 1) })),
      ],
      ['no root', standing => root(standing, () => undefined)],
    ]
    for (const [why, end] of ends) {
      const standing = await vault()
      const [old] = cellOf(standing)
      end(standing)
      const error = await standing.committer.submit(forgetting().operation).then(
        () => undefined,
        (error: unknown) => error,
      )
      expect(error, why).toMatchObject({ code: 'UNKNOWN_RESULT', cause: expect.anything() })
      expect(cellOf(standing)[0], why).toBe(old)
      expect(magics(standing), why).toEqual(['AMNC', 'AMNC'])
      // Whoever comes next goes on where it stopped.
      for (const name of ['commit', 'root', 'overwrite', 'lost'] as const) delete standing.changed[name]
      // What doesn't forget settles nothing: the ledger must not be told yet that the old half was overwritten (R15).
      expect(await standing.committer.submit(noting('next').operation), why).toBe('next')
      expect(cellOf(standing)[0], why).toBe(old)
      expect(standing.opened.root.verified, why).toBe(1)
      expect(await standing.committer.submit(forgetting().operation), why).toBe('forgot')
      expect(magics(standing).sort(), why).toEqual(['AMNC', 'AMNF'])
      expect(cellOf(standing), why).not.toContain(old)
    }
  })

  it('ends well when others committed in its epoch before the old half went', async () => {
    const standing = await vault()
    standing.changed.commit = async (_, really) => {
      const result = await really()
      standing.changed.root = async held => {
        const root = (await held()) as Root
        return { version: root.version + 1, bytes: root.bytes.with(64, (root.bytes[64] as number) ^ 1) }
      }
      return result
    }
    expect(await standing.committer.submit(forgetting().operation)).toBe('forgot')
    expect(magics(standing)).toEqual(['AMNF', 'AMNC'])
  })
})
