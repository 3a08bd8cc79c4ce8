/** The next epoch's secret is written beside the planning: what is waited for, what fails, and what a refusal leaves. */
import { ready } from '@amanat/crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { forgetting, magics, noting, vault } from './committing'

beforeAll(() => ready())

/** Resolved from outside. */
function gate() {
  let open = () => {}
  const opened = new Promise<void>(resolve => {
    open = resolve
  })
  return { open, opened }
}

describe('an operation that says early that it will forget', () => {
  it('is planned on while the cell is written, and commits after it', async () => {
    const { committer, released, changed, steps } = await vault()
    const written = gate()
    let planned = false
    changed.overwrite = async really => {
      if (!planned) await written.opened
      await really()
    }
    const done = committer.submit({
      forgets: true,
      plan: async draft => {
        draft.willForget()
        await Promise.resolve()
        expect(steps).toEqual(['lock', 'overwrite'])
        planned = true
        draft.forgets = true
        written.open()
        return 'forgot'
      },
    })
    expect(await done).toBe('forgot')
    expect(await released()).toEqual(['lock', 'overwrite', 'commit', 'overwrite', 'unlock'])
  })

  it('commits nothing before what was written is durable', async () => {
    const { committer, changed, steps } = await vault()
    const written = gate()
    changed.overwrite = async really => {
      await written.opened
      await really()
    }
    const done = committer.submit(forgetting().operation)
    await new Promise(resolve => setTimeout(resolve, 20))
    expect(steps).toEqual(['lock', 'overwrite'])
    written.open()
    expect(await done).toBe('forgot')
  })

  it('fails with the cell, and has changed nothing', async () => {
    const standing = await vault()
    const { committer, changed, opened } = standing
    const { version } = opened
    changed.overwrite = async () => {
      throw new Error('by the test')
    }
    const failing = committer.submit({
      forgets: true,
      plan: async draft => {
        draft.willForget()
        draft.forgets = true
      },
    })
    await expect(failing).rejects.toThrow()
    expect((await standing.below.root())?.version).toBe(version)
    delete changed.overwrite
    expect(await committer.submit(forgetting().operation)).toBe('forgot')
  })

  it('that is refused waits for the cell before the lock goes, and its secret is overwritten by the next', async () => {
    const standing = await vault()
    const { committer, released, changed, opened } = standing
    const written = gate()
    changed.overwrite = async really => {
      await written.opened
      await really()
    }
    const refused = committer.submit({
      forgets: true,
      plan: async draft => {
        draft.willForget()
        setTimeout(written.open, 20)
        throw new RangeError('refused')
      },
    })
    await expect(refused).rejects.toThrow(RangeError)
    expect(await released()).toEqual(['lock', 'overwrite', 'unlock'])
    expect(magics(standing)).toEqual(['AMNC', 'AMNC'])
    delete changed.overwrite
    expect(await committer.submit(noting('next').operation)).toBe('next')
    expect(opened.epoch).toBe(1)
    expect(await committer.submit(forgetting().operation)).toBe('forgot')
    expect(magics(standing).toSorted()).toEqual(['AMNC', 'AMNF'])
    expect(opened.epoch).toBe(2)
  })
})
