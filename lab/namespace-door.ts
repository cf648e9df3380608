/**
 * A way into a network namespace for a process outside: a Unix socket, for those reach across, and a small relay behind
 * it. So tests can ask the API of a server in there, or be LDAP clients of its directory.
 */
import { createConnection, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import type { Network } from './network.ts'

export interface Door extends AsyncDisposable {
  /** On 127.0.0.1 of this process. */
  readonly port: number
}

export interface DoorOptions {
  readonly network: Network
  /** Where the relay runs. */
  readonly host: string
  /** Where it leads, as seen from there. */
  readonly to: { readonly address: string; readonly port: number }
  /** For its socket. */
  readonly folder: string
}

let doors = 0

export async function openDoor({ network, host, to, folder }: DoorOptions): Promise<Door> {
  const path = join(folder, `door-${++doors}`)
  const program = join(import.meta.dirname, 'namespace-relay.ts')
  const line = [process.execPath, program, path, to.address, String(to.port)]
  const relay = network.start(host, line, { stdio: ['pipe', 'pipe', 'pipe'] })
  await relay.waitFor(/^open$/m)
  const sockets = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    joined(socket, createConnection({ path, allowHalfOpen: true }))
  })
  const { promise, resolve } = Promise.withResolvers<void>()
  server.listen(0, '127.0.0.1', resolve)
  await promise
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port')
  return {
    port: address.port,
    async [Symbol.asyncDispose]() {
      server.close()
      for (const socket of sockets) socket.destroy()
      await relay.stop('SIGKILL')
    },
  }
}

/** What one says the other hears, and with one the other ends. */
export function joined(one: Socket, other: Socket): void {
  for (const [from, to] of [
    [one, other],
    [other, one],
  ] as const) {
    from.on('error', () => undefined)
    from.on('close', () => to.destroy())
    from.pipe(to)
  }
}
