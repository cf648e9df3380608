import { Worker } from 'node:worker_threads'
import { reviveError } from '../kernel/error-image.ts'
import { proxy, type Remote } from '../kernel/rpc.ts'
import {
  connectStore,
  type StorePorts,
  type StoreServiceName,
  type StoreServices,
  type StoreThreadData,
  type StoreThreadStarted,
} from '../threads/store-services.ts'

export type RemoteStores = { readonly [Name in StoreServiceName]: Remote<StoreServices[Name]> }

const NAMES = [
  'accounting',
  'acme',
  'admins',
  'anchors',
  'audit',
  'authorities',
  'certificates',
  'certificateRequests',
  'certificateStatus',
  'certificateUpkeep',
  'challenges',
  'clientObservations',
  'control',
  'crls',
  'directoryObjects',
  'dynamicAuthorizations',
  'forwardedAccounting',
  'grants',
  'groups',
  'projectionMarks',
  'knownAccounts',
  'lockout',
  'macs',
  'mailMarks',
  'profileLinks',
  'receipts',
  'scepTransactions',
  'sessionLimits',
  'sessions',
  'shield',
  'users',
  'versions',
] as const satisfies StoreServiceName[]

/** The store thread as main sees it. */
export class StoreThread {
  readonly remote: RemoteStores
  readonly #worker: Worker

  private constructor(worker: Worker) {
    this.#worker = worker
    const ports = connectStore(worker, NAMES)
    const remotes = NAMES.map((name) => [name, proxy(ports[name]).remote])
    this.remote = Object.fromEntries(remotes) as RemoteStores // one for each name
  }

  /** Resolves once the database is open and its tables are up to date; rejects with why it is not. */
  static async start(data: StoreThreadData, died: (error: unknown) => void): Promise<StoreThread> {
    const worker = new Worker(new URL('../threads/store.ts', import.meta.url), {
      workerData: data,
      name: 'store',
    })
    const started = await new Promise<StoreThreadStarted>((resolve, reject) => {
      worker.once('message', resolve)
      worker.once('error', reject)
    })
    if (!started.ready) {
      await worker.terminate()
      throw reviveError(started.error)
    }
    worker.on('error', died)
    return new StoreThread(worker)
  }

  /** Ports for another thread. */
  connect<Name extends StoreServiceName>(names: readonly Name[]): StorePorts<Name> {
    return connectStore(this.#worker, names)
  }

  async close(): Promise<void> {
    await this.remote.control.close()
    await this.#worker.terminate()
  }
}
