import { hash } from 'node:crypto'
import {
  type Certificate,
  type CertificationRequest,
  MESSAGE_TYPE,
  nameText,
  PkiError,
  parseIssuerAndSerial,
  parseIssuerAndSubject,
  readChallengePassword,
  serialText,
} from '@sallyport/pki'
import type { Clock } from '../../kernel/clock.ts'
import type { Remote } from '../../kernel/rpc.ts'
import { type Reason, reason } from '../../reasons/index.ts'
import type { ChallengeProof } from '../challenges/challenge-proof.ts'
import type { EnrolmentOutcome, Registration } from '../registration/registration.ts'
import type { EnrolmentIdentities, Requester } from '../registration/requester.ts'
import type { ScepAuthority } from './scep-authority.ts'
import { type CheckedMessage, readRequest, UNREADABLE } from './scep-message-check.ts'
import type { ScepOrigin } from './scep-service.ts'
import type { ScepTransactionStore } from './scep-transaction-store.ts'

/** What a message came to. */
export type ScepOutcome =
  | {
      readonly kind: 'success'
      /** The one asked for goes first. */
      readonly certificates: readonly Certificate[]
      readonly crls: readonly Uint8Array[]
    }
  | { readonly kind: 'pending' }
  | { readonly kind: 'failure'; readonly reason: Reason }
  | { readonly kind: 'unavailable' }

export interface TransactionParts {
  readonly authority: ScepAuthority
  readonly challenges: ChallengeProof
  readonly identities: EnrolmentIdentities
  readonly registration: Registration
  readonly transactions: Remote<ScepTransactionStore>
  readonly clock: Clock
}

/** What the messages of RFC 8894 section 3.3 do, once they are known to be their sender's. */
export class ScepTransactions {
  readonly #parts: TransactionParts

  constructor(parts: TransactionParts) {
    this.#parts = parts
  }

  async carryOut(checked: CheckedMessage, origin: ScepOrigin): Promise<ScepOutcome> {
    try {
      switch (checked.message.messageType) {
        case MESSAGE_TYPE.pkcsReq:
        case MESSAGE_TYPE.renewalReq:
          return await this.#enrol(checked, origin)
        case MESSAGE_TYPE.certPoll:
          return await this.#poll(checked)
        case MESSAGE_TYPE.getCert:
          return await this.#getCertificate(checked)
        case MESSAGE_TYPE.getCrl:
          return this.#getCrl(checked)
        default:
          return failure(reason('scep-message-type', { type: String(checked.message.messageType) }))
      }
    } catch (error) {
      if (error instanceof PkiError) return failure(UNREADABLE)
      throw error
    }
  }

  async #enrol(checked: CheckedMessage, { template, from }: ScepOrigin): Promise<ScepOutcome> {
    const { message, sender, content } = checked
    const request = readRequest(content)
    if (request === undefined) return failure(UNREADABLE)
    const transaction = transactionKey(checked)
    const common = {
      protocol: 'scep',
      request: content,
      transaction,
      ...(template !== undefined && { template }),
    } as const
    // Whoever signs with a certificate of ours renews it; clients from before RFC 8894 say PKCSReq for that as well.
    if ((await this.#parts.authority.record(sender)) !== undefined) {
      const requester: Requester = { by: 'certificate', name: nameText(sender.subject), from }
      const outcome = await this.#parts.registration.request({ ...common, requester, renews: sender })
      return await this.#outcome(outcome, checked, requester)
    }
    if (message.messageType === MESSAGE_TYPE.renewalReq) {
      const [subject, issuer] = [nameText(sender.subject), nameText(sender.issuer)]
      return failure(reason('scep-renewal-foreign', { subject, issuer }))
    }
    return await this.#enrolByChallenge(checked, request, { ...common, from })
  }

