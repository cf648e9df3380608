import { setTimeout as delay } from 'node:timers/promises'
import type { AcmeConfiguration } from '../../../config/schema.ts'
import { nameTextOf, type OrderedName } from '../identifiers.ts'
import { type Problem, problem } from '../problem.ts'
import { AddressPolicy } from './address-policy.ts'
import { checkCaa } from './caa.ts'
import { proveByDns } from './dns-01.ts'
import { ChallengeFault } from './fault.ts'
import { proveByHttp } from './http-01.ts'
import { NameLookup } from './name-lookup.ts'
import { proveByTls } from './tls-alpn-01.ts'

/** How a challenge reaches the outside. */
export interface ValidationTools {
  readonly lookup: NameLookup
  readonly httpPort: number
  readonly tlsPort: number
  readonly signal: AbortSignal
}

export interface Proof {
  readonly name: OrderedName
  readonly challenge: 'http-01' | 'dns-01' | 'tls-alpn-01'
  readonly token: string
  readonly keyAuthorization: string
}

/** Waits before the second and the third try. */
const RETRY_MILLISECONDS = [2_000, 5_000]
const MOST_AT_ONCE = 32
export const MOST_WAITING = 1_000

/** Looks whether names are under control of who ordered them; so many at once, the others wait for their turn. */
export class Validator {
  readonly #configuration: () => AcmeConfiguration['validation']
  readonly #retryMilliseconds: readonly number[]
  readonly #closing = new AbortController()
  readonly #queue: (() => void)[] = []
  #running = 0

  constructor(
    configuration: () => AcmeConfiguration['validation'],
    retryMilliseconds: readonly number[] = RETRY_MILLISECONDS,
  ) {
    this.#configuration = configuration
    this.#retryMilliseconds = retryMilliseconds
  }

  get isFull(): boolean {
    return this.#queue.length >= MOST_WAITING
  }

  /** Undefined: proved. Never rejects. */
  async prove(proof: Proof): Promise<Problem | undefined> {
    if (this.#running >= MOST_AT_ONCE) await new Promise<void>((resolve) => this.#queue.push(resolve))
    this.#running++
    try {
      return await this.#tryAll(proof)
    } finally {
      this.#running--
      this.#queue.shift()?.()
    }
  }

  close(): void {
    this.#closing.abort()
  }

  async #tryAll(proof: Proof): Promise<Problem | undefined> {
    for (let tries = 0; ; tries++) {
      const fault = await this.#try(proof)
      if (fault === undefined) return undefined
      const wait = this.#retryMilliseconds[tries]
      if (wait === undefined || !fault.mayPass || this.#closing.signal.aborted) return asProblem(fault, proof)
      await delay(wait, undefined, { signal: this.#closing.signal }).catch(() => undefined)
    }
  }

  async #try(proof: Proof): Promise<ChallengeFault | undefined> {
    const { resolvers, networks, timeoutSeconds, httpPort, tlsPort, caaIssuer } = this.#configuration()
    const milliseconds = timeoutSeconds * 1000
    const lookup = new NameLookup(resolvers, new AddressPolicy(networks), milliseconds)
    const signal = AbortSignal.any([AbortSignal.timeout(milliseconds), this.#closing.signal])
    const tools: ValidationTools = { lookup, httpPort, tlsPort, signal }
    const { identifier, wildcard } = proof.name
    try {
      await within(signal, async () => {
        await proveBy(proof, tools)
        if (caaIssuer !== undefined && identifier.type === 'dns') {
          await checkCaa(identifier.value, wildcard, caaIssuer, lookup)
        }
      })
      return undefined
    } catch (error) {
      if (error instanceof ChallengeFault) return error
      return new ChallengeFault('connection', signal.aborted ? 'no answer in time' : 'the connection broke')
    }
  }
}

async function proveBy(
  { name, challenge, token, keyAuthorization }: Proof,
  tools: ValidationTools,
): Promise<void> {
  const { value } = name.identifier
  if (challenge === 'http-01') return await proveByHttp(value, token, keyAuthorization, tools)
  if (challenge === 'dns-01') return await proveByDns(value, keyAuthorization, tools)
  return await proveByTls(value, keyAuthorization, tools)
}

/** Whatever the step waits for, a resolver that is silent among them, it ends with the time. */
async function within(signal: AbortSignal, step: () => Promise<void>): Promise<void> {
  const { promise, reject } = Promise.withResolvers<never>()
  const end = (): void => reject(new ChallengeFault('connection', 'no answer in time'))
  signal.addEventListener('abort', end, { once: true })
  try {
    await Promise.race([step(), promise])
  } finally {
    signal.removeEventListener('abort', end)
  }
}

function asProblem(fault: ChallengeFault, { name, challenge }: Proof): Problem {
  const values = { name: nameTextOf(name), challenge, detail: fault.message }
  return problem(fault.type, 'acme-challenge-failed', values, { identifier: name.identifier })
}
