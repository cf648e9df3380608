import { randomUUID } from 'node:crypto'
import type { CrlReason } from '@sallyport/pki'
import type { Clock } from '../../kernel/clock.ts'
import { RequestError, UpstreamError } from '../../kernel/errors.ts'
import type { Logger } from '../../kernel/logging.ts'
import type { Remote } from '../../kernel/rpc.ts'
import type { CertificateStatusStore, StatusChange } from './certificate-status-store.ts'
import type { CrlPublisher, PublishedList } from './crl-publisher.ts'

export interface StatusOrder
  extends Pick<StatusChange, 'serial' | 'to' | 'askedBy' | 'invalidityDate' | 'heldFor'> {
  /** Of a revocation; a hold has none but itself. */
  readonly reason?: CrlReason
  /** What it is a part of, for people: `account alice was disabled`. */
  readonly cause?: string
}

/** What a change of status did, in its order; the same id stands in log and audit trail. */
export interface StatusAction {
  readonly id: string
  readonly serial: string
  readonly to: StatusChange['to']
  /** False: it was so already, and nothing was done. */
  readonly changed: boolean
  /** Every login on this node is answered by it. */
  readonly logins: 'told' | 'unchanged'
  /** OCSP answers that were signed before are gone. */
  readonly ocsp: 'told' | 'unchanged'
  /** Lists that carry it. */
  readonly crls: readonly Pick<PublishedList, 'kind' | 'number' | 'issuer'>[]
  /** Why a list could not be made; the next try is within a minute. */
  readonly crlFailures: readonly string[]
}

export interface StatusActionParts {
  readonly store: Remote<CertificateStatusStore>
  readonly crls: Pick<CrlPublisher, 'publish'>
  /** Resolves once logins on this node see what is stored; false where they could not be told. */
  readonly tellLogins: () => Promise<boolean>
  /** Resolves once OCSP answers by what is stored. */
  readonly tellOcsp: () => Promise<void>
  readonly clock: Clock
  readonly log: Logger
}

/**
 * Revokes, holds and releases. Revoked is gone: when it resolves the next login is refused, live sessions are being
 * ended (the note for that is in the transaction of the change), OCSP says so, and a delta CRL lists it.
 */
export class StatusActions {
  readonly #parts: StatusActionParts

  constructor(parts: StatusActionParts) {
    this.#parts = parts
  }

  /**
   * @throws RequestError 'certificate-not-found', 'certificate-not-revocable'
   * @throws UpstreamError 'revocation-not-served': it is stored, and logins could not be told
   */
  async run({
    serial,
    to,
    reason,
    invalidityDate,
    heldFor,
    askedBy,
    cause,
  }: StatusOrder): Promise<StatusAction> {
    const { store, crls, tellLogins, tellOcsp, clock, log } = this.#parts
    const id = randomUUID()
    const why = to === 'revoked' ? (reason ?? 'unspecified') : 'certificateHold'
    const words = `certificate ${serial} ${to}${cause === undefined ? '' : ` (${cause})`}, action ${id}`
    const outcome = await store.change({
      ...{ serial, to, at: clock.now(), reason: why, askedBy, cause: words },
      ...(invalidityDate !== undefined && { invalidityDate }),
      ...(heldFor !== undefined && { heldFor }),
    })
    if (outcome.kind === 'not-found')
      throw new RequestError(
        'certificate-not-found',
        `There is no certificate with serial ${serial}. Give the whole serial: sallyport certificates list.`,
      )
    if (outcome.kind === 'impossible') {
      throw new RequestError(
        'certificate-not-revocable',
        `${serial} cannot be ${to}: it is ${outcome.status}.`,
      )
    }
    const isNew = outcome.kind === 'changed'
    // Told again also where nothing changed: the try before may have failed half way.
    const toldLogins = await tellLogins()
    await tellOcsp()
    const { lists, failures } = await crls.publish('changes')
    const action: StatusAction = {
      ...{ id, serial, to, changed: isNew },
      logins: isNew ? 'told' : 'unchanged',
      ocsp: isNew ? 'told' : 'unchanged',
      crls: lists.map(({ kind, number, issuer }) => ({ kind, number, issuer })),
      crlFailures: failures.map(({ issuer, why: what }) => `${issuer}: ${what}`),
    }
    log.info(
      {
        action: id,
        serial,
        to,
        reason: why,
        askedBy,
        cause,
        crls: action.crls,
        crlFailures: action.crlFailures,
      },
      `Certificate ${serial} ${to}${isNew ? '' : ' before'}.`,
    )
    if (!toldLogins)
      throw new UpstreamError('revocation-not-served', `${serial} is ${to}, but not yet for the workers.`, {
        id,
      })
    return action
  }
}
