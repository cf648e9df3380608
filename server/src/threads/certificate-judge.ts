import type { EapScope } from '../access/eap/eap-methods.ts'
import type { CertificateJudge, CertificateJudgement } from '../access/eap/identity-verifier.ts'
import { whenReady } from '../access/when-ready.ts'
import type { ClientCertificateCheck, Voucher } from '../enrolment/client-certificate-check.ts'
import type { RevocationAnswer } from '../enrolment/revocation/revocation-answer.ts'
import type { RevocationGate } from '../enrolment/revocation/revocation-gate.ts'
import { revocationFacts, revocationReason } from '../enrolment/revocation/revocation-reason.ts'
import { mapCertificate, UNMAPPED } from '../identity/certificate-mapping.ts'
import type { RealmTable } from '../identity/realms.ts'
import type { Clock } from '../kernel/clock.ts'
import type { CertificateNameFacts } from '../policy/facts.ts'
import { type Reason, reason } from '../reasons/index.ts'

export interface CertificateJudgeParts {
  readonly check: ClientCertificateCheck
  readonly gate: RevocationGate
  readonly realms: RealmTable
  /** Name of the entry of our own CA. */
  readonly ownAuthority: string | undefined
  readonly clock: Clock
}

/** An entry of `trust:` that may vouch for this login, and whom it then lets in. */
type Chosen =
  | { readonly ok: true; readonly voucher: Voucher; readonly userName: string }
  | { readonly ok: false; readonly reason: Reason; readonly authority: string }

/**
 * Path first, then OpenSSL's word, then which trusted CA may vouch for this login, whose certificate it is, and at last
 * whether it was revoked: all must agree. A resumed login goes the same way again.
 */
export function certificateJudge(parts: CertificateJudgeParts): CertificateJudge {
  const { check, gate, clock } = parts
  return {
    judge(chain, opensslError, scope) {
      const now = clock.now()
      const outcome = check.check(chain, now)
      if (!outcome.ok) return { ok: false, reason: outcome.reason }
      const { facts, vouchers, holder } = outcome
      const { subject } = facts
      if (opensslError !== undefined) {
        const why = reason('certificate-invalid', { subject, detail: `OpenSSL: ${opensslError}` })
        return { ok: false, reason: why, certificate: facts }
      }
      const { client } = (scope as EapScope).device // EapLogin gives every conversation one
      const chosen = choose(vouchers, facts, client, parts)
      if (!chosen.ok) {
        const { authority } = chosen
        return { ok: false, reason: chosen.reason, certificate: { ...facts, authority } }
      }
      const { voucher, userName } = chosen
      return whenReady(gate.check(voucher.authority, voucher.path, now), (answer) =>
        // Whoever issued it: a holder can only narrow, and the own root may be listed as a foreign one too.
        judgement(answer, facts, voucher, { userName, ...(holder !== undefined && { holder }) }, clock.now()),
      )
    },
  }
}

/** The first entry whose purpose this login is; where there is none, the first one's reason. */
function choose(
  vouchers: readonly Voucher[],
  facts: CertificateNameFacts,
  client: string,
  { realms, ownAuthority }: CertificateJudgeParts,
): Chosen {
  let refused: Chosen | undefined
  for (const voucher of vouchers) {
    const chosen = mayVouch(voucher, facts, client, realms, ownAuthority)
    if (chosen.ok) return chosen
    refused ??= chosen
  }
  if (refused === undefined) throw new TypeError('a certificate holds that nobody vouches for')
  return refused
}

function mayVouch(
  voucher: Voucher,
  facts: CertificateNameFacts,
  client: string,
  realms: RealmTable,
  ownAuthority: string | undefined,
): Chosen {
  const { name: authority, uses } = voucher.authority
  const { subject } = facts
  const outside = (what: string, wanted: readonly string[], found?: string): Chosen => {
    const values = { subject, authority, what, wanted, ...(found === undefined ? {} : { found }) }
    return { ok: false, authority, reason: reason('certificate-authority-not-for-this', values) }
  }
  if (uses !== undefined && uses.clients.length > 0 && !uses.clients.includes(client)) {
    return outside('RADIUS clients', uses.clients, client)
  }
  const missing = uses?.extendedKeyUsages.find((oid) => !facts.extendedKeyUsages.includes(oid))
  if (missing !== undefined) {
    return outside('extended key usages', [missing], facts.extendedKeyUsages.join(', '))
  }
  const mapping = mapCertificate({ ...facts, issuedByOwnCa: authority === ownAuthority })
  if (mapping.kind === 'unmapped') {
    const tried = [UNMAPPED[mapping.why]]
    return { ok: false, authority, reason: reason('certificate-no-mapping', { subject, tried }) }
  }
  if (uses !== undefined && uses.realms.length > 0) {
    // The realm of the account, not of what the peer called itself: the certificate says who comes in.
    const choice = realms.choose(mapping.userName)
    const realm = choice.kind === 'realm' ? choice.realm.name : undefined
    if (realm === undefined || !uses.realms.includes(realm)) return outside('realms', uses.realms, realm)
  }
  return { ok: true, voucher, userName: mapping.userName }
}

function judgement(
  answer: RevocationAnswer,
  facts: CertificateNameFacts,
  { authority, path }: Voucher,
  account: { readonly userName: string; readonly holder?: string },
  now: number,
): CertificateJudgement {
  if (answer.kind === 'good') {
    const certificate = { ...facts, authority: authority.name, ...revocationFacts(answer, now) }
    return { ok: true, certificate, ...account }
  }
  const certificate = { ...facts, authority: authority.name }
  const why = revocationReason(answer, path, now)
  const isSilent =
    answer.kind === 'unknown' &&
    // Another node may reach the database; nobody is told that a good certificate is bad.
    (answer.why === 'records-unavailable' ||
      (isOutage(answer.why) && authority.rules?.whenUnreachable === 'silence'))
  return isSilent ? { ok: 'unavailable', reason: why, certificate } : { ok: false, reason: why, certificate }
}

/** Another server may know better; that a responder does not know a certificate is no outage. */
function isOutage(why: Extract<RevocationAnswer, { kind: 'unknown' }>['why']): boolean {
  return why === 'unreachable' || why === 'stale'
}
