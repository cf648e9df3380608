import { concat, toUtf8 } from '@sallyport/bytes'
import type { InnerMethodName } from '../../result.ts'
import { type Avp, AvpCode, MICROSOFT, MicrosoftAvp } from './avp.ts'

/** What the peer sent through the tunnel, sorted by the inner method it means (RFC 5281 section 11.2). */
export type Credentials =
  | { readonly method: 'eap'; readonly packet: Uint8Array }
  | { readonly method: 'pap'; readonly user: string; readonly password: Uint8Array }
  | {
      readonly method: 'chap' | 'mschap' | 'mschapv2'
      readonly user: string
      readonly challenge: Uint8Array
      /** CHAP: 1 octet identifier, 16 of response. MS-CHAP: identifier, flags and the 48 octets of RFC 2548. */
      readonly response: Uint8Array
    }

export type TtlsPasswordMethod = Extract<InnerMethodName, 'pap' | 'chap' | 'mschap' | 'mschapv2'>

const CHAP_RESPONSE = 17
const MSCHAP_RESPONSE = 50

/**
 * Finds the one inner method in the AVPs; otherwise says what is wrong. An AVP that is marked mandatory and not understood
 * makes the whole fail (RFC 5281 section 10.1).
 */
export function readCredentials(avps: readonly Avp[]): Credentials | { readonly wrong: string } {
  const unknown = avps.find((avp) => avp.mandatory && !KNOWN.has(key(avp)))
  if (unknown !== undefined) return { wrong: `unknown mandatory AVP ${key(unknown)}` }
  if (isContradictory(avps)) return { wrong: 'more than one user name or proof' }
  const packet = eapMessage(avps)
  if (packet !== undefined) return { method: 'eap', packet }
  const name = value(avps, AvpCode.UserName)
  const user = name === undefined ? undefined : toUtf8(name)
  // A name cut at a NUL would be one user here and another in a directory behind us.
  if (user === undefined || user.includes('\0')) return { wrong: 'no readable User-Name' }
  const password = value(avps, AvpCode.UserPassword)
  if (password !== undefined) return { method: 'pap', user, password: withoutPadding(password) }
  return (
    response(avps, 'chap', user, CHAP_RESPONSE, [AvpCode.ChapChallenge, 0], [AvpCode.ChapPassword, 0]) ??
    response(avps, 'mschapv2', user, MSCHAP_RESPONSE, CHALLENGE, [MicrosoftAvp.Chap2Response, MICROSOFT]) ??
    response(avps, 'mschap', user, MSCHAP_RESPONSE, CHALLENGE, [MicrosoftAvp.ChapResponse, MICROSOFT]) ?? {
      wrong: 'no credentials',
    }
  )
}

/** Whoever sends two proofs, or two names, wants one of them checked and the other believed. */
function isContradictory(avps: readonly Avp[]): boolean {
  const names = avps.filter((avp) => key(avp) === `${AvpCode.UserName}`).length
  const proofs = PROOFS.filter((proof) => avps.some((avp) => key(avp) === proof)).length
  const repeated = PROOFS.slice(1).some((proof) => avps.filter((avp) => key(avp) === proof).length > 1)
  return names > 1 || proofs > 1 || repeated
}

type Key = readonly [code: number, vendor: number]

const CHALLENGE: Key = [MicrosoftAvp.ChapChallenge, MICROSOFT]

const KNOWN: ReadonlySet<string> = new Set([
  ...Object.values(AvpCode).map((code) => `${code}`),
  ...Object.values(MicrosoftAvp).map((code) => `${MICROSOFT}/${code}`),
])

/** EAP comes first: it alone may come in several AVPs. */
const PROOFS: readonly string[] = [
  `${AvpCode.EapMessage}`,
  `${AvpCode.UserPassword}`,
  `${AvpCode.ChapPassword}`,
  `${MICROSOFT}/${MicrosoftAvp.ChapResponse}`,
  `${MICROSOFT}/${MicrosoftAvp.Chap2Response}`,
]

function key({ code, vendor }: Avp): string {
  return vendor === 0 ? `${code}` : `${vendor}/${code}`
}

function value(avps: readonly Avp[], code: number, vendor = 0): Uint8Array | undefined {
  return avps.find((avp) => avp.code === code && avp.vendor === vendor)?.value
}

/** One EAP packet may be cut into several AVPs (RFC 5281 section 11.2.1). */
function eapMessage(avps: readonly Avp[]): Uint8Array | undefined {
  const parts = avps.filter((avp) => avp.code === AvpCode.EapMessage && avp.vendor === 0)
  return parts.length === 0 ? undefined : concat(...parts.map((part) => part.value))
}

function response(
  avps: readonly Avp[],
  method: 'chap' | 'mschap' | 'mschapv2',
  user: string,
  length: number,
  challengeKey: Key,
  responseKey: Key,
): Credentials | undefined {
  const challenge = value(avps, ...challengeKey)
  const response = value(avps, ...responseKey)
  if (challenge === undefined || response?.length !== length) return undefined
  return { method, user, challenge, response }
}

/** RFC 5281 section 11.2.5: the peer hides the length of the password with NULs. */
function withoutPadding(password: Uint8Array): Uint8Array {
  let end = password.length
  while (end > 0 && password[end - 1] === 0) end--
  return password.subarray(0, end)
}
