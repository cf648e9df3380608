import { fromHex, toHex } from '@sallyport/bytes'

/** The E= codes of RFC 2433 section 9 and RFC 2759 section 6. */
export const MschapErrorCode = {
  RestrictedLogonHours: 646,
  AccountDisabled: 647,
  PasswordExpired: 648,
  NoDialinPermission: 649,
  AuthenticationFailure: 691,
  ChangingPassword: 709,
} as const

export type MschapErrorCode = (typeof MschapErrorCode)[keyof typeof MschapErrorCode]

const CODES: ReadonlySet<number> = new Set(Object.values(MschapErrorCode))

/** The Message of an MS-CHAP Failure packet, also the value of MS-CHAP-Error after its ident octet (RFC 2548). */
export interface MschapFailure {
  readonly code: MschapErrorCode
  /** The peer may answer once more, over the new challenge. */
  readonly retry: boolean
  /** 16 octets in version 3 (MS-CHAPv2), 8 in version 2 (MS-CHAPv1), where it may be absent. */
  readonly challenge?: Uint8Array
  /** The change-password packet that is understood: 3 for MS-CHAPv2. */
  readonly version: number
  /** For people; MS-CHAPv1 knows no such field. */
  readonly message?: string
}

/** `E=691 R=1 C=<hex> V=3 M=<text>` (RFC 2759 section 6). */
export function formatMschapFailure(failure: MschapFailure): string {
  const parts = [`E=${failure.code}`, `R=${failure.retry ? 1 : 0}`]
  if (failure.challenge !== undefined) parts.push(`C=${toHex(failure.challenge).toUpperCase()}`)
  parts.push(`V=${failure.version}`)
  if (failure.message !== undefined) parts.push(`M=${failure.message}`)
  return parts.join(' ')
}

/** Reads a failure message; undefined where it has no known E= code. M= takes all that follows it. */
export function parseMschapFailure(text: string): MschapFailure | undefined {
  const [, head, message] = /^(.*?)(?:(?:^| )M=(.*))?$/s.exec(text) ?? []
  const fields = new Map((head ?? '').split(' ').map((field) => [field.slice(0, 2), field.slice(2)]))
  const code = Number(fields.get('E='))
  if (!CODES.has(code)) return undefined
  const challenge = fields.get('C=')
  if (challenge !== undefined && !/^([0-9a-f]{16}){1,2}$/i.test(challenge)) return undefined
  return {
    code: code as MschapErrorCode, // CODES holds just these
    retry: fields.get('R=') === '1',
    ...(challenge === undefined ? {} : { challenge: fromHex(challenge) }),
    version: Number.parseInt(fields.get('V=') ?? '', 10) || 2,
    ...(message === undefined ? {} : { message }),
  }
}
