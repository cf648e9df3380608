/**
 * The last line of defence before anything is stored: a receipt or audit entry holds no secret by construction, and
 * whatever slips in all the same - octets, or a value under a name that speaks of a secret - is left out here.
 */
export function withoutSecrets(name: string, value: unknown): unknown {
  if (isSecretName(name)) return undefined
  if (value instanceof Uint8Array || value instanceof ArrayBuffer) return undefined
  if (isAttribute(value) && isSecretName(value.name)) return { name: value.name }
  return value
}

/** Where JSON text could hold something that `withoutSecrets` leaves out: a name it knows, or octets. */
const SUSPICIOUS =
  /password|passwd|passphrase|secret|challenge|mppe|private[-_]?key|chap[-_ ]?(response|cpw|lm|nt|success|error)|chap2|"arap|cookie|"(psk|pmk|msk|emsk|pin|otp|key|state|eap-message|message-authenticator)"|\{"0":/i

/**
 * JSON without secrets. A replacer makes `JSON.stringify` several times slower, so the text is made without one and only
 * made again where anything in it looks like a secret.
 */
export function jsonWithoutSecrets(value: object): string {
  const text = JSON.stringify(value)
  return SUSPICIOUS.test(text) ? JSON.stringify(value, withoutSecrets) : text
}

/** Names, in any case, that speak of a proof, a challenge or a key. */
const SECRET =
  /password|passwd|passphrase|secret|challenge|mppe|private[-_]?key|chap[-_ ]?(response|cpw|lm|nt|success|error)|chap2|^arap|cookie|^(psk|pmk|msk|emsk|pin|otp|key)$/i

/** RADIUS attributes that carry them inside. */
const SECRET_ATTRIBUTES: ReadonlySet<string> = new Set(['State', 'EAP-Message', 'Message-Authenticator'])

/** Verdicts on the few names that come again and again; bounded, because an attribute of a user can have any name. */
const verdicts = new Map<string, boolean>()
const MOST_VERDICTS = 2_000

function isSecretName(name: string): boolean {
  const known = verdicts.get(name)
  if (known !== undefined) return known
  const verdict = SECRET_ATTRIBUTES.has(name) || SECRET.test(name)
  if (verdicts.size < MOST_VERDICTS) verdicts.set(name, verdict)
  return verdict
}

function isAttribute(value: unknown): value is { readonly name: string } {
  return typeof value === 'object' && value !== null && 'name' in value && typeof value.name === 'string'
}
