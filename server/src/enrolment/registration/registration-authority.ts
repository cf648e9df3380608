import { hash } from 'node:crypto'
import {
  applicationPolicies,
  type Certificate,
  decodePem,
  PkiError,
  parseCertificate,
  serialText,
  templateInformation,
} from '@sallyport/pki'
import type { CertificateTemplateConfiguration, EnrolmentProtocol } from '../../config/schema.ts'
import type { Clock } from '../../kernel/clock.ts'
import { UpstreamError } from '../../kernel/errors.ts'
import type { Logger } from '../../kernel/logging.ts'
import type { Remote } from '../../kernel/rpc.ts'
import { type Reason, reason, render } from '../../reasons/index.ts'
import type { CertificateAuthority } from '../authority.ts'
import type { CertificateStore } from '../certificate-store.ts'
import type { CertificateRequestRecord, CertificateRequestStore } from './certificate-request-store.ts'
import type { EnrolmentOutcome, EnrolmentRequest, Registration } from './registration.ts'
import { type Renewal, type RenewalOutcome, resolveRenewal } from './renewal.ts'
import { type CheckedRequest, checkRequest } from './request-check.ts'
import type { EnrolmentIdentities, EnrolmentIdentity, Requester } from './requester.ts'
import { requesterKey, restoreRequester, storeRequester } from './stored-requester.ts'
import { accessFault } from './template-access.ts'
import { isForClients } from './template-profile.ts'

export interface RegistrationParts {
  readonly templates: () => readonly CertificateTemplateConfiguration[]
  readonly authority: CertificateAuthority
  readonly requests: Remote<CertificateRequestStore>
  readonly certificates: Pick<Remote<CertificateStore>, 'find'>
  readonly identities: EnrolmentIdentities
  readonly clock: Clock
  readonly log: Logger
}

/** After this long whoever began to issue a certificate and did not finish has crashed. */
const STALE_CLAIM = 60_000
/** For each certificate the holder may have: a client that has lost its mind must not fill the store. */
const RENEWALS_A_DAY = 10
const RETRY_PENDING_SECONDS = 60
const RETRY_UNDER_WAY_SECONDS = 2

/**
 * The registration authority: every certificate that is asked for is asked for here. Renewal - request - store - issue:
 * in this order, and what is issued is built from the template and the account, never from the request.
 */
export class RegistrationAuthority implements Registration {
  readonly #parts: RegistrationParts
  /** Requests being issued by this node, by id: whoever asks meanwhile waits for the same certificate. */
  readonly #running = new Map<number, Promise<EnrolmentOutcome>>()

  constructor(parts: RegistrationParts) {
    this.#parts = parts
  }

