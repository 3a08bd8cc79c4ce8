import { beforeEach, expect, test } from 'vitest'
import { forgetVault, rememberVault, vaultsHere } from '../src'

beforeEach(async () => {
  for (const name of await vaultsHere()) await forgetVault(name)
})

test('an app is told which vaults this browser has, each once, until it forgets one', async () => {
  expect(await vaultsHere()).toEqual([])
  await Promise.all([rememberVault('mosque'), rememberVault('school'), rememberVault('mosque')])
  expect(await vaultsHere()).toEqual(['mosque', 'school'])
  await forgetVault('mosque')
  await forgetVault('never there')
  expect(await vaultsHere()).toEqual(['school'])
})

test('the list survives a connection that the browser closed', async () => {
  await rememberVault('school')
  // A deletion asks every connection to make way; the list is then a new one.
  const request = indexedDB.deleteDatabase('amanat-vaults')
  await new Promise((resolve, reject) => {
    request.onsuccess = resolve
    request.onblocked = () => reject(new Error('blocked'))
  })
  expect(await vaultsHere()).toEqual([])
  await rememberVault('library')
  expect(await vaultsHere()).toEqual(['library'])
})
