import { RESULT, type SearchRequest } from '@sallyport/ldap'
import type { Answered, Found } from './connection.ts'
import type { BindAnswer, DirectoryQuery, DirectoryUnavailable, SearchAnswer } from './directory.ts'

export function searchRequest(
  query: Omit<DirectoryQuery, 'limit'>,
  limit: number,
  milliseconds: number,
): SearchRequest {
  const { base, scope, filter, attributes } = query
  return {
    ...{ base, scope, filter, attributes },
    // One more than wanted tells "too many" from "just enough".
    sizeLimit: limit + 1,
    timeLimitSeconds: Math.max(1, Math.ceil(milliseconds / 1000)),
  }
}

export function searchAnswer({ result, entries, isCut }: Found, server: string): SearchAnswer {
  const { code, message } = result
  // A list the server itself cut short is no list: who is not on it may exist all the same.
  if (isCut || code === RESULT.sizeLimitExceeded) return { kind: 'too-many', server }
  if (code !== RESULT.success) return { kind: 'refused', code, message, server }
  return { kind: 'entries', entries, server }
}

export function bindAnswer(
  { result: { code, message, policy } }: Answered,
  server: string,
): Exclude<BindAnswer, DirectoryUnavailable> {
  // A bind that succeeds so that the password can be changed is no login.
  if (policy !== undefined) return { kind: 'refused', code, message, server, policy }
  return code === RESULT.success ? { kind: 'bound', server } : { kind: 'refused', code, message, server }
}
