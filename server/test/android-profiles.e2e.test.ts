/** Profiles for Android as the command line makes them, read by Python's JSON; openssl opens the container inside. */
import assert from 'node:assert/strict'
import { statSync } from 'node:fs'
import { basename } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { skipReason } from '@sallyport/lab/debian'
import { runToEnd } from '@sallyport/lab/process'
import { ProfileDesk, shownPassword } from './profile-desk.ts'

const CONFIGURATION = `
certificateTemplates:
  - {name: phones, base: user, protocols: [pkcs12], enrol: {groups: [VPN Users]}, perHolder: 100}
connections:
  - {name: Campus VPN, title: 'Campus "1" \\ ü', kind: vpn, gateways: [{address: vpn.example.org}], certificateTemplate: phones}
  - {name: Campus Wi-Fi, kind: wifi, ssid: campus, certificateTemplate: phones}
`

/** What the app's importer asks of a profile: required members, and the type each has where it is there. */
const CHECK = `
import base64, json, subprocess, sys, uuid
with open(sys.argv[1], encoding='utf-8') as file: profile = json.load(file)
uuid.UUID(profile['uuid'])
assert profile['name'] == sys.argv[2], profile['name']
assert profile['type'] in ('ikev2-eap', 'ikev2-eap-tls', 'ikev2-cert', 'ikev2-cert-eap')
remote, local = profile['remote'], profile['local']
assert isinstance(remote['addr'], str) and isinstance(remote['id'], str)
assert all(isinstance(remote['revocation'][name], bool) for name in ('crl', 'ocsp', 'strict'))
for name in ('ike-proposal', 'esp-proposal'): assert isinstance(profile[name], str)
def openssl(*args, octets):
    return subprocess.run(['openssl', *args], input=octets, capture_output=True, check=True).stdout.decode('latin-1')
print(openssl('x509', '-inform', 'DER', '-noout', '-subject', octets=base64.b64decode(remote['cert'], validate=True)))
container = base64.b64decode(local['p12'], validate=True)
print(openssl('pkcs12', '-nodes', '-passin', 'pass:' + sys.argv[3], octets=container))
print('id', local['id'])
`

describe('profiles for Android', { skip: skipReason('openssl') }, () => {
  const desk = new ProfileDesk()
  before(() => desk.open(() => CONFIGURATION))
  after(() => desk[Symbol.asyncDispose]())

  async function make(connection: string, form: string) {
    const { files, output } = await desk.make(connection, form, '--user', 'demo', '--certificate', 'pkcs12')
    return { files, password: shownPassword(output) }
  }

  it('ok/app-of-strongswan', async () => {
    const { files, password } = await make('Campus VPN', 'android-sswan')
    const [file = ''] = files
    assert.equal(basename(file), 'Campus-VPN.sswan')
    assert.equal(statSync(file).mode & 0o777, 0o600)
    const args = ['-c', CHECK, file, 'Campus "1" \\ ü', password]
    const { code, output } = await runToEnd('python3', args)
    assert.equal(code, 0, output)
    assert.match(output, /BEGIN PRIVATE KEY/)
    assert.match(output, /^id demo/m)
  })

  it('ok/wifi', async () => {
    const { files, password } = await make('Campus Wi-Fi', 'android-wifi-values')
    const names = ['Campus-Wi-Fi-ca.pem', 'Campus-Wi-Fi.json', 'Campus-Wi-Fi.p12']
    assert.deepEqual(
      files.map((path) => basename(path)),
      names,
    )
    const [, values = '', own = ''] = files
    const container = await runToEnd('openssl', [
      'pkcs12',
      '-in',
      own,
      '-nodes',
      '-passin',
      `pass:${password}`,
    ])
    assert.match(container.stdout, /BEGIN PRIVATE KEY/)
    const read = 'import json, sys; print(json.load(open(sys.argv[1]))["settings"]["Domain"])'
    const { stdout } = await runToEnd('python3', ['-c', read, values])
    assert.match(stdout, /^\S+\n$/, 'the name of the server is always there')
  })
})
