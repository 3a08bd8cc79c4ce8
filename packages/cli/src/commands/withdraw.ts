/** Taking a consent back, or all of them: what only they held is forgotten in the same commit. */

import { type Answered, saidHow, withAnswer } from '../answered'
import type { AddCommand } from '../command'
import { withVault } from '../open'
import { receiptText } from '../receipt-text'

export const withdraw: AddCommand = (program, act) => {
  withAnswer(
    program
      .command('withdraw')
      .description('somebody takes a consent back: what only it held is forgotten')
      .argument('<id>')
      .argument('[purpose]', 'all of them where none is named'),
  ).action(
    act(async (cli, id: string, purpose: string | undefined, options: Answered) => {
      const receipts = await withVault(cli, vault => vault.withdraw(id, purpose, saidHow(options)))
      return {
        value: receipts,
        text: () => (receipts.length === 0 ? 'There was nothing to take back.' : receipts.map(receiptText).join('\n')),
      }
    }),
  )
}
