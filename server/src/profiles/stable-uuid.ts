import { createHash } from 'node:crypto'

/** The namespace of this product's own identifiers: random once, the same for ever. */
const NAMESPACE = Buffer.from('6f2d7a0e9b1c4d53a8e47c15f03b92d6', 'hex')

/**
 * An UUID of a name, version 5 (RFC 9562 section 5.5). A profile that is handed out again keeps its identifiers, and so
 * replaces the former one instead of standing beside it.
 *
 * @param parts from the general to the particular; none is taken for a part of another
 * @returns lower case with hyphens
 */
export function stableUuid(...parts: readonly string[]): string {
  const hash = createHash('sha1').update(NAMESPACE).update(JSON.stringify(parts)).digest().subarray(0, 16)
  hash[6] = ((hash[6] ?? 0) & 0x0f) | 0x50
  hash[8] = ((hash[8] ?? 0) & 0x3f) | 0x80
  return hash.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
