import {
  type Certificate,
  PkiError,
  parseCsrAttributes,
  parseSignedData,
  readEstBody,
  wantedKeyKind,
  writeEstBody,
} from '@sallyport/pki'
import { CliError } from '../cli-error.ts'
import { TryAgain } from './enrol-error.ts'
import { type Answered, fetchOctets } from './fetch-octets.ts'
import type { EnrolmentProtocolClient, ProtocolAnswer, ProtocolRequest } from './protocol.ts'

export interface EstClientOptions {
  /** `https://pki.example.org:8444`, or with a path of its own. */
  readonly url: URL
  readonly template: string | undefined
  /** PEM of the CAs that vouch for the server; absent: those the system trusts. */
  readonly ca: string | undefined
  /** Only for `authorities`, whose answer somebody then compares with a fingerprint. */
  readonly isUnverified?: true
}

/** A server of RFC 7030. */
export class EstClient implements EnrolmentProtocolClient {
  readonly #options: EstClientOptions

  constructor(options: EstClientOptions) {
    if (options.url.protocol !== 'https:') throw new CliError('EST needs an https:// URL.')
    this.#options = options
  }

  async authorities(): Promise<readonly Certificate[]> {
    const { isUnverified } = this.#options
    const answer = await this.#fetch('cacerts', isUnverified ? { isUnverified } : {})
    if (answer.status !== 200) throw refused(answer)
    return certificatesOf(answer)
  }

  /** The kind of key the server wants; undefined: any, or it does not say. */
  async wantedKey(): Promise<ReturnType<typeof wantedKeyKind>> {
    const answer = await this.#fetch('csrattrs', {})
    if (answer.status !== 200) return undefined
    return understood(() => wantedKeyKind(parseCsrAttributes(readEstBody(answer.body))))
  }

  async enrol({ request, proof }: ProtocolRequest): Promise<ProtocolAnswer> {
    const operation = proof.kind === 'certificate' ? 'simplereenroll' : 'simpleenroll'
    const [name, password] =
      proof.kind === 'password'
        ? [proof.user, proof.password]
        : ['challenge', 'challenge' in proof ? proof.challenge : '']
    const credentials = Buffer.from(`${name}:${password}`).toString('base64')
    const answer = await this.#fetch(operation, {
      method: 'POST',
      headers: {
        'content-type': 'application/pkcs10',
        ...(proof.kind !== 'certificate' && { authorization: `Basic ${credentials}` }),
      },
      body: writeEstBody(request),
      ...(proof.kind === 'certificate' && { identity: proof.current }),
    })
    if (answer.status === 202) return { kind: 'pending', afterSeconds: answer.retryAfterSeconds ?? 60 }
    if (answer.status !== 200) throw refused(answer)
    return { kind: 'issued', certificates: certificatesOf(answer) }
  }

  #fetch(operation: string, more: Partial<Parameters<typeof fetchOctets>[0]>): Promise<Answered> {
    const { url, template, ca } = this.#options
    const label = template === undefined ? '' : `/${encodeURIComponent(template)}`
    const base = url.href.replace(/\/(\.well-known\/est\/?)?$/, '')
    const whole = new URL(`${base}/.well-known/est${label}/${operation}`)
    return fetchOctets({ url: whole, ...(ca !== undefined && { ca }), ...more })
  }
}

function certificatesOf({ body }: Answered): readonly Certificate[] {
  return understood(() => parseSignedData(readEstBody(body)).certificates)
}

function understood<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof PkiError)) throw error
    throw new CliError(`The server answered with something that is no EST message: ${error.message}.`)
  }
}

function refused({ status, body, retryAfterSeconds }: Answered): CliError {
  const said = body
    .toString('utf8')
    .replace(/[^\P{Cc}\n]/gu, ' ')
    .slice(0, 500)
    .trim()
  const hint =
    status === 404 ? '\nIs --url the enrolment port (8444 by default), and EST turned on there?' : ''
  const text = `The server answered ${status}${said === '' ? '.' : `: ${said}`}${hint}`
  const isPassing = status === 429 || status >= 500
  return isPassing ? new TryAgain(text, retryAfterSeconds) : new CliError(text)
}
