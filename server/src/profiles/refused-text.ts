import type { ProfileInput } from './profile-input.ts'
import type { Finding } from './profile-output.ts'

/** Control characters and the two separators that some programs take for the end of a line. */
const BREAKS_LINES = /[\p{Cc}\u2028\u2029]/u

const USER_NAME = 'The user name'

/** Texts of a description that no line of a file can carry: none, half a character, or one that ends the line. */
export function refusedTexts({ connection, person, certificate }: ProfileInput): readonly Finding[] {
  const texts: readonly (readonly [what: string, text: string | undefined])[] = [
    ['The name of the connection', connection.name],
    ['The title of the connection', connection.title],
    ['The SSID', connection.kind === 'wifi' ? connection.ssid : undefined],
    ['The shared key', connection.kind === 'vpn' ? connection.preSharedKey : undefined],
    [USER_NAME, person?.userName],
    ['The user principal name', person?.upn],
    ['The e-mail address', person?.email],
    ['The password of the container', certificate?.kind === 'pkcs12' ? certificate.password : undefined],
    [
      'The challenge',
      certificate !== undefined && 'challenge' in certificate ? certificate.challenge : undefined,
    ],
  ]
  return texts
    .filter(
      ([what, text]) =>
        text !== undefined &&
        ((text === '' && what === USER_NAME) || BREAKS_LINES.test(text) || !text.isWellFormed()),
    )
    .map(([what, text]) => ({
      severity: 'obstacle',
      code: 'text-not-carried',
      message:
        text === ''
          ? `${what} is empty.`
          : `${what} holds a control character or half a character, which this file cannot carry.`,
    }))
}
