import { createSocket } from 'node:dgram'
import { lookup } from 'node:dns/promises'
import { once } from 'node:events'

/** A UDP socket of its own, connected to one port of one server. */
export interface UpstreamTransport {
  send(datagram: Uint8Array): void
  close(): void
}

export interface TransportEvents {
  received(datagram: Uint8Array): void
  /** What the network said: a hint in a message, never a verdict. */
  failed(error: Error): void
}

export type OpenTransport = (
  to: { readonly host: string; readonly port: number },
  events: TransportEvents,
) => Promise<UpstreamTransport>

/** Connected, so that the kernel drops datagrams of everybody else. */
export const openUdp: OpenTransport = async ({ host, port }, events) => {
  const { address, family } = await lookup(host)
  const socket = createSocket(family === 6 ? 'udp6' : 'udp4')
  try {
    socket.connect(port, address)
    await once(socket, 'connect')
  } catch (error) {
    socket.close()
    throw error
  }
  let isOpen = true
  socket.on('message', (datagram) => events.received(datagram))
  socket.on('error', (error) => events.failed(error))
  return {
    send: (datagram) => {
      if (!isOpen) return
      socket.send(datagram, (error) => {
        if (error !== null) events.failed(error)
      })
    },
    close: () => {
      if (!isOpen) return
      isOpen = false
      socket.close()
    },
  }
}
