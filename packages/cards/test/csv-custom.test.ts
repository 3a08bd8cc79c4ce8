import { describe, expect, test } from 'vitest'
import { readCsv } from '../src'
import { customValue } from '../src/csv/custom'

describe('a cell of a field of their own', () => {
  test.each([
    ['2', 2],
    ['-3', -3],
    ['+4', 4],
    ['1.5', 1.5],
    ['1,5', 1.5],
    ['1,2500', 1.25],
    [' ۱۲ ', 12],
    ['1,500', undefined],
    ['1.500,5', undefined],
    ['two', undefined],
    ['', undefined],
    ['0x10', undefined],
    ['1e3', undefined],
    ['9'.repeat(400), undefined],
  ])('is a number where it surely is one: %s', (cell, value) => {
    expect(customValue('number', cell, undefined)).toBe(value)
  })

  test.each([
    ['yes', true],
    ['Ja', true],
    ['بله', true],
    ['1', true],
    ['no', false],
    ['Nein', false],
    ['خیر', false],
    ['0', false],
    ['perhaps', undefined],
    ['2', undefined],
  ])('is a yes or a no in the words of the headers: %s', (cell, value) => {
    expect(customValue('boolean', cell, undefined)).toBe(value)
  })

  test.each([
    ['2024-03-05', undefined, '2024-03-05'],
    ['25/12/2024', undefined, '2024-12-25'],
    ['03/05/2024', undefined, undefined],
    ['03/05/2024', 'dmy', '2024-05-03'],
    ['03/05/2024', 'mdy', '2024-03-05'],
    ['--03-05', undefined, undefined],
    ['2024', undefined, undefined],
    ['soon', undefined, undefined],
  ] as const)('is a date where it surely is one: %s, %s', (cell, order, value) => {
    expect(customValue('date', cell, order)).toBe(value)
  })

  test('that is none is told and left out, and a second one as well', async () => {
    const columns = { Children: 'x:children', Kids: 'x:children', Diet: 'x:diet' } as const
    const custom = { 'x:children': 'number', 'x:diet': 'text' } as const
    const rows = ['Name,Children,Kids,Diet', 'Sara,2,,2', 'Omid,many,,', 'Leila,1,3,', 'Dara,1 ::: 2,,']
    const found = []
    for await (const each of readCsv(rows.join('\n'), { columns, custom })) found.push(each)
    expect(found).toMatchObject([
      { card: { 'x:children': 2, 'x:diet': '2' } },
      { doubts: [{ code: 'VALUE_UNREADABLE', column: 2 }] },
      { card: { 'x:children': 1 }, doubts: [{ code: 'SECOND_VALUE', column: 3 }] },
      { doubts: [{ code: 'VALUE_UNREADABLE', column: 2 }] },
    ])
    for (const at of [1, 3]) expect(found[at]).not.toHaveProperty(['card', 'x:children'])
  })
})
