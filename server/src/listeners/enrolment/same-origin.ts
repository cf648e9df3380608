import type { IncomingHttpHeaders } from 'node:http'

/**
 * Whether a form was sent from one of our own pages, as far as the browser says (Fetch Metadata, and Origin of RFC 6454). The
 * secret in a form is protection enough; this keeps pages of others from sending one in somebody's name all the same. A page
 * without a referrer sends the origin `null`, and programs that are no browsers say nothing.
 */
export function isFromOwnPage(headers: IncomingHttpHeaders): boolean {
  const { host, origin } = headers
  const site = headers['sec-fetch-site']
  if (site !== undefined) return site === 'same-origin' || site === 'none'
  return origin === undefined || origin === 'null' || origin === `https://${host ?? ''}`
}
