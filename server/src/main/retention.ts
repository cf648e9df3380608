import type { DynamicAuthorizationStore } from '../access/dynamic-authorization/dynamic-authorization-store.ts'
import type { ReceiptStore } from '../journal/index.ts'
import type { Clock } from '../kernel/clock.ts'
import type { Logger } from '../kernel/logging.ts'
import type { Remote } from '../kernel/rpc.ts'

const INTERVAL_MILLISECONDS = 10 * 60_000

/** Deletes receipts and past actions that are too old or too many, a little at a time. */
export class Retention {
  readonly #timer: NodeJS.Timeout

  constructor(parts: {
    readonly receipts: Remote<ReceiptStore>
    /** Kept as long as the receipts they belong to. */
    readonly dynamicAuthorizations: Remote<DynamicAuthorizationStore>
    readonly limits: () => { readonly keepDays: number; readonly maximumMegabytes: number }
    readonly clock: Clock
    readonly log: Logger
  }) {
    const { receipts, dynamicAuthorizations, limits, clock, log } = parts
    const run = async (): Promise<void> => {
      try {
        while ((await receipts.retain(limits(), clock.now())).more);
        while ((await dynamicAuthorizations.retain(limits(), clock.now())).more);
      } catch (error) {
        log.error({ err: error }, 'Old receipts could not be deleted; trying again later.')
      }
    }
    this.#timer = setInterval(() => void run(), INTERVAL_MILLISECONDS)
    this.#timer.unref()
  }

  close(): void {
    clearInterval(this.#timer)
  }
}
