import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { describe, it } from 'node:test'
import { portHolder } from './port-holder.ts'

describe('portHolder', { skip: process.platform === 'linux' ? false : 'reads /proc' }, () => {
  it('ok/names who holds a UDP port', async () => {
    const socket = createSocket('udp4').bind(0, '127.0.0.1')
    await once(socket, 'listening')
    try {
      assert.equal(portHolder('udp', socket.address().port)?.pid, process.pid)
    } finally {
      socket.close()
    }
  })

  it('ok/names who holds a TCP port, and nobody once it is free', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    assert.ok(typeof address === 'object' && address !== null)
    assert.equal(portHolder('tcp', address.port)?.pid, process.pid)
    server.close()
    await once(server, 'close')
    assert.equal(portHolder('tcp', address.port), undefined)
  })
})
