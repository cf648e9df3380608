import type { TLSSocket } from 'node:tls'
import { concat } from '@sallyport/bytes'
import type { TlsFacts } from '../result.ts'
import { alertAtEnd, isAlert } from '../tls/alert.ts'
import type { ResumableTls, TlsFailure, TlsProgress, TlsSession } from '../tls/engine.ts'
import type { MaybePromise } from '../verifier.ts'
import { Wire } from './wire.ts'

/**
 * Turns of the event loop TLS may take to answer. OpenSSL computes within the call, so it needs none, or one where an
 * earlier write has to be confirmed first. A session that is silent after all of them has nothing to say; after a
 * handshake was completed (the peer's Finished may be the last message) that is the rule.
 */
const TURNS_OPENED = 2
const TURNS_ANSWER = 8
const NOTHING = new Uint8Array(0)

/** One TLS connection over a {@link Wire}; the engine attaches the socket and tells it what happened. */
export class NodeTlsSession implements TlsSession {
  readonly wire = new Wire()
  #socket: TLSSocket | undefined
  #open = false
  #data: Uint8Array[] = []
  #failure: TlsFailure | undefined
  #verifyError: string | undefined
  #resumable: ResumableTls | undefined
  #resumedId: Uint8Array | undefined
  #facts: TlsFacts | undefined
  #closed = false

  get open(): boolean {
    return this.#open
  }

  feed(records: Uint8Array): MaybePromise<TlsProgress> {
    const wasOpen = this.#open
    // A copy: the stream may keep what it is given, and what arrived is a view into a buffer that is used again.
    if (records.length > 0 && !this.wire.destroyed) this.wire.push(Buffer.from(records))
    return this.#answered ? this.#progress() : this.#wait(() => this.#open && !wasOpen)
  }

  write(data: Uint8Array): MaybePromise<TlsProgress> {
    const socket = this.#socket
    if (socket === undefined || this.#failure !== undefined || this.#closed) return this.#progress()
    socket.write(data)
    return this.wire.hasRecords ? this.#progress() : this.#wait(() => false)
  }

  facts(): TlsFacts {
    this.#facts ??= this.#readFacts()
    return this.#facts
  }

  #readFacts(): TlsFacts {
    const socket = this.#opened()
    const chain: Uint8Array[] = []
    let certificate = socket.getPeerX509Certificate()
    // A chain can be as long as a TLS message; no sane one has more than ten certificates.
    while (certificate !== undefined && chain.length < 10) {
      chain.push(certificate.raw)
      certificate = certificate.issuerCertificate
    }
    return {
      version: socket.getProtocol() === 'TLSv1.3' ? 'TLSv1.3' : 'TLSv1.2', // the engine allows no other
      cipher: socket.getCipher().standardName,
      resumed: socket.isSessionReused(),
      peerChain: chain,
    }
  }

  verifyError(): string | undefined {
    return this.#verifyError
  }

  exportKeyingMaterial(length: number, label: string, context?: Uint8Array): Uint8Array {
    // The declaration wants a context where the documentation has it optional; TLS 1.2 tells absent from empty.
    const optional = (context === undefined ? undefined : Buffer.from(context)) as Buffer
    return this.#opened().exportKeyingMaterial(length, label, optional)
  }

  resumable(): ResumableTls | undefined {
    return this.#resumable
  }

  resumedId(): Uint8Array | undefined {
    return this.#resumedId
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#socket?.destroy()
    this.wire.destroy()
  }

  /** The handshake is complete. `verifyError`: OpenSSL's verdict on the peer's certificate. */
  opened(verifyError: string | undefined): void {
    this.#open = true
    this.#verifyError = verifyError
  }

  attach(socket: TLSSocket): void {
    this.#socket = socket
    socket.on('data', (chunk: Buffer) => this.#data.push(chunk))
    socket.on('error', (error) => this.failed(error))
    socket.on('end', () => {
      this.#failure ??= { error: 'close_notify', alertReceived: 'close_notify' }
    })
  }

  failed(error: NodeJS.ErrnoException): void {
    this.#failure ??= describe(error.code ?? error.name)
  }

  found(id: Uint8Array): void {
    this.#resumedId = id
  }

  keep(resumable: ResumableTls): void {
    this.#resumable = resumable
  }

  #opened(): TLSSocket {
    if (this.#socket === undefined || !this.#open) throw new TypeError('the TLS handshake is not complete')
    return this.#socket
  }

  get #answered(): boolean {
    return this.wire.hasRecords || this.#data.length > 0 || this.#failure !== undefined
  }

  async #wait(mayBeSilent: () => boolean): Promise<TlsProgress> {
    for (let turn = 1; turn <= TURNS_ANSWER && !this.#answered; turn++) {
      await new Promise((resolve) => setImmediate(resolve))
      if (turn >= TURNS_OPENED && mayBeSilent()) break
    }
    return this.#progress()
  }

  #progress(): TlsProgress {
    const records = this.wire.hasRecords ? this.wire.takeRecords() : NOTHING
    const data = this.#data.length === 0 ? NOTHING : concat(...this.#data)
    this.#data = []
    if (this.#failure === undefined) return { records, data }
    const alertSent = alertAtEnd(records)
    return { records, data, failure: { ...this.#failure, ...(alertSent === undefined ? {} : { alertSent }) } }
  }
}

/** How OpenSSL begins the reason of an alert it received; the last since 3.2, for those that are older than TLS 1.0. */
const ALERT_RECEIVED = /^(SSLV3|TLSV1|TLSV13|SSL\/TLS)_(ALERT_)?/

/** Node's error codes carry OpenSSL's reason: `ERR_SSL_TLSV1_ALERT_UNKNOWN_CA`, `ERR_SSL_NO_SHARED_CIPHER`. */
function describe(code: string): TlsFailure {
  const reason = code.replace(/^ERR_(SSL|TLS)_/, '')
  const alert = reason.replace(ALERT_RECEIVED, '').toLowerCase()
  const received = reason !== code && ALERT_RECEIVED.test(reason) && isAlert(alert)
  return { error: reason.toLowerCase(), ...(received ? { alertReceived: alert } : {}) }
}
