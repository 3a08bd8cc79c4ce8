// Local-first: a whole life of a vault asks the network for nothing. Every way out of Node is watched, below what a
// library could import, and a control shows that the watch would see a request on each of them.
import dgram from 'node:dgram'
import dns from 'node:dns'
import { mkdtemp, rm } from 'node:fs/promises'
import http from 'node:http'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { disk } from '@amanat/store-disk'
import { openAnyVault, passphrase } from '@amanat/vault'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { life } from './life'

const seen: string[] = []

beforeEach(() => {
  seen.length = 0
  const refuse = (what: string) => () => {
    seen.push(what)
    throw new Error(`the network was asked: ${what}`)
  }
  // Sockets of fetch, http, https and TLS are all opened by this one; names are looked up by these two.
  vi.spyOn(net.Socket.prototype, 'connect').mockImplementation(refuse('socket') as never)
  vi.spyOn(dns, 'lookup').mockImplementation(refuse('lookup') as never)
  vi.spyOn(dns.promises, 'lookup').mockImplementation(refuse('lookup') as never)
  vi.spyOn(dgram, 'createSocket').mockImplementation(refuse('datagram') as never)
  const { fetch } = globalThis
  vi.stubGlobal('fetch', (...args: Parameters<typeof fetch>) => {
    seen.push('fetch')
    return fetch(...args)
  })
})

afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

test('the watch would see a request, by whichever way', async () => {
  await expect(fetch('http://127.0.0.1:9/')).rejects.toThrow()
  await new Promise(done => http.get('http://127.0.0.1:9/').on('error', done)).catch(() => undefined)
  expect(() => net.connect(9, '127.0.0.1')).toThrow('the network was asked')
  expect(() => dns.lookup('riverside.example', () => undefined)).toThrow('the network was asked')
  expect(() => dgram.createSocket('udp4')).toThrow('the network was asked')
  expect(new Set(seen)).toEqual(new Set(['fetch', 'socket', 'lookup', 'datagram']))
})

test('a life of a vault on disk, with a passphrase, asks the network for nothing', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'amanat-network-'))
  const store = () => disk(join(folder, 'vault'))
  await life(store)
  // Deriving a key from a passphrase loads code of its own, in a worker.
  const vault = await openAnyVault({
    store: store(),
    unlock: passphrase('correct horse battery'),
    actor: 'staff:leila',
  })
  await vault.lock()
  await rm(folder, { recursive: true, force: true })
  expect(seen).toEqual([])
}, 120_000)
