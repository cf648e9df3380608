import type { IncomingHttpHeaders } from 'node:http'

/** Whether the client says that it has this already (RFC 9110 section 13.1). @param modified milliseconds since the epoch */
export function hasIt(headers: IncomingHttpHeaders, etag: string, modified?: number): boolean {
  const { 'if-none-match': tags, 'if-modified-since': since } = headers
  if (tags !== undefined) {
    return tags.split(',').some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === etag)
  }
  if (since === undefined || modified === undefined) return false
  const at = Date.parse(since)
  return Number.isFinite(at) && Math.floor(modified / 1000) * 1000 <= at
}
