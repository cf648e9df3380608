import { MessageChannel, Worker } from 'node:worker_threads'
import { expose, proxy, type Remote } from '../kernel/rpc.ts'
import {
  RADIUS_STORE_SERVICES,
  type RadiusServices,
  type RadiusThreadData,
  type RevocationAsked,
} from '../threads/radius-services.ts'
import type { StoreThread } from './store-thread.ts'

/** A RADIUS worker as main sees it. */
export class RadiusThread {
  readonly remote: Remote<RadiusServices>
  readonly #worker: Worker

  constructor(
    data: Omit<RadiusThreadData, 'store' | 'revocation'>,
    store: StoreThread,
    revocation: RevocationAsked,
    died: (error: unknown) => void,
  ) {
    const ports = store.connect(RADIUS_STORE_SERVICES)
    const { port1: ours, port2: theirs } = new MessageChannel()
    expose<RevocationAsked>(ours, {
      ask: (question) => revocation.ask(question),
      isRecorded: (fingerprint) => revocation.isRecorded(fingerprint),
    })
    // It lives as long as the worker does, and must not keep the process alive.
    ours.unref()
    this.#worker = new Worker(new URL('../threads/radius.ts', import.meta.url), {
      workerData: { ...data, store: ports, revocation: theirs } satisfies RadiusThreadData,
      transferList: [...Object.values(ports), ...data.peers.values(), theirs],
      name: `radius-${data.worker}`,
      // The process is started with a small young generation; a busy worker makes short-lived objects by the million.
      resourceLimits: { maxYoungGenerationSizeMb: 48 },
    })
    this.#worker.on('error', died)
    // A Worker has the methods and events of a MessagePort that the proxy uses.
    this.remote = proxy<RadiusServices>(this.#worker as never).remote
  }

  async close(): Promise<void> {
    await this.remote.close()
    await this.#worker.terminate()
  }
}
