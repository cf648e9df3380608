import { createHash } from 'node:crypto'
import { toHex } from '@sallyport/bytes'
import { EapType } from '../../eap-type.ts'
import type { EapFailure } from '../../failure.ts'
import type { EapMethod, EapMethodFactory, MethodContext, Step } from '../../method.ts'
import type { EapResult, TlsFacts } from '../../result.ts'
import type { TlsCertificate, TlsEngine, TlsServer, TlsVersion } from '../../tls/engine.ts'
import type { RememberedConversation, ResumptionStore } from '../../tls/resumption-store.ts'
import { ServerChannel, type TlsStanding } from '../../tls/server-channel.ts'
import type { Verifier } from '../../verifier.ts'

export interface EapTlsServerOptions {
  readonly engine: TlsEngine
  readonly verifier: Pick<Verifier, 'certificate'>
  /** Our own certificates, one for each kind of key. */
  readonly certificates: readonly TlsCertificate[]
  /** PEM of the CAs that issue client certificates; their names go into the certificate request. */
  readonly clientAuthorities: readonly string[]
  /** Where accepted conversations are remembered; absent: no resumption. */
  readonly resumption?: ResumptionStore
  readonly minVersion?: TlsVersion
  readonly maxVersion?: TlsVersion
}

/** RFC 9190 section 2.5: the protected success indication of TLS 1.3. */
const COMMITMENT = Uint8Array.of(0)

/**
 * EAP-TLS, server side: RFC 5216 for TLS 1.2, RFC 9190 for TLS 1.3. Prepares certificates and trust once; the factory it
 * returns makes one method for each conversation.
 */
export function eapTlsServer(options: EapTlsServerOptions): EapMethodFactory {
  const { engine, certificates, clientAuthorities, resumption } = options
  const always = {
    purpose: 'eap-tls',
    certificates,
    clientAuthorities,
    ...(options.minVersion === undefined ? {} : { minVersion: options.minVersion }),
    ...(options.maxVersion === undefined ? {} : { maxVersion: options.maxVersion }),
  }
  const full = engine.server({ ...always, resumption: 'none', sessionLifetimeSeconds: 0 })
  if (resumption === undefined) return (context) => new EapTlsServer(options, full, context)
  const resuming: TlsServer = engine.server({
    ...always,
    resumption: 'tickets',
    sessionLifetimeSeconds: resumption.lifetimeSeconds,
    findSession: (id) => findSession(resumption, resuming, id),
  })
  return (context) => {
    const server = resumption.needsFullHandshake(context.identity) ? full : resuming
    return new EapTlsServer(options, server, context)
  }
}

class EapTlsServer implements EapMethod {
  readonly type = EapType.Tls
  readonly #options: EapTlsServerOptions
  readonly #server: TlsServer
  readonly #identity: string
  readonly #scope: unknown
  readonly #channel: ServerChannel
  /** The certificate was found good; what follows is the peer's acknowledgement. */
  #result: EapResult | undefined

  constructor(options: EapTlsServerOptions, server: TlsServer, context: MethodContext) {
    this.#options = options
    this.#server = server
    this.#identity = context.identity
    this.#scope = context.scope
    this.#channel = new ServerChannel({ server, type: EapType.Tls, version: 0, mtu: context.mtu })
  }

  begin(): Step {
    return this.#channel.begin()
  }

  async respond(data: Uint8Array): Promise<Step> {
    const event = await this.#channel.receive(data)
    switch (event.kind) {
      case 'step':
        return event.step
      case 'opened':
        return await this.#judge()
      case 'data':
        return this.#finish(event.data)
    }
  }

  get tls(): TlsStanding {
    return this.#channel.standing
  }

  close(): void {
    this.#channel.close()
  }

  /** Everything that can refuse the peer happens here, before our last flight and the commitment go out. */
  async #judge(): Promise<Step> {
    const facts = this.#channel.facts()
    const [leaf] = facts.peerChain
    if (leaf === undefined) return refuse({ code: 'tls-no-client-certificate' })
    const key = leafKey(this.#server, leaf)
    const remembered = facts.resumed ? this.#options.resumption?.find(key) : undefined
    if (facts.resumed && remembered === undefined) {
      this.#options.resumption?.demandFullHandshake(this.#identity)
      return refuse({ code: 'resumption-not-released' })
    }
    const until = this.#options.resumption?.until(key)
    const withdraw = () => this.#options.resumption?.forget(key)
    const tls: TlsFacts = remembered === undefined ? facts : { ...facts, peerChain: remembered.peerChain }
    const opensslError = this.#channel.session.verifyError()
    const verdict = await this.#options.verifier.certificate(this.#identity, tls.peerChain, {
      resumed: facts.resumed,
      opensslError,
      scope: this.#scope,
    })
    if (verdict.ok === 'unavailable') return { kind: 'unavailable', cause: verdict.cause }
    if (!verdict.ok) {
      withdraw()
      return refuse(verdict.failure)
    }
    if (opensslError !== undefined) {
      withdraw()
      return refuse({ code: 'refused', detail: { openssl: opensslError } })
    }
    const conversation = { identity: this.#identity, proof: verdict.proof, peerChain: tls.peerChain }
    this.#result = {
      method: 'eap-tls',
      identity: this.#identity,
      proof: verdict.proof,
      keys: this.#channel.keys(),
      tls,
      release: this.#release(key, conversation, remembered === undefined ? undefined : until),
      withdraw,
    }
    if (tls.version === 'TLSv1.3') return await this.#channel.sendData(COMMITMENT)
    // RFC 5216 section 2.1.2: in a resumed TLS 1.2 handshake the peer's Finished is the last message.
    return this.#channel.hasFlight ? this.#channel.sendFlight() : { kind: 'done', result: this.#result }
  }

  #finish(data: Uint8Array): Step {
    if (data.length > 0 || this.#result === undefined) {
      return refuse({ code: 'unexpected-packet', detail: { what: 'data after the handshake' } })
    }
    return { kind: 'done', result: this.#result }
  }

  /**
   * TLS 1.3 tickets are stateless and were issued before anyone could know of an Access-Accept, so what is remembered
   * is the certificate whose key the peer proved: a ticket resumes only where the last conversation of that
   * certificate under the same server certificate and trust ended in Access-Accept. One that is still under way, or was
   * abandoned, takes nothing away: a computer logs in by cable and by Wi-Fi at once, with one certificate.
   */
  #release(key: string, conversation: RememberedConversation, until: number | undefined): () => void {
    const { resumption } = this.#options
    const tls = this.#channel.session.resumable()
    return () => {
      resumption?.keep(key, conversation, until)
      if (tls !== undefined && tls.id.length > 0) {
        resumption?.keep(sessionKey(this.#server, tls.id), { ...conversation, session: tls.session }, until)
      }
    }
  }
}

/** A session whose certificate was refused since gets a full handshake instead. */
function findSession(store: ResumptionStore, server: TlsServer, id: Uint8Array): Uint8Array | undefined {
  const kept = store.find(sessionKey(server, id))
  const leaf = kept?.peerChain[0]
  return leaf !== undefined && store.find(leafKey(server, leaf)) !== undefined ? kept?.session : undefined
}

function refuse(reason: EapFailure): Step {
  return { kind: 'fail', reason }
}

function sessionKey(server: TlsServer, id: Uint8Array): string {
  return `${server.context}:session:${toHex(id)}`
}

function leafKey(server: TlsServer, leaf: Uint8Array): string {
  return `${server.context}:leaf:${createHash('sha256').update(leaf).digest('hex')}`
}
