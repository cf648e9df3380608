import { toHex } from '@sallyport/bytes'
import type { EapFailure } from '../failure.ts'
import type { EapMethodFactory } from '../method.ts'
import type { EapResult, TlsFacts } from '../result.ts'
import type { MaybePromise, Verifier } from '../verifier.ts'
import type { TlsCertificate, TlsEngine, TlsServer, TlsSession, TlsVersion } from './engine.ts'
import type { RememberedConversation, ResumptionStore } from './resumption-store.ts'

/** EAP inside the tunnel. Offers see the inner identity, and the `scope` of the conversation outside. */
export interface InnerEap {
  readonly methods: ReadonlyMap<number, EapMethodFactory>
  /** EAP types offered, the preferred first. */
  offer(identity: string, scope: unknown): MaybePromise<readonly number[]>
}

/** What PEAP and EAP-TTLS servers have in common. */
export interface TunnelServerOptions {
  readonly engine: TlsEngine
  readonly verifier: Pick<Verifier, 'resumed'>
  /** Our own certificates, one for each kind of key. */
  readonly certificates: readonly TlsCertificate[]
  readonly inner: InnerEap
  /** Where accepted conversations are remembered; absent: no resumption. */
  readonly resumption?: ResumptionStore
  readonly minVersion?: TlsVersion
  readonly maxVersion?: TlsVersion
}

/**
 * TLS of a tunnel method. It resumes in TLS 1.2 alone, from session identifiers kept here and without tickets: the TLS
 * session of a tunnel proves nothing of the user, so a stateless ticket would be a login without a password.
 */
export function tunnelServer(purpose: 'peap' | 'eap-ttls', options: TunnelServerOptions): TlsServer {
  const { resumption } = options
  const server: TlsServer = options.engine.server({
    purpose,
    certificates: options.certificates,
    resumption: resumption === undefined ? 'none' : 'identifiers',
    sessionLifetimeSeconds: resumption?.lifetimeSeconds ?? 0,
    ...(resumption === undefined
      ? {}
      : { findSession: (id) => resumption.find(sessionKey(server, id))?.session }),
    ...(options.minVersion === undefined ? {} : { minVersion: options.minVersion }),
    ...(options.maxVersion === undefined ? {} : { maxVersion: options.maxVersion }),
  })
  return server
}

/** A failure of the conversation inside, as that of the tunnel: a Nak in there is not one outside. */
export function insideOf(tunnel: 'peap' | 'eap-ttls', reason: EapFailure): EapFailure {
  const { code, detail } = reason
  if (code !== 'no-common-method' && code !== 'nak-to-forbidden-method') return reason
  return { ...reason, detail: { ...detail, inside: tunnel } }
}

/** What the inner method, or the conversation that was resumed, proved. */
export interface TunnelProof {
  readonly identity: string
  readonly inner: NonNullable<EapResult['inner']>
  readonly proof: unknown
  readonly tls: TlsFacts
  readonly release: () => void
}

export type Resumed =
  | { readonly kind: 'resumed'; readonly proof: TunnelProof }
  | { readonly kind: 'refused'; readonly reason: EapFailure }
  | { readonly kind: 'unavailable'; readonly cause?: unknown }

/** Decides again on a tunnel whose TLS session was resumed: only what an Access-Accept released counts. */
export async function resumeTunnel(
  options: TunnelServerOptions,
  server: TlsServer,
  session: TlsSession,
  facts: TlsFacts,
  scope: unknown,
): Promise<Resumed> {
  const id = session.resumedId()
  const key = id === undefined ? '' : sessionKey(server, id)
  const remembered = options.resumption?.find(key)
  if (remembered?.inner === undefined) return { kind: 'refused', reason: { code: 'resumption-not-released' } }
  const { identity, inner, peerChain } = remembered
  const until = options.resumption?.until(key)
  // Until this conversation is accepted too, nobody resumes on its account.
  options.resumption?.forget(key)
  const verdict = await options.verifier.resumed(identity, remembered.proof, scope)
  if (verdict.ok === 'unavailable') return { kind: 'unavailable', cause: verdict.cause }
  if (!verdict.ok) return { kind: 'refused', reason: verdict.failure }
  const { proof } = verdict
  const release = () => options.resumption?.keep(key, { ...remembered, proof }, until)
  return { kind: 'resumed', proof: { identity, inner, proof, tls: { ...facts, peerChain }, release } }
}

/** What a finished inner method proved; `release` remembers it, where TLS has a session to resume. */
export function proveTunnel(
  options: TunnelServerOptions,
  server: TlsServer,
  session: TlsSession,
  inner: Omit<TunnelProof, 'release'> & { readonly release?: () => void },
): TunnelProof {
  const kept = inner.tls.version === 'TLSv1.2' ? session.resumable() : undefined
  const conversation: RememberedConversation = {
    identity: inner.identity,
    inner: inner.inner,
    proof: inner.proof,
    peerChain: inner.tls.peerChain,
  }
  const release = () => {
    inner.release?.()
    if (kept === undefined || kept.id.length === 0) return
    options.resumption?.keep(sessionKey(server, kept.id), { ...conversation, session: kept.session })
  }
  return { ...inner, release }
}

function sessionKey(server: TlsServer, id: Uint8Array): string {
  return `${server.context}:session:${toHex(id)}`
}
