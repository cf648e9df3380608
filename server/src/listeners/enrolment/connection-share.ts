import type { Server } from 'node:net'
import { networkOf } from '../../enrolment/registration/guess-limit.ts'

/**
 * No address, and no IPv6 network of one host, holds more than `most` connections at a time: whoever opens all there may be
 * and says nothing would otherwise shut the door on everybody else.
 */
export function shareConnections(server: Server, most: number): void {
  /** Only of addresses that are connected: as many as there are connections at most. */
  const open = new Map<string, number>()
  server.prependListener('connection', (socket) => {
    const network = networkOf(socket.remoteAddress ?? '')
    const count = open.get(network) ?? 0
    if (count >= most) {
      socket.destroy()
      return
    }
    open.set(network, count + 1)
    socket.once('close', () => {
      const left = (open.get(network) ?? 1) - 1
      if (left === 0) open.delete(network)
      else open.set(network, left)
    })
  })
}
