import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { isIP } from 'node:net'
import { ChallengeFault, socketFault } from './fault.ts'
import type { ValidationTools } from './validator.ts'

const MOST_REDIRECTS = 5
/** A key authorization has 87 octets. */
const LARGEST_ANSWER = 4096
const REDIRECTS = [301, 302, 303, 307, 308]

/** RFC 8555 section 8.3: the file a client has put on the web server of the name. */
export async function proveByHttp(
  host: string,
  token: string,
  keyAuthorization: string,
  tools: ValidationTools,
): Promise<void> {
  const bracketed = isIP(host) === 6 ? `[${host}]` : host
  let url = new URL(`http://${bracketed}/.well-known/acme-challenge/${token}`)
  for (let redirects = 0; ; redirects++) {
    const answer = await get(url, tools)
    if (answer.location === undefined) {
      if (answer.status !== 200)
        throw new ChallengeFault('incorrectResponse', `the web server answered HTTP ${answer.status}`)
      if (answer.body.trimEnd() === keyAuthorization) return
      throw new ChallengeFault(
        'incorrectResponse',
        'the web server answered with something else than the key authorization',
      )
    }
    if (redirects >= MOST_REDIRECTS)
      throw new ChallengeFault('connection', `more than ${MOST_REDIRECTS} redirects`, false)
    url = redirectTarget(answer.location, url, tools)
  }
}

/** Only to the ports of the web, and only by its protocols; the address is checked where it is connected to. */
function redirectTarget(location: string, from: URL, { httpPort, tlsPort }: ValidationTools): URL {
  const url = URL.parse(location, from)
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new ChallengeFault('connection', 'a redirect leads away from http and https', false)
  }
  if (url.username !== '' || url.password !== '') {
    throw new ChallengeFault('connection', 'a redirect carries a user name', false)
  }
  const port = url.protocol === 'http:' ? httpPort : tlsPort
  if (url.port !== '' && url.port !== String(port)) {
    throw new ChallengeFault('connection', `a redirect leads to port ${url.port}`, false)
  }
  return url
}

interface Answer {
  readonly status: number
  readonly location: string | undefined
  readonly body: string
}

async function get(url: URL, tools: ValidationTools): Promise<Answer> {
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const addresses = await tools.lookup.addresses(host)
  let fault: unknown
  for (const address of addresses) {
    try {
      return await getFrom(address, url, host, tools)
    } catch (error) {
      fault = socketFault(error, `${host} (${address})`)
    }
  }
  throw fault
}

function getFrom(address: string, url: URL, host: string, tools: ValidationTools): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>()
  const isTls = url.protocol === 'https:'
  const options: RequestOptions = {
    host: address,
    port: isTls ? tools.tlsPort : tools.httpPort,
    path: `${url.pathname}${url.search}`,
    headers: { host: url.host, 'user-agent': 'Sallyport ACME validation', accept: '*/*' },
    agent: false,
    signal: tools.signal,
    maxHeaderSize: 16_384,
  }
  const take = (answer: IncomingMessage): void => {
    const { statusCode: status = 0, headers } = answer
    if (REDIRECTS.includes(status) && headers.location !== undefined) {
      resolve({ status, location: headers.location, body: '' })
      answer.destroy()
      return
    }
    const chunks: Buffer[] = []
    let length = 0
    answer.on('data', (chunk: Buffer) => {
      length += chunk.length
      if (length <= LARGEST_ANSWER) {
        chunks.push(chunk)
        return
      }
      reject(
        new ChallengeFault(
          'incorrectResponse',
          `the web server answered with more than ${LARGEST_ANSWER} octets`,
        ),
      )
      answer.destroy()
    })
    answer.on('end', () =>
      resolve({ status, location: undefined, body: Buffer.concat(chunks).toString('latin1') }),
    )
    answer.on('error', reject)
  }
  // RFC 8555 section 8.3: the certificate behind a redirect is not looked at, it is what may be about to be replaced.
  const outgoing = isTls
    ? httpsRequest(
        { ...options, rejectUnauthorized: false, ...(isIP(host) === 0 ? { servername: host } : {}) },
        take,
      )
    : httpRequest(options, take)
  outgoing.on('error', reject)
  outgoing.end()
  return promise
}
