import { request as overHttp, type RequestOptions } from 'node:http'
import { request as overHttps } from 'node:https'
import { CliError } from '../cli-error.ts'
import { TryAgain } from './enrol-error.ts'

export interface Asked {
  readonly url: URL
  readonly method?: 'GET' | 'POST'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
  /** PEM of the CAs that vouch for the server; absent: those the system trusts. */
  readonly ca?: string
  /** PEM; shown in the TLS handshake. */
  readonly identity?: { readonly certificate: string; readonly key: string }
  /** The answer is judged by a fingerprint instead: nothing secret may be sent. */
  readonly isUnverified?: true
}

export interface Answered {
  readonly status: number
  readonly type: string
  readonly retryAfterSeconds: number | undefined
  readonly body: Buffer
}

const LARGEST = 1024 * 1024
const TIMEOUT_MILLISECONDS = 30_000
/** Of the chain of a certificate that is not what the server's should be: no other try mends it. */
const CERTIFICATE_FAULT = /CERT|SIGNED|ISSUER|ALTNAME|UNABLE_TO_VERIFY/

/** One request, no redirects: what is sent is meant for this server alone. */
export function fetchOctets(asked: Asked): Promise<Answered> {
  const { url, method = 'GET', headers, body, ca, identity, isUnverified } = asked
  const options: RequestOptions & {
    ca?: string
    cert?: string
    key?: string
    rejectUnauthorized?: boolean
    allowPartialTrustChain?: boolean
  } = {
    method,
    agent: false,
    timeout: TIMEOUT_MILLISECONDS,
    headers: { ...headers, ...(body !== undefined && { 'content-length': String(Buffer.byteLength(body)) }) },
    // An issuing CA may be all somebody has the fingerprint of.
    ...(ca !== undefined && { ca, allowPartialTrustChain: true }),
    ...(identity !== undefined && { cert: identity.certificate, key: identity.key }),
    ...(isUnverified && { rejectUnauthorized: false }),
  }
  const { promise, resolve, reject } = Promise.withResolvers<Answered>()
  const open = url.protocol === 'https:' ? overHttps : overHttp
  const request = open(url, options, (response) => {
    const chunks: Buffer[] = []
    let size = 0
    response.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size > LARGEST) request.destroy(new Error(`more than ${LARGEST} octets`))
      else chunks.push(chunk)
    })
    response.on('error', (error) => reject(unreachable(url, error)))
    response.on('end', () => {
      const seconds = Number(response.headers['retry-after'])
      resolve({
        status: response.statusCode ?? 0,
        type: response.headers['content-type'] ?? '',
        retryAfterSeconds: Number.isInteger(seconds) && seconds >= 0 ? seconds : undefined,
        body: Buffer.concat(chunks),
      })
    })
  })
  request.on('timeout', () => request.destroy(new Error(`no answer within ${TIMEOUT_MILLISECONDS / 1000} s`)))
  request.on('error', (error) => reject(unreachable(url, error)))
  request.end(body)
  return promise
}

function unreachable({ host }: URL, error: Error & { readonly code?: string }): CliError {
  const why = `${host}: ${error.message}`
  if (CERTIFICATE_FAULT.test(error.code ?? '')) {
    return new CliError(
      `The TLS certificate of ${why}.\nGive the CA it comes from with --ca or --fingerprint.`,
    )
  }
  return new TryAgain(`Cannot reach ${why}.`)
}
