/** eapol_test as people and computers of the domain, by certificate. What binds a certificate to an account is its SID. */
import assert from 'node:assert/strict'
import { createHash, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { LabCertificate } from '../../certificates.ts'
import { COMMON_PASSWORD } from '../../samba/people.ts'
import type { LabCase } from '../../scenario.ts'
import { bindMethods } from './eap-logins.ts'
import type { DirectoryHouse } from './house.ts'

type Case = LabCase<DirectoryHouse>

const UPN = 'otherName:1.3.6.1.4.1.311.20.2.3;UTF8'

interface ByCertificate {
  readonly identity: string
  readonly certificate: LabCertificate
  /** undefined: accepted. */
  readonly refusal?: string
}

async function expectCertificate(house: DirectoryHouse, login: ByCertificate): Promise<string> {
  const { identity, certificate, refusal } = login
  const result = await house.eap([
    ...['eap=TLS', `identity="${identity}"`],
    ...[`client_cert="${certificate.certificate}"`, `private_key="${certificate.key}"`],
  ])
  const { id, body } = await house.receipt(result.station)
  const { sentence } = await house.server.api.explain(id)
  const seen = `${body.reason.code}: ${sentence}`
  assert.equal(result.accepted, refusal === undefined, seen)
  assert.equal(body.reason.code, refusal ?? 'accepted', seen)
  if (refusal === undefined) assert.deepEqual(result.keys, { ok: 1, mismatch: 0 })
  return seen
}

/** `S-1-5-21-...` of an account. */
export async function sidOf(house: DirectoryHouse, account: string): Promise<string> {
  const [sid = ''] = (await house.backends.controller.winbind('wbinfo', '-n', account)).split(' ')
  return sid
}

export const DOMAIN_CERTIFICATE_CASES: readonly Case[] = [
  {
    name: 'AD: EAP-TLS as a user: the SID in the certificate is the account',
    async run(house) {
      const { upn } = house.backends.controller.person('alice')
      const certificate = house.certificate('alice', {
        subjectAltName: `${UPN}:${upn}`,
        sid: await sidOf(house, 'alice'),
      })
      return await expectCertificate(house, { identity: upn, certificate })
    },
  },
  {
    name: 'AD: EAP-TLS with the SID of another account, or with none, is refused whatever name it carries',
    async run(house) {
      const { upn } = house.backends.controller.person('alice')
      const others = house.certificate('alice-of-bob', {
        subjectAltName: `${UPN}:${upn}`,
        sid: await sidOf(house, 'bob'),
      })
      const unbound = house.certificate('alice-unbound', { subjectAltName: `${UPN}:${upn}` })
      const seen = [
        await expectCertificate(house, {
          identity: upn,
          certificate: others,
          refusal: 'certificate-of-other-account',
        }),
        await expectCertificate(house, {
          identity: upn,
          certificate: unbound,
          refusal: 'certificate-mapping-weak',
        }),
      ]
      return seen.join(' | ')
    },
  },
  {
    name: 'AD: EAP-TLS without a SID counts once altSecurityIdentities names its key',
    async run(house) {
      const { controller } = house.backends
      const { upn, dn } = controller.person('bob')
      const certificate = house.certificate('bob-mapped', { subjectAltName: `${UPN}:${upn}` })
      const { raw } = new X509Certificate(readFileSync(certificate.certificate))
      const digest = createHash('sha1').update(raw).digest('hex')
      await expectCertificate(house, { identity: upn, certificate, refusal: 'certificate-mapping-weak' })
      await controller.change(dn, 'altSecurityIdentities', `X509:<SHA1-PUKEY>${digest}`)
      try {
        return await expectCertificate(house, { identity: upn, certificate })
      } finally {
        await controller.change(dn, 'altSecurityIdentities')
      }
    },
  },
  {
    name: 'AD: EAP-TLS of a disabled account is refused as that',
    async run(house) {
      const { upn, name } = house.backends.controller.person('disabled')
      const certificate = house.certificate('disabled', {
        subjectAltName: `${UPN}:${upn}`,
        sid: await sidOf(house, name),
      })
      return await expectCertificate(house, { identity: upn, certificate, refusal: 'account-disabled' })
    },
  },
]

export const DOMAIN_EAP_CASES: readonly Case[] = [
  ...bindMethods('AD', 'domain.test', COMMON_PASSWORD),
  ...DOMAIN_CERTIFICATE_CASES,
]
