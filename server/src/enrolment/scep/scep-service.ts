import { randomBytes } from 'node:crypto'
import {
  createCertsOnly,
  createEnvelopedData,
  createPkiMessage,
  createSignedData,
  MESSAGE_TYPE,
  PkiError,
  type PkiMessage,
  parsePkiMessage,
} from '@sallyport/pki'
import type { ScepConfiguration } from '../../config/sections/enrolment/scep.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Logger } from '../../kernel/logging.ts'
import { type Reason, render } from '../../reasons/index.ts'
import { WorkShare } from '../work-share.ts'
import type { RegistrationAuthorityKeys, ScepAuthority } from './scep-authority.ts'
import { failInfoOf, failInfoText } from './scep-failure.ts'
import { addressed, type CheckedMessage, checkMessage } from './scep-message-check.ts'
import type { ScepOutcome, ScepTransactions } from './scep-transactions.ts'

export interface ScepOrigin {
  /** Named by the path; absent: whatever challenge, request and account agree on. */
  readonly template?: string
  /** Address of the client. */
  readonly from: string
}

export type ScepAnswer =
  | { readonly kind: 'message'; readonly octets: Uint8Array }
  | { readonly kind: 'undecodable'; readonly detail: string }
  /** Neither yes nor no: the client comes again. */
  | { readonly kind: 'unavailable' }

export interface ScepParts {
  readonly settings: () => ScepConfiguration
  readonly authority: ScepAuthority
  readonly transactions: ScepTransactions
  readonly clock: Pick<Clock, 'monotonic'>
  readonly log: Logger
}

/** Messages worked on at once: most of that time they wait for the store or for whoever judges the challenge. */
const MOST_AT_ONCE = 32
/** Of each second, for RSA: a stranger's message costs as much of it as anybody's. */
const RSA_MILLISECONDS = 400

/** A SCEP server (RFC 8894), behind HTTP. */
export class ScepService {
  readonly #parts: ScepParts
  readonly #share: WorkShare
  #running = 0

  constructor(parts: ScepParts) {
    this.#parts = parts
    this.#share = new WorkShare(() => parts.clock.monotonic(), RSA_MILLISECONDS)
  }

  get isEnabled(): boolean {
    return this.#parts.settings().enabled
  }

  /**
   * Section 3.5.2. `SHA-384` is nobody's keyword but strongSwan's: up to 5.9.10 it takes the place of a keyword in its own
   * list for a bit, and finds AES and SHA-256 only where that one is there. Others pass over words they do not know.
   */
  get capabilities(): readonly string[] {
    const { allow3des, allowSha1 } = this.#parts.settings()
    return [
      ...['AES', 'SHA-256', 'SHA-384', 'SHA-512', 'POSTPKIOperation', 'SCEPStandard', 'Renewal'],
      ...(this.#parts.authority.next === undefined ? [] : ['GetNextCACert']),
      ...(allow3des ? ['DES3'] : []),
      ...(allowSha1 ? ['SHA-1'] : []),
    ]
  }

  /** Registration authority, issuing CA and root, as certificates alone. */
  async caCertificates(): Promise<Uint8Array> {
    return createCertsOnly(await this.#parts.authority.certificates())
  }

  /** Section 4.7: signed, because whoever reads it trusts what is in it; undefined: no CA is prepared. */
  async nextCaCertificates(): Promise<Uint8Array | undefined> {
    const { authority } = this.#parts
    const { next } = authority
    if (next === undefined) return undefined
    const [{ certificate, privateKey, issuer }] = await authority.registrationAuthorities()
    return createSignedData({
      content: createCertsOnly(next),
      certificates: [certificate, issuer],
      signers: [{ certificate, privateKey }],
    })
  }

  async operate(octets: Uint8Array, origin: ScepOrigin): Promise<ScepAnswer> {
    if (this.#running >= MOST_AT_ONCE) return { kind: 'unavailable' }
    this.#running++
    try {
      return await this.#operate(octets, origin)
    } finally {
      this.#running--
    }
  }

  async #operate(octets: Uint8Array, origin: ScepOrigin): Promise<ScepAnswer> {
    let message: PkiMessage
    try {
      message = parsePkiMessage(octets)
    } catch (error) {
      if (error instanceof PkiError) return { kind: 'undecodable', detail: error.message }
      throw error
    }
    const { authority, transactions, settings } = this.#parts
    const registrationAuthorities = await authority.registrationAuthorities()
    const signer = addressed(message, registrationAuthorities)
    if (this.#share.isSpent) return { kind: 'unavailable' }
    const check = this.#share.run(() => checkMessage(message, registrationAuthorities, settings()))
    if (!check.ok) return this.#failure(message, signer, check.reason, origin)
    const outcome = await transactions.carryOut(check.checked, origin)
    return this.#answer(check.checked, signer, outcome, origin)
  }

  #answer(
    checked: CheckedMessage,
    signer: RegistrationAuthorityKeys,
    outcome: ScepOutcome,
    origin: ScepOrigin,
  ): ScepAnswer {
    const { message, sender, cipher } = checked
    switch (outcome.kind) {
      case 'success': {
        const { certificates, crls } = outcome
        const content = createCertsOnly(certificates, crls)
        // Section 3.3.2.1: for the key that signed the request, in a cipher its client knows.
        const envelope = createEnvelopedData(content, sender, { cipher })
        return this.#reply(message, signer, { pkiStatus: 'success', envelope }, checked)
      }
      case 'pending':
        return this.#reply(message, signer, { pkiStatus: 'pending' }, checked)
      case 'failure':
        return this.#failure(message, signer, outcome.reason, origin, checked)
      case 'unavailable':
        return { kind: 'unavailable' }
    }
  }

  #failure(
    message: PkiMessage,
    signer: RegistrationAuthorityKeys,
    why: Reason,
    { from }: ScepOrigin,
    checked?: CheckedMessage,
  ): ScepAnswer {
    const { sentence } = render(why)
    const transaction = message.transactionId.text
    this.#parts.log.info({ reason: why.code, from, transaction }, `SCEP: ${sentence}`)
    const failure = {
      pkiStatus: 'failure',
      failInfo: failInfoOf(why),
      failInfoText: failInfoText(why),
    } as const
    return this.#reply(message, signer, failure, checked)
  }

  #reply(
    message: PkiMessage,
    { certificate, privateKey, issuer }: RegistrationAuthorityKeys,
    result: Pick<
      Parameters<typeof createPkiMessage>[0],
      'pkiStatus' | 'failInfo' | 'failInfoText' | 'envelope'
    >,
    checked: CheckedMessage | undefined,
  ): ScepAnswer {
    const { transactionId, senderNonce } = message
    // A client of SHA-1, where they are let in, reads nothing else.
    const digest = checked?.digest === 'sha1' ? 'sha1' : 'sha256'
    const octets = this.#share.run(() =>
      createPkiMessage({
        messageType: MESSAGE_TYPE.certRep,
        transactionId,
        senderNonce: randomBytes(16),
        ...(senderNonce !== undefined && { recipientNonce: senderNonce }),
        ...result,
        signer: { certificate, privateKey, digest },
        certificates: [issuer],
      }),
    )
    return { kind: 'message', octets }
  }
}
