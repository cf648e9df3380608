/** What a certificate goes through, whichever way it was asked for: issued, used, renewed, used, revoked, gone. */
import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { LabCertificate } from '../../certificates.ts'
import { crlText, opensslOcsp, opensslVerify } from '../../openssl.ts'
import type { LabUser } from './configuration.ts'
import { type EnrolmentHouse, pointersOf } from './house.ts'

/** A protocol and the client that speaks it. */
export interface Way {
  readonly name: string
  readonly user: LabUser
  enrol(house: EnrolmentHouse): Promise<LabCertificate>
  /** Leaves the old files alone or not: what is returned is the new one. */
  renew(house: EnrolmentHouse, old: LabCertificate): Promise<LabCertificate>
}

export async function wholeLife(house: EnrolmentHouse, way: Way): Promise<string> {
  const first = await way.enrol(house)
  const firstSerial = serialOf(first)
  await assertGood(house, first)
  await assertIn(house, way.user, first)

  const second = await way.renew(house, first)
  const serial = serialOf(second)
  if (serial === firstSerial) throw new Error('the renewed certificate is the old one')
  await assertGood(house, second)
  const receipt = await assertIn(house, way.user, second)
  await house.reportSession(way.user, receipt)

  const begun = performance.now()
  await house.sallyport('certificates', 'revoke', serial, '--reason', 'keyCompromise')
  const told = performance.now() - begun
  const cut = await house.sessionCut(way.user)
  await assertRefused(house, way.user, second, serial)
  await assertPublished(house, second, serial)
  return `${firstSerial.slice(0, 8)} then ${serial.slice(0, 8)}; revoked in ${told.toFixed(0)} ms, session cut ${cut.toFixed(0)} ms later`
}

/** openssl builds the chain to our root, and our OCSP says good. */
async function assertGood(house: EnrolmentHouse, { certificate }: LabCertificate): Promise<void> {
  const { root, issuing } = house
  const { ok, output } = await opensslVerify({
    ...{ certificate, root, intermediates: [issuing] },
    more: ['-purpose', 'sslclient'],
  })
  if (!ok) throw new Error(output)
  const answer = await opensslOcsp({ url: pointersOf(certificate).ocsp, issuer: issuing, certificate, root })
  if (answer.status !== 'good' || !answer.verified) throw new Error(answer.output)
}

async function assertIn(house: EnrolmentHouse, user: LabUser, certificate: LabCertificate) {
  const { login, receipt } = await house.logIn(user, certificate)
  if (!login.success) throw new Error(`${receipt.sentence}\n${login.output.slice(-800)}`)
  if (receipt.user !== user) throw new Error(`let in as ${receipt.user}`)
  return receipt
}

async function assertRefused(
  house: EnrolmentHouse,
  user: LabUser,
  certificate: LabCertificate,
  serial: string,
): Promise<void> {
  const { login, receipt } = await house.logIn(user, certificate)
  if (login.accepted || receipt.reason !== 'certificate-revoked') {
    throw new Error(`after the revocation: ${receipt.outcome} ${receipt.reason}`)
  }
  const values = receipt.body.reason.values
  if (values.serial !== serial || values.why !== 'keyCompromise') throw new Error(JSON.stringify(values))
}

/** Revoked means gone: OCSP at once, and the delta CRL that the full one names. */
async function assertPublished(
  house: EnrolmentHouse,
  { certificate }: LabCertificate,
  serial: string,
): Promise<void> {
  const { root, issuing } = house
  const { ocsp, crl } = pointersOf(certificate)
  const answer = await opensslOcsp({ url: ocsp, issuer: issuing, certificate, root })
  if (answer.status !== 'revoked' || !answer.verified) throw new Error(answer.output)
  if (!answer.output.includes('keyCompromise')) throw new Error(answer.output)
  const full = await crlText(await house.fetchTo(`${serial}.crl`, crl))
  const [, freshest] = /Freshest CRL:[\s\S]*?URI:(\S+)/.exec(full) ?? []
  if (freshest === undefined) throw new Error(`the CRL names no delta: ${full}`)
  const delta = await crlText(await house.fetchTo(`${serial}+.crl`, freshest))
  if (!delta.includes('Delta CRL Indicator')) throw new Error(delta)
  if (!delta.toLowerCase().includes(serial)) throw new Error(`the delta CRL does not list it: ${delta}`)
}

/** As `sallyport certificates` writes it. */
export function serialOf({ certificate }: LabCertificate): string {
  return new X509Certificate(readFileSync(certificate)).serialNumber.toLowerCase().replace(/^0+/, '')
}
