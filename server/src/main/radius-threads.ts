import { MessageChannel, type MessagePort } from 'node:worker_threads'
import type {
  RadiusAddresses,
  RadiusState,
  RadiusThreadData,
  RevocationAsked,
} from '../threads/radius-services.ts'
import { RadiusThread } from './radius-thread.ts'
import type { StoreThread } from './store-thread.ts'

type ThreadData = Omit<RadiusThreadData, 'store' | 'worker' | 'peers' | 'revocation'>

/** All RADIUS workers of this process: they share the ports and decide by the same configuration. */
export class RadiusThreads {
  readonly all: readonly RadiusThread[]

  constructor(
    count: number,
    data: ThreadData,
    store: StoreThread,
    revocation: RevocationAsked,
    died: (error: unknown) => void,
  ) {
    const peers = Array.from({ length: count }, () => new Map<number, MessagePort>())
    for (const [one, ports] of peers.entries()) {
      for (const [other, itsPorts] of peers.entries().drop(one + 1)) {
        const { port1, port2 } = new MessageChannel()
        ports.set(other, port1)
        itsPorts.set(one, port2)
      }
    }
    this.all = peers.map(
      (ports, worker) => new RadiusThread({ ...data, worker, peers: ports }, store, revocation, died),
    )
  }

  /** Whom to ask what all of them would answer alike. */
  get first(): RadiusThread['remote'] {
    const [first] = this.all
    if (first === undefined) throw new TypeError('there is no RADIUS worker')
    return first.remote
  }

  async configure(state: RadiusState): Promise<void> {
    await Promise.all(this.all.map(({ remote }) => remote.configure(state)))
  }

  /** One after the other: what the first finds taken is named, and the others share what it has. */
  async listen(addresses: Omit<RadiusAddresses, 'isShared'>): Promise<void> {
    for (const { remote } of this.all) await remote.listen({ ...addresses, isShared: this.all.length > 1 })
  }

  async close(): Promise<void> {
    await Promise.all(this.all.map((thread) => thread.close()))
  }
}
