/** Signed profiles from the command line, opened as a device does; SCEP clients and eapol_test use nothing but what stands in them. */
import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { skipReason } from '@sallyport/lab/debian'
import { MobileConfig, type PlistTable } from '@sallyport/lab/mobileconfig'
import { runToEnd } from '@sallyport/lab/process'
import { scepClient } from '@sallyport/lab/scep-client'
import { pkiScep, pkiScepCa } from '@sallyport/lab/strongswan-pki'
import { ProfileDesk, shownPassword } from './profile-desk.ts'

const configuration = (httpPort: number) => `
organization: {name: 'Lab <&> "University"', identifier: lab.example.org}
enrolment:
  httpUrl: http://127.0.0.1:${String(httpPort)}
  scep: {enabled: true, allowSha1: true, allowDes: true}   # scepclient knows nothing newer
certificateTemplates:
  - {name: phones, base: user, enrol: {groups: [VPN Users]}, keys: {algorithms: [rsa]}, perHolder: 100}
connections:
  - {name: Campus VPN, kind: vpn, gateways: [{address: vpn.example.org}], certificateTemplate: phones}
  - {name: Campus Wi-Fi, kind: wifi, ssid: campus, certificateTemplate: phones}
  - {name: Guests Wi-Fi, kind: wifi, ssid: guests, authentication: peap-mschapv2}
`

interface Made {
  readonly profile: MobileConfig
  readonly file: string
  readonly output: string
}

