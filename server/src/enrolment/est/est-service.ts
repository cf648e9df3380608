import { hash } from 'node:crypto'
import { toUtf8 } from '@sallyport/bytes'
import {
  type Certificate,
  type CertificationRequest,
  createCertsOnly,
  encodeCsrAttributes,
  PkiError,
  parseCertificationRequest,
  readEstBody,
  wantedKey,
} from '@sallyport/pki'
import type { CertificateTemplateConfiguration } from '../../config/schema.ts'
import type { EstConfiguration } from '../../config/sections/enrolment/est.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Logger } from '../../kernel/logging.ts'
import { definitionOf, type Reason, reason, render } from '../../reasons/index.ts'
import type { ChallengeProof } from '../challenges/challenge-proof.ts'
import { judgeOwnCertificate, type OwnCertificateParts } from '../registration/own-certificate.ts'
import type { EnrolmentOutcome, Registration } from '../registration/registration.ts'
import type { EnrolmentIdentities, Requester } from '../registration/requester.ts'
import { type BasicCredentials, readBasicCredentials } from './basic-credentials.ts'
import { channelFault, type EstChannel } from './channel-binding.ts'
import { namesFault } from './same-names.ts'
import { asksForEncryptedKey, makeServerKey, type ServerKey } from './server-key.ts'

export interface EstParts {
  readonly registration: Pick<Registration, 'request'>
  readonly identities: Pick<EnrolmentIdentities, 'authenticate'>
  readonly challenges: ChallengeProof
  readonly own: OwnCertificateParts
  /** What clients are to trust and to build chains of: roots, issuing CAs, and at a rollover what joins old and new. */
  readonly caCertificates: () => readonly Certificate[]
  readonly settings: () => EstConfiguration
  readonly templates: () => readonly CertificateTemplateConfiguration[]
  readonly clock: Clock
  readonly log: Logger
}

/** A POST as it came, TLS taken off. */
export interface EstRequest {
  /** The label of the path: name of a template. */
  readonly label?: string
  readonly body: Uint8Array
  /** The header. */
  readonly authorization?: string
  /** DER of the certificate the client showed; the handshake proved its key, and nothing else was judged yet. */
  readonly certificate?: Uint8Array
  readonly channel: EstChannel
  readonly from: string
}

export type EstAnswer =
  /** certs-only, DER. */
  | { readonly kind: 'issued'; readonly certificate: Uint8Array; readonly key?: Uint8Array }
  | { readonly kind: 'pending'; readonly retryAfterSeconds: number }
  /** `status` 401: may be asked again with a name and a password. */
  | { readonly kind: 'refused'; readonly status: 400 | 401 | 403 | 404; readonly text: string }
  | { readonly kind: 'unavailable'; readonly retryAfterSeconds: number; readonly text: string }

interface Proved {
  readonly requester: Requester
  readonly renews?: Certificate
}
type Refusal = Exclude<EstAnswer, { readonly kind: 'issued' | 'pending' }>

const UNAVAILABLE_SECONDS = 30
/** Keys made at once: RSA takes a second on a thread of the pool, where passwords of logins are checked as well. */
const MOST_KEYS_AT_ONCE = 2
/** One answer to wrong password, unknown, disabled, locked: the log says which it was. */
const NOT_THIS_ONE = 'The name or the password is wrong, or the account may not enrol now.'
const NOT_THIS_ACCOUNT = 'The account of this certificate may not enrol now.'
const WHO_ASKS =
  'A first certificate is asked for with name and password (HTTP Basic), or with a one-time challenge as the password of "challenge".'

/**
 * Enrolment over secure transport (RFC 7030): turns what TLS and HTTP proved into a requester, checks what EST itself demands
 * of a request, and leaves what is issued to the registration authority.
 */
export class EstService {
  readonly #parts: EstParts
  #makingKeys = 0

  constructor(parts: EstParts) {
    this.#parts = parts
  }

  get isEnabled(): boolean {
    return this.#parts.settings().enabled
  }

