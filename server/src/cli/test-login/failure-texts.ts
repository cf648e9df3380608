import type { EapFailure, EapFailureCode } from '@sallyport/eap'
import { type MschapErrorCode, parseMschapFailure } from '@sallyport/mschap'
import type { RadiusError } from '@sallyport/radius'

/** Plain words for whatever can go wrong in a test login: what it means, and where to look next. */

const SERVER_LOG = 'The server says more: npx sallyport log'

export function rejectText(reason: string | undefined): string {
  return reason === undefined ? `The server refused the login. ${SERVER_LOG}` : `${reason} ${SERVER_LOG}`
}

/** Why no verified answer came. */
export function silenceText(error: RadiusError): string {
  const at = `${error.values.host}:${error.values.port}`
  if (error.code === 'network')
    return `Cannot reach ${at}: the name does not resolve or there is no way to it.`
  if (error.code !== 'timeout') return error.message
  switch (error.values.ignored) {
    case undefined:
      break
    case 'response-authenticator-invalid':
    case 'message-authenticator-invalid':
      return `An answer came from ${at}, but it is signed with another shared secret. Compare --secret with the server's.`
    case 'message-authenticator-missing':
    case 'eap-without-message-authenticator':
      return `An answer came from ${at} without Message-Authenticator: anybody could have forged it (CVE-2024-3596). Update that server, or test with --legacy.`
    default:
      return `What came from ${at} is no good answer (${error.values.ignored}).`
  }
  if (refusedByNetwork(error.cause))
    return `Nothing listens on ${at}. Is the server running, and on this port?`
  return [
    `No answer from ${at}. One of these:`,
    '  - the server could not check the login, because a directory is down or refuses its service account:',
    '    npx sallyport log, npx sallyport sources',
    '  - the server is not running, or listens on another port;',
    '  - a firewall drops the packets;',
    '  - this address is not one of its RADIUS clients: npx sallyport clients unknown',
    '  - the shared secret is wrong: npx sallyport clients counts it as dropped.',
    'What the server prints says which of them.',
  ].join('\n')
}

function refusedByNetwork(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === 'ECONNREFUSED'
}

const MSCHAP_ERRORS: Readonly<Record<MschapErrorCode, string>> = {
  646: 'Not allowed to log in at this hour.',
  647: 'The account is disabled.',
  648: 'The password has expired.',
  649: 'No permission to log in this way.',
  691: 'The name or the password is wrong.',
  709: 'The new password was not accepted.',
}

/** MS-CHAP-Error, or the message of an EAP-MSCHAPv2 failure: `E=691 R=0 ...`. */
export function mschapErrorText(text: string): string | undefined {
  const failure = parseMschapFailure(text)
  return failure === undefined ? undefined : `${MSCHAP_ERRORS[failure.code]} (E=${failure.code})`
}

const EAP_FAILURES: Readonly<Partial<Record<EapFailureCode, string>>> = {
  'malformed-packet': 'The server sent something that cannot be read.',
  'unexpected-packet': 'The server sent something that does not belong here.',
  'no-common-method':
    'The server does not offer this method to this user: no rule allows it, or it is not set up.',
  'too-many-rounds': 'The conversation came to no end.',
  'tls-alert-received': 'The server broke off TLS.',
  'tls-handshake-failed': 'TLS with the server failed.',
  'tls-no-client-certificate': 'The server wants a client certificate: --cert FILE --key FILE.',
  'crypto-binding-missing': 'The server did not bind the inner login to the tunnel.',
  'crypto-binding-invalid': 'Tunnel and inner login do not belong together: somebody may sit in between.',
  'authenticator-response-invalid':
    'The server does not know the password: it may be a false one. Do not trust it with others.',
  'server-reported-failure': 'The server refused the login.',
}

export function eapFailureText(failure: EapFailure): string {
  const error = failure.detail?.error
  if (failure.code === 'refused' && typeof error === 'number') {
    return mschapErrorText(`E=${error} R=0`) ?? `The server refused the login (E=${error}).`
  }
  const text = EAP_FAILURES[failure.code] ?? `The conversation failed (${failure.code}).`
  const detail = Object.entries(failure.detail ?? {}).map(([name, value]) => `${name}: ${value}`)
  const certificate = certificateText(String(failure.detail?.error ?? failure.detail?.alert ?? ''))
  return [certificate ?? text, ...(detail.length === 0 ? [] : [`(${detail.join(', ')})`])].join(' ')
}

/** OpenSSL's names for what is wrong with the server's certificate, and the alerts for ours. */
const CERTIFICATE_ERRORS: readonly (readonly [RegExp, string])[] = [
  [
    /SELF_SIGNED|UNABLE_TO_GET_ISSUER|UNABLE_TO_VERIFY|self.signed|unable to (get|verify)/i,
    "The server's certificate is not from the CA given with --ca.",
  ],
  [/HAS_EXPIRED|has expired/i, "The server's certificate has expired."],
  [
    /ALTNAME|HOSTNAME|server.name|name.mismatch/i,
    "The server's certificate is for another name than --server-name.",
  ],
  [/NOT_YET_VALID|not yet valid/i, "The server's certificate is not valid yet."],
  [/^unknown_ca$/, 'The server does not trust the CA of the client certificate.'],
  [/^certificate_expired$/, 'The client certificate has expired.'],
  [/^certificate_revoked$/, 'The client certificate was revoked.'],
  [
    /^(bad|unsupported)_certificate$|^certificate_(unknown|required)$/,
    'The server does not accept the client certificate.',
  ],
]

function certificateText(error: string): string | undefined {
  return CERTIFICATE_ERRORS.find(([pattern]) => pattern.test(error))?.[1]
}
