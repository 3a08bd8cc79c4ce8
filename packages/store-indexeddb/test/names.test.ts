import { describe, expect, test } from 'vitest'
import { indexedDb } from '../src'
import { namesOf } from '../src/names'

describe('the names a vault goes by', () => {
  test('are its own, whatever the script', () => {
    expect(namesOf('mosque')).toEqual({ rows: 'amanat:mosque', cell: 'amanat-cell:mosque', folder: 'mosque' })
    expect(namesOf('امانت').folder).toBe('%D8%A7%D9%85%D8%A7%D9%86%D8%AA')
  })

  test.each(['.', '..', '../other', 'a/b', 'a\\b', 'con*', "it's (mine)!~"])('give %s a folder and no path', odd => {
    expect(namesOf(odd).folder).toMatch(/^[\w%-]+$/)
  })

  test('differ when the vaults do', () => {
    const odd = ['a.b', 'a%2Eb', 'a b', 'a+b', 'a%20b', 'A B']
    expect(new Set(odd.map(name => namesOf(name).folder)).size).toBe(odd.length)
  })

  test.each([[''], ['x'.repeat(201)], ['\ud800']])('are refused for %j', name => {
    expect(() => indexedDb(name)).toThrow(TypeError)
  })
})

describe('outside a browser', () => {
  test('the package can be imported and a store made, which then says that it is unsupported', async () => {
    const store = indexedDb('server')
    await expect(store.open()).rejects.toMatchObject({ code: 'UNSUPPORTED' })
    await expect(store.root()).rejects.toMatchObject({ code: 'CLOSED' })
  })
})
