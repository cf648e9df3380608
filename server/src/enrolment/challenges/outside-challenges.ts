import { hash } from 'node:crypto'
import { type CertificationRequest, certificateNames, type GeneralName, nameText } from '@sallyport/pki'
import type { ChallengeValidatorConfiguration } from '../../config/sections/challenge-validators.ts'
import type { Clock } from '../../kernel/clock.ts'
import { UpstreamError } from '../../kernel/errors.ts'
import type { Logger } from '../../kernel/logging.ts'
import type { Remote } from '../../kernel/rpc.ts'
import { type Reason, reason, render } from '../../reasons/index.ts'
import type { EnrolmentOutcome } from '../registration/registration.ts'
import type { EnrolmentIdentities, Requester } from '../registration/requester.ts'
import { commonNameOf } from './challenge-check.ts'
import type { ChallengeAnswer, ChallengedRequest, ChallengeProof } from './challenge-proof.ts'
import type { ChallengeStore } from './challenge-store.ts'
import type { ValidationClient } from './validation-client.ts'

interface Parts {
  readonly settings: ChallengeValidatorConfiguration
  readonly client: Pick<ValidationClient, 'post'>
  readonly challenges: Pick<Remote<ChallengeStore>, 'useForeign'>
  readonly identities: EnrolmentIdentities
  readonly clock: Clock
  readonly log: Logger
}

/** Kept so long to know it again; a challenge of a service lasts an hour or a day. */
const REMEMBERED = 30 * 86_400_000
const CALLER = 'Sallyport'
/** E_FAIL: an HRESULT that says nothing more. */
const FAILED = -2147467259

/**
 * Challenges that a service made and vouches for, in the JSON of Microsoft's SCEP validation. It compares the request with the
 * profile; that a challenge is used once is seen to here. What is not clearly a yes is none.
 */
export class OutsideChallenges implements ChallengeProof {
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  async prove(request: ChallengedRequest): Promise<ChallengeAnswer> {
    const { settings, client, challenges, clock } = this.#parts
    const subject = commonNameOf(request.request) ?? ''
    const { challenge } = request
    if (challenge === undefined || challenge.trim() === '') {
      return refused(reason('challenge-missing', { subject }))
    }
    const holder = await this.#holder(request.request)
    if (holder.kind !== 'holder') return holder
    const asked = { ...this.#common(request), callerInfo: CALLER }
    const verdict = await this.#ask(async () => await client.post('validateRequest', { request: asked }))
    if ('kind' in verdict) return verdict
    if (verdict.code !== 'Success') {
      const detail = verdict.errorDescription ?? undefined
      return refused(reason('challenge-rejected', { validator: settings.name, rule: verdict.code, detail }))
    }
    const now = clock.now()
    const use = await challenges.useForeign({
      hash: hash('sha256', challenge, 'hex'),
      template: settings.template,
      user_name: holder.requester.identity?.name ?? null,
      holder_id: holder.requester.identity?.id ?? null,
      device_id: holder.requester.deviceId ?? null,
      subject: null,
      names: '{}',
      minimum_rsa_bits: null,
      created_at: now,
      created_by: settings.name,
      expires_at: now + REMEMBERED,
      used_by: request.transaction,
    })
    if (use.kind === 'used' || use.kind === 'used-before') {
      return { kind: 'proved', requester: { ...holder.requester, from: request.from } }
    }
    const id = use.kind === 'unknown' ? 0 : use.challenge.id
    return refused(reason('challenge-spent', { id, holder: holder.requester.name }))
  }

  async settle(request: ChallengedRequest, outcome: EnrolmentOutcome): Promise<void> {
    const { client, settings, log } = this.#parts
    if (outcome.kind !== 'issued' && outcome.kind !== 'refused') return
    const common = { ...this.#common(request), callerInfo: CALLER }
    try {
      if (outcome.kind === 'refused') {
        const errorDescription = render(outcome.reason).title
        const notification = { ...common, hResult: FAILED, errorDescription }
        await client.post('failureNotification', { notification })
        return
      }
      const { certificate } = outcome
      const { serial, notAfter } = certificateNames(certificate)
      const issuer = nameText(certificate.issuer)
      const notification = {
        ...common,
        certificateThumbprint: hash('sha1', certificate.der, 'hex').toUpperCase(),
        certificateSerialNumber: serial.toUpperCase(),
        certificateExpirationDateUtc: notAfter,
        issuingCertificateAuthority: issuer,
        caConfiguration: CALLER,
        certificateAuthority: issuer,
      }
      await client.post('successNotification', { notification })
    } catch (error) {
      // The certificate stands whether the service hears of it or not.
      log.warn({ err: error }, `${settings.name} could not be told what became of a request.`)
    }
  }

  /** A request with a user principal name is for that account, as it is now; any other for the device of its name. */
  async #holder(
    request: CertificationRequest,
  ): Promise<{ kind: 'holder'; requester: Requester } | Exclude<ChallengeAnswer, { kind: 'proved' }>> {
    const { name: validator, template: boundTemplate } = this.#parts.settings
    const names = request.extensions.subjectAltName ?? []
    const upns = names.flatMap((name) => (name.kind === 'upn' ? [name.name] : []))
    const [upn, ...others] = upns
    const subject = commonNameOf(request)
    if (upn !== undefined && others.length === 0) {
      const account = await this.#parts.identities.find(upn)
      if (account.kind !== 'known') return account
      const { identity } = account
      const name = `${identity.name} (${validator})`
      return { kind: 'holder', requester: { by: 'challenge', name, boundTemplate, identity } }
    }
    if (subject === undefined || others.length > 0) {
      return refused(
        reason('challenge-mismatch', {
          rule: 'SubjectNameMissing',
          wanted: 'one holder',
          found: `${upns.length} user names`,
        }),
      )
    }
    const provedNames = names.filter(({ kind }: GeneralName) => kind === 'dns' || kind === 'ip')
    const name = `device ${subject} (${validator})`
    return {
      kind: 'holder',
      requester: { by: 'challenge', name, boundTemplate, deviceId: subject, provedNames },
    }
  }

  #common({ transaction, octets }: ChallengedRequest) {
    return { transactionId: transaction, certificateRequest: Buffer.from(octets).toString('base64') }
  }

  async #ask<Answer>(
    work: () => Promise<Answer>,
  ): Promise<Answer | Extract<ChallengeAnswer, { kind: 'unavailable' }>> {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof UpstreamError)) throw error
      const { name: validator } = this.#parts.settings
      const detail = String(error.values.detail ?? error.message)
      const why = reason('challenge-validator-silent', { validator, detail })
      this.#parts.log.warn({ reason: why.code, err: error }, render(why).sentence)
      return { kind: 'unavailable', reason: why }
    }
  }
}

function refused(why: Reason): { kind: 'refused'; reason: Reason } {
  return { kind: 'refused', reason: why }
}
