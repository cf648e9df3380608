import { DerReader, onlyElement } from '../der/der-reader.ts'
import { expectOid, readOid } from '../der/der-values.ts'
import { oid, sequence, setOf } from '../der/der-writer.ts'
import { TAG } from '../der/tags.ts'
import { malformed } from '../pki-error.ts'

/** AttrOrOID (RFC 7030 section 4.5.2). `values`: DER, one after the other. */
export interface CsrAttribute {
  readonly type: string
  /** Absent: the object identifier alone. */
  readonly values?: readonly Uint8Array[]
}

const MOST = 64

/** CsrAttrs: what a server wants in a request. */
export function encodeCsrAttributes(attributes: readonly CsrAttribute[]): Uint8Array {
  return sequence(
    ...attributes.map(({ type, values }) =>
      values === undefined ? oid(type) : sequence(oid(type), setOf(...values)),
    ),
  )
}

/** @throws PkiError 'malformed' */
export function parseCsrAttributes(octets: Uint8Array): CsrAttribute[] {
  const reader = new DerReader(onlyElement(octets, TAG.sequence, 'CsrAttrs').content)
  const attributes: CsrAttribute[] = []
  while (!reader.done) {
    if (attributes.length >= MOST) throw malformed(`more than ${MOST} attributes`)
    attributes.push(reader.nextTag === TAG.oid ? { type: readOid(reader.any()) } : readAttribute(reader))
  }
  return attributes
}

function readAttribute(reader: DerReader): CsrAttribute {
  const attribute = reader.enter(TAG.sequence, 'Attribute')
  const type = expectOid(attribute, 'attribute type')
  const set = new DerReader(attribute.expect(TAG.set, 'attribute values').content)
  attribute.finish('Attribute')
  const values: Uint8Array[] = []
  while (!set.done) values.push(set.any().encoded)
  return { type, values }
}

const EC_PUBLIC_KEY = '1.2.840.10045.2.1'
const RSA_ENCRYPTION = '1.2.840.113549.1.1.1'
const ED25519 = '1.3.101.112'
const CURVES = { p256: '1.2.840.10045.3.1.7', p384: '1.3.132.0.34', p521: '1.3.132.0.35' } as const

/** The kind of key a server wants, as the example of RFC 7030 section 4.5.2 writes it. */
export function wantedKey(kind: 'p256' | 'p384' | 'p521' | 'rsa' | 'ed25519'): CsrAttribute {
  if (kind === 'rsa') return { type: RSA_ENCRYPTION }
  if (kind === 'ed25519') return { type: ED25519 }
  return { type: EC_PUBLIC_KEY, values: [oid(CURVES[kind])] }
}

/** The first kind of key that is asked for; undefined: none is, or none that is known. */
export function wantedKeyKind(
  attributes: readonly CsrAttribute[],
): 'p256' | 'p384' | 'p521' | 'rsa' | 'ed25519' | undefined {
  for (const { type, values } of attributes) {
    if (type === RSA_ENCRYPTION) return 'rsa'
    if (type === ED25519) return 'ed25519'
    if (type !== EC_PUBLIC_KEY) continue
    const [value] = values ?? []
    const curve = value && readOid(onlyElement(value, TAG.oid, 'curve'))
    for (const [kind, dotted] of Object.entries(CURVES) as [keyof typeof CURVES, string][]) // keys of the literal above
      if (dotted === curve) return kind
  }
  return undefined
}
