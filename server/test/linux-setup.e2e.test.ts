/**
 * Set-up scripts and files for Linux as the command line makes them, unedited: the script runs where it would, in a mount
 * namespace of its own, and eapol_test logs in with the configuration that is there afterwards.
 */
import assert from 'node:assert/strict'
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { skipReason } from '@sallyport/lab/debian'
import { namespaceObstacle } from '@sallyport/lab/network'
import { runToEnd, temporaryFolder } from '@sallyport/lab/process'
import { type Sallyport, startSallyport } from '@sallyport/lab/sallyport'

const configuration = (enrolPort: number) => `
enrolment:
  httpsUrl: https://localhost:${String(enrolPort)}
  est: {enabled: true}
certificateTemplates:
  - {name: laptops, base: user, protocols: [est, pkcs12], enrol: {groups: [VPN Users]}, perHolder: 100}
connections:
  - {name: Campus Wi-Fi, kind: wifi, ssid: 'campus "1"', certificateTemplate: laptops}
  - {name: Campus LAN, kind: wired, authentication: peap-mschapv2}
  - {name: Tunnelled, kind: wired, authentication: peap-eap-tls, certificateTemplate: laptops}
  - {name: Clear, kind: wired, authentication: ttls-pap}
  - {name: Campus VPN, kind: vpn, gateways: [{address: vpn.example.org}], certificateTemplate: laptops}
  - {name: Password VPN, kind: vpn, gateways: [{address: vpn.example.org}], authentication: eap-mschapv2}
`

const why = namespaceObstacle()
const skip = why ?? skipReason('eapoltest', 'openssl', 'curl', 'shellcheck')

