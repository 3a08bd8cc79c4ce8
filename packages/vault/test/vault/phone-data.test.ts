/** What reads phone numbers is large, and loaded when it is first needed. */
import { expect, it, vi } from 'vitest'
import { phoneReader } from '../../src/contact/points'
import { centre, phone, signUp } from './centre'

vi.mock('../../src/contact/points', async original => {
  const points = await original<typeof import('../../src/contact/points')>()
  return { ...points, phoneReader: vi.fn(points.phoneReader) }
})

it('is loaded by whoever brings in or looks for a number, and by nobody who looks at somebody', async () => {
  const { vault, open } = await centre()
  const { id } = await signUp(vault, 1, 'Sara')
  expect(phoneReader).toHaveBeenCalled()
  await vault.lock()
  const again = await open()
  vi.mocked(phoneReader).mockClear()
  const door = again.for('prayer-times')
  await door.list()
  expect((await door.reveal(id))?.card.name).toEqual({ full: 'Sara' })
  expect(phoneReader).not.toHaveBeenCalled()
  await door.find({ phone: phone(1) })
  expect(phoneReader).toHaveBeenCalled()
})
