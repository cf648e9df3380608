import type { Agent } from 'undici'
import * as z from 'zod'
import type { ChallengeValidatorConfiguration } from '../../config/sections/challenge-validators.ts'
import type { Clock } from '../../kernel/clock.ts'
import { UpstreamError } from '../../kernel/errors.ts'

/** What is posted, below the URL of the service. */
export type ValidationAction = 'validateRequest' | 'successNotification' | 'failureNotification'

const answerSchema = z.object({ code: z.string().max(200), errorDescription: z.string().max(2000).nullish() })
export type ValidationAnswer = z.output<typeof answerSchema>

const tokenSchema = z.object({ access_token: z.string().min(1), expires_in: z.coerce.number().min(0) })

const MOST_OCTETS = 65_536
/** A token is got anew so long before its end. */
const TOKEN_MARGIN = 60_000

/** Asks a validation service, over JSON with an OAuth 2 token (RFC 6749 section 4.4). No redirect is followed. */
export class ValidationClient {
  readonly #settings: ChallengeValidatorConfiguration
  readonly #clock: Clock
  #agent: Agent | undefined
  #token: { readonly text: string; readonly until: number } | undefined

  constructor(settings: ChallengeValidatorConfiguration, clock: Clock) {
    this.#settings = settings
    this.#clock = clock
  }

  /** @throws UpstreamError 'challenge-validator-silent' where anything but an answer comes back */
  async post(action: ValidationAction, body: object): Promise<ValidationAnswer> {
    const { url, apiVersion } = this.#settings
    const token = await this.#bearer()
    const text = await this.#exchange(`${url.replace(/\/$/, '')}/${action}`, JSON.stringify(body), {
      'content-type': 'application/json',
      accept: 'application/json',
      'api-version': apiVersion,
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    })
    return this.#parsed(answerSchema, text)
  }

  async close(): Promise<void> {
    await this.#agent?.close()
  }

  async #bearer(): Promise<string | undefined> {
    const { tokenUrl, clientId, clientSecret, scope } = this.#settings
    if (tokenUrl === undefined) return undefined
    const now = this.#clock.now()
    if (this.#token !== undefined && now < this.#token.until) return this.#token.text
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: clientSecret ?? '',
      ...(scope === '' ? {} : { scope }),
    })
    const headers = { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' }
    const text = await this.#exchange(tokenUrl, form.toString(), headers)
    const { access_token, expires_in } = this.#parsed(tokenSchema, text)
    this.#token = { text: access_token, until: now + expires_in * 1000 - TOKEN_MARGIN }
    return access_token
  }

  async #exchange(url: string, body: string, headers: Record<string, string>): Promise<string> {
    const { Agent, request } = await import('undici')
    const { timeoutSeconds, ca } = this.#settings
    const milliseconds = timeoutSeconds * 1000
    this.#agent ??= new Agent({
      connect: { timeout: milliseconds, ...(ca === undefined ? {} : { ca }) },
      headersTimeout: milliseconds,
      bodyTimeout: milliseconds,
      maxResponseSize: MOST_OCTETS,
    })
    const dispatcher = this.#agent
    const signal = AbortSignal.timeout(milliseconds)
    try {
      const answer = await request(url, { method: 'POST', body, headers, signal, dispatcher })
      const text = await answer.body.text()
      if (answer.statusCode === 200) return text
      if (answer.statusCode === 401) this.#token = undefined
      throw this.#silent(`status ${answer.statusCode} from ${new URL(url).host}`)
    } catch (error) {
      if (error instanceof UpstreamError) throw error
      throw this.#silent(`${new URL(url).host} cannot be reached`, error)
    }
  }

  #parsed<Shape>(schema: z.ZodType<Shape>, text: string): Shape {
    try {
      return schema.parse(JSON.parse(text))
    } catch (error) {
      throw this.#silent('its answer is not the JSON it should be', error)
    }
  }

  #silent(detail: string, cause?: unknown): UpstreamError {
    const { name } = this.#settings
    const values = { validator: name, detail }
    return new UpstreamError('challenge-validator-silent', `${name}: ${detail}.`, values, cause)
  }
}
