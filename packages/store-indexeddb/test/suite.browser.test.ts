import { testStore } from '@amanat/store-contract/suite'
import { describe, test } from 'vitest'
import { underTest, workerWithoutOpfs } from './stores'

testStore('indexedDb', async () => underTest(), { describe, test })
testStore('indexedDb without OPFS', async () => underTest({ cellWorker: workerWithoutOpfs }), { describe, test })
