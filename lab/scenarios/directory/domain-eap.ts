/** eapol_test as people and computers of the domain, by certificate. What binds a certificate to an account is its SID. */
import assert from 'node:assert/strict'
import { createHash, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { LabCertificate } from '../../certificates.ts'
import { COMMON_PASSWORD, COMPUTER } from '../../samba/people.ts'
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
  {
    name: 'AD: EAP-TLS as a computer, host/NAME.domain',
    async run(house) {
      const certificate = house.certificate('ws1', {
        subjectAltName: `DNS:${COMPUTER.dnsName}`,
        sid: await sidOf(house, `${COMPUTER.name}$`),
      })
      return await expectCertificate(house, { identity: `host/${COMPUTER.dnsName}`, certificate })
    },
  },
]

/** MS-CHAPv2 inside PEAP, which a domain controller alone can check. */
const MSCHAPV2: readonly Case[] = [
  {
    name: 'AD: PEAP-MSCHAPv2 by winbind, however the name is written',
    async run(house) {
      const { upn, name } = house.backends.controller.person('alice')
      for (const identity of [name, upn, `LAB\\${name}`]) {
        const result = await house.eap(peap(identity, COMMON_PASSWORD))
        assert.ok(result.success, `${identity}: ${result.output.slice(-3000)}`)
        assert.deepEqual(result.keys, { ok: 1, mismatch: 0 })
        const { body } = await house.receipt(result.station)
        assert.deepEqual(namesOf(body.facts), ['Domain Users', 'Users', 'VPN Nested', 'VPN Users'])
      }
      return 'three names, keys match, groups of the directory'
    },
  },
  {
    name: 'AD: TTLS-MSCHAPv2 and EAP-MSCHAPv2 by winbind',
    async run(house) {
      const ttls = await house.eap([
        ...['eap=TTLS', 'phase2="auth=MSCHAPV2"', 'anonymous_identity="anonymous@ad.lab.test"'],
        ...['identity="bob@ad.lab.test"', `password="${COMMON_PASSWORD}"`],
      ])
      assert.ok(ttls.success, ttls.output.slice(-3000))
      const bare = await house.eap(['eap=MSCHAPV2', 'identity="bob"', `password="${COMMON_PASSWORD}"`])
      assert.ok(bare.success, bare.output.slice(-3000))
      return 'keys match'
    },
  },
  ...(
    [
      ['alice', 'wrong-password', 'not-the-password-of-anybody'],
      ['disabled', 'account-disabled', COMMON_PASSWORD],
      ['expired', 'account-expired', COMMON_PASSWORD],
      ['outsideHours', 'outside-logon-hours', COMMON_PASSWORD],
    ] as const
  ).map(
    ([who, reason, word]): Case => ({
      name: `AD: PEAP-MSCHAPv2 of ${who} is refused as ${reason}`,
      async run(house) {
        const result = await house.eap(peap(house.backends.controller.person(who).upn, word))
        assert.ok(!result.accepted, result.output.slice(-3000))
        const { id, body } = await house.receipt(result.station)
        assert.equal(body.reason.code, reason)
        return (await house.server.api.explain(id)).sentence
      },
    }),
  ),
  {
    name: 'AD: PEAP-MSCHAPv2 as a computer, with its machine password',
    async run(house) {
      const result = await house.eap(peap(`host/${COMPUTER.dnsName}`, COMPUTER.password))
      assert.ok(result.success, result.output.slice(-3000))
      assert.deepEqual(result.keys, { ok: 1, mismatch: 0 })
      return 'keys match'
    },
  },
]

function peap(identity: string, password: string): readonly string[] {
  return ['eap=PEAP', 'phase2="auth=MSCHAPV2"', `identity="${identity}"`, `password="${password}"`]
}

function namesOf(facts: Readonly<Record<string, unknown>>): readonly string[] {
  const { groups } = facts.user as { groups: string[] } // what policy/facts.ts says
  return groups.toSorted()
}

export const DOMAIN_EAP_CASES: readonly Case[] = [
  ...bindMethods('AD', 'domain.test', COMMON_PASSWORD),
  ...MSCHAPV2,
  ...DOMAIN_CERTIFICATE_CASES,
]
