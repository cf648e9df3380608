import { toUtf8 } from '@sallyport/bytes'
import { DerReader } from '../der/der-reader.ts'
import { latin1 } from '../der/der-values.ts'
import { printableString, utf8String } from '../der/der-writer.ts'
import { TAG } from '../der/tags.ts'
import { ATTRIBUTE } from '../oids.ts'
import { malformed } from '../pki-error.ts'
import type { CertificationRequest } from './certification-request.ts'

/**
 * The challengePassword of a request (RFC 2985 section 5.4.1), whichever string type the client chose; undefined: it has
 * none. @throws PkiError 'malformed'
 */
export function readChallengePassword({
  attributes,
}: Pick<CertificationRequest, 'attributes'>): string | undefined {
  const [values] = attributes.get(ATTRIBUTE.challengePassword) ?? []
  if (values === undefined) return undefined
  const reader = new DerReader(values)
  const { tag, content } = reader.any()
  reader.finish('challengePassword')
  switch (tag) {
    case TAG.printableString:
    case TAG.ia5String:
    case TAG.t61String:
      return latin1(content)
    case TAG.utf8String: {
      const text = toUtf8(content)
      if (text === undefined) throw malformed('challengePassword is not UTF-8')
      return text
    }
    case TAG.bmpString:
      if (content.length % 2 !== 0) throw malformed('challengePassword of half a character')
      return new TextDecoder('utf-16be').decode(content)
    default:
      throw malformed(`challengePassword with tag 0x${tag.toString(16)}`)
  }
}

/** The attribute of a request, as the standard prefers to write it: PrintableString where the text allows. */
export function challengePassword(text: string): {
  readonly type: string
  readonly values: readonly Uint8Array[]
} {
  const isPrintable = /^[A-Za-z0-9 '()+,./:=?-]+$/.test(text)
  return {
    type: ATTRIBUTE.challengePassword,
    values: [isPrintable ? printableString(text) : utf8String(text)],
  }
}
