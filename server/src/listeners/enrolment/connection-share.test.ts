import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'
import { test } from 'node:test'
import { shareConnections } from './connection-share.ts'

test('fail/one address takes no more than its share, and gets it back once it is done', async () => {
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    if (!socket.destroyed) socket.write('hello')
  })
  shareConnections(server, 2)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const open = async (from: string) => {
    const socket = connect({ port, host: '127.0.0.1', localAddress: from })
    socket.on('error', () => undefined)
    const greeted = once(socket, 'data').then(() => true)
    const closed = once(socket, 'close').then(() => false)
    return { socket, isServed: await Promise.race([greeted, closed]) }
  }
  const [first, second] = [await open('127.0.0.1'), await open('127.0.0.1')]
  assert.deepEqual([first.isServed, second.isServed], [true, true])
  assert.equal((await open('127.0.0.1')).isServed, false)
  const other = await open('127.0.0.2')
  assert.equal(other.isServed, true)
  first.socket.destroy()
  let again = await open('127.0.0.1')
  // The server hears of the end a moment later.
  for (let tries = 0; tries < 50 && !again.isServed; tries++) again = await open('127.0.0.1')
  assert.equal(again.isServed, true)
  for (const { socket } of [second, other, again]) socket.destroy()
  server.close()
})
