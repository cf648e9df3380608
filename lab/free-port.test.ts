import assert from 'node:assert/strict'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { describe, it } from 'node:test'
import { freeTcpPort, freeUdpPort } from './free-port.ts'

describe('free ports', () => {
  it('ok/lie below those the kernel hands out, and can be bound', async () => {
    const [first = ''] = readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').split('\t')
    const server = createServer()
    const port = await freeTcpPort()
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
    await new Promise((resolve) => server.close(resolve))
    const socket = createSocket('udp4').bind(await freeUdpPort(), '127.0.0.1')
    await once(socket, 'listening')
    const ports = [port, socket.address().port]
    socket.close()
    for (const each of ports) assert.ok(each < Number(first), `${each} of ${first}`)
  })
})
