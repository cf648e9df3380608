/** Certificates: what is wrong with the device's, and what the device finds wrong with ours. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { asn1Time } from '../../../certificates.ts'
import type { Cause } from '../cause.ts'
import type { DiagnosisHouse } from '../house.ts'
import type { ClientKind, Site } from '../site.ts'

const DAY = 86_400_000
const days = (from: number, to: number) => ({
  notBefore: asn1Time(Date.now() + from * DAY),
  notAfter: asn1Time(Date.now() + to * DAY),
})

type Flaws = (house: DiagnosisHouse) => Parameters<DiagnosisHouse['certificate']>[1]

export function certificateCauses(site: Site): Cause[] {
  const ofDevice = (
    name: string,
    code: string,
    flaws: Flaws,
    more: Partial<Cause> & { user?: string } = {},
  ): Cause => {
    const { user = site.user().name, ...rest } = more
    return {
      name,
      code,
      says: [user],
      ...rest,
      async happen(house) {
        await house.supplicant(house.tls(user, house.certificate(user, flaws(house))))
        return { by: 'user', value: user }
      },
    }
  }
  const disabled = site.user({ disabled: true }).name
  const revoked = site.user().name
  const stranger = site.user().name
  const unchecked = site.user().name
  return [
    ofDevice(
      'certificate of an unknown CA',
      'certificate-untrusted-ca',
      (house) => ({ ca: house.strangerCa }),
      {
        user: stranger,
        says: [stranger, site.strangerCa],
        twin: 'revoked or unknown CA',
      },
    ),
    ofDevice(
      'certificate of a CA whose revocation list cannot be fetched',
      'certificate-revocation-unreachable',
      (house) => ({ ca: house.unreachableCa }),
      { user: unchecked, says: [unchecked, site.unreachableCa, '127.0.0.1'], twin: 'revoked or unknown CA' },
    ),
    ofDevice('expired client certificate', 'certificate-expired', () => days(-30, -1), {
      twin: 'expired or clock',
    }),
    ofDevice('client certificate of tomorrow', 'certificate-not-yet-valid', () => days(1, 30), {
      ambiguous: true,
      twin: 'expired or clock',
    }),
    ofDevice('client certificate for a web server', 'certificate-wrong-purpose', () => ({
      extendedKeyUsage: 'serverAuth',
    })),
    ofDevice('client certificate that names nobody', 'certificate-no-mapping', () => ({
      subjectAltName: 'DNS:nobody',
    })),
    ofDevice('client certificate of a disabled user', 'account-disabled', () => ({}), { user: disabled }),
    ofDevice('client certificate of a user we do not have', 'user-not-found', () => ({}), {
      user: site.seeded.name(),
    }),
    {
      name: 'revoked client certificate',
      code: 'certificate-revoked',
      says: [revoked],
      twin: 'revoked or unknown CA',
      async happen(house) {
        const certificate = await ownCertificate(house, revoked)
        await house.server.api.send('POST', `/certificates/${certificate.serial}/revoke`, {})
        await house.supplicant(house.tls(revoked, certificate))
        return { by: 'user', value: revoked }
      },
    },
  ]
}

/** What the device tells by its TLS alert. */
export function alertCauses(site: Site): Cause[] {
  const alert = (
    name: string,
    code: string,
    more: {
      readonly lines: (house: DiagnosisHouse) => readonly string[]
      readonly prefix?: readonly string[]
      readonly says?: readonly string[]
      readonly ambiguous?: boolean
      readonly twin?: string
      readonly slow?: boolean
      readonly client?: ClientKind
    },
  ): Cause => {
    const { lines, prefix, says = [], client = 'wifi', ...rest } = more
    const person = site.user()
    const [method, inner] = site.seeded.pick([
      ['PEAP', 'MSCHAPV2'],
      ['TTLS', 'PAP'],
    ])
    return {
      name,
      code,
      says: client === 'wifi' ? [person.name, site.clients.wifi.name, ...says] : says,
      ...rest,
      async happen(house) {
        const network = house.tunnel(method, inner, person, lines(house))
        await house.supplicant(network, { client, ...(prefix === undefined ? {} : { prefix }) })
        return { by: 'user', value: person.name }
      },
    }
  }
  const { serverName } = site
  const trusted = (house: DiagnosisHouse): readonly string[] => house.trust
  return [
    alert('device that trusts another CA', 'tls-alert-unknown-ca', {
      lines: (house) => [`ca_cert="${house.strangerCa.certificate}"`],
      says: [serverName],
      twin: 'untrusted or lost',
    }),
    alert('device that expects another server name', 'tls-alert-internal-error', {
      lines: (house) => [house.trust[0] ?? '', 'domain_suffix_match="elsewhere.example.org"'],
      says: [serverName],
    }),
    alert('device whose clock is three years ahead', 'tls-alert-certificate-expired', {
      lines: trusted,
      prefix: ['faketime', '-f', '+3y'],
      says: [serverName, 'one of the two clocks is wrong'],
      twin: 'expired or clock',
    }),
    alert('our certificate has ended', 'server-certificate-expired', {
      lines: (house) => [`ca_cert="${house.strangerCa.certificate}"`],
      client: 'expired',
      says: [site.expiredName, site.strangerCa],
      twin: 'expired or clock',
    }),
    alert('device whose clock is three years behind', 'tls-alert-bad-certificate', {
      lines: trusted,
      prefix: ['faketime', '-f', '-3y'],
      says: [serverName, 'clock'],
      ambiguous: true,
    }),
    alert('device that only does TLS 1.1', 'tls-no-common-version', {
      lines: (house) => [
        ...house.trust,
        'phase1="tls_disable_tlsv1_0=0 tls_disable_tlsv1_1=0 tls_disable_tlsv1_2=1 tls_disable_tlsv1_3=1"',
        'openssl_ciphers="DEFAULT@SECLEVEL=0"',
      ],
      twin: 'version or cipher',
      slow: true,
    }),
    alert('device that only does ciphers without forward secrecy', 'tls-no-common-cipher', {
      lines: (house) => [...house.trust, 'phase1="tls_disable_tlsv1_3=1"', 'openssl_ciphers="AES128-SHA"'],
      twin: 'version or cipher',
      slow: true,
    }),
  ]
}

/** A certificate by the server's own CA, as files. */
async function ownCertificate(house: DiagnosisHouse, user: string) {
  interface Issued {
    readonly serial: string
    readonly chain: string
    readonly key: string
  }
  const { serial, chain, key } = await house.server.api.send<Issued>('POST', '/certificates', { user })
  const folder = join(house.folder, user)
  mkdirSync(folder)
  const files = { certificate: join(folder, 'chain.pem'), key: join(folder, 'key.pem') }
  writeFileSync(files.certificate, chain)
  writeFileSync(files.key, key)
  return { serial, ...files }
}
