/** One-time links as people use them: Chromium opens the page and presses the button; openssl, Python and eapol_test judge the file. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { Browser } from '@sallyport/lab/chromium'
import { skipReason } from '@sallyport/lab/debian'
import { eapolTest } from '@sallyport/lab/eapol-test'
import { MobileConfig } from '@sallyport/lab/mobileconfig'
import { runToEnd, temporaryFolder } from '@sallyport/lab/process'
import { type Sallyport, startSallyport } from '@sallyport/lab/sallyport'

const PASSWORD = 'correct horse: battery'
const SECRET = 'a-shared-secret-of-some-length'
const WINDOWS = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36'
const ANDROID =
  'Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36'

const document = (httpsUrl: string) => `
clients: [{ name: here, address: 127.0.0.1, secret: ${SECRET} }]
sources: [{ name: local, kind: local }]
realms: [{ name: default, default: true, suffixes: [example.org], sources: [local] }]
trust: [{ name: own, kind: own }]
profiles: [{ name: standard }]
rules: [{ name: staff, when: '"staff" in user.groups', effect: accept, profiles: [standard] }]
groups: [{ name: staff }, { name: guests }]
users:
  - { name: alice, password: '${PASSWORD}', groups: [staff] }
  - { name: bob, password: '${PASSWORD}', groups: [guests] }
certificateTemplates: [{ name: vpn, perHolder: 50, enrol: { groups: [staff] } }]
organization: { name: Example University, identifier: example.org, helpDesk: { email: help@example.org } }
connections:
  - name: Example VPN
    kind: vpn
    gateways: [{ address: vpn.example.org }]
    certificateTemplate: vpn
    groups: [staff]
  - { name: Campus Wi-Fi, kind: wifi, ssid: campus, authentication: peap-mschapv2, groups: [staff] }
  - name: Old VPN
    kind: vpn
    gateways: [{ address: vpn.example.org }]
    tunnelTypes: [l2tp]
    authentication: mschapv2
    l2tpMachineAuthentication: psk
    preSharedKey: the-shared-key
    groups: [staff]
enrolment: { httpsUrl: '${httpsUrl}' }
`

interface Made {
  readonly id: number
  readonly url: string
  readonly code: string
}

describe('links', { skip: skipReason('chromium', 'openssl', 'eapoltest', 'curl', 'zbar-tools') }, () => {
  const folder = temporaryFolder('links-')
  const at = (name: string): string => join(folder.path, name)
  let server: Sallyport
  let url = ''
  let browser: Browser
  const root = at('root.pem')

  before(async () => {
    mkdirSync(at('data'))
    server = await startSallyport({
      data: at('data'),
      args: ['--bind', '127.0.0.1', '--enrol-bind', '127.0.0.1', '--workers', '1'],
    })
    url = `https://localhost:${server.enrolPort}`
    await server.apply(document(url))
    writeFileSync(root, readFileSync(join(server.data, 'ca.pem')))
    browser = await Browser.open({ folder: at('browser'), userAgent: WINDOWS })
  })
  after(async () => {
    await browser?.[Symbol.asyncDispose]()
    await server?.[Symbol.asyncDispose]()
    folder[Symbol.dispose]()
  })

  async function create(...args: string[]): Promise<Made> {
    const wish = ['create', '--user', 'alice', '--connection', 'Example VPN', ...args]
    const { code, output } = await server.cli('links', ...wish, '--json')
    assert.equal(code, 0, output)
    return JSON.parse(output) as Made
  }

  const curl = async (...args: string[]) => {
    const { output } = await runToEnd('curl', ['-sS', '--cacert', root, ...args])
    return output
  }
  const post = (address: string, form: Record<string, string>, ...args: string[]) =>
    curl(
      ...args,
      ...Object.entries(form).flatMap(([name, value]) => ['--data-urlencode', `${name}=${value}`]),
      address,
    )
  const APPLE = { connection: 'Example VPN', output: 'apple-mobileconfig' }
  const statusOf = (text: string) => Number(/(\d{3})$/.exec(text.trim())?.[1])
  const STATUS = ['-o', '/dev/null', '-w', '%{http_code}']

  const clients = async () => {
    const { output } = await server.cli('certificates', 'list', '--json')
    const { items } = JSON.parse(output) as { items: { kind: string; status: string }[] }
    return items.filter(({ kind, status }) => kind === 'client' && status === 'issued').length
  }

  it('ok/Chromium opens the link twice, presses the button of its system, gets the file, and never again', async () => {
    const { url: address } = await create()
    await browser.goTo(address)
    await browser.goTo(address)
    assert.match(await browser.text(), /alice[\s\S]*Windows \(This device\)[\s\S]*iPhone, iPad, Mac/)
    const name = await browser.download('.card.mine button')
    assert.match(name, /^Example-VPN.*\.cmd$/)
    const script = readFileSync(join(browser.downloads, name), 'utf8')
    assert.match(script, /powershell/i)
    assert.match(script, /vpn\.example\.org/)
    await browser.press('.card.mine button')
    assert.match(await browser.text(), /does not work any more/)
    await browser.goTo(address)
    assert.match(await browser.text(), /does not work any more/)
    assert.equal(browser.answers.at(-1)?.status, 404)
  })

  it('ok/the page in the language of the browser, or the one chosen; its QR code is the link', async () => {
    const { url: address } = await create()
    for (const [language, words] of [
      ['de', /Gerät/],
      ['ru', /устройство/],
      ['es', /dispositivo/],
    ] as const) {
      await browser.goTo(`${address}?lang=${language}`)
      assert.match(await browser.text(), words)
    }
    await browser.goTo(address)
    await browser.evaluate("document.querySelector('details').open = true")
    writeFileSync(at('page.png'), await browser.screenshot())
    const read = execFileSync('zbarimg', ['--quiet', '--raw', at('page.png')], {
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    assert.equal(read.toString().trim(), address)
  })

  it('ok/a code typed in small letters brings a signed profile for Apple whose certificate logs in as its person', async () => {
    const { code } = await create('--system', 'apple')
    await browser.goTo(`${url}/connect`)
    await browser.type('#code', code.toLowerCase())
    await browser.press('form[action="/connect"] button:not([name])')
    assert.doesNotMatch(await browser.text(), /Windows/)
    // A device asks for it: it stands in no file.
    const password = await browser.evaluate<string>("document.querySelector('.card pre code').innerText")
    const name = await browser.download('.card button')
    assert.match(name, /\.mobileconfig$/)
    assert.ok(!readFileSync(join(browser.downloads, name)).includes(password))
    const config = await MobileConfig.open(join(browser.downloads, name), root, folder.path)
    const [container] = config.payloads('com.apple.security.pkcs12')
    writeFileSync(at('alice.p12'), container?.PayloadContent as Buffer)
    const args = ['pkcs12', '-legacy', '-in', at('alice.p12'), '-passin', `pass:${password}`]
    for (const [file, ...options] of [
      ['cert.pem', '-nokeys', '-clcerts'],
      ['key.pem', '-nocerts', '-nodes'],
    ]) {
      const { code: end, output } = await runToEnd('openssl', [...args, ...options, '-out', at(file ?? '')])
      assert.equal(end, 0, output)
    }
    const { success } = await eapolTest({
      network: [
        'eap=TLS',
        'identity="alice"',
        `client_cert="${at('cert.pem')}"`,
        `private_key="${at('key.pem')}"`,
        `ca_cert="${root}"`,
      ],
      server: { port: server.authPort, secret: SECRET },
      folder: folder.path,
    })
    assert.ok(success)
    const subject = execFileSync('openssl', ['x509', '-in', at('cert.pem'), '-noout', '-subject'])
    assert.match(subject.toString(), /CN = alice/)
  })

  it('ok/steps by hand on a phone in German: root as often as one likes, the own certificate once, then help', async () => {
    const options = { folder: at('phone'), userAgent: ANDROID, languages: 'de', width: 500, height: 900 }
    await using phone = await Browser.open(options)
    const { url: address } = await create()
    const before = await clients()
    await phone.goTo(address)
    assert.match(
      await phone.text(),
      /Android \(Dieses Gerät\)[\s\S]*Datei für Android holen[\s\S]*help@example\.org/,
    )
    await phone.press('button[name=guide]')
    assert.match(await phone.text(), /strongSwan VPN Client[\s\S]*vpn\.example\.org[\s\S]*Fingerabdruck/)
    assert.ok(await phone.evaluate<boolean>('document.documentElement.scrollWidth <= innerWidth'))
    const password = await phone.evaluate<string>("document.querySelector('.card pre code').innerText")
    for (let i = 0; i < 2; i++) {
      const name = await phone.download('button.plain')
      assert.equal(name.replace(/ \(\d\)/, ''), 'Example-University-root.crt')
      const read = execFileSync('openssl', [
        'x509',
        '-in',
        join(phone.downloads, name),
        '-noout',
        '-fingerprint',
      ])
      const shown = read.toString().trim().split('=')[1] ?? ''
      assert.ok((await phone.text()).includes(shown), shown)
    }
    assert.equal(await clients(), before)
    const name = await phone.download('.card.mine button')
    assert.equal(name, 'Example-VPN.p12')
    const args = [
      'pkcs12',
      '-in',
      join(phone.downloads, name),
      '-passin',
      `pass:${password}`,
      '-nokeys',
      '-clcerts',
    ]
    const { code, output } = await runToEnd('openssl', args)
    assert.equal(code, 0, output)
    assert.match(output, /CN = alice/)
    assert.equal(await clients(), before + 1)
    await phone.press('.card.mine button')
    assert.match(await phone.text(), /funktioniert nicht mehr[\s\S]*bleibt gültig[\s\S]*sofort dem Helpdesk/)
  })

  it('ok/Wi-Fi on Android has steps alone, of which nothing is used up; a shared key stands in what is handed once', async () => {
    const both = ['--connection', 'Campus Wi-Fi', '--connection', 'Old VPN', '--system', 'android']
    const { url: address } = await create(...both)
    await browser.goTo(`${address}?connection=Campus+Wi-Fi`)
    assert.match(await browser.text(), /campus[\s\S]*PEAP[\s\S]*MSCHAPV2[\s\S]*Domain/)
    const wifi = { connection: 'Campus Wi-Fi', output: 'guide-android-wifi' }
    assert.equal(statusOf(await post(address, wifi, ...STATUS)), 403)
    await browser.goTo(`${address}?connection=Old+VPN`)
    assert.match(await browser.text(), /IPSec pre-shared key\s+stands in the file/)
    assert.ok(
      !(await browser.evaluate<string>('document.documentElement.outerHTML')).includes('the-shared-key'),
    )
    const name = await browser.download('.card button')
    assert.match(readFileSync(join(browser.downloads, name), 'utf8'), /the-shared-key/)
    await browser.goTo(address)
    assert.match(await browser.text(), /does not work any more/)
  })

  it('ok/the language is changed on the page, also where a code opened it', async () => {
    const { code } = await create()
    await browser.goTo(`${url}/connect`)
    await browser.type('#code', code)
    await browser.press('form[action="/connect"] button:not([name])')
    await browser.press('button[value=linux]')
    await browser.press('button[lang=ru]')
    assert.match(await browser.text(), /Загрузить файл для Linux/)
    await browser.press('button[name=guide]')
    assert.match(await browser.text(), /Ubuntu[\s\S]*network-manager-strongswan/)
    assert.deepEqual(browser.answers.at(-1)?.headers['set-cookie'], undefined)
  })

  it('ok/with name and password whoever is in the group gets a link of their own; others learn nothing', async () => {
    await browser.goTo(`${url}/connect`)
    await browser.type('#name', 'alice')
    await browser.type('#password', PASSWORD)
    await browser.press('form[action="/connect/login"] button')
    assert.match(await browser.evaluate('location.pathname'), /^\/connect\/[\w-]{27}$/)
    const name = await browser.download('.card.mine button')
    assert.match(name, /\.cmd$/)
    for (const [user, password] of [
      ['alice', 'wrong'],
      ['nobody', PASSWORD],
    ] as const) {
      assert.match(await post(`${url}/connect/login`, { name: user, password, lang: 'en' }), /did not work/)
    }
    assert.match(
      await post(`${url}/connect/login`, { name: 'bob', password: PASSWORD, lang: 'en' }),
      /nothing for you/,
    )
  })

  it('ok/a script for Linux with a challenge of its own, a profile for Android with its type; sh and Python read them', async () => {
    const form = { connection: 'Example VPN', output: 'linux-setup' }
    const script = await post((await create()).url, form)
    writeFileSync(at('setup.sh'), script)
    const { code, output } = await runToEnd('sh', ['-n', at('setup.sh')])
    assert.equal(code, 0, output)
    const { output: challenges } = await server.cli('challenges', '--json')
    assert.match(challenges, /"template": "vpn"[\s\S]*"user": "alice"[\s\S]*"state": "open"/)
    const head = await post((await create()).url, { ...form, output: 'android-sswan' }, '-D', '-')
    assert.match(head, /content-type: application\/vnd\.strongswan\.profile/i)
    assert.match(head, /content-disposition: attachment; filename="[\w-]+\.sswan"/i)
    const { uuid } = JSON.parse(head.slice(head.indexOf('{')))
    assert.match(String(uuid), /^[0-9a-f-]{36}$/)
  })

  it('fail/ten at the same time: one file and one certificate more', async () => {
    const before = await clients()
    const { url: address } = await create()
    const all = await Promise.all(Array.from({ length: 10 }, () => post(address, APPLE, ...STATUS)))
    const statuses = all.map(statusOf)
    assert.equal(statuses.filter((status) => status === 200).length, 1, statuses.join())
    assert.ok(
      statuses.every((status) => [200, 404, 429].includes(status)),
      statuses.join(),
    )
    assert.equal(await clients(), before + 1)
  })

  it('fail/HEAD, GET, another site, a deleted link; disabled between making and using', async () => {
    const made = await create()
    assert.equal(statusOf(await curl('-I', ...STATUS, made.url)), 200)
    assert.equal(statusOf(await post(made.url, APPLE, '-H', 'Origin: https://evil.example', ...STATUS)), 400)
    await server.cli('users', 'disable', 'alice')
    assert.equal(statusOf(await post(made.url, APPLE, ...STATUS)), 403)
    await server.cli('users', 'enable', 'alice')
    const { code, output } = await server.cli('links', 'delete', String(made.id))
    assert.equal(code, 0, output)
    assert.equal(statusOf(await post(made.url, APPLE, ...STATUS)), 404)
  })

  it('ok/who made, used and was refused stands in the audit trail; no secret stands in log or list', async () => {
    const made = await create()
    const token = made.url.split('/').at(-1) ?? ''
    await post(made.url, APPLE, ...STATUS)
    await post(made.url, APPLE, ...STATUS)
    await curl(`${url}/connect/${token}`)
    const { output: list } = await server.cli('links', '--json')
    const [row] = JSON.parse(list) as { id: number; state: string; usedFrom: string; usedFor: string }[]
    assert.deepEqual(
      [row?.id, row?.state, row?.usedFrom, row?.usedFor],
      [made.id, 'used', '127.0.0.1', 'Example VPN: apple-mobileconfig'],
    )
    for (const text of [list, server.process.output()]) {
      assert.ok(!text.includes(token) && !text.includes(made.code))
    }
  })

  it('ok/forms that are made only for somebody named say so, and are made for them', async () => {
    const { output: shown } = await server.cli('connections', 'show', 'Example VPN')
    assert.match(shown, /^linux-swanctl +linux +needs a person /m)
    assert.match(shown, /^linux-setup +linux +yes /m)
    const made = ['connections', 'make', 'Example VPN', 'linux-swanctl', '--out', at('swanctl')]
    assert.equal((await server.cli(...made)).code, 1)
    const { code, output } = await server.cli(...made, '--user', 'alice', '--certificate', 'installed')
    assert.equal(code, 0, output)
  })

  it('fail/killed while a link is used: it is lost, and brings no second certificate', async () => {
    const { url: address } = await create()
    const under = post(address, APPLE, ...STATUS)
    await server.process.stop('SIGKILL')
    await under
    const port = server.enrolPort
    server = await startSallyport({
      data: at('data'),
      args: ['--bind', '127.0.0.1', '--enrol-bind', '127.0.0.1'],
    })
    const after = await clients()
    const again = address.replace(`:${port}/`, `:${server.enrolPort}/`)
    const first = statusOf(await post(again, APPLE, ...STATUS))
    const second = statusOf(await post(again, APPLE, ...STATUS))
    // Killed before it was used up, it is good once more; after that, never.
    assert.ok((first === 200 || first === 404) && second === 404, `${first}, ${second}`)
    assert.equal((await clients()) - after, first === 200 ? 1 : 0)
  })
})
