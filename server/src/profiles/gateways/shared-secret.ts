import type { GatewayInput } from '../gateway-input.ts'
import type { Finding } from '../profile-output.ts'

/** What a device takes in a shared secret. */
export interface SecretRule {
  /** Why, for the sentence: `the command line of IOS`. */
  readonly where: string
  /** Characters it cannot take at all, whatever is put around them. */
  readonly refused?: RegExp
  /** false: what it makes of characters beyond ASCII is not known. */
  readonly beyondAscii: boolean
  readonly mostOctets: number
}

/** No device has a way to write these; half of a surrogate pair is not even a character. */
const NEVER = /[\p{Cc}\p{Cs}\u2028\u2029]/u

/** A secret that would arrive changed is refused here: a wrong secret is silence, and silence takes an afternoon to explain. */
export function secretFindings(input: GatewayInput, rule: SecretRule): readonly Finding[] {
  const coa = input.dynamicAuthorization?.secret
  return [
    ...findingsOf(input.secret, rule, `clients/${input.client.name}/secret`, 'The shared secret'),
    ...(coa === undefined || coa === input.secret
      ? []
      : findingsOf(
          coa,
          rule,
          `clients/${input.client.name}/dynamicAuthorizationSecret`,
          'The shared secret of CoA',
        )),
  ]
}

function findingsOf(secret: string, rule: SecretRule, setting: string, what: string): readonly Finding[] {
  const never = NEVER.exec(secret)?.[0]
  if (never !== undefined) {
    return [
      refused(
        'secret-not-printable',
        setting,
        `${what} holds ${codePoint(never)}, which is not printable: no device can be given it. Make a new one: {generate: true}.`,
      ),
    ]
  }
  const character = rule.refused?.exec(secret)?.[0]
  if (character !== undefined) {
    return [
      refused(
        'secret-character',
        setting,
        `${what} holds ${codePoint(character)}, which ${rule.where} cannot take. Make a new one: {generate: true}.`,
      ),
    ]
  }
  const beyond = /[^ -~]/u.exec(secret)?.[0]
  if (!rule.beyondAscii && beyond !== undefined) {
    return [
      refused(
        'secret-beyond-ascii',
        setting,
        `${what} holds ${codePoint(beyond)}: how ${rule.where} encodes characters beyond ASCII is not known. Make a new one: {generate: true}.`,
      ),
    ]
  }
  const octets = Buffer.byteLength(secret)
  if (octets > rule.mostOctets) {
    return [
      refused(
        'secret-too-long',
        setting,
        `${what} has ${String(octets)} octets; ${rule.where} takes ${String(rule.mostOctets)}. Make a new one: {generate: true}.`,
      ),
    ]
  }
  return []
}

function refused(code: string, setting: string, message: string): Finding {
  return { severity: 'obstacle', code, message, setting }
}

/** Never the character itself: it would stand in a log and give a part of the secret away less readably. */
function codePoint(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
}
