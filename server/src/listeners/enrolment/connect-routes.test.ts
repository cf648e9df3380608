/** The pages over HTTP: headers, forms and what attackers send. */
import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import Fastify from 'fastify'
import type { Language } from '../../config/schema.ts'
import { organizationSchema } from '../../config/sections/organization.ts'
import { CATALOGUES } from '../../profiles/guides/catalogue/index.ts'
import { guidePage } from '../../profiles/guides/guides.ts'
import type {
  LinkChoice,
  LinkGuide,
  LinkService,
  OpenedLink,
  ShownSecret,
} from '../../profiles/links/link-answers.ts'
import { LINK_POLICY } from '../../profiles/links/page/link-style.ts'
import { exampleVpn } from '../../profiles/testing/example-input.ts'
import { connectRoutes } from './connect-routes.ts'

const TOKEN = 'AbCdEfGhIjKlMnOpQrStUvWxYz0'
const PSK = { authentication: 'mschapv2', l2tpMachineAuthentication: 'psk', preSharedKey: 'the-shared-key' }
const INPUT = exampleVpn({ tunnelTypes: ['l2tp'], ...PSK })

const connection = { name: 'Example VPN', title: 'Example VPN' }
const guide = (output: string): LinkGuide => ({
  ...{ output, page: guidePage(output, INPUT) ?? assert.fail(output) },
  ...{ roots: ['Example-root.crt'], own: { output, password: `password-of-${output}` } },
})
const OPEN: OpenedLink = {
  kind: 'open',
  person: 'Alice <script>alert(1)</script>',
  offers: [
    {
      ...{ connection, system: 'windows', file: { output: 'windows-setup' } },
      guides: () => [guide('guide-windows-11'), guide('guide-windows-7')],
    },
    {
      ...{ connection, system: 'apple', file: { output: 'apple-mobileconfig' } },
      guides: () => [guide('guide-macos'), guide('guide-ios')],
    },
    { connection, system: 'android', guides: () => [guide('guide-android-l2tp')] },
    { connection, system: 'linux', file: { output: 'linux-setup' }, guides: () => [] },
  ],
}
const FILE = {
  name: 'Example-VPN.cmd',
  mediaType: 'application/octet-stream',
  content: 'echo',
  holdsSecret: true,
}

function openApp(
  different: Partial<LinkService> = {},
  settings: { readonly enabled?: boolean; readonly selfService?: boolean } = {},
) {
  const opened: ShownSecret[] = []
  const handed: [ShownSecret, LinkChoice][] = []
  const rooted: [ShownSecret, LinkChoice, string][] = []
  const logged: string[] = []
  const links: LinkService = {
    open: async (secret) => {
      opened.push(secret)
      return OPEN
    },
    hand: async (secret, choice) => {
      handed.push([secret, choice])
      return { kind: 'file', file: FILE }
    },
    root: async (secret, choice, name) => {
      rooted.push([secret, choice, name])
      return { kind: 'file', file: { ...FILE, name, mediaType: 'application/x-x509-ca-cert' } }
    },
    ofPerson: async (_name, password) =>
      Buffer.from(password).toString() === 'right' ? { kind: 'made', token: TOKEN } : { kind: 'refused' },
    ...different,
  }
  const app = Fastify()
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  const organization = organizationSchema.parse({
    ...{ name: 'Universität <b>', language: 'de' },
    helpDesk: { email: 'help@example.org', url: 'https://help.example.org/' },
  })
  const services = {
    connect: {
      links,
      settings: () => ({ enabled: true, selfService: true, ...settings }),
      organization: () => organization,
      httpsUrl: () => 'https://pki.example.org:8444',
    },
    log: { error: (line: object) => logged.push(JSON.stringify(line)) },
  }
  app.register((scope, _options, done) => {
    connectRoutes(scope, services as never) // the rest of the services belong to other protocols
    done()
  })
  after(() => app.close())
  const post = (url: string, form: Record<string, string>, headers: Record<string, string> = {}) =>
    app.inject({
      ...{ method: 'POST', url, payload: new URLSearchParams(form).toString() },
      headers: {
        host: 'pki.example.org:8444',
        'content-type': 'application/x-www-form-urlencoded',
        ...headers,
      },
    })
  return { app, post, opened, handed, rooted, logged }
}

const CHOICE = { connection: 'Example VPN', output: 'windows-setup' }

