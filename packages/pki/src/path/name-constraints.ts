import type { Certificate } from '../certificate/certificate.ts'
import type { NameConstraints } from '../certificate/certificate-extensions.ts'
import { subjectEmails } from '../certificate/certificate-names.ts'
import { isWithin } from '../names/distinguished-name.ts'
import type { GeneralName } from '../names/general-name.ts'

/** Comparisons one certificate may cost; a certificate of thousands of names under thousands of subtrees is an attack. */
const MOST_COMPARISONS = 65536

/**
 * Why a certificate breaks the constraints of the CAs above it (RFC 5280 sections 4.2.1.10 and 6.1.3 (b), (c)),
 * in words, or undefined. `constraints`: one entry a CA, each to be fulfilled by itself, which is the intersection.
 */
export function nameConstraintViolation(
  certificate: Certificate,
  constraints: readonly NameConstraints[],
): string | undefined {
  if (constraints.length === 0) return undefined
  const names = constrainedNames(certificate)
  const subtrees = constraints.reduce((sum, one) => sum + one.permitted.length + one.excluded.length, 0)
  if (names.length * subtrees > MOST_COMPARISONS) return `${names.length} names under ${subtrees} subtrees`
  for (const name of names) {
    for (const { permitted, excluded } of constraints) {
      const sameKind = permitted.filter((base) => kindOf(base) === kindOf(name))
      if (sameKind.length > 0 && !sameKind.some((base) => matches(name, base, 'permitted'))) {
        return `${describe(name)} is not in a permitted subtree`
      }
      const hit = excluded.find((base) => kindOf(base) === kindOf(name) && matches(name, base, 'excluded'))
      if (hit !== undefined) return `${describe(name)} is in an excluded subtree`
    }
  }
  return undefined
}

/** The names constraints speak about: subject (unless empty), subjectAltName, and e-mail addresses in the subject. */
function constrainedNames(certificate: Certificate): GeneralName[] {
  const { subject, extensions } = certificate
  return [
    ...(subject.rdns.length > 0 ? [{ kind: 'directory', name: subject } as const] : []),
    ...subjectEmails(certificate).map((address) => ({ kind: 'email', address }) as const),
    ...(extensions.subjectAltName ?? []),
  ]
}

/** A user principal name travels as otherName, and constraints on otherName mean it too. */
function kindOf(name: GeneralName): string {
  return name.kind === 'upn' ? 'other' : name.kind
}

function describe(name: GeneralName): string {
  switch (name.kind) {
    case 'dns':
      return `DNS name '${name.name}'`
    case 'email':
      return `e-mail address '${name.address}'`
    case 'uri':
      return `URI '${name.uri}'`
    case 'upn':
      return `user principal name '${name.name}'`
    default:
      return `a name of kind '${name.kind}'`
  }
}

/**
 * A name whose form is not understood (or that is not well-formed) never lies in a permitted subtree and always in an
 * excluded one: section 4.2.1.10 lets an application process the constraint or reject the certificate.
 */
function matches(name: GeneralName, base: GeneralName, side: 'permitted' | 'excluded'): boolean {
  const inside = isInside(name, base, side)
  return inside ?? side === 'excluded'
}

function isInside(name: GeneralName, base: GeneralName, side: 'permitted' | 'excluded'): boolean | undefined {
  if (name.kind === 'directory' && base.kind === 'directory') return isWithin(name.name, base.name)
  if (name.kind === 'dns' && base.kind === 'dns') return dnsInside(name.name, base.name, side)
  if (name.kind === 'email' && base.kind === 'email') return emailInside(name.address, base.address)
  if (name.kind === 'uri' && base.kind === 'uri') return uriInside(name.uri, base.uri)
  if (name.kind === 'ip' && base.kind === 'ip') return ipInside(name.octets, base.octets)
  return undefined
}

/** Zero or more labels may stand to the left of the base; a base with a leading dot (not RFC, but seen) wants one. */
function dnsInside(name: string, base: string, side: 'permitted' | 'excluded'): boolean {
  const host = name.toLowerCase()
  const tree = base.toLowerCase()
  if (hostInside(host, tree)) return true
  // A wildcard could stand for a name in the excluded subtree: *.example.org and excluded www.example.org.
  if (side === 'excluded' && host.startsWith('*.')) return hostInside(tree.replace(/^\./, ''), host.slice(2))
  return false
}

function hostInside(host: string, tree: string): boolean {
  if (tree === '') return true
  if (tree.startsWith('.')) return host.endsWith(tree)
  return host === tree || host.endsWith(`.${tree}`)
}

/** A mailbox, all mailboxes of a host, or (leading dot) of all hosts in a domain. Only the host ignores case. */
function emailInside(address: string, base: string): boolean | undefined {
  const at = address.lastIndexOf('@')
  if (at <= 0 || at === address.length - 1) return undefined
  const host = address.slice(at + 1).toLowerCase()
  const baseAt = base.lastIndexOf('@')
  if (baseAt >= 0) {
    return address.slice(0, at) === base.slice(0, baseAt) && host === base.slice(baseAt + 1).toLowerCase()
  }
  return base.startsWith('.') ? host.endsWith(base.toLowerCase()) : host === base.toLowerCase()
}

/** The host part decides: exactly, or with a leading dot any host in the domain. No host or an address: not understood. */
function uriInside(uri: string, base: string): boolean | undefined {
  const authority = /^[A-Za-z][A-Za-z0-9+.-]*:\/\/(?:[^/?#@]*@)?([^/?#:@[\]]+)(?::\d*)?(?:[/?#]|$)/.exec(uri)
  const host = authority?.[1]?.toLowerCase()
  if (host === undefined || /^[\d.]+$/.test(host)) return undefined
  const tree = base.toLowerCase()
  return tree.startsWith('.') ? host.endsWith(tree) : host === tree
}

/** The base is an address followed by a mask of the same size. */
function ipInside(address: Uint8Array, base: Uint8Array): boolean | undefined {
  if (base.length !== 8 && base.length !== 32) return undefined
  if (address.length !== 4 && address.length !== 16) return undefined
  const size = base.length / 2
  if (address.length !== size) return false
  return address.every((octet, i) => {
    const mask = base[size + i] as number
    return (octet & mask) === ((base[i] as number) & mask)
  })
}
