import { toUtf8 } from '@sallyport/bytes'

export interface BasicCredentials {
  readonly name: string
  readonly password: Uint8Array
}

/** Name and password, each octet of them: longer ones are nobody's. */
const LONGEST = 4096

/** HTTP Basic (RFC 7617), in UTF-8; undefined: the header is none. A name holds no colon, a password may. */
export function readBasicCredentials(header: string): BasicCredentials | undefined {
  const [, encoded] = /^basic +([A-Za-z0-9+/]+={0,2}) *$/i.exec(header) ?? []
  if (encoded === undefined || encoded.length > LONGEST) return undefined
  const octets = new Uint8Array(Buffer.from(encoded, 'base64'))
  const colon = octets.indexOf(0x3a)
  if (colon < 1) return undefined
  const name = toUtf8(octets.subarray(0, colon))
  return name === undefined ? undefined : { name, password: octets.subarray(colon + 1) }
}
