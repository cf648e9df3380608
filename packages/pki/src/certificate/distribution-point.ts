import { DerReader, onlyElement } from '../der/der-reader.ts'
import { contextConstructed, contextPrimitive, TAG } from '../der/tags.ts'
import { type GeneralName, readGeneralNames } from '../names/general-name.ts'

/** RFC 5280 section 4.2.1.13. Names relative to the CRL issuer are kept as octets and compared as such. */
export interface DistributionPoint {
  readonly fullName: readonly GeneralName[]
  /** The encoded DistributionPointName, to compare with the one in a CRL. */
  readonly encodedNames: readonly Uint8Array[]
  /** The CRL covers some reasons only, or another authority signs it. */
  readonly partial: boolean
}

export function readDistributionPoints(value: Uint8Array): DistributionPoint[] {
  const reader = new DerReader(onlyElement(value, TAG.sequence, 'cRLDistributionPoints').content)
  const points: DistributionPoint[] = []
  while (!reader.done) {
    const point = reader.enter(TAG.sequence, 'DistributionPoint')
    const name = point.optional(contextConstructed(0))
    const reasons = point.optional(contextPrimitive(1))
    const issuer = point.optional(contextConstructed(2))
    point.finish('DistributionPoint')
    points.push({
      ...readDistributionPointName(name?.content),
      partial: reasons !== undefined || issuer !== undefined,
    })
  }
  return points
}

/** DistributionPointName ::= CHOICE { fullName [0], nameRelativeToCRLIssuer [1] }. */
export function readDistributionPointName(
  content: Uint8Array | undefined,
): Pick<DistributionPoint, 'fullName' | 'encodedNames'> {
  if (content === undefined) return { fullName: [], encodedNames: [] }
  const full = new DerReader(content).optional(contextConstructed(0))
  if (full === undefined) return { fullName: [], encodedNames: [content] }
  const encodedNames: Uint8Array[] = []
  const reader = new DerReader(full.content)
  while (!reader.done) encodedNames.push(reader.any().encoded)
  return { fullName: readGeneralNames(full.content), encodedNames }
}
