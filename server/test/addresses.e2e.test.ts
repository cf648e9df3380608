/** A server with several addresses: radclient asks it (the cases of `npm run lab -- addresses`), and its sockets alone. */
import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { it } from 'node:test'
import { freeUdpPort } from '@sallyport/lab/free-port'
import { addresses } from '@sallyport/lab/scenarios/addresses'
import { testScenario } from '@sallyport/lab/test-scenario'
import { type Listener, openListener } from '../src/listeners/radius-udp/open-listener.ts'

testScenario(addresses)

const silent = { info: () => {}, warn: () => {} } as never // it needs no more of a logger

/** Every socket answers with the address it is bound to. */
function open(port: number, address: string, worker = 0): Promise<Listener> {
  const handlerAt =
    (local: string) => (_octets: Uint8Array, _source: unknown, reply: (octets: Uint8Array) => void) =>
      reply(Buffer.from(local))
  return openListener({ address, port, worker, isShared: true, handlerAt, log: silent })
}

async function ask(port: number, address: string): Promise<string> {
  const socket = createSocket('udp4')
  try {
    socket.send('?', port, address)
    const [answer] = await once(socket, 'message', { signal: AbortSignal.timeout(5000) })
    return String(answer)
  } finally {
    socket.close()
  }
}

it('ok/ the wildcard gets what no other socket is bound to', async () => {
  const port = await freeUdpPort()
  await using parts = new AsyncDisposableStack()
  parts.adopt(await open(port, '0.0.0.0'), (listener) => listener.close())
  assert.equal(await ask(port, '127.0.0.1'), '127.0.0.1')
  assert.equal(await ask(port, '127.0.0.77'), '0.0.0.0')
})

it('ok/ a second worker listens beside the first, and a closed one leaves nothing behind', async () => {
  const port = await freeUdpPort()
  await using parts = new AsyncDisposableStack()
  const first = await open(port, '0.0.0.0')
  parts.adopt(await open(port, '0.0.0.0', 1), (listener) => listener.close())
  await first.close()
  assert.equal(await ask(port, '127.0.0.1'), '127.0.0.1')
  await parts.disposeAsync()
  await (await open(port, '0.0.0.0')).close()
})

it('fail/ a port that somebody has on one address, and nobody gets one of ours', async () => {
  const port = await freeUdpPort()
  await using parts = new AsyncDisposableStack()
  const other = createSocket('udp4')
  other.bind(port, '127.0.0.77')
  await once(other, 'listening')
  await assert.rejects(open(port, '0.0.0.0'), { code: 'EADDRINUSE' })
  other.close()
  await once(other, 'close')
  parts.adopt(await open(port, '0.0.0.0'), (listener) => listener.close())
  const late = parts.adopt(createSocket('udp4'), (socket) => void socket.close())
  late.bind(port, '127.0.0.77')
  const [error] = await once(late, 'error')
  assert.equal(error.code, 'EADDRINUSE')
})