  async #enrolByChallenge(
    { sender, content, ...checked }: CheckedMessage,
    request: CertificationRequest,
    { from, ...common }: { from: string; protocol: 'scep'; request: Uint8Array; transaction: string },
  ): Promise<ScepOutcome> {
    // Section 2.3: with any other key somebody would get the answer who does not have the key that is certified.
    if (Buffer.compare(request.spki, sender.spki) !== 0) {
      return failure(reason('scep-key-of-another', { subject: nameText(request.subject) }))
    }
    const { transaction } = common
    const challenge = readChallengePassword(request)
    const challenged = { challenge, request, octets: content, transaction, from }
    const answer = await this.#parts.challenges.prove(challenged)
    if (answer.kind === 'refused') return failure(answer.reason)
    if (answer.kind === 'unavailable') return { kind: 'unavailable' }
    const { requester } = answer
    const outcome = await this.#parts.registration.request({ ...common, requester })
    await this.#parts.challenges.settle?.(challenged, outcome)
    return await this.#outcome(outcome, { ...checked, sender, content }, requester)
  }

  /** Section 3.3.3. The transaction is the key's that began it; issuer and subject say nothing that counts. */
  async #poll(checked: CheckedMessage): Promise<ScepOutcome> {
    parseIssuerAndSubject(checked.content)
    const unknown = failure(
      reason('scep-transaction-unknown', { transaction: checked.message.transactionId.text }),
    )
    const waiting = await this.#parts.transactions.find(transactionKey(checked))
    if (waiting === undefined) return unknown
    const { request_id: id, proof, requester: name, holder_id, holder_name, device_id } = waiting
    let requester: Requester = {
      by: proof as Requester['by'], // written by #outcome alone
      name,
      ...(device_id !== null && { deviceId: device_id }),
    }
    if (holder_id !== null) {
      const account = await this.#parts.identities.byId(holder_id, holder_name ?? '')
      if (account.kind === 'refused') return failure(account.reason)
      if (account.kind === 'unavailable') return { kind: 'unavailable' }
      requester = { ...requester, identity: account.identity }
    }
    const outcome = await this.#parts.registration.result(id, requester)
    return outcome === undefined ? unknown : await this.#outcome(outcome, checked, requester)
  }

  /** Section 3.3.4: for those who have a certificate of ours themselves. */
  async #getCertificate({ sender, content }: CheckedMessage): Promise<ScepOutcome> {
    const { issuer, serial } = parseIssuerAndSerial(content)
    const { authority, clock } = this.#parts
    const record = await authority.record(sender)
    const isKnown = record?.status === 'issued' && record.not_after > clock.now()
    const certificate = isKnown ? await authority.find(issuer.key, serial) : undefined
    if (certificate !== undefined) return { kind: 'success', certificates: [certificate], crls: [] }
    const values = { issuer: nameText(issuer), serial: serialText(serial) }
    return failure(reason('scep-certificate-unknown', values))
  }

  /** Section 3.3.5: for everybody, as CRLs are. */
  #getCrl({ content }: CheckedMessage): ScepOutcome {
    const { issuer, serial } = parseIssuerAndSerial(content)
    const crl = this.#parts.authority.crl(issuer.key)
    if (crl !== undefined) return { kind: 'success', certificates: [], crls: [crl] }
    const values = { issuer: nameText(issuer), serial: serialText(serial) }
    return failure(reason('scep-certificate-unknown', values))
  }

  async #outcome(
    outcome: EnrolmentOutcome,
    checked: CheckedMessage,
    requester: Requester,
  ): Promise<ScepOutcome> {
    switch (outcome.kind) {
      case 'issued':
        return {
          kind: 'success',
          certificates: [outcome.certificate, ...outcome.chain],
          crls: [],
        }
      case 'pending':
        await this.#keep(checked, requester, outcome.id)
        return { kind: 'pending' }
      case 'refused':
        return failure(outcome.reason)
      case 'unavailable':
        return { kind: 'unavailable' }
    }
  }

  async #keep(
    checked: CheckedMessage,
    { by, name, identity, deviceId }: Requester,
    id: number,
  ): Promise<void> {
    const { transactions, authority, clock } = this.#parts
    // A renewal is its holder's, who is not among what the message proved.
    const renewed = by === 'certificate' ? await authority.record(checked.sender) : undefined
    await transactions.keep({
      transaction_key: transactionKey(checked),
      request_id: id,
      proof: by,
      requester: name,
      holder_id: identity?.id ?? renewed?.holder_id ?? null,
      holder_name: identity?.name ?? renewed?.holder_name ?? null,
      device_id: deviceId ?? renewed?.device_id ?? null,
      created_at: clock.now(),
    })
  }
}

/** Names a transaction of one key: an id alone is anybody's. */
export function transactionKey({ message, sender }: Pick<CheckedMessage, 'message' | 'sender'>): string {
  const parts = [message.transactionId.text, hash('sha256', sender.spki, 'hex')]
  return hash('sha256', JSON.stringify(parts), 'hex')
}

function failure(why: Reason): ScepOutcome {
  return { kind: 'failure', reason: why }
}