  /** certs-only, DER. */
  caCertificates(): Uint8Array {
    return createCertsOnly(this.#parts.caCertificates())
  }

  /** CsrAttrs, DER; undefined: nothing is asked for, or there is no such template. */
  csrAttributes(label: string | undefined): Uint8Array | undefined {
    const { channelBinding } = this.#parts.settings()
    const template = this.#template(label)
    const [algorithm] = template?.keys.algorithms ?? []
    const attributes = [
      ...(channelBinding === 'required' ? [{ type: CHALLENGE_PASSWORD }] : []),
      ...(algorithm === undefined ? [] : [wantedKey(algorithm)]),
    ]
    return attributes.length === 0 ? undefined : encodeCsrAttributes(attributes)
  }

  /** simpleenroll: by name and password, or by a one-time challenge. */
  async enrol(asked: EstRequest): Promise<EstAnswer> {
    const credentials = credentialsOf(asked)
    if (credentials?.name === CHALLENGE_USER) return await this.#enrolByChallenge(asked, credentials.password)
    const proved = await this.#byPassword(asked)
    if ('kind' in proved) return proved
    const request = this.#read(asked)
    if ('kind' in request) return request
    return this.#answer(await this.#ask(proved, asked, readEstBody(asked.body)))
  }

  /** The request comes first: a challenge is good for one request alone, and for the names it was given out for. */
  async #enrolByChallenge(asked: EstRequest, password: Uint8Array): Promise<EstAnswer> {
    const request = this.#read(asked)
    if ('kind' in request) return request
    const octets = readEstBody(asked.body)
    const transaction = `est ${hash('sha256', octets, 'hex')}`
    const answer = await this.#parts.challenges.prove({
      ...{ request, octets, transaction, from: asked.from },
      challenge: toUtf8(password),
    })
    switch (answer.kind) {
      case 'unavailable':
        return unavailable(answer.reason)
      case 'refused':
        this.#tell(answer.reason, asked)
        return { kind: 'refused', status: 401, text: NOT_THIS_ONE }
      case 'proved':
        return this.#answer(await this.#ask({ requester: answer.requester }, asked, octets))
    }
  }

  /** simplereenroll: by the certificate that is renewed, in TLS. */
  async reenrol(asked: EstRequest): Promise<EstAnswer> {
    const proved = await this.#byCertificate(asked)
    if ('kind' in proved) return proved
    const request = this.#read(asked)
    if ('kind' in request) return request
    const fault = proved.renews && namesFault(request, proved.renews)
    if (fault !== undefined) return this.#refused(fault, asked, 403)
    return this.#answer(await this.#ask(proved, asked, readEstBody(asked.body)))
  }

  /** serverkeygen: as simpleenroll, with a key made here; that of the request only says which kind is wished for. */
  async keyed(asked: EstRequest): Promise<EstAnswer> {
    const { serverKeys } = this.#parts.settings()
    if (!serverKeys) return { kind: 'refused', status: 404, text: 'This server makes no keys for others.' }
    const proved = await this.#byPassword(asked)
    if ('kind' in proved) return proved
    const request = this.#read(asked)
    if ('kind' in request) return request
    if (asksForEncryptedKey(request)) {
      const detail = 'it wants its key encrypted beyond TLS, which is not supported'
      return this.#refused(reason('est-request-unreadable', { detail }), asked, 400)
    }
    // The key is not kept: what waits for an approval would wait for a certificate of a key nobody has.
    if (this.#template(asked.label)?.approval !== 'none')
      return this.#refused(reason('est-server-key-needs-template', { label: asked.label }), asked, 403)
    const made = await this.#makeKey(request)
    if (made === undefined) {
      const text = 'Too many keys are being made; try again later.'
      return { kind: 'unavailable', retryAfterSeconds: UNAVAILABLE_SECONDS, text }
    }
    const outcome = await this.#ask(proved, asked, made.request)
    if (outcome.kind === 'pending')
      return this.#refused(reason('est-server-key-needs-template', { label: asked.label }), asked, 403)
    const answer = this.#answer(outcome)
    return answer.kind === 'issued' ? { ...answer, key: made.key } : answer
  }

  async #byPassword(asked: EstRequest): Promise<Proved | Refusal> {
    const credentials = credentialsOf(asked)
    // A key made here is another one each time: no challenge is good for that.
    if (credentials === undefined || credentials.name === CHALLENGE_USER)
      return { kind: 'refused', status: 401, text: WHO_ASKS }
    const { name, password } = credentials
    const { from } = asked
    const answer = await this.#parts.identities.authenticate(name, password, from)
    if (answer.kind === 'unavailable') return unavailable(answer.reason)
    if (answer.kind === 'refused') return { kind: 'refused', status: 401, text: NOT_THIS_ONE }
    return { requester: { by: 'password', name, from, identity: answer.identity } }
  }

  async #byCertificate(asked: EstRequest): Promise<Proved | Refusal> {
    const { own, clock } = this.#parts
    const { certificate: der, from } = asked
    if (der === undefined) {
      const text = 'A certificate is renewed with itself: show it in the TLS handshake.'
      return { kind: 'refused', status: 403, text }
    }
    const verdict = await judgeOwnCertificate(der, clock.now(), own)
    if (!verdict.ok) return this.#refused(verdict.reason, asked, 403)
    const { certificate: renews, record } = verdict
    // Whose it is, and whether that account may have one now, the registration authority looks up.
    return { requester: { by: 'certificate', name: record.holder_name ?? record.subject, from }, renews }
  }

  /** undefined: others are being made already. */
  async #makeKey(request: CertificationRequest): Promise<ServerKey | undefined> {
    if (this.#makingKeys >= MOST_KEYS_AT_ONCE) return undefined
    this.#makingKeys++
    try {
      return await makeServerKey(request)
    } finally {
      this.#makingKeys--
    }
  }

  /** After who asks is known: strangers cost no parsing. */
  #read(asked: EstRequest): CertificationRequest | Refusal {
    try {
      const request = parseCertificationRequest(readEstBody(asked.body))
      if (!request.proofOfPossession) return this.#refused(reason('est-request-unproved', {}), asked, 400)
      const unbound = channelFault(request, asked.channel, this.#parts.settings())
      return unbound === undefined ? request : this.#refused(unbound, asked, 400)
    } catch (error) {
      if (!(error instanceof PkiError)) throw error
      return this.#refused(reason('est-request-unreadable', { detail: error.message }), asked, 400)
    }
  }

  #ask({ requester, renews }: Proved, { label }: EstRequest, request: Uint8Array): Promise<EnrolmentOutcome> {
    // A renewal stays with the template of its certificate.
    const ofFirst = () => requester.boundTemplate ?? this.#parts.settings().template
    const template = label ?? (renews === undefined ? ofFirst() : undefined)
    return this.#parts.registration.request({
      ...{ protocol: 'est', requester, request },
      ...(template !== undefined && { template }),
      ...(renews !== undefined && { renews }),
    })
  }

  #answer(outcome: EnrolmentOutcome): EstAnswer {
    switch (outcome.kind) {
      case 'issued':
        // RFC 7030 section 4.2.3: the certificate that was issued, and no other.
        return { kind: 'issued', certificate: createCertsOnly([outcome.certificate]) }
      case 'pending':
        return { kind: 'pending', retryAfterSeconds: outcome.retryAfterSeconds }
      case 'refused':
        // The registration authority has logged it. What stands against an account is told to nobody outside.
        return definitionOf(outcome.reason.code).area === 'identity'
          ? { kind: 'refused', status: 403, text: NOT_THIS_ACCOUNT }
          : explained(outcome.reason, 403)
      case 'unavailable':
        return unavailable(outcome.reason)
    }
  }

  #refused(why: Reason, asked: EstRequest, status: 400 | 403): Refusal {
    this.#tell(why, asked)
    return explained(why, status)
  }

  #tell(why: Reason, { from, label }: EstRequest): void {
    const values = {
      protocol: 'est',
      from,
      reason: why.code,
      ...(label !== undefined && { template: label }),
    }
    this.#parts.log.warn(values, render(why).sentence)
  }

  #template(label: string | undefined): CertificateTemplateConfiguration | undefined {
    const name = (label ?? this.#parts.settings().template)?.toLowerCase()
    return this.#parts.templates().find((template) => template.name.toLowerCase() === name)
  }
}

/** HTTP wants a name beside a challenge; an account of this name cannot enrol by password. */
export const CHALLENGE_USER = 'challenge'
const CHALLENGE_PASSWORD = '1.2.840.113549.1.9.7'

function credentialsOf({ authorization }: EstRequest): BasicCredentials | undefined {
  return authorization === undefined ? undefined : readBasicCredentials(authorization)
}

function unavailable({ code }: Reason): Refusal {
  const text = `This cannot be decided now; try again later (${code}).`
  return { kind: 'unavailable', retryAfterSeconds: UNAVAILABLE_SECONDS, text }
}

function explained(why: Reason, status: 400 | 403): Refusal {
  const { sentence, nextStep } = render(why)
  return { kind: 'refused', status, text: `${sentence} (${why.code})\n${nextStep}` }
}
