/** The four incidents, on one kind of store. */
import { bot } from './bot'
import { decree } from './decree'
import { group } from './group'
import type { MakePlace } from './place'
import { platform } from './platform'

export function stories(make: MakePlace): void {
  group(make)
  bot(make)
  platform(make)
  decree(make)
}
