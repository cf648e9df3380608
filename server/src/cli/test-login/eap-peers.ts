import { EapPeer, type EapPeerMethodFactory, EapType, gtcPeer, md5Peer, mschapV2Peer } from '@sallyport/eap'
import { usageError } from '../cli-error.ts'
import type { TlsSettings } from './tls-settings.ts'

export const EAP_METHODS = ['eap-md5', 'eap-gtc', 'eap-mschapv2', 'eap-tls', 'peap', 'ttls'] as const
export type EapMethod = (typeof EAP_METHODS)[number]

export interface PeerCredentials {
  readonly user: string
  /** Outer identity; the user's own where there is no tunnel. */
  readonly identity: string
  readonly password: string
  /** There for the methods that use TLS. */
  readonly tls: TlsSettings | undefined
}

export function usesTls(method: EapMethod): boolean {
  return method === 'eap-tls' || method === 'peap' || method === 'ttls'
}

export function needsPassword(method: EapMethod, inner: string | undefined): boolean {
  return method !== 'eap-tls' && inner !== 'eap-tls'
}

/** The peer for a method by its name on the command line. */
export function eapPeer(method: EapMethod, inner: string | undefined, credentials: PeerCredentials): EapPeer {
  if (inner !== undefined && method !== 'peap' && method !== 'ttls') {
    throw usageError(`${method} has nothing inside: --inner goes with peap and ttls.`)
  }
  const { identity } = credentials
  return new EapPeer({ identity, methods: new Map([peerMethod(method, credentials)]) })
}

function peerMethod(method: EapMethod, { password }: PeerCredentials): [number, EapPeerMethodFactory] {
  switch (method) {
    case 'eap-md5':
      return [EapType.Md5Challenge, md5Peer({ password })]
    case 'eap-gtc':
      return [EapType.Gtc, gtcPeer({ password })]
    case 'eap-mschapv2':
      return [EapType.MsChapV2, mschapV2Peer({ password })]
    default:
      throw new RangeError(method)
  }
}
