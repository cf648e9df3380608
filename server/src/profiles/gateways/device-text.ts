import { isIPv4 } from 'node:net'
import { ipOctets, ipText } from '@sallyport/pki'
import type { GatewayInput } from '../gateway-input.ts'
import type { ProfileFile } from '../profile-output.ts'
import type { SecretRule } from './shared-secret.ts'

/*
 * How a free text - a shared secret, a name of a network - stands in the language of each device, and what each language
 * cannot say at all. Everything else in these files is a number, an address or a name of ours.
 */

/** One line of the command line of IOS, ASA or AOS-CX: no quotes, no escapes; `?` asks for help wherever it stands. */
export const CISCO_SECRET: SecretRule = {
  where: 'the command line of the device',
  refused: /[?\s"]/u,
  beyondAscii: false,
  mostOctets: 127,
}

/** FortiOS CLI Reference, user radius: secret has at most 128 characters. */
export const FORTIOS_SECRET: SecretRule = {
  where: 'the command line of FortiOS',
  refused: /[?]/u,
  beyondAscii: false,
  mostOctets: 128,
}

export const ROUTEROS_SECRET: SecretRule = { where: 'RouterOS', beyondAscii: false, mostOctets: 255 }
/** NPS takes 255 characters. */
export const WINDOWS_SECRET: SecretRule = { where: 'NPS', beyondAscii: false, mostOctets: 255 }
/** Typed into a page by somebody: outer blanks would be lost, and a quote is as good as any other character. */
export const TYPED_SECRET: SecretRule = {
  where: 'a field of a web page',
  refused: /^\s|\s$/u,
  beyondAscii: false,
  mostOctets: 128,
}

/** In double quotes; the backslash takes the meaning of what follows. */
export function fortiosText(text: string): string {
  return `"${text.replace(/[\\"]/g, '\\$&')}"`
}

/** In double quotes; what is not plain as the two hexadecimal digits of each octet, `$` and `?` among them. */
export function routerosText(text: string): string {
  const written = [...Buffer.from(text)].map((octet) => {
    const character = String.fromCharCode(octet)
    return /[A-Za-z0-9 .,:/@_-]/.test(character)
      ? character
      : `\\${octet.toString(16).toUpperCase().padStart(2, '0')}`
  })
  return `"${written.join('')}"`
}

/** First and last address of a network that a host may have: `10.30.0.1-10.30.255.254`. IPv4 alone. */
export function hostRange(prefix: string): {
  readonly first: string
  readonly last: string
  readonly mask: string
} {
  const [address = '', length = ''] = prefix.split('/')
  const bits = Number(length)
  const number = ipOctets(address).reduce((sum, octet) => sum * 256 + octet, 0)
  const size = 2 ** (32 - bits)
  const start = Math.floor(number / size) * size
  // A network of one or two addresses has no name and no broadcast (RFC 3021).
  const inset = size > 2 ? 1 : 0
  return {
    first: textOf(start + inset),
    last: textOf(start + size - 1 - inset),
    mask: textOf(2 ** 32 - size),
  }
}

/** `10.20.0.0 255.255.0.0`, host bits cleared. */
export function networkAndMask(prefix: string): { readonly network: string; readonly mask: string } {
  const [address = '', length = ''] = prefix.split('/')
  const size = 2 ** (32 - Number(length))
  const number = ipOctets(address).reduce((sum, octet) => sum * 256 + octet, 0)
  return { network: textOf(Math.floor(number / size) * size), mask: textOf(2 ** 32 - size) }
}

function textOf(number: number): string {
  return ipText(Uint8Array.from([24, 16, 8, 0], (shift) => Math.floor(number / 2 ** shift) % 256))
}

export const isIpv4Prefix = (prefix: string): boolean => isIPv4(prefix.split('/')[0] ?? '')

/** Settings of a device with its secrets. */
export function secretFile(name: string, lines: readonly string[]): ProfileFile {
  return { name, mediaType: 'text/plain', content: `${lines.join('\n')}\n`, holdsSecret: true }
}

/** A name for objects of the device, from that of the gateway: letters, digits and `-`. */
export const OBJECT = 'sallyport'

/** Minutes, never none: devices that do not count in seconds. */
export const interimMinutes = ({ gateway }: GatewayInput): string =>
  String(Math.max(1, Math.round(gateway.interimSeconds / 60)))
