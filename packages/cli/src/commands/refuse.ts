/** Recording a no. It is an answer like a yes, and nobody is asked again. */

import { type Answered, saidHow, withAnswer } from '../answered'
import type { AddCommand } from '../command'
import { withVault } from '../open'
import { receiptText } from '../receipt-text'

export const refuse: AddCommand = (program, act) => {
  withAnswer(
    program
      .command('refuse')
      .description('record that somebody said no to a purpose')
      .argument('<id>')
      .argument('<purpose>'),
  ).action(
    act(async (cli, id: string, purpose: string, options: Answered) => {
      const receipt = await withVault(cli, vault => vault.refuse(id, purpose, saidHow(options)))
      return { value: receipt, text: () => receiptText(receipt) }
    }),
  )
}