describe('profiles for Apple systems', {
  skip: skipReason('scep', 'strongswan-pki', 'eapoltest', 'openssl'),
}, () => {
  const desk = new ProfileDesk()
  before(() => desk.open(({ httpPort }) => configuration(httpPort)))
  after(() => desk[Symbol.asyncDispose]())

  const opened = (file: string) => MobileConfig.open(file, join(desk.server.data, 'ca.pem'), desk.folder)

  async function make(connection: string, ...args: string[]): Promise<Made> {
    const { files, output } = await desk.make(connection, 'apple-mobileconfig', '--user', 'demo', ...args)
    const [file = assert.fail('no file')] = files
    return { profile: await opened(file), file, output }
  }

  /** What the payload says, as a supplicant is told it. */
  function network(profile: MobileConfig, eap: PlistTable, ...lines: string[]): string[] {
    const anchors = (eap.PayloadCertificateAnchorUUID as readonly string[]).map((uuid) =>
      profile.payload(uuid),
    )
    const anchorFile = profile.writeCertificates(desk.path('pem'), anchors)
    const [name] = eap.TLSTrustedServerNames as readonly string[]
    return [
      `identity="${String(eap.UserName)}"`,
      `ca_cert="${anchorFile}"`,
      `domain_match="${String(name)}"`,
      ...lines,
    ]
  }

  const eapOf = (payload: PlistTable | undefined) => payload?.EAPClientConfiguration as PlistTable

  it('ok/strongswan-enrols-by-the-scep-payload-and-logs-in-by-the-wifi-payload', async () => {
    const { profile, output } = await make('Campus Wi-Fi', '--certificate', 'scep')
    assert.match(output, /holds a secret[\s\S]*install the file before/)
    const [scep] = profile.payloads('com.apple.security.scep')
    const asked = scep?.PayloadContent as PlistTable
    const { output: said } = await pkiScepCa(String(asked.URL), desk.folder)
    const fingerprint = new X509Certificate(readFileSync(join(desk.folder, 'scep-ca.pem'))).fingerprint
    const expected = fingerprint.replaceAll(':', '').toLowerCase()
    assert.equal((asked.CAFingerprint as Buffer).toString('hex'), expected, said)
    assert.deepEqual([asked.Keysize, asked['Key Type'], asked['Key Usage']], [2048, 'RSA', 5])

    const [[[type, commonName]]] = asked.Subject as [[[string, string]]]
    const ra = join(desk.folder, 'scep-ra.pem')
    const wish = {
      ...{ url: String(asked.URL), folder: desk.folder, dn: `${type}=${commonName}` },
      authorities: { root: join(desk.folder, 'scep-ca.pem'), encryption: ra, signature: ra },
      challenge: String(asked.Challenge),
    }
    const { issued, output: swan } = await pkiScep({ ...wish, name: 'swan' })
    assert.ok(issued !== undefined, swan)
    const [wifi] = profile.payloads('com.apple.wifi.managed')
    assert.equal(wifi?.PayloadCertificateUUID, scep?.PayloadUUID)
    const eap = eapOf(wifi)
    assert.deepEqual(eap.AcceptEAPTypes, [13])
    const own = [`client_cert="${issued.certificate}"`, `private_key="${issued.key}"`]
    assert.equal(await desk.logsIn(network(profile, eap, 'eap=TLS', ...own)), true)
    const others = network(
      profile,
      { ...eap, TLSTrustedServerNames: ['other.example.org'] },
      'eap=TLS',
      ...own,
    )
    assert.equal(await desk.logsIn(others), false, 'the name of the server is looked at')

    const again = await pkiScep({ ...wish, name: 'again' })
    assert.equal(again.issued, undefined, 'the challenge of a profile is good once')
  })

  it('ok/scepclient-enrols-by-the-profile-of-a-vpn', async () => {
    const { profile } = await make('Campus VPN')
    const [vpn] = profile.payloads('com.apple.vpn.managed')
    const ikev2 = vpn?.IKEv2 as PlistTable
    const identity = profile.payload(ikev2.PayloadCertificateUUID)
    assert.equal(identity.PayloadType, 'com.apple.security.scep')
    const asked = identity.PayloadContent as PlistTable
    await pkiScepCa(String(asked.URL), desk.folder)
    const ra = new X509Certificate(readFileSync(join(desk.folder, 'scep-ra.pem')))
    const { issued, output } = await scepClient({
      ...{ url: String(asked.URL), folder: desk.folder, name: 'vpn', commonName: 'demo' },
      challenge: String(asked.Challenge),
      fingerprint: ra.fingerprint256.replaceAll(':', '').toLowerCase(),
    })
    assert.ok(issued !== undefined, output)
    const anchors = profile.writeCertificates(
      join(desk.folder, 'vpn-anchors.pem'),
      profile.payloads('com.apple.security.root'),
    )
    const lines = ['eap=TLS', `identity="${String(ikev2.LocalIdentifier)}"`, `ca_cert="${anchors}"`]
    const own = [`client_cert="${issued.certificate}"`, `private_key="${issued.key}"`]
    assert.equal(await desk.logsIn([...lines, ...own]), true)
    // The gateway's certificate would come from the CA the profile names.
    const [issuing] = profile.payloads('com.apple.security.pkcs1')
    const subject = new X509Certificate(issuing?.PayloadContent as Buffer).subject
    assert.match(subject, new RegExp(`CN=${String(ikev2.ServerCertificateIssuerCommonName)}$`))
  })

  it('ok/openssl-opens-the-container-with-the-password-shown-and-it-logs-in', async () => {
    const { profile, output, file } = await make('Campus Wi-Fi', '--certificate', 'pkcs12')
    const shown = shownPassword(output)
    assert.equal(readFileSync(file).includes(shown), false, 'the password stands in the file')
    const [wifi] = profile.payloads('com.apple.wifi.managed')
    const identity = profile.payload(wifi?.PayloadCertificateUUID)
    assert.equal(identity.Password, undefined)
    const container = join(desk.folder, 'identity.p12')
    writeFileSync(container, identity.PayloadContent as Buffer)
    const pem = join(desk.folder, 'identity.pem')
    const args = ['pkcs12', '-legacy', '-nodes', '-in', container, '-out', pem, '-passin']
    const { code, output: said } = await runToEnd('openssl', [...args, `pass:${shown}`])
    assert.equal(code, 0, said)
    const info = await runToEnd('openssl', [
      'pkcs12',
      '-legacy',
      '-info',
      '-noout',
      '-in',
      container,
      '-passin',
      `pass:${shown}`,
    ])
    assert.match(info.output, /MAC: sha1[\s\S]*pbeWithSHA1And3-KeyTripleDES-CBC/)
    assert.notEqual((await runToEnd('openssl', [...args, 'pass:wrong'])).code, 0)
    const own = [`client_cert="${pem}"`, `private_key="${pem}"`]
    assert.equal(await desk.logsIn(network(profile, eapOf(wifi), 'eap=TLS', ...own)), true)
  })

  it('ok/peap-by-the-profile-and-the-password-the-person-types', async () => {
    const { profile, file } = await make('Guests Wi-Fi')
    assert.equal(readFileSync(file).includes(desk.password), false)
    assert.equal(profile.profile.PayloadOrganization, 'Lab <&> "University"')
    const eap = eapOf(profile.payloads('com.apple.wifi.managed')[0])
    assert.deepEqual(eap.AcceptEAPTypes, [25])
    const outer = `anonymous_identity="${String(eap.OuterIdentity)}"`
    const inner = ['eap=PEAP', 'phase2="auth=MSCHAPV2"', outer]
    assert.equal(await desk.logsIn(network(profile, eap, ...inner, `password="${desk.password}"`)), true)
    assert.equal(await desk.logsIn(network(profile, eap, ...inner, 'password="wrong"')), false)
  })

  it('ok/unsigned-on-wish', async () => {
    const { files, output } = await desk.make('Campus Wi-Fi', 'apple-mobileconfig', '--unsigned')
    const [file = ''] = files
    assert.equal(basename(file), 'Campus-Wi-Fi.mobileconfig')
    assert.match(readFileSync(file, 'utf8'), /^<\?xml/)
    assert.match(output, /^Note: The certificate is not in the profile/m)
  })

  it('fail/changed-on-the-way', async () => {
    const { file } = await make('Guests Wi-Fi')
    const octets = readFileSync(file)
    octets.write('Guest5', octets.indexOf('Guests'))
    writeFileSync(file, octets)
    await assert.rejects(opened(file), /digest failure|verify error/i)
  })
})
