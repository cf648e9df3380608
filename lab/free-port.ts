/**
 * Ports for servers that have to be told theirs. Below those the kernel hands out by itself (ip_local_port_range, from 32768
 * on Linux): between being found free here and being bound there, no connection of anybody can take one.
 */
import { randomInt } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { createServer } from 'node:net'

const FIRST = 20_000
const BEYOND = 32_000
const TRIES = 100

/** A TCP port that nobody listens on. */
export function freeTcpPort(): Promise<number> {
  return freePort(
    (port) =>
      new Promise((resolve) => {
        const server = createServer()
        server.on('error', () => resolve(false))
        server.listen(port, '0.0.0.0', () => server.close(() => resolve(true)))
      }),
  )
}

/** A UDP port that nobody has. */
export function freeUdpPort(): Promise<number> {
  return freePort(
    (port) =>
      new Promise((resolve) => {
        const socket = createSocket('udp4')
        socket.on('error', () => socket.close(() => resolve(false)))
        socket.bind(port, '0.0.0.0', () => socket.close(() => resolve(true)))
      }),
  )
}

/** At random: other processes look for ports in the same moment. */
async function freePort(isFree: (port: number) => Promise<boolean>): Promise<number> {
  for (let tried = 0; tried < TRIES; tried++) {
    const port = randomInt(FIRST, BEYOND)
    if (await isFree(port)) return port
  }
  throw new Error(`no free port among ${TRIES} from ${FIRST} to ${BEYOND - 1}`)
}
