import type { ProblemType } from '../problem.ts'

/** Why one try of a challenge proved nothing, in a few words without anything the other side made up. */
export class ChallengeFault extends Error {
  readonly type: ProblemType
  /** Another try may go better: DNS is slow to spread, and a client may be slow to listen. */
  readonly mayPass: boolean

  constructor(type: ProblemType, detail: string, mayPass = true) {
    super(detail)
    this.type = type
    this.mayPass = mayPass
  }
}

/** For errors of sockets: their code in words. */
export function socketFault(error: unknown, what: string): ChallengeFault {
  if (error instanceof ChallengeFault) return error
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const name = error instanceof Error ? error.name : ''
  if (name === 'AbortError' || name === 'TimeoutError')
    return new ChallengeFault('connection', `${what} did not answer in time`)
  const words = WORDS[code]
  if (words !== undefined) return new ChallengeFault('connection', `${what}: ${words}`)
  if (/SSL|TLS/.test(code) || code === 'EPROTO')
    return new ChallengeFault('tls', `${what}: the TLS handshake failed`)
  if (code.startsWith('HPE_')) return new ChallengeFault('connection', `${what}: the answer is not HTTP`)
  return new ChallengeFault('connection', `${what}: the connection broke`)
}

const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was broken off',
  EHOSTUNREACH: 'the host is unreachable',
  ENETUNREACH: 'the network is unreachable',
  ETIMEDOUT: 'no connection',
}
