import { Duplex } from 'node:stream'
import { concat } from '@sallyport/bytes'

/**
 * The cable between a TLS socket and EAP: what TLS sends is collected, what the peer sent is pushed. Both happen within
 * the call, so that one fed flight gives its answer without a turn of the event loop.
 */
export class Wire extends Duplex {
  #written: Uint8Array[] = []

  /** TLS has written something that was not taken yet. */
  get hasRecords(): boolean {
    return this.#written.length > 0
  }

  takeRecords(): Uint8Array {
    const [only] = this.#written
    const records = this.#written.length === 1 && only !== undefined ? only : concat(...this.#written)
    this.#written = []
    return records
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.#written.push(chunk)
    done()
  }

  override _final(done: () => void): void {
    done()
  }
}
