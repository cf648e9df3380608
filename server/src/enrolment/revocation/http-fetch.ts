import { lookup as systemLookup } from 'node:dns'
import { request } from 'node:http'
import { isIP, type LookupFunction } from 'node:net'
import { UpstreamError } from '../../kernel/errors.ts'
import { mayBeAsked } from './address-guard.ts'

export interface FetchRequest {
  readonly url: string
  /** Sent by POST; absent: GET. */
  readonly body?: { readonly type: string; readonly octets: Uint8Array }
  readonly accept: string
  readonly maximumOctets: number
  readonly timeoutMilliseconds: number
  /** The administrator wrote this host down: any address will do. */
  readonly trusted: boolean
}

/** Why nothing came, in a few words without anything the other side made up. */
export class FetchError extends UpstreamError {
  constructor(detail: string, cause?: unknown) {
    super('revocation-fetch-failed', `Revocation data could not be fetched: ${detail}.`, { detail }, cause)
  }

  get detail(): string {
    return String(this.values.detail)
  }
}

export type Fetch = (wanted: FetchRequest) => Promise<Uint8Array>

/**
 * Fetches octets over plain HTTP: what is fetched is signed, and TLS would need a revocation check of its own. No
 * redirect is followed, no answer longer than asked for is read. @throws FetchError
 */
export const fetchOctets: Fetch = (wanted) => {
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>()
  const url = URL.parse(wanted.url)
  if (url?.protocol !== 'http:') return Promise.reject(new FetchError('only http:// URLs are fetched'))
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (!wanted.trusted && isIP(host) !== 0 && !mayBeAsked(host)) {
    return Promise.reject(new FetchError(`the address ${host} is not allowed`))
  }
  const { body, accept, maximumOctets, timeoutMilliseconds } = wanted
  // Refused before the connection is closed: what has arrived already must not count.
  const fail = (detail: string): void => {
    reject(new FetchError(detail))
    outgoing.destroy()
  }
  const outgoing = request(
    url,
    {
      method: body === undefined ? 'GET' : 'POST',
      headers: { accept, ...(body === undefined ? {} : { 'content-type': body.type }) },
      signal: AbortSignal.timeout(timeoutMilliseconds),
      agent: false,
      // Checked where it is used: a name that resolves to something else in a moment gains nothing.
      ...(wanted.trusted ? {} : { lookup: guardedLookup }),
    },
    (answer) => {
      const chunks: Buffer[] = []
      let length = 0
      if (answer.statusCode !== 200) {
        fail(statusText(answer.statusCode ?? 0))
        return
      }
      answer.on('data', (chunk: Buffer) => {
        length += chunk.length
        if (length > maximumOctets) {
          fail(`more than ${maximumOctets} octets came`)
          return
        }
        chunks.push(chunk)
      })
      answer.on('end', () => resolve(Buffer.concat(chunks)))
      answer.on('error', (error) => reject(asFetchError(error, timeoutMilliseconds)))
    },
  )
  outgoing.on('error', (error) => reject(asFetchError(error, timeoutMilliseconds)))
  outgoing.end(body?.octets)
  return promise
}

function statusText(status: number): string {
  return status >= 300 && status < 400 ? `a redirect (HTTP ${status}), none is followed` : `HTTP ${status}`
}

const guardedLookup: LookupFunction = (host, options, answer) => {
  systemLookup(host, { ...options, all: true }, (error, found) => {
    if (error !== null) {
      answer(error, '', 0)
      return
    }
    const refused = found.find(({ address }) => !mayBeAsked(address))
    const [first] = found
    if (refused !== undefined || first === undefined) {
      answer(new FetchError(`the address ${refused?.address ?? ''} of ${host} is not allowed`), '', 0)
    } else if (options.all === true) answer(null, found)
    else answer(null, first.address, first.family)
  })
}

function asFetchError(error: unknown, timeoutMilliseconds: number): FetchError {
  if (error instanceof FetchError) return error
  if (error instanceof Error && (error.name === 'AbortError' || error.name === 'TimeoutError')) {
    return new FetchError(`no answer within ${timeoutMilliseconds / 1000} s`, error)
  }
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined
  const known = code === undefined ? undefined : CODES[code]
  return new FetchError(known ?? code ?? 'the connection broke', error)
}

const CODES: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was broken off',
  ENOTFOUND: 'the name does not resolve',
  EAI_AGAIN: 'the name does not resolve now',
  EHOSTUNREACH: 'the host is unreachable',
  ENETUNREACH: 'the network is unreachable',
  ETIMEDOUT: 'no connection',
}
