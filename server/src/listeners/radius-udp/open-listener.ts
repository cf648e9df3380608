import { networkInterfaces } from 'node:os'
import type { Logger } from '../../kernel/logging.ts'
import { EveryAddressListener } from './every-address-listener.ts'
import { isWildcard } from './local-addresses.ts'
import { type DatagramHandler, UdpListener } from './udp-listener.ts'

export interface Listener {
  close(): Promise<void>
}

export interface ListenerOptions {
  /** One of the machine's, or `0.0.0.0` or `::` for every one. */
  readonly address: string
  readonly port: number
  /** Which of several workers that share the port this is; the first asks for it alone. */
  readonly worker: number
  /** Other workers listen there as well. */
  readonly isShared: boolean
  /** The handler of a socket that is bound to `address`. */
  readonly handlerAt: (address: string) => DatagramHandler
  readonly log: Logger
}

/** Rejects with the error of the system (EADDRINUSE, EACCES, EADDRNOTAVAIL); then nothing is left open. */
export async function openListener(options: ListenerOptions): Promise<Listener> {
  const { address: wanted, port, worker, isShared, handlerAt, log } = options
  const isEvery = isWildcard(wanted)
  const reusePort = isShared || isEvery
  // Sharing a port would not tell that somebody else has it: the first worker asks for it alone first.
  if (reusePort && worker === 0) await UdpListener.probe(wanted, port)
  const open = (address: string): Promise<UdpListener> =>
    UdpListener.listen({
      address,
      port,
      reusePort,
      handler: handlerAt(address),
      sendFailed: (error, source) =>
        log.warn({ err: error, to: source.address }, 'An answer could not be sent.'),
    })
  if (!isEvery) return await open(wanted)
  const told = worker === 0 ? log : undefined
  return await EveryAddressListener.listen({
    ...{ wildcard: wanted, port, open, log: told },
    interfaces: networkInterfaces,
  })
}
