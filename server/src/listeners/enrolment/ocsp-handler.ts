import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http'
import { LARGEST_OCSP_REQUEST } from '@sallyport/pki'
import type { OcspReply } from '../../enrolment/status/ocsp-responder.ts'
import { hasIt } from './conditional-request.ts'
import type { EnrolmentServices } from './enrolment-services.ts'

/** A proxy keeps an answer no longer, though it holds longer: a revocation must not hide there for half a day. */
const MOST_SECONDS = 3600
const PATH = '/ocsp'

/**
 * Answers `/ocsp` before the router: thousands of answers a second leave no room for anything a plain answer does not
 * need. RFC 6960 appendix A.1: POST takes the request as its body, GET in base64 after the path.
 */
export function answerOcspBefore(server: Server, { publication, log }: EnrolmentServices): void {
  const others = server.listeners('request') as RequestListener[] // of the router
  server.removeAllListeners('request')
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const { url = '' } = request
    if (!url.startsWith(PATH) || (url.length > PATH.length && url[PATH.length] !== '/')) {
      for (const other of others) other.call(server, request, response)
      return
    }
    answer(request, response, publication).catch((error: unknown) => {
      log.error({ err: error }, 'An OCSP request failed.')
      response.destroy()
    })
  })
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { ocsp }: EnrolmentServices['publication'],
): Promise<void> {
  const isGet = request.method === 'GET' || request.method === 'HEAD'
  if (!isGet && request.method !== 'POST') {
    response.writeHead(405, { allow: 'GET, HEAD, POST' }).end()
    return
  }
  const asked = isGet ? fromPath(request.url ?? '') : await fromBody(request)
  if (asked === undefined) return
  const reply = ocsp(asked)
  send(request, response, reply instanceof Promise ? await reply : reply)
}

function send(request: IncomingMessage, response: ServerResponse, { der, keep }: OcspReply): void {
  const headers: Record<string, string | number> = { 'content-type': 'application/ocsp-response' }
  // A service that hangs up tells the client to ask somebody else: errors come with 200, too (RFC 6960 section A.1).
  headers['content-length'] = der.length
  if (keep === undefined) headers['cache-control'] = 'no-store'
  else {
    // RFC 9919 section 5.2
    const left = Math.floor((keep.nextUpdate - Date.now()) / 1000)
    headers['last-modified'] = new Date(keep.thisUpdate).toUTCString()
    headers.expires = new Date(keep.nextUpdate).toUTCString()
    headers.etag = keep.etag
    headers['cache-control'] =
      `max-age=${Math.max(0, Math.min(MOST_SECONDS, left))}, public, no-transform, must-revalidate`
    if (request.method !== 'POST' && hasIt(request.headers, keep.etag)) {
      delete headers['content-length']
      response.writeHead(304, headers).end()
      return
    }
  }
  response.writeHead(200, headers).end(der)
}

/** Clients escape `/`, `+` and `=` or do not, and some put a slash too many between the path and the request. */
function fromPath(url: string): Uint8Array {
  const text = url.slice(PATH.length).replace(/^\/+/, '')
  try {
    return Buffer.from(decodeURIComponent(text).replaceAll(' ', '+'), 'base64')
  } catch {
    return new Uint8Array()
  }
}

/** undefined: the client went away. Where it sends too much the rest is not read; what was read is malformed. */
function fromBody(request: IncomingMessage): Promise<Uint8Array | undefined> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let length = 0
    request.on('data', (chunk: Buffer) => {
      length += chunk.length
      if (length <= LARGEST_OCSP_REQUEST) chunks.push(chunk)
      else {
        request.pause()
        resolve(new Uint8Array(LARGEST_OCSP_REQUEST + 1))
      }
    })
    request.on('end', () => resolve(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)))
    request.on('error', () => resolve(undefined))
    request.on('close', () => resolve(undefined))
  })
}
