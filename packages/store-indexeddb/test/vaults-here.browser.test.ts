import { afterEach, beforeEach, expect, test } from 'vitest'
import { forgetVault, rememberVault, vaultsHere } from '../src'

const { open } = IDBFactory.prototype
const connections: IDBDatabase[] = []

beforeEach(async () => {
  IDBFactory.prototype.open = function (...given) {
    const request = open.apply(this, given)
    request.addEventListener('success', () => connections.push(request.result))
    return request
  }
  await deleteList()
})

afterEach(() => {
  IDBFactory.prototype.open = open
})

/** A deletion asks every connection to make way. */
async function deleteList() {
  const request = indexedDB.deleteDatabase('amanat-vaults')
  await new Promise((resolve, reject) => {
    request.onsuccess = resolve
    request.onblocked = () => reject(new Error('blocked'))
  })
}

test('an app is told which vaults this browser has, each once, until it forgets one', async () => {
  expect(await vaultsHere()).toEqual([])
  await Promise.all([rememberVault('mosque'), rememberVault('school'), rememberVault('mosque')])
  expect(await vaultsHere()).toEqual(['mosque', 'school'])
  await forgetVault('mosque')
  await forgetVault('never there')
  expect(await vaultsHere()).toEqual(['school'])
})

test('the list survives a connection that the browser closed without a word', async () => {
  await rememberVault('school')
  for (const connection of connections) connection.close()
  await rememberVault('library')
  for (const connection of connections) connection.close()
  expect(await vaultsHere()).toEqual(['school', 'library'])
})

test('the list is empty after its database was deleted, and can be filled again', async () => {
  await rememberVault('school')
  await deleteList()
  expect(await vaultsHere()).toEqual([])
  await rememberVault('library')
  expect(await vaultsHere()).toEqual(['library'])
})