  async request(request: EnrolmentRequest): Promise<EnrolmentOutcome> {
    const { requester, protocol } = request
    const outcome = await this.#guarded(async () => {
      const renewal = await this.#renewal(request)
      return renewal.ok ? await this.#request(request, renewal.renewal) : renewal.outcome
    })
    this.#tell(outcome, { requester: requester.name, by: requester.by, protocol, from: requester.from })
    return outcome
  }

  async result(id: number, requester: Requester): Promise<EnrolmentOutcome | undefined> {
    const record = await this.#parts.requests.find(id)
    // Numbers are easily guessed: of a request nobody else learns even that it is there.
    if (record === undefined || ownerOf(record) !== requesterKey(requester)) return undefined
    return await this.#guarded(() => this.#answer(record))
  }

  templatesFor(
    identity: EnrolmentIdentity,
    protocol: EnrolmentProtocol,
  ): readonly CertificateTemplateConfiguration[] {
    const requester: Requester = { by: 'password', name: identity.name, identity }
    return this.#parts
      .templates()
      .filter((template) => accessFault(template, protocol, requester) === undefined)
  }

  /**
   * An administrator lets a request that waits be issued; one that was approved and could not be issued then is tried
   * again. undefined: there is none of this id, or it is decided otherwise.
   */
  async approve(id: number, by: string, note: string | null): Promise<EnrolmentOutcome | undefined> {
    const isDecided = await this.#decide(id, 'approved', by, note)
    const record = await this.#parts.requests.find(id)
    if (record === undefined || (!isDecided && record.status !== 'approved')) return undefined
    return await this.#guarded(() => this.#answer(record))
  }

  /** False: there is none of this id that waits. */
  async deny(id: number, by: string, note: string | null): Promise<boolean> {
    return await this.#decide(id, 'denied', by, note)
  }

  async #decide(id: number, status: 'approved' | 'denied', by: string, note: string | null) {
    const { requests, clock } = this.#parts
    return await requests.decide(id, { status, by, note, at: clock.now() })
  }

  async #request(request: EnrolmentRequest, renewal: Renewal | undefined): Promise<EnrolmentOutcome> {
    const { requests, clock } = this.#parts
    const requester = renewal?.requester ?? request.requester
    const outcome = this.#check({ ...request, requester }, renewal)
    if (!outcome.ok) return refused(outcome.reason)
    const { checked } = outcome
    const { template, keyHash } = checked
    const opened = await requests.open({
      transaction_key: transactionKey(request, requester),
      protocol: request.protocol,
      template: template.name,
      requester: requester.name,
      ...holderOf(requester),
      key_hash: keyHash,
      days: request.days ?? null,
      requester_data: storeRequester(requester),
      request: request.request,
      renews: renewal?.serial ?? null,
      status: needsApproval(template, requester, renewal) ? 'pending' : 'approved',
      created_at: clock.now(),
      mayReuseKey: template.keys.reuse && renewal !== undefined,
      most: template.perHolder,
      mostRenewals: template.perHolder * RENEWALS_A_DAY,
    })
    switch (opened.kind) {
      case 'key-taken':
        return refused(reason('enrolment-key-taken', {}))
      case 'too-many': {
        const holder = requester.deviceId ?? requester.identity?.name ?? requester.name
        const values = { template: template.name, holder, most: template.perHolder }
        return refused(reason('enrolment-too-many', values))
      }
      case 'too-often': {
        const holder = requester.deviceId ?? requester.identity?.name ?? requester.name
        const most = template.perHolder * RENEWALS_A_DAY
        return refused(reason('enrolment-too-often', { template: template.name, holder, most }))
      }
      case 'new':
        return await this.#begin(opened.record, checked)
      case 'known': {
        const { key_hash, template: before } = opened.record
        const isSame = key_hash === keyHash && before === template.name
        // Whatever came with it this time, what is issued is what was noted, and what somebody approved.
        return isSame
          ? await this.#answer(opened.record)
          : refused(reason('enrolment-transaction-reused', {}))
      }
    }
  }

  /** What was opened just now: claimed with that, unless it waits for approval. */
  async #begin(record: CertificateRequestRecord, checked: CheckedRequest): Promise<EnrolmentOutcome> {
    if (record.status !== 'approved') return await this.#answer(record)
    return await this.#share(
      record.id,
      this.#claimed(record, () => this.#sign(record, checked)),
    )
  }

  #check(request: EnrolmentRequest, renewal: Renewal | undefined) {
    const { templates, authority } = this.#parts
    const authorityKeys = new Set(
      authority.all.map(({ certificate }) => hash('sha256', certificate.spki, 'hex')),
    )
    return checkRequest(request, renewal?.certificate, { templates: templates(), authorityKeys })
  }

  async #renewal({ renews, requester, template }: EnrolmentRequest): Promise<RenewalOutcome> {
    if (renews === undefined) return { ok: true }
    return await resolveRenewal({ certificate: renews, requester, template }, this.#parts)
  }

  async #answer(record: CertificateRequestRecord, checked?: CheckedRequest): Promise<EnrolmentOutcome> {
    const { id, status } = record
    switch (status) {
      case 'pending':
        return { kind: 'pending', id, retryAfterSeconds: RETRY_PENDING_SECONDS }
      case 'denied':
        return refused(reason('enrolment-denied', { id, note: record.note ?? undefined }))
      case 'issued':
        return await this.#issued(record)
      case 'approved':
        return await this.#once(id, () => this.#issue(record, checked))
    }
  }

  async #once(id: number, work: () => Promise<EnrolmentOutcome>): Promise<EnrolmentOutcome> {
    return await (this.#running.get(id) ?? this.#share(id, work()))
  }

  async #share(id: number, outcome: Promise<EnrolmentOutcome>): Promise<EnrolmentOutcome> {
    this.#running.set(id, outcome)
    try {
      return await outcome
    } finally {
      this.#running.delete(id)
    }
  }

  async #issue(record: CertificateRequestRecord, checked?: CheckedRequest): Promise<EnrolmentOutcome> {
    const { requests, clock } = this.#parts
    const { id } = record
    const now = clock.now()
    if (!(await requests.claim(id, now, now - STALE_CLAIM))) {
      const current = await requests.find(id)
      if (current !== undefined && current.status !== 'approved') return await this.#answer(current)
      // Another node is at it.
      return { kind: 'pending', id, retryAfterSeconds: RETRY_UNDER_WAY_SECONDS }
    }
    return await this.#claimed(record, async () => {
      const serial = await requests.issuedSerial(id)
      if (serial === undefined) return await this.#sign(record, checked)
      // Somebody crashed after the certificate was out and before that was noted here.
      await requests.finish(id, serial, superseding(record, []))
      return await this.#issued({ ...record, serial })
    })
  }

  /** What came to nothing does not stay claimed. */
  async #claimed(
    { id }: CertificateRequestRecord,
    work: () => Promise<EnrolmentOutcome>,
  ): Promise<EnrolmentOutcome> {
    const { requests, clock } = this.#parts
    try {
      return await work()
    } catch (error) {
      if (error instanceof PkiError) {
        await requests.reject(id, error.message, clock.now())
        return refused(reason('enrolment-request-malformed', { detail: error.message }))
      }
      await requests.release(id)
      throw error
    }
  }

  async #sign(record: CertificateRequestRecord, checked?: CheckedRequest): Promise<EnrolmentOutcome> {
    const { requests, authority, clock } = this.#parts
    const { id } = record
    const ready = checked === undefined ? await this.#checkAgain(record) : { ok: true as const, checked }
    if (!ready.ok) {
      const { outcome } = ready
      if (outcome.kind === 'refused') {
        await requests.reject(id, render(outcome.reason).sentence, clock.now())
      } else await requests.release(id)
      return outcome
    }
    const { template, profile, names, publicKey, keyHash, days } = ready.checked
    const certificate = await authority.issue({
      kind: isForClients(profile) ? 'client' : 'server',
      template: profile.issuing,
      subject: names.subject,
      san: names.san,
      publicKey,
      days,
      ...(names.sid !== undefined && { sid: names.sid }),
      extensions: [
        templateInformation({ oid: profile.oid, major: template.revision, minor: 0 }),
        ...(profile.extendedKeyUsages.length > 0 ? [applicationPolicies(...profile.extendedKeyUsages)] : []),
      ],
      origin: {
        template: template.name,
        template_revision: template.revision,
        protocol: record.protocol,
        holder_id: record.holder_id,
        holder_name: restoreRequester(record.requester_data).identity?.name ?? record.requester,
        device_id: record.device_id,
        key_hash: keyHash,
        renews: record.renews,
        request_id: id,
      },
    })
    const { holder_id, device_id } = record
    const replaced = await requests.held(
      { id: holder_id, device: device_id },
      template.supersedes,
      clock.now(),
    )
    await requests.finish(id, serialText(certificate.serial), superseding(record, replaced))
    return this.#outcomeOf(id, certificate)
  }

  /** A request that waited: template, account and groups as they are now. */
  async #checkAgain(
    record: CertificateRequestRecord,
  ): Promise<{ ok: true; checked: CheckedRequest } | { ok: false; outcome: EnrolmentOutcome }> {
    const { identities, certificates } = this.#parts
    let requester = restoreRequester(record.requester_data)
    if (requester.identity !== undefined) {
      const { id, name } = requester.identity
      const answer = await identities.byId(id, name)
      if (answer.kind !== 'known') return { ok: false, outcome: answer }
      requester = { ...requester, identity: answer.identity }
    }
    const pem = record.renews === null ? undefined : (await certificates.find(record.renews))?.pem
    const [renewed] = typeof pem === 'string' ? decodePem('CERTIFICATE', pem) : []
    // The protocol is one of the known: nothing else was written.
    const protocol = record.protocol as EnrolmentProtocol
    const request: EnrolmentRequest = {
      ...{ protocol, requester, template: record.template, request: record.request },
      ...(record.days !== null && { days: record.days }),
      ...(renewed !== undefined && { renews: parseCertificate(renewed) }),
    }
    const renewal = await this.#renewal(request)
    if (!renewal.ok) return { ok: false, outcome: renewal.outcome }
    const outcome = this.#check(request, renewal.renewal)
    return outcome.ok ? outcome : { ok: false, outcome: refused(outcome.reason) }
  }

  async #issued({ id, serial }: Pick<CertificateRequestRecord, 'id' | 'serial'>): Promise<EnrolmentOutcome> {
    const record = serial === null ? undefined : await this.#parts.certificates.find(serial)
    const [der] = record?.pem === undefined || record.pem === null ? [] : decodePem('CERTIFICATE', record.pem)
    if (record?.status !== 'issued' || record.not_after <= this.#parts.clock.now() || der === undefined) {
      return refused(reason('enrolment-transaction-spent', { serial: serial ?? '' }))
    }
    return this.#outcomeOf(id, parseCertificate(der))
  }

  #outcomeOf(id: number, certificate: Certificate): EnrolmentOutcome {
    const chain = this.#parts.authority.chainOf(certificate)
    return { kind: 'issued', id, certificate, chain }
  }

  /** Whatever breaks here is not the client's: it may try again. */
  async #guarded(work: () => Promise<EnrolmentOutcome>): Promise<EnrolmentOutcome> {
    try {
      return await work()
    } catch (error) {
      this.#parts.log.error({ err: error }, 'A certificate request could not be worked on.')
      // The key of the CA is in a token, and the token does not answer.
      return error instanceof UpstreamError && error.code === 'ca-key-unavailable'
        ? { kind: 'unavailable', reason: keyUnavailable(error) }
        : UNAVAILABLE
    }
  }

  #tell(outcome: EnrolmentOutcome, values: Readonly<Record<string, unknown>>): void {
    const { log } = this.#parts
    switch (outcome.kind) {
      case 'issued': {
        const serial = serialText(outcome.certificate.serial)
        log.info({ ...values, request: outcome.id, serial }, `Issued certificate ${serial}.`)
        return
      }
      case 'pending':
        log.info({ ...values, request: outcome.id }, `Certificate request ${outcome.id} waits.`)
        return
      case 'refused':
      case 'unavailable':
        log.warn({ ...values, reason: outcome.reason.code }, render(outcome.reason).sentence)
    }
  }
}

