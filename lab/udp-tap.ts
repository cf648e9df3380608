/** A wire one can listen to and cut: stands before a UDP server, keeps what passes, drops what it is told to. */
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'

export interface TappedDatagram {
  readonly toServer: boolean
  readonly octets: Uint8Array
}

export interface UdpTap extends AsyncDisposable {
  /** Where clients send to. */
  readonly port: number
  readonly seen: readonly TappedDatagram[]
  /** True: the datagram is lost. Real silence, without the ICMP error of a closed port. */
  loses: (datagram: TappedDatagram) => boolean
  /** What passes instead. */
  alters: (datagram: TappedDatagram) => Uint8Array
  forget(): void
}

export async function udpTap(target: () => number): Promise<UdpTap> {
  const front = createSocket('udp4')
  const behind = new Map<number, Socket>()
  const seen: TappedDatagram[] = []
  const pass = (datagram: TappedDatagram, on: (octets: Uint8Array) => void): void => {
    seen.push(datagram)
    if (!tap.loses(datagram)) on(tap.alters(datagram))
  }
  /** One source port for each of the client's, so that the server can tell them apart. */
  const socketOf = (port: number): Socket => {
    const known = behind.get(port)
    if (known !== undefined) return known
    const made = createSocket('udp4')
    made.on('message', (octets) =>
      pass({ toServer: false, octets }, (out) => front.send(out, port, '127.0.0.1')),
    )
    made.on('error', () => undefined)
    behind.set(port, made)
    return made
  }
  front.on('message', (octets, { port }) =>
    pass({ toServer: true, octets }, (out) => socketOf(port).send(out, target(), '127.0.0.1')),
  )
  front.bind(0, '127.0.0.1')
  await once(front, 'listening')
  const tap: UdpTap = {
    port: front.address().port,
    seen,
    loses: () => false,
    alters: ({ octets }) => octets,
    forget: () => {
      seen.length = 0
    },
    [Symbol.asyncDispose]: async () => {
      front.close()
      for (const socket of behind.values()) socket.close()
    },
  }
  return tap
}
