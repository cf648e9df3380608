import type { EapMethodName } from './result.ts'

/** EAP method types (IANA "EAP Method Types"; 1 to 6 in RFC 3748 section 5). */
export const EapType = {
  Identity: 1,
  Notification: 2,
  Nak: 3,
  Md5Challenge: 4,
  Gtc: 6,
  Tls: 13,
  Ttls: 21,
  Peap: 25,
  MsChapV2: 26,
  Expanded: 254,
} as const

const NAMES: ReadonlyMap<number, EapMethodName> = new Map([
  [EapType.Md5Challenge, 'eap-md5'],
  [EapType.Gtc, 'eap-gtc'],
  [EapType.Tls, 'eap-tls'],
  [EapType.Ttls, 'eap-ttls'],
  [EapType.Peap, 'peap'],
  [EapType.MsChapV2, 'eap-mschapv2'],
])

/** The name of a method type this package knows. */
export function methodName(type: number): EapMethodName | undefined {
  return NAMES.get(type)
}

/** The EAP type of a method name. */
export function methodType(name: EapMethodName): number {
  for (const [type, known] of NAMES) if (known === name) return type
  // Unreachable while the table is complete; a test holds it to the union.
  throw new RangeError(`no EAP type for ${name satisfies EapMethodName}`)
}