const UNAVAILABLE: EnrolmentOutcome = { kind: 'unavailable', reason: reason('store-unavailable', {}) }

function keyUnavailable({ values: { token, why } }: UpstreamError): Reason {
  return reason('ca-key-unavailable', { token: String(token), why: String(why) })
}

function refused(why: Reason): EnrolmentOutcome {
  return { kind: 'refused', reason: why }
}

function ownerOf(record: CertificateRequestRecord): string {
  return requesterKey(restoreRequester(record.requester_data))
}

function holderOf({ identity, deviceId }: Requester) {
  return { holder_id: identity?.id ?? null, device_id: deviceId ?? null }
}

/** Which answer belongs to it: of this requester, by this protocol, for this certificate. */
function transactionKey(
  { protocol, transaction, request, renews }: EnrolmentRequest,
  requester: Requester,
): string {
  const named = transaction ?? `request ${hash('sha256', request, 'hex')}`
  const parts = [requesterKey(requester), named, renews?.fingerprint ?? '']
  // Whatever a client sends as a transaction: the key is short and has no other's separators in it.
  return `${protocol}/${hash('sha256', JSON.stringify(parts), 'hex')}`
}

/** Names out of a request are approved by somebody who reads them, even if an administrator brought the request. */
function needsApproval(
  { approval, names }: CertificateTemplateConfiguration,
  { by }: Requester,
  renewal: Renewal | undefined,
): boolean {
  if (renewal?.certificate !== undefined) return false
  return names === 'requested' || (approval === 'required' && by !== 'administrator')
}

function superseding({ renews }: CertificateRequestRecord, replaced: readonly string[]): string[] {
  return [...(renews === null ? [] : [renews]), ...replaced]
}
