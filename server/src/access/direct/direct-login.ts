import type { MschapError } from '@sallyport/eap'
import type { Attribute, PacketView, Secret } from '@sallyport/radius'
import {
  ChapPassword,
  MsChap2Cpw,
  MsChap2Response,
  MsChapResponse,
  UserPassword,
} from '@sallyport/radius/attributes'
import type { AuthenticationOutcome, PasswordChange, Proof } from '../../identity/source.ts'
import type { Method } from '../../policy/methods.ts'
import { readChap } from './chap.ts'
import { readMschapV1 } from './mschap-v1.ts'
import { readMschapV2, readMschapV2Change } from './mschap-v2.ts'
import { readPap } from './pap.ts'

export type Authenticated = Extract<AuthenticationOutcome, { kind: 'authenticated' }>

/** A login that one request carries whole, without EAP. */
export interface DirectLogin {
  readonly method: Method
  readonly ask: { readonly proof: Proof } | { readonly change: PasswordChange }
  /** What the method itself adds to the accept: the server's own proof, encryption keys. */
  onAccept(outcome: Authenticated): readonly Attribute[]
  onReject(error: MschapError): readonly Attribute[]
}

export type DirectLoginRead =
  | { readonly ok: true; readonly login: DirectLogin }
  /** `contradictory`: two different proofs; `malformed`: a proof of the wrong shape. */
  | { readonly ok: false; readonly why: 'no-credentials' | 'contradictory' | 'malformed' }

type Reader = (packet: PacketView, secret: Secret) => DirectLogin | undefined

const READERS = [
  [UserPassword, readPap],
  [ChapPassword, readChap],
  [MsChap2Response, readMschapV2],
  [MsChap2Cpw, readMschapV2Change],
  [MsChapResponse, readMschapV1],
] as const satisfies readonly (readonly [{ readonly path: readonly number[] }, Reader])[]

/**
 * Reads the one proof the request carries. RFC 2865 section 4.1 forbids more than one; whoever sends two wants us to
 * check one and believe the other.
 */
export function readDirectLogin(packet: PacketView, secret: Secret): DirectLoginRead {
  let reader: Reader | undefined
  for (const [attribute, candidate] of READERS) {
    // Without the key: whether it is there, not what it says.
    if (packet.read(attribute) === undefined) continue
    if (reader !== undefined) return { ok: false, why: 'contradictory' }
    reader = candidate
  }
  if (reader === undefined) return { ok: false, why: 'no-credentials' }
  const login = reader(packet, secret)
  return login === undefined ? { ok: false, why: 'malformed' } : { ok: true, login }
}

/** For methods that have nothing to say beyond yes and no. */
export const NOTHING_TO_ADD = { onAccept: () => [], onReject: () => [] } as const satisfies Pick<
  DirectLogin,
  'onAccept' | 'onReject'
>