describe('pages for people', () => {
  it('ok/GET, HEAD and what prefetches never use a link up', async () => {
    const { app, handed, opened } = openApp()
    for (const method of ['GET', 'HEAD'] as const) {
      const headers = { 'sec-purpose': 'prefetch', 'user-agent': 'Mozilla/5.0 (Windows NT 10.0)' }
      const answer = await app.inject({ method, url: `/connect/${TOKEN}`, headers })
      assert.equal(answer.statusCode, 200)
    }
    assert.deepEqual([opened.length, handed.length], [2, 0])
    for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS'] as const) {
      assert.equal((await app.inject({ method, url: `/connect/${TOKEN}` })).statusCode, 404, method)
    }
    assert.equal(handed.length, 0)
  })

  it('ok/every answer stays nowhere, stands in no frame, loads nothing and tells nobody where it is', async () => {
    const { app, post } = openApp()
    const answers = [
      await app.inject('/connect'),
      await app.inject(`/connect/${TOKEN}`),
      await post(`/connect/${TOKEN}`, CHOICE),
      await post('/connect/login', { name: 'alice', password: 'right' }),
      await post('/connect/login', { name: 'alice', password: 'wrong' }),
      await post(`/connect/${TOKEN}`, {}),
    ]
    for (const { headers } of answers) {
      assert.equal(headers['cache-control'], 'no-store')
      assert.equal(headers['content-security-policy'], LINK_POLICY)
      assert.equal(headers['referrer-policy'], 'no-referrer')
      assert.equal(headers['x-frame-options'], 'DENY')
      assert.equal(headers['set-cookie'], undefined)
    }
    assert.match(
      LINK_POLICY,
      /default-src 'none'.*form-action 'self'; frame-ancestors 'none'; base-uri 'none'/,
    )
    assert.doesNotMatch(LINK_POLICY, /unsafe|script-src|\*/)
  })

  it('ok/the file of the own system, the one chosen, or the first; it comes under its name and type', async () => {
    const { app, post, handed } = openApp()
    const buttonAt = async (query: string, agent: string) => {
      const headers = { 'user-agent': agent }
      const { body } = await app.inject({ url: `/connect/${TOKEN}?lang=en${query}`, headers })
      return /<button>([^<]*)</.exec(body)?.[1]
    }
    const iPhone = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)'
    assert.equal(await buttonAt('', iPhone), 'Fetch the file for iPhone, iPad, Mac')
    assert.equal(await buttonAt('&system=linux', iPhone), 'Fetch the file for Linux')
    for (const odd of ['&system=x', '&system=linux&system=apple', '&connection=x', '']) {
      assert.equal(await buttonAt(odd, 'x'), 'Fetch the file for Windows', odd)
    }
    const answer = await post(`/connect/${TOKEN}`, { ...CHOICE, lang: 'ru' })
    assert.equal(answer.headers['content-disposition'], 'attachment; filename="Example-VPN.cmd"')
    assert.equal(answer.headers['content-type'], 'application/octet-stream')
    assert.equal(answer.body, 'echo')
    assert.deepEqual(handed, [[{ token: TOKEN }, { ...CHOICE, language: 'ru' }]])
    const file = { ...FILE, name: 'x.mobileconfig', mediaType: 'application/x-apple-aspen-config' }
    const apple = await openApp({ hand: async () => ({ kind: 'file', file }) }).post(
      `/connect/${TOKEN}`,
      CHOICE,
    )
    assert.equal(apple.headers['content-type'], 'application/x-apple-aspen-config')
    assert.equal(apple.headers['content-disposition'], 'inline; filename="x.mobileconfig"')
  })

  it('ok/a code opens the same page, which carries it along', async () => {
    const { post, opened, handed } = openApp()
    const { body } = await post('/connect', { code: 'ABCD-EFGH', lang: 'en' })
    assert.deepEqual(opened, [{ code: 'ABCD-EFGH' }])
    assert.match(body, /name="code" value="ABCD-EFGH"/)
    const forms = body.match(/<form .*?<\/form>/gs) ?? []
    assert.ok(forms.length >= 3)
    for (const form of forms) {
      assert.match(form, /method="post" action="\/connect"/)
      assert.match(form, /name="code" value="ABCD-EFGH"/)
    }
    await post('/connect', { ...CHOICE, code: 'ABCD-EFGH' })
    assert.deepEqual(handed[0]?.[0], { code: 'ABCD-EFGH' })
    const form = { code: 'ABCD-EFGH', lang: 'es', system: 'apple', guide: 'guide-ios' }
    const german = await post('/connect', form)
    assert.match(german.body, /<html lang="es".*aria-current="true">iPhone y iPad</s)
    assert.equal(handed.length, 1)
  })

  it('ok/after the file: how to connect, what errors mean, which server is the right one', async () => {
    const { app } = openApp()
    const { body } = await app.inject(`/connect/${TOKEN}?lang=en`)
    const titles = [...body.matchAll(/<h2>(.*?)<\/h2>/g)].map(([, title]) => title)
    assert.deepEqual(titles, [
      ...['<bdi>Example VPN</bdi>', 'Then', 'Connect', 'See that it works', 'If it does not work'],
      ...['Set it up by hand instead', 'Help'],
    ])
    assert.match(body, /Error <code dir="auto">789<\/code>/)
  })

  it('ok/steps by hand: for the version of the browser, or the one chosen, with roots as often as one likes', async () => {
    const { app, post, handed, rooted } = openApp()
    const stepsAt = async (query: string, agent = '') => {
      const headers = { 'user-agent': agent }
      return (await app.inject({ url: `/connect/${TOKEN}?lang=en${query}`, headers })).body
    }
    const current = (body: string) =>
      [...body.matchAll(/aria-current="true"[^>]*>(?:<bdi>)?([^<]*)/g)].map(([, name]) => name)
    const hand = '&guide=guide-windows-11'
    assert.deepEqual(current(await stepsAt(hand)), ['Windows', 'Windows 11', 'English'])
    assert.deepEqual(current(await stepsAt('&guide=x', 'Mozilla/5.0 (Windows NT 6.1)')), [
      ...['Windows (This device)', 'Windows 7', 'English'],
    ])
    assert.deepEqual(current(await stepsAt('&system=apple&guide=', 'iPad')), [
      ...['iPhone, iPad, Mac (This device)', 'iPhone and iPad', 'English'],
    ])
    const body = await stepsAt(hand)
    assert.match(body, /<b>Server name or address<\/b><\/th><td><code dir="auto">vpn.example.org<\/code>/)
    assert.match(body, /password-of-guide-windows-11/)
    // Android has no file here: the steps are all there is.
    assert.match(await stepsAt('&system=android'), /Android 11 and older.*L2TP\/IPSec PSK/s)
    const form = { ...CHOICE, output: 'guide-windows-11', root: 'Example-root.crt' }
    const root = await post(`/connect/${TOKEN}`, form)
    assert.equal(root.headers['content-type'], 'application/x-x509-ca-cert')
    await post('/connect', { ...form, code: 'ABCD-EFGH' })
    assert.deepEqual(
      rooted.map(([secret, { output }, name]) => [secret, output, name]),
      [
        [{ token: TOKEN }, 'guide-windows-11', 'Example-root.crt'],
        [{ code: 'ABCD-EFGH' }, 'guide-windows-11', 'Example-root.crt'],
      ],
    )
    assert.equal(handed.length, 0)
  })

  it('fail/what is handed once does not stand on the page, which can be opened as often as one likes', async () => {
    const { app } = openApp()
    for (const lang of ['en', 'ru', 'de', 'es']) {
      for (const output of ['guide-windows-11', 'guide-windows-7', 'guide-macos', 'guide-android-l2tp']) {
        const system = output.split('-')[1] === 'macos' ? 'apple' : output.split('-')[1]
        const { body } = await app.inject(`/connect/${TOKEN}?lang=${lang}&system=${system}&guide=${output}`)
        assert.match(body, /Example VPN/)
        assert.doesNotMatch(body, /the-shared-key/, `${lang} ${output}`)
        assert.ok(body.includes(CATALOGUES[lang as Language].secretInFile), `${lang} ${output}`)
      }
    }
  })

  it('ok/languages: chosen, of the browser by weight, of the organisation', async () => {
    const { app } = openApp()
    const langOf = async (url: string, accepted = '') => {
      const { body } = await app.inject({ url, headers: { 'accept-language': accepted } })
      return /<html lang="(\w+)"/.exec(body)?.[1]
    }
    assert.equal(await langOf('/connect'), 'de')
    assert.equal(await langOf('/connect', 'fr-FR, es;q=0.5, ru-RU;q=0.8'), 'ru')
    assert.equal(await langOf('/connect', 'xx, de;q=0'), 'de')
    assert.equal(await langOf('/connect?lang=es', 'ru'), 'es')
    assert.equal(await langOf('/connect?lang=../../x', 'en'), 'en')
    assert.equal(await langOf('/connect?lang=en&lang=ru', 'es'), 'es')
    assert.equal(await langOf('/connect', `${'a,'.repeat(5000)}ru`), 'de')
  })

  it('fail/names of people and the organisation are text on the page', async () => {
    const { app } = openApp()
    const { body } = await app.inject(`/connect/${TOKEN}`)
    assert.doesNotMatch(body, /<script|Universität <b>/)
    assert.match(body, /Alice &lt;script&gt;/)
    assert.match(body, /Universität &lt;b&gt;/)
  })

  it('fail/a form of another site, of a frame on it, or that is no form', async () => {
    const { app, post, handed } = openApp()
    const foreign: Record<string, string>[] = [
      { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' },
      { 'sec-fetch-site': 'same-site' },
      { origin: 'https://evil.example' },
      { origin: 'http://pki.example.org:8444' },
      { 'content-type': 'application/json' },
      { 'content-type': 'text/plain' },
      { 'content-type': 'multipart/form-data; boundary=x' },
    ]
    for (const headers of foreign) {
      assert.equal(
        (await post(`/connect/${TOKEN}`, CHOICE, headers)).statusCode,
        400,
        JSON.stringify(headers),
      )
    }
    assert.equal((await app.inject({ method: 'POST', url: `/connect/${TOKEN}` })).statusCode, 400)
    assert.equal(handed.length, 0)
    const own: Record<string, string>[] = [
      { 'sec-fetch-site': 'same-origin', origin: 'null' },
      { origin: 'https://pki.example.org:8444' },
      { origin: 'null' },
      {},
    ]
    for (const headers of own) await post(`/connect/${TOKEN}`, CHOICE, headers)
    assert.equal(handed.length, own.length)
  })

  it('fail/after a login nobody is led to another host, whatever the headers say', async () => {
    const { post } = openApp()
    const headers = { host: 'evil.example', 'x-forwarded-host': 'evil.example' }
    const form = { name: 'alice', password: 'right', lang: '//evil.example', next: 'https://evil.example' }
    const answer = await post('/connect/login?next=//evil.example', form, headers)
    assert.deepEqual([answer.statusCode, answer.headers.location], [303, `/connect/${TOKEN}`])
  })

  it('fail/wrong and blank passwords: one and the same page', async () => {
    const { post } = openApp()
    const bodies = [
      await post('/connect/login', { name: 'alice', password: 'wrong', lang: 'en' }),
      await post('/connect/login', { name: 'alice', password: '', lang: 'en' }),
      await post('/connect/login', { name: '', password: 'right', lang: 'en' }),
      await post('/connect/login', { lang: 'en' }),
    ]
    assert.deepEqual(new Set(bodies.map(({ statusCode }) => statusCode)), new Set([403]))
    assert.equal(new Set(bodies.map(({ body }) => body)).size, 1)
  })

  it('fail/links that are over answer alike, for look and use, link and code', async () => {
    const { app, post } = openApp({
      open: async () => ({ kind: 'gone' }),
      hand: async () => ({ kind: 'gone' }),
    })
    const answers = [
      await app.inject(`/connect/${TOKEN}?lang=en`),
      await app.inject('/connect/x?lang=en'),
      await post(`/connect/${TOKEN}`, { ...CHOICE, lang: 'en' }),
      await post('/connect', { code: 'ABCD-EFGH', lang: 'en' }),
      await post('/connect', { ...CHOICE, code: 'ABCD-EFGH', lang: 'en' }),
    ]
    assert.deepEqual(
      answers.map(({ statusCode }) => statusCode),
      [404, 404, 404, 404, 404],
    )
    assert.equal(new Set(answers.map(({ body }) => body)).size, 1)
    assert.match(answers[0]?.body ?? '', /stays good.*ask for a new link.*tell the help desk at once/s)
  })

  it('fail/waiting, approval, refusal and outage have statuses programs understand', async () => {
    const kinds = [
      [{ kind: 'wait', seconds: 30 }, 429],
      [{ kind: 'approval' }, 403],
      [{ kind: 'refused' }, 403],
      [{ kind: 'unavailable' }, 503],
    ] as const
    for (const [outcome, status] of kinds) {
      const { app, post } = openApp({ open: async () => outcome, hand: async () => outcome })
      const answer = await app.inject(`/connect/${TOKEN}?lang=en`)
      assert.equal(answer.statusCode, status)
      assert.equal(answer.headers['retry-after'], status === 429 ? '30' : undefined)
      assert.equal((await post(`/connect/${TOKEN}`, CHOICE)).statusCode, status)
    }
  })

  it('fail/what breaks is logged without the token, and told without the cause', async () => {
    const { app, post, logged } = openApp({
      open: async () => {
        throw new Error('the cause')
      },
    })
    const answer = await app.inject(`/connect/${TOKEN}`)
    assert.equal(answer.statusCode, 500)
    assert.doesNotMatch(answer.body, /cause/)
    assert.equal(logged.length, 1)
    assert.ok(!logged.join().includes(TOKEN))
    const large = await post(`/connect/${TOKEN}`, { connection: 'x'.repeat(9000), output: 'y' })
    assert.equal(large.statusCode, 413)
  })

  it('fail/switched off there is nothing', async () => {
    const { app, post } = openApp({}, { enabled: false })
    for (const url of ['/connect', `/connect/${TOKEN}`]) assert.equal((await app.inject(url)).statusCode, 404)
    assert.equal((await post(`/connect/${TOKEN}`, CHOICE)).statusCode, 404)
    const { app: other } = openApp({}, { selfService: false })
    assert.doesNotMatch((await other.inject('/connect')).body, /type="password"/)
  })
})
