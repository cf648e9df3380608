import { DerReader, onlyElement } from '../der/der-reader.ts'
import { expectOid, readSmallInteger } from '../der/der-values.ts'
import { contextConstructed, TAG } from '../der/tags.ts'
import { readNameValuePairs } from '../issue/microsoft-extensions.ts'
import { malformed } from '../pki-error.ts'
import { CMC } from './cmc-oids.ts'

/** The body of a CMC request (RFC 5272 section 3.2.1), as far as MS-WCCE uses it. */
export interface PkiData {
  readonly bodyPartId: number
  /** The one PKCS #10, DER. */
  readonly request: Uint8Array
  /** Of the regInfo control and of Microsoft's name-value pairs. */
  readonly attributes: readonly (readonly [name: string, value: string])[]
}

const MOST_CONTROLS = 32
const LONGEST_INFO = 4096

/** @throws PkiError 'malformed' */
export function parsePkiData(octets: Uint8Array): PkiData {
  const reader = new DerReader(onlyElement(octets, TAG.sequence, 'PKIData').content)
  const controls = reader.enter(TAG.sequence, 'controls')
  const requests = reader.enter(TAG.sequence, 'requests')
  reader.expect(TAG.sequence, 'CMS sequence')
  reader.expect(TAG.sequence, 'other messages')
  reader.finish('PKIData')
  // MS-WCCE section 3.2.1.4.2.1.4.2.2: exactly one PKCS #10.
  const tagged = new DerReader(requests.expect(contextConstructed(0), 'PKCS #10 request').content)
  requests.finish('requests: there must be exactly one')
  const bodyPartId = readSmallInteger(tagged.expect(TAG.integer, 'body part id'))
  const request = tagged.expect(TAG.sequence, 'CertificationRequest').encoded
  tagged.finish('tagged request')
  return { bodyPartId, request, attributes: readControls(controls, bodyPartId) }
}

function readControls(reader: DerReader, requestId: number): (readonly [string, string])[] {
  const found: (readonly [string, string])[] = []
  for (let count = 0; !reader.done; count++) {
    if (count === MOST_CONTROLS) throw malformed(`more than ${MOST_CONTROLS} controls`)
    const control = reader.enter(TAG.sequence, 'control')
    readSmallInteger(control.expect(TAG.integer, 'body part id'))
    const type = expectOid(control, 'control type')
    const values = new DerReader(control.expect(TAG.set, 'control values').content)
    control.finish('control')
    while (!values.done) {
      const value = values.any()
      if (type === CMC.regInfo) found.push(...regInfoPairs(value.content))
      if (type === CMC.addAttributes) found.push(...addedPairs(value.content, requestId))
    }
  }
  return found
}

/**
 * MS-WCCE section 2.2.2.6.3: `Name=Value&Name=Value`, escaped as in an URL. Windows writes it in UTF-8 or, in its own
 * tools, UTF-16.
 */
function regInfoPairs(octets: Uint8Array): (readonly [string, string])[] {
  if (octets.length > LONGEST_INFO) throw malformed(`registration information of ${octets.length} octets`)
  const text = new TextDecoder(octets[1] === 0 ? 'utf-16le' : 'utf-8').decode(octets)
  return text
    .split(/[&\r\n]+/)
    .filter((pair) => pair.includes('='))
    .map((pair) => {
      const at = pair.indexOf('=')
      return [unescaped(pair.slice(0, at)), unescaped(pair.slice(at + 1))] as const
    })
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text).trim()
  } catch {
    throw malformed('registration information is escaped wrongly')
  }
}

/** CmcAddAttributes: the pairs that are said to belong to the request. */
function addedPairs(content: Uint8Array, requestId: number): (readonly [string, string])[] {
  const reader = new DerReader(content)
  readSmallInteger(reader.expect(TAG.integer, 'data reference'))
  const references = reader.enter(TAG.sequence, 'certificate references')
  const ids: number[] = []
  while (!references.done) ids.push(readSmallInteger(references.expect(TAG.integer, 'body part id')))
  const attributes = reader.enter(TAG.set, 'attributes')
  reader.finish('added attributes')
  const pairs: (readonly [string, string])[] = []
  while (!attributes.done) {
    const attribute = attributes.enter(TAG.sequence, 'attribute')
    const type = expectOid(attribute, 'attribute type')
    const values = attribute.expect(TAG.set, 'attribute values').content
    attribute.finish('attribute')
    if (type === CMC.enrolmentNameValuePair && ids.includes(requestId))
      pairs.push(...readNameValuePairs([values]))
  }
  return pairs
}
