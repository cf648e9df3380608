import {
  EapPeer,
  type EapPeerMethodFactory,
  type EapPeerOptions,
  EapType,
  eapTlsPeer,
  gtcPeer,
  md5Peer,
  mschapV2Peer,
  type PeerTlsOptions,
  peapPeer,
  ttlsPeer,
} from '@sallyport/eap'
import { NodeTlsEngine } from '@sallyport/eap/node'
import { usageError } from '../cli-error.ts'
import { DIRECT_METHODS } from './direct-login.ts'
import type { TlsSettings } from './tls-settings.ts'

/** EAP methods that carry a login themselves, then the tunnels; by their names on the command line. */
const PLAIN_METHODS = ['eap-md5', 'eap-gtc', 'eap-mschapv2', 'eap-tls'] as const
export const EAP_METHODS = [...PLAIN_METHODS, 'peap', 'ttls'] as const
type PlainMethod = (typeof PLAIN_METHODS)[number]
export type EapMethod = (typeof EAP_METHODS)[number]

export interface PeerCredentials {
  /** Who logs in: the identity inside a tunnel. */
  readonly user: string
  /** The name outside; the user's own where there is no tunnel. */
  readonly identity: string
  readonly password: string
  /** There for the methods that use TLS. */
  readonly tls: TlsSettings | undefined
  /** Told what happens inside a tunnel. */
  readonly note: (text: string) => void
}

/** Smaller than the tunnel's fragments, so that an inner fragment does not have to be cut again. */
const INNER_MTU = 900

export function usesTls(method: EapMethod): boolean {
  return method === 'eap-tls' || method === 'peap' || method === 'ttls'
}

export function needsPassword(method: EapMethod, inner: string | undefined): boolean {
  return method !== 'eap-tls' && inner !== 'eap-tls'
}

/** The peer for a method by its name on the command line. */
export function eapPeer(method: EapMethod, inner: string | undefined, credentials: PeerCredentials): EapPeer {
  const { identity } = credentials
  if (method === 'peap') {
    const options = { ...tlsOptions(credentials), inner: innerPeer(inner ?? 'eap-mschapv2', credentials) }
    return new EapPeer({ identity, methods: new Map([[EapType.Peap, peapPeer(options)]]) })
  }
  if (method === 'ttls') {
    return new EapPeer({ identity, methods: new Map([[EapType.Ttls, ttls(inner ?? 'pap', credentials)]]) })
  }
  if (inner !== undefined) {
    throw usageError(`${method} has nothing inside: --inner goes with peap and ttls.`)
  }
  return new EapPeer({ identity, methods: new Map([plainMethod(method, credentials)]) })
}

function ttls(inner: string, credentials: PeerCredentials): EapPeerMethodFactory {
  const { user, password } = credentials
  const direct = DIRECT_METHODS.find((known) => known === inner)
  const tls = tlsOptions(credentials)
  if (direct !== undefined) return ttlsPeer({ ...tls, inner: { method: direct, user, password } })
  return ttlsPeer({ ...tls, inner: { method: 'eap', ...innerPeer(inner, credentials) } })
}

function innerPeer(inner: string, credentials: PeerCredentials): EapPeerOptions {
  const method = PLAIN_METHODS.find((known) => known === inner)
  if (method === undefined) throw usageError(`"${inner}" cannot run inside. See: npx sallyport test --help`)
  return {
    identity: credentials.user,
    methods: new Map([plainMethod(method, credentials)]),
    mtu: INNER_MTU,
    trace: ({ direction, text }) => credentials.note(`inside ${direction === 'sent' ? '->' : '<-'} ${text}`),
  }
}

function plainMethod(method: PlainMethod, credentials: PeerCredentials): [number, EapPeerMethodFactory] {
  const { password } = credentials
  switch (method) {
    case 'eap-md5':
      return [EapType.Md5Challenge, md5Peer({ password })]
    case 'eap-gtc':
      return [EapType.Gtc, gtcPeer({ password })]
    case 'eap-mschapv2':
      return [EapType.MsChapV2, mschapV2Peer({ password })]
    case 'eap-tls': {
      const certificate = credentials.tls?.certificate
      if (certificate === undefined) throw usageError('eap-tls needs --cert FILE and --key FILE.')
      return [EapType.Tls, eapTlsPeer({ ...tlsOptions(credentials), certificate })]
    }
  }
}

function tlsOptions({ tls, note }: PeerCredentials): PeerTlsOptions {
  if (tls === undefined) throw new TypeError('a method with TLS was asked for without its settings')
  const { authority, serverName, certificate, version } = tls
  return {
    engine: new NodeTlsEngine(),
    authorities: [authority],
    serverName: serverName ?? false,
    trace: note,
    ...(certificate === undefined ? {} : { certificate }),
    ...(version === undefined ? {} : { minVersion: version, maxVersion: version }),
  }
}
