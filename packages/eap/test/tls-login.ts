import {
  type EapMethodFactory,
  EapPeer,
  type EapPeerMethodFactory,
  type EapResult,
  EapServer,
  EapType,
  eapTlsPeer,
  eapTlsServer,
  gtcServer,
  mschapV2Peer,
  mschapV2Server,
  type PeapServerOptions,
  type PeerTlsOptions,
  peapPeer,
  peapServer,
  ResumptionStore,
  type TlsVersion,
  type TtlsPeerOptions,
  ttlsPeer,
  ttlsServer,
} from '../src/index.ts'
import { NodeTlsEngine } from '../src/node.ts'
import type { TestPki } from './certificates.ts'
import { type Talk, talk } from './conversation.ts'
import { LoginVerifier } from './login-verifier.ts'

export const SERVER_NAME = 'radius.example.org'
export const PASSWORD = 'correct horse'

export interface RunOptions {
  readonly identity?: string
  readonly mtu?: number
  /** The conversation ends in Access-Accept. Default true. */
  readonly release?: boolean | 'under way'
}

/** Everything a test of the TLS methods needs, on both sides, with one user `alice`. */
export class TlsLogin {
  readonly pki: TestPki
  readonly engine = new NodeTlsEngine()
  readonly verifier = new LoginVerifier('alice', PASSWORD)
  now = 0
  readonly resumption = new ResumptionStore({ now: () => this.now, lifetimeSeconds: 3600 })
  /** EAP types inside a tunnel. */
  inner: readonly number[] = [EapType.MsChapV2]
  passwordMethods: ReadonlySet<'pap' | 'chap' | 'mschap' | 'mschapv2'> = new Set([
    'pap',
    'chap',
    'mschap',
    'mschapv2',
  ])
  readonly identities: string[] = []
  /** What the owner of the conversation gives it. */
  readonly scope = { conversation: 'this one' }

  constructor(pki: TestPki) {
    this.pki = pki
  }

  eapTls(clientAuthorities = [this.pki.ca]): EapMethodFactory {
    const { engine, verifier, resumption } = this
    return eapTlsServer({ engine, verifier, resumption, certificates: this.pki.server, clientAuthorities })
  }

  peap(more: Partial<PeapServerOptions> = {}): EapMethodFactory {
    return peapServer({ ...this.#tunnel(), cryptoBinding: 'optional', ...more })
  }

  ttls(): EapMethodFactory {
    return ttlsServer(this.#tunnel())
  }

  peerTls(more: Partial<PeerTlsOptions> = {}): PeerTlsOptions {
    return { engine: this.engine, authorities: [this.pki.ca], serverName: SERVER_NAME, ...more }
  }

  eapTlsPeer(certificate = this.pki.alice, more: Partial<PeerTlsOptions> = {}): EapPeerMethodFactory {
    return eapTlsPeer({ ...this.peerTls(more), certificate })
  }

  peapPeer(more: Partial<Parameters<typeof peapPeer>[0]> = {}): EapPeerMethodFactory {
    return peapPeer({ ...this.peerTls(), inner: innerPeer(PASSWORD), ...more })
  }

  ttlsPeer(inner: TtlsPeerOptions['inner'], more: Partial<PeerTlsOptions> = {}): EapPeerMethodFactory {
    return ttlsPeer({ ...this.peerTls(more), inner })
  }

  /** One whole conversation. `release`: it ended in Access-Accept, else in Access-Reject. */
  async run(
    server: EapMethodFactory,
    peer: EapPeerMethodFactory,
    { identity = 'anonymous', mtu = 1020, release = true }: RunOptions = {},
  ): Promise<Talk> {
    const type = peer({ identity, mtu }).type
    const both = await talk(
      new EapServer({
        methods: new Map([[type, withMtu(server, mtu)]]),
        offer: () => [type],
        scope: this.scope,
      }),
      new EapPeer({ identity, mtu, methods: new Map([[type, peer]]) }),
    )
    if (both.server.kind === 'done') {
      if (release === true) both.server.result.release?.()
      if (release === false) both.server.result.withdraw?.()
    }
    return both
  }

  #tunnel() {
    const { engine, verifier, resumption, pki } = this
    return {
      engine,
      verifier,
      resumption,
      certificates: pki.server,
      inner: {
        methods: new Map([
          [EapType.MsChapV2, mschapV2Server({ verifier })],
          [EapType.Gtc, gtcServer({ verifier })],
          [
            EapType.Tls,
            eapTlsServer({ engine, verifier, certificates: pki.server, clientAuthorities: [pki.ca] }),
          ],
        ]),
        offer: (identity: string) => {
          this.identities.push(identity)
          return this.inner
        },
        passwordMethods: (identity: string) => {
          this.identities.push(identity)
          return this.passwordMethods
        },
      },
    }
  }
}

/** EAP-MSCHAPv2 inside a tunnel. */
export function innerPeer(password: string, identity = 'alice') {
  return { identity, methods: new Map([[EapType.MsChapV2, mschapV2Peer({ password })]]) }
}

/** The result of a login that must have succeeded on both sides with the same keys. */
export function accepted({ server, peer }: Talk): EapResult {
  if (server.kind !== 'done' || peer.kind !== 'success') {
    throw new Error(`not accepted: ${JSON.stringify([server, peer])}`)
  }
  const ours = server.result.keys
  for (const key of ['msk', 'emsk', 'sessionId'] as const) {
    if (ours === undefined || ours[key].toHex() !== peer.keys?.[key].toHex())
      throw new Error(`${key} differs`)
    if (ours[key].length === 0) throw new Error(`no ${key}`)
  }
  return server.result
}

/** The server's reason to refuse. */
export function refused({ server }: Talk) {
  if (server.kind !== 'failure') throw new Error(`not refused: ${JSON.stringify(server)}`)
  return server.reason
}

export const VERSIONS: readonly TlsVersion[] = ['TLSv1.2', 'TLSv1.3']

function withMtu(factory: EapMethodFactory, mtu: number): EapMethodFactory {
  return (context) => factory({ ...context, mtu })
}