describe('set-up on Linux', { skip }, () => {
  const folder = temporaryFolder('sallyport-setup-')
  let server: Sallyport
  let secret = ''
  let password = ''
  let count = 0

  before(async () => {
    const data = join(folder.path, 'data')
    mkdirSync(data)
    server = await startSallyport({ data, args: ['--bind', '127.0.0.1', '--enrol-bind', '127.0.0.1'] })
    secret = / {3}secret (\S+)$/m.exec(server.process.output())?.[1] ?? assert.fail('no secret was shown')
    password = /demo user +demo +password (\S+)/.exec(server.process.output())?.[1] ?? assert.fail('no demo')
    const file = join(folder.path, 'linux.yaml')
    writeFileSync(file, configuration(server.enrolPort))
    const { code, output } = await server.cli('apply', '-f', file)
    assert.equal(code, 0, output)
  })
  after(async () => {
    await server?.[Symbol.asyncDispose]()
    folder[Symbol.dispose]()
  })

  /** The files of one form, by name. */
  async function make(
    connection: string,
    output: string,
    ...args: string[]
  ): Promise<ReadonlyMap<string, string>> {
    const out = join(folder.path, `made-${String(++count)}`)
    const words = ['connections', 'make', connection, output, '--user', 'demo', '--out', out]
    const made = await server.cli(...words, ...args)
    assert.equal(made.code, 0, made.output)
    return new Map(readdirSync(out).map((name) => [name, join(out, name)]))
  }

  async function script(connection: string, ...args: string[]): Promise<string> {
    const [path = assert.fail('no script')] = (await make(connection, 'linux-setup', ...args)).values()
    const { code, output } = await runToEnd('shellcheck', [path])
    assert.equal(code, 0, output)
    return path
  }

  /** Runs `commands` where /etc/wpa_supplicant and /run are empty and nobody else's. */
  function inside(commands: string, input = ''): ReturnType<typeof runToEnd> {
    const own = 'mount -t tmpfs tmpfs /etc/wpa_supplicant && mount -t tmpfs tmpfs /run && set -e\n'
    return runToEnd('unshare', ['--mount', 'sh', '-c', `${own}${commands}`], { input, milliseconds: 30_000 })
  }

  const login = (file: string, ...options: string[]) =>
    ['eapol_test', '-t', '10', '-c', file, '-p', String(server.authPort), '-s', secret, ...options].join(' ')

  it('ok/enrols-by-est-and-logs-in-by-the-file-it-wrote', async () => {
    const setup = await script('Campus Wi-Fi', '--certificate', 'est')
    assert.equal(statSync(setup).mode & 0o777, 0o600, 'it holds a challenge')
    const conf = '/etc/wpa_supplicant/Campus-Wi-Fi.conf'
    const { output } = await inside(
      `sh ${setup} --client wpa_supplicant && ${login(conf)} >/tmp/$$.log && tail -1 /tmp/$$.log; rm /tmp/$$.log
       stat -c '%a %n' /etc/wpa_supplicant/* && openssl x509 -in /etc/wpa_supplicant/Campus-Wi-Fi.pem -noout -subject
       sh ${setup} --client wpa_supplicant && sh ${setup} --client wpa_supplicant --undo && ls /etc/wpa_supplicant | wc -l`,
    )
    assert.match(output, /^SUCCESS$/m)
    assert.match(output, /^600 \/etc\/wpa_supplicant\/Campus-Wi-Fi\.conf\n600 .*\.key\n600 .*\.pem$/m, output)
    assert.match(output, /subject=.*CN = /, output)
    assert.match(output, /^0$/m, 'undo leaves nothing')

    const again = await inside(`sh ${setup} --client wpa_supplicant`)
    assert.notEqual(again.code, 0, 'the challenge is good for one key')
    assert.match(again.output, /No certificate \(HTTP status 401\)/)
  })

  it('ok/splits-the-container-for-networkmanager', async () => {
    const setup = await script('Campus VPN', '--certificate', 'pkcs12')
    const root = join(folder.path, 'root')
    const { code, output } = await runToEnd('sh', [setup, '--root', root, '--client', 'networkmanager'])
    assert.equal(code, 0, output)
    const at = (name: string) => join(root, 'etc/NetworkManager/certificates', name)
    const key = await runToEnd('openssl', ['pkey', '-in', at('Campus-VPN.key'), '-pubout'])
    const certificate = await runToEnd('openssl', ['x509', '-in', at('Campus-VPN.pem'), '-noout', '-pubkey'])
    assert.match(key.stdout, /BEGIN PUBLIC KEY/)
    assert.equal(key.stdout, certificate.stdout)
    assert.equal(statSync(at('Campus-VPN.key')).mode & 0o777, 0o600)
    const keyfile = join(root, 'etc/NetworkManager/system-connections/Campus-VPN.nmconnection')
    assert.match(
      readFileSync(keyfile, 'utf8'),
      /^usercert=\/etc\/NetworkManager\/certificates\/Campus-VPN\.pem$/m,
    )
  })

  it('ok/asks-for-a-password', async () => {
    const setup = await script('Campus LAN')
    const conf = '/etc/wpa_supplicant/Campus-LAN.conf'
    const run = (typed: string) =>
      inside(`sh ${setup} --client wpa_supplicant --password-stdin && ${login(conf)} | tail -1`, `${typed}\n`)
    assert.match((await run(password)).output, /^SUCCESS$/m)
    assert.match((await run('wrong')).output, /^FAILURE$/m)
    assert.notEqual((await run('')).code, 0)

    const vpn = await script('Password VPN')
    const root = join(folder.path, 'swanctl')
    const args = [vpn, '--root', root, '--client', 'swanctl', '--password-stdin']
    assert.equal((await runToEnd('sh', args, { input: 'é"' })).code, 0)
    const text = readFileSync(join(root, 'etc/swanctl/conf.d/Password-VPN-password.conf'), 'utf8')
    assert.match(text, /^ {4}secret = 0xc3a922$/m)
  })

  const unedited: readonly (readonly [connection: string, certificate: 'pkcs12' | 'none'])[] = [
    ['Campus Wi-Fi', 'pkcs12'],
    ['Tunnelled', 'pkcs12'],
  ]
  for (const [connection, certificate] of unedited) {
    it(`ok/logs-in-by-the-file-alone-${connection.replaceAll(' ', '-')}`, async () => {
      const files = await make(connection, 'linux-wpa-supplicant', '--certificate', certificate)
      const [path = ''] = files.values()
      assert.equal(statSync(path).mode & 0o777, 0o600, 'it holds a key')
      const { output } = await inside(`${login(path)} | tail -1`)
      assert.match(output, /^SUCCESS$/m)
      const other = `${path}.other`
      writeFileSync(
        other,
        readFileSync(path, 'utf8').replaceAll(/^( *domain_suffix_match2?)=.*$/gm, '$1="other.example.org"'),
      )
      assert.match(
        (await inside(`${login(other)} | tail -1`)).output,
        /^FAILURE$/m,
        'the name of the server is looked at',
      )
    })
  }

  it('ok/a-typed-password-by-wpa_cli', async () => {
    const files = await make('Clear', 'linux-wpa-supplicant')
    const [path = ''] = files.values()
    // The file asks for it: whoever may use the control socket answers.
    const { output } = await inside(
      `stdbuf -oL ${login(path)} >/run/log & for i in $(seq 100); do grep -qE 'CTRL-REQ-PASSWORD|EAP-Request-PASSWORD' /run/log && break; sleep 0.05; done
       wpa_cli -p /run/wpa_supplicant -i test password 0 '${password}' >/dev/null; wait; tail -1 /run/log`,
    )
    assert.match(output, /^SUCCESS$/m, output)
  })
})
