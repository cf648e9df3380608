import { type Attribute, attribute } from '@sallyport/radius'
import { CiscoAVPair } from '@sallyport/radius/attributes'
import { term } from './term.ts'

/** Cisco-AVPair: `protocol:attribute=value`. */
export function pair(text: string): Attribute {
  return attribute(CiscoAVPair, text)
}

/** What Cisco's and Meraki's devices share. */
export const ciscoPairTerms = {
  /** The tag in hex and its generation, which we do not count. */
  securityGroupTag: term<'securityGroupTag'>(
    'vendor',
    'Cisco-AVPair cts:security-group-tag (Cisco TrustSec guide)',
    (tag) => [pair(`cts:security-group-tag=${tag.toString(16).padStart(4, '0')}-00`)],
  ),
  urlRedirect: term<'urlRedirect'>(
    'vendor',
    'Cisco-AVPair url-redirect and url-redirect-acl (Cisco central web authentication)',
    ({ url, acl }) => [
      pair(`url-redirect=${url}`),
      ...(acl === undefined ? [] : [pair(`url-redirect-acl=${acl}`)]),
    ],
  ),
}
