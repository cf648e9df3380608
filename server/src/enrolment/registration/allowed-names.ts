import { isIP } from 'node:net'
import { toHex } from '@sallyport/bytes'
import { type GeneralName, ipOctets, ipText, nameText } from '@sallyport/pki'
import { PERMANENT_IDENTIFIER, readPermanentIdentifier } from '../permanent-identifier.ts'

const DNS_NAME = /^(\*\.)?([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/

/** For people, and to compare: `dns:vpn.example.org`. */
export function nameInText(name: GeneralName): string {
  switch (name.kind) {
    case 'dns':
      return `dns:${name.name}`
    case 'ip':
      return `ip:${ipText(name.octets)}`
    case 'email':
      return `email:${name.address}`
    case 'upn':
      return `upn:${name.name}`
    case 'uri':
      return `uri:${name.uri}`
    case 'directory':
      return `directory:${nameText(name.name)}`
    case 'registered-id':
      return `registered-id:${name.oid}`
    case 'other':
      return `other:${name.type}:${toHex(name.value)}`
    case 'x400':
    case 'edi':
      return `${name.kind}:${toHex(name.encoded)}`
  }
}

/** Whether `allowedNames` may hold it: what is written wrong would silently allow nothing. */
export function isNamePattern(pattern: string): boolean {
  if (pattern.includes('@')) return /^(\*|[^\s@*]+)@[a-z0-9.-]+$/i.test(pattern)
  const [address = '', prefix, ...rest] = pattern.split('/')
  const version = isIP(address)
  if (version === 0) return rest.length === 0 && prefix === undefined && DNS_NAME.test(pattern.toLowerCase())
  const bits = prefix === undefined ? 0 : /^\d{1,3}$/.test(prefix) ? Number(prefix) : Number.NaN
  return rest.length === 0 && bits <= (version === 4 ? 32 : 128)
}

/** Whether a template's `allowedNames` let a certificate hold this name. URIs and directory names never are. */
export function isAllowedName(name: GeneralName, allowed: readonly string[]): boolean {
  switch (name.kind) {
    case 'dns':
      return allowed.some((pattern) => matchesDns(name.name.toLowerCase(), pattern.toLowerCase()))
    case 'ip':
      return allowed.some((pattern) => matchesAddress(name.octets, pattern))
    case 'email':
      return allowed.some((pattern) => matchesMailbox(name.address, pattern))
    case 'upn':
      return allowed.some((pattern) => matchesMailbox(name.name, pattern))
    case 'other':
      return (
        name.type === PERMANENT_IDENTIFIER && allowed.some((pattern) => matchesDevice(name.value, pattern))
      )
    default:
      return false
  }
}

/** A device by what its maker calls it (RFC 4043); one `*` stands for anything, as numbers of a maker begin alike. */
function matchesDevice(value: Uint8Array, pattern: string): boolean {
  const device = readPermanentIdentifier(value)
  const [head = '', tail, ...rest] = pattern.split('*')
  if (device === undefined || rest.length > 0) return false
  if (tail === undefined) return device === pattern
  return device.length >= head.length + tail.length && device.startsWith(head) && device.endsWith(tail)
}

/** `*.example.org` stands for any name below it, however deep; the wildcard name itself is asked for and allowed alike. */
function matchesDns(name: string, pattern: string): boolean {
  if (!DNS_NAME.test(name)) return false
  if (pattern.includes('@') || pattern.includes('/')) return false
  if (!pattern.startsWith('*.')) return name === pattern
  // Whoever may hold every name below a domain may hold them in one certificate too.
  return name.endsWith(pattern.slice(1)) && name.length >= pattern.length
}

function matchesMailbox(address: string, pattern: string): boolean {
  const [local, domain, ...rest] = address.toLowerCase().split('@')
  const [wantedLocal, wantedDomain] = pattern.toLowerCase().split('@')
  if (!local || !domain || rest.length > 0 || wantedDomain === undefined) return false
  return domain === wantedDomain && (wantedLocal === '*' || wantedLocal === local)
}

function matchesAddress(octets: Uint8Array, pattern: string): boolean {
  const [address = '', prefix] = pattern.split('/')
  if (isIP(address) === 0 || !isNamePattern(pattern)) return false
  const network = ipOctets(address)
  if (network.length !== octets.length) return false
  const bits = prefix === undefined ? network.length * 8 : Number(prefix)
  if (!Number.isInteger(bits) || bits < 0 || bits > network.length * 8) return false
  return octets.every((octet, index) => {
    const kept = Math.min(8, Math.max(0, bits - index * 8))
    const mask = (0xff00 >> kept) & 0xff
    return (octet & mask) === ((network[index] ?? 0) & mask)
  })
}
