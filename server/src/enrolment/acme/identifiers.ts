import { isIP } from 'node:net'
import { type CertificationRequest, type GeneralName, ipOctets } from '@sallyport/pki'
import {
  PERMANENT_IDENTIFIER,
  readPermanentIdentifier,
  writePermanentIdentifier,
} from '../permanent-identifier.ts'
import type { Identifier } from './problem.ts'

/** A name of an order: `*.example.org` is the identifier `example.org` with `wildcard`. */
export interface OrderedName {
  readonly identifier: Identifier
  readonly wildcard: boolean
}

const LABEL = /^(?!-)[a-z0-9-]{1,63}(?<!-)$/
const LONGEST_DNS_NAME = 253
/** Serial numbers and UDIDs; all of them are ASCII without spaces. */
const DEVICE = /^[A-Za-z0-9._:-]{1,64}$/

/** Reads an identifier of newOrder. @returns a string that says why it is none */
export function readIdentifier(value: unknown): OrderedName | string {
  if (typeof value !== 'object' || value === null) return 'it is not an object'
  const { type, value: text } = value as { type?: unknown; value?: unknown } // both are looked at below
  if (typeof text !== 'string' || text.length > LONGEST_DNS_NAME) return 'its value is not a name'
  if (type === 'dns') return readDnsName(text.toLowerCase())
  if (type === 'ip') {
    const address = canonicalAddress(text)
    return address === undefined
      ? 'it is not an address'
      : { identifier: { type: 'ip', value: address }, wildcard: false }
  }
  if (type === 'permanent-identifier') {
    return DEVICE.test(text)
      ? { identifier: { type: 'permanent-identifier', value: text }, wildcard: false }
      : 'it is not an identifier of a device'
  }
  return 'identifiers of this type are not certified'
}

function readDnsName(text: string): OrderedName | string {
  const wildcard = text.startsWith('*.')
  const name = wildcard ? text.slice(2) : text
  const labels = name.split('.')
  if (!labels.every((label) => LABEL.test(label))) return 'it is not a DNS name'
  // `10.0.0.1`, and what resolvers also take for an address: `0x7f.1`, `2130706433`.
  if (/^(\d+|0x[0-9a-f]*)$/.test(labels.at(-1) ?? '')) return 'it is an address, not a DNS name'
  if (wildcard && labels.length < 2) return 'a wildcard needs a domain of two labels or more'
  return { identifier: { type: 'dns', value: name }, wildcard }
}

/** RFC 5952 form, so that one address is one text; undefined where it is none, or has a zone. */
export function canonicalAddress(text: string): string | undefined {
  const family = isIP(text)
  if (family === 4) return text
  if (family !== 6 || text.includes('%')) return undefined
  return URL.parse(`http://[${text}]/`)?.hostname.slice(1, -1)
}

export function nameTextOf({ identifier, wildcard }: OrderedName): string {
  return wildcard ? `*.${identifier.value}` : identifier.value
}

/** As it stands in an order and in a comparison. */
export function nameKeyOf(name: OrderedName): string {
  return `${name.identifier.type}:${nameTextOf(name)}`
}

export function generalNameOf(name: OrderedName): GeneralName {
  const { type, value } = name.identifier
  if (type === 'ip') return { kind: 'ip', octets: ipOctets(value) }
  if (type === 'dns') return { kind: 'dns', name: nameTextOf(name) }
  return { kind: 'other', type: PERMANENT_IDENTIFIER, value: writePermanentIdentifier(value) }
}

/** What a request asks to be called differs from the order in what this says; undefined: in nothing. */
export function namesDiffer(
  request: CertificationRequest,
  ordered: readonly OrderedName[],
): string | undefined {
  const wanted = new Set(ordered.map(nameKeyOf))
  const asked = new Set<string>()
  const isDevice = ordered.some(({ identifier }) => identifier.type === 'permanent-identifier')
  for (const name of request.extensions.subjectAltName ?? []) {
    const key = keyOfGeneralName(name)
    if (key === undefined) return `it asks for a name of a kind that is not in the order (${name.kind})`
    asked.add(key)
  }
  // A profile fills the subject and the names of a device's request as it likes; what is certified is what was attested.
  if (!isDevice) {
    for (const name of commonNames(request)) asked.add(commonNameKey(name))
  }
  const extra = [...asked].find((key) => !wanted.has(key))
  if (extra !== undefined) return `it asks for ${shown(extra)}, which is not in the order`
  const missing = [...wanted].find((key) => !asked.has(key))
  if (missing !== undefined && !isDevice) return `it does not ask for ${shown(missing)}`
  return undefined
}

const COMMON_NAME = '2.5.4.3'

function commonNames(request: CertificationRequest): string[] {
  return request.subject.rdns
    .flat()
    .filter(({ type }) => type === COMMON_NAME)
    .map(({ text }) => text ?? '')
}

/** RFC 8555 section 7.4: the name may stand in the subject instead. */
function commonNameKey(text: string): string {
  const address = canonicalAddress(text)
  return address === undefined ? `dns:${text.toLowerCase()}` : `ip:${address}`
}

/** A name of a certificate as an order would have it; undefined where no order can. */
export function nameOfGeneralName(name: GeneralName): OrderedName | undefined {
  const key = keyOfGeneralName(name)
  if (key === undefined) return undefined
  const at = key.indexOf(':')
  const ordered = readIdentifier({ type: key.slice(0, at), value: key.slice(at + 1) })
  return typeof ordered === 'string' ? undefined : ordered
}

function keyOfGeneralName(name: GeneralName): string | undefined {
  if (name.kind === 'dns') return `dns:${name.name.toLowerCase()}`
  if (name.kind === 'ip') return ipKey(name.octets)
  if (name.kind !== 'other' || name.type !== PERMANENT_IDENTIFIER) return undefined
  const device = readPermanentIdentifier(name.value)
  return device === undefined ? undefined : `permanent-identifier:${device}`
}

function ipKey(octets: Uint8Array): string | undefined {
  if (octets.length === 4) return `ip:${octets.join('.')}`
  if (octets.length !== 16) return undefined
  const groups = Buffer.from(octets).toString('hex').match(/.{4}/g) ?? []
  const address = canonicalAddress(groups.join(':'))
  return address === undefined ? undefined : `ip:${address}`
}

function shown(key: string): string {
  return key.slice(key.indexOf(':') + 1).slice(0, 100)
}
