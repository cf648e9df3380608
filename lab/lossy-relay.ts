/** A bad link between RADIUS clients and a server: datagrams are lost, doubled and overtake each other. */
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'

export interface Link {
  /** 0 to 1, of the datagrams of each direction. */
  readonly lost: number
  readonly doubled: number
  /** Each datagram waits up to this long; a later one may come first. */
  readonly delayMilliseconds: number
  /** 0 to 1. */
  readonly random: () => number
}

export interface LossyRelay extends AsyncDisposable {
  readonly port: number
  readonly counts: { carried: number; lost: number; doubled: number }
}

/** For clients on 127.0.0.1 alone; each of their sockets has one of its own towards the server. */
export async function lossyRelay(server: { port: number }, link: Link): Promise<LossyRelay> {
  const front = createSocket({ type: 'udp4', recvBufferSize: 4 * 1024 * 1024 })
  const backs = new Map<number, Socket>()
  const counts = { carried: 0, lost: 0, doubled: 0 }
  let isOpen = true
  const carry = (send: () => void): void => {
    if (link.random() < link.lost) {
      counts.lost++
      return
    }
    const times = link.random() < link.doubled ? 2 : 1
    counts.carried++
    counts.doubled += times - 1
    for (let time = 0; time < times; time++)
      setTimeout(() => isOpen && send(), link.random() * link.delayMilliseconds)
  }
  const backOf = (clientPort: number): Socket => {
    const known = backs.get(clientPort)
    if (known !== undefined) return known
    const back = createSocket({ type: 'udp4', recvBufferSize: 4 * 1024 * 1024 })
    back.on('message', (octets) => carry(() => front.send(octets, clientPort, '127.0.0.1')))
    backs.set(clientPort, back)
    return back
  }
  front.on('message', (octets, { port }) => {
    const back = backOf(port)
    carry(() => back.send(octets, server.port, '127.0.0.1'))
  })
  front.bind(0, '127.0.0.1')
  await once(front, 'listening')
  return {
    port: front.address().port,
    counts,
    [Symbol.asyncDispose]: async () => {
      isOpen = false
      for (const socket of [front, ...backs.values()]) socket.close()
    },
  }
}
