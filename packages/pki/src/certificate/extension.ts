import { DerReader, type Element } from '../der/der-reader.ts'
import { expectOid, readBoolean } from '../der/der-values.ts'
import { boolean, octetString, oid, sequence } from '../der/der-writer.ts'
import { TAG } from '../der/tags.ts'
import { malformed } from '../pki-error.ts'

/** One extension as it travels: `value` is the content of extnValue. */
export interface Extension {
  readonly oid: string
  readonly critical: boolean
  readonly value: Uint8Array
}

/** Extensions ::= SEQUENCE SIZE (1..MAX) OF Extension; each type at most once (RFC 5280 section 4.2). */
export function readExtensions(extensions: Element): Map<string, Extension> {
  const reader = new DerReader(extensions.content)
  const found = new Map<string, Extension>()
  while (!reader.done) {
    const extension = readExtension(reader)
    if (found.has(extension.oid)) throw malformed(`extension ${extension.oid} appears twice`)
    found.set(extension.oid, extension)
  }
  if (found.size === 0) throw malformed('empty list of extensions')
  return found
}

function readExtension(list: DerReader): Extension {
  const reader = list.enter(TAG.sequence, 'Extension')
  const id = expectOid(reader, 'extension type')
  const flag = reader.optional(TAG.boolean)
  const critical = flag !== undefined && readBoolean(flag)
  const value = reader.expect(TAG.octetString, 'extension value').content
  reader.finish('Extension')
  return { oid: id, critical, value }
}

export function encodeExtensions(extensions: readonly Extension[]): Uint8Array {
  return sequence(
    ...extensions.map((extension) =>
      sequence(
        oid(extension.oid),
        ...(extension.critical ? [boolean(true)] : []),
        octetString(extension.value),
      ),
    ),
  )
}
