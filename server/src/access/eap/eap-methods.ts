import {
  type EapMethodFactory,
  type EapMethodName,
  EapType,
  eapTlsServer,
  gtcServer,
  md5Server,
  methodType,
  mschapV2Server,
  peapServer,
  type ResumptionStore,
  type TlsCertificate,
  type TlsEngine,
  ttlsServer,
  type Verifier,
} from '@sallyport/eap'
import type { Method, Offer } from '../../policy/index.ts'
import type { AskingDevice } from '../asking-device.ts'

export interface EapMethodParts {
  readonly engine: TlsEngine
  readonly verifier: Verifier
  /** Our own certificates, one for each kind of key. */
  readonly certificates: readonly TlsCertificate[]
  /** PEM of the CAs trusted for client certificates. */
  readonly clientAuthorities: readonly string[]
  readonly resumption: ResumptionStore
}

/** The scope of one conversation: what its rules allow, known once its outer identity is. */
export interface EapScope {
  readonly device: AskingDevice
  /** What may run inside its tunnel. */
  inside: Offer['inside'] | undefined
  /** Name of the server certificate that is shown. */
  serverCertificate: string | undefined
}

const NOTHING: Offer['inside'] = { peap: [], 'eap-ttls': [] }

function insideOf(scope: unknown): Offer['inside'] {
  return (scope as EapScope).inside ?? NOTHING // EapLogin gives every conversation one
}

/**
 * Every EAP method this server can run, by type. What is offered to whom is decided for each conversation: the outer
 * methods by EapLogin, the inner ones by the scope of the conversation.
 */
export function eapMethods(parts: EapMethodParts): ReadonlyMap<number, EapMethodFactory> {
  const { engine, verifier, certificates, clientAuthorities, resumption } = parts
  const passwords: readonly (readonly [number, EapMethodFactory])[] = [
    [EapType.MsChapV2, mschapV2Server({ verifier, serverName: 'sallyport' })],
    [EapType.Gtc, gtcServer({ verifier })],
    [EapType.Md5Challenge, md5Server({ verifier })],
  ]
  const tls = eapTlsServer({ engine, verifier, certificates, clientAuthorities, resumption })
  // Inside a tunnel a TLS session of its own is never resumed: the tunnel's is.
  const innerTls = eapTlsServer({ engine, verifier, certificates, clientAuthorities })
  const inside = new Map([...passwords, [EapType.Tls, innerTls] as const])
  const tunnel = { engine, verifier, certificates, resumption }
  const peap = peapServer({
    ...tunnel,
    cryptoBinding: 'optional',
    inner: { methods: inside, offer: (_identity, scope) => innerTypes(insideOf(scope).peap) },
  })
  const ttls = ttlsServer({
    ...tunnel,
    inner: {
      methods: inside,
      offer: (_identity, scope) => innerTypes(insideOf(scope)['eap-ttls']),
      passwordMethods: (_identity, scope) => passwordMethods(insideOf(scope)['eap-ttls']),
    },
  })
  return new Map([...passwords, [EapType.Tls, tls], [EapType.Peap, peap], [EapType.Ttls, ttls]])
}

/** Certificates before tunnels before bare passwords; what a peer cannot do it refuses with a Nak. */
export const PREFERENCE = [
  'eap-tls',
  'peap',
  'eap-ttls',
  'eap-mschapv2',
  'eap-gtc',
  'eap-md5',
] as const satisfies EapMethodName[]

/** EAP types of the allowed methods, the preferred first. */
export function outerTypes(allowed: readonly Method[]): number[] {
  return PREFERENCE.filter((method) => allowed.includes(method)).map(methodType)
}

/**
 * Inside a tunnel MS-CHAPv2 comes first: peers that were set up for a certificate refuse it with a Nak, while Windows
 * peers set up for a password do not refuse TLS, they fail.
 */
function innerTypes(allowed: readonly Method[]): number[] {
  const types = outerTypes(allowed)
  const first = types.filter((type) => type === EapType.MsChapV2)
  return [...first, ...types.filter((type) => type !== EapType.MsChapV2)]
}

const TTLS_METHODS = ['pap', 'chap', 'mschap', 'mschapv2'] as const

function passwordMethods(allowed: readonly Method[]): ReadonlySet<(typeof TTLS_METHODS)[number]> {
  return new Set(TTLS_METHODS.filter((method) => allowed.includes(method)))
}
