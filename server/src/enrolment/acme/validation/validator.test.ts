/** Where a validation goes, and where it never does (threat C22): real sockets on 127.0.0.0/8, a DNS server of the test. */
import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import { after, describe, it } from 'node:test'
import { distinguishedName, generateKeyPairFor, HTTPS_SERVER, ipOctets } from '@sallyport/pki'
import { type Answer, decode, encode } from 'dns-packet'
import { acmeSchema } from '../../../config/sections/enrolment/acme.ts'
import { render } from '../../../reasons/index.ts'
import { openAuthorityBench } from '../../testing.ts'
import { AddressPolicy } from './address-policy.ts'
import { type Proof, Validator } from './validator.ts'

const KEY_AUTHORIZATION = 'token.thumbprint'
const closers: (() => void)[] = []
after(() => {
  for (const close of closers) close()
})

async function listening(server: Server, address = '127.0.0.1', port = 0): Promise<number> {
  await new Promise<void>((resolve) => server.listen(port, address, resolve))
  closers.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

async function web(handler: RequestListener, address = '127.0.0.1', port = 0): Promise<number> {
  return await listening(createServer(handler), address, port)
}

const right: RequestListener = (_request, answer) => answer.end(`${KEY_AUTHORIZATION}\n`)

/** Answers questions of one type by a function that may change its mind. */
async function dnsServer(answers: (name: string, type: string) => readonly object[]): Promise<string> {
  const socket = createSocket('udp4')
  socket.on('message', (message, { port, address }) => {
    const { id, questions = [] } = decode(message)
    const [question] = questions
    const found = question === undefined ? [] : answers(question.name.toLowerCase(), question.type)
    // RA and RD: c-ares asks a resolver.
    const flags = 0x0180
    const records = found.map((each) => ({ ...question, ttl: 0, ...each })) as Answer[] // as dns-packet writes them
    socket.send(
      encode({ type: 'response', ...(id === undefined ? {} : { id }), flags, questions, answers: records }),
      port,
      address,
    )
  })
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
  closers.push(() => socket.close())
  return `127.0.0.1:${socket.address().port}`
}

type Settings = Partial<ReturnType<typeof acmeSchema.parse>['validation']>

function validatorWith(settings: Settings): Validator {
  const all = acmeSchema.parse({
    validation: { networks: ['127.0.0.1/32'], timeoutSeconds: 3, ...settings },
  }).validation
  return new Validator(() => all, [])
}

async function prove(settings: Settings, value = '127.0.0.1', more: Partial<Proof> = {}): Promise<string> {
  const type = /^[\d.]+$|:/.test(value) ? 'ip' : 'dns'
  const found = await validatorWith(settings).prove({
    name: { identifier: { type, value }, wildcard: false },
    challenge: 'http-01',
    token: 'token',
    keyAuthorization: KEY_AUTHORIZATION,
    ...more,
  })
  return found === undefined ? 'proved' : `${found.type}: ${render(found.reason).sentence}`
}

describe('http-01', () => {
  it('ok/ the file is there; fail/ another, none, or no web server', async () => {
    const seen: string[] = []
    const httpPort = await web((request, answer) => {
      seen.push(`${request.headers.host} ${request.url}`)
      right(request, answer)
    })
    assert.equal(await prove({ httpPort }), 'proved')
    assert.deepEqual(seen, ['127.0.0.1 /.well-known/acme-challenge/token'])
    const other = await web((_request, answer) => answer.end('token.another'))
    assert.match(await prove({ httpPort: other }), /^incorrectResponse: .*something else/)
    const none = await web((_request, answer) => answer.writeHead(404).end(KEY_AUTHORIZATION))
    assert.match(await prove({ httpPort: none }), /^incorrectResponse: .*HTTP 404/)
    const silent = createTcpServer()
    const free = await new Promise<number>((resolve) =>
      silent.listen(0, '127.0.0.1', () => resolve((silent.address() as AddressInfo).port)),
    )
    await new Promise((resolve) => silent.close(resolve))
    assert.match(await prove({ httpPort: free }), /^connection: .*refused/)
  })

  it('fail/ by default: this machine, the link, metadata, unspecified, multicast, and IPv4 hidden in IPv6', async () => {
    let asked = 0
    const httpPort = await web(() => asked++, '0.0.0.0')
    const forbidden = [
      ...[
        '127.0.0.1',
        '127.8.9.1',
        '169.254.169.254',
        '0.0.0.0',
        '224.0.0.1',
        '255.255.255.255',
        '240.0.0.1',
      ],
      ...[
        '::1',
        '::',
        'fe80::1',
        'ff02::1',
        '::ffff:127.0.0.1',
        '::ffff:a9fe:a9fe',
        '64:ff9b::7f00:1',
        '2002:7f00:1::',
      ],
    ]
    for (const address of forbidden) {
      assert.match(
        await prove({ httpPort, networks: [] }, address),
        /not one this server connects to/,
        address,
      )
    }
    assert.equal(asked, 0)
    const policy = new AddressPolicy([])
    for (const address of [
      '10.0.0.1',
      '192.168.1.1',
      '172.16.0.1',
      '198.51.100.1',
      'fd00::1',
      '2001:db8::1',
    ]) {
      assert.equal(policy.allows(address), true, address)
    }
  })

  it('fail/ what is outside of the configured networks', () => {
    const policy = new AddressPolicy(['10.20.0.0/16', 'fd00::/8'])
    assert.deepEqual(
      ['10.20.1.1', 'fd00::1', '10.21.1.1', '192.168.0.1', '127.0.0.1', '::1', '::ffff:10.21.0.1'].map(
        (each) => policy.allows(each),
      ),
      [true, true, false, false, false, false, false],
    )
  })

  it('ok/ a redirect to http and https; fail/ to another port, scheme, address, with a user, or for ever', async () => {
    let location = ''
    const httpPort = await web((request, answer) => {
      if (request.url === '/there') right(request, answer)
      else answer.writeHead(302, { location }).end()
    })
    const { authority } = await openAuthorityBench()
    const { certificate, key } = await tlsCredentials(authority)
    const tlsPort = await listening(createHttpsServer({ cert: certificate, key }, right) as unknown as Server)
    const through = async (to: string): Promise<string> => {
      location = to
      return await prove({ httpPort, tlsPort })
    }
    assert.equal(await through('/there'), 'proved')
    assert.equal(await through(`http://127.0.0.1:${httpPort}/there`), 'proved')
    assert.equal(await through('http://127.0.0.1/there'), 'proved')
    assert.equal(await through('https://127.0.0.1/x'), 'proved')
    assert.match(await through('http://127.0.0.1:22/there'), /^connection: .*port 22/)
    assert.match(await through('https://127.0.0.1:8443/there'), /^connection: .*port 8443/)
    assert.match(await through('file:///etc/passwd'), /^connection: .*away from http/)
    assert.match(await through('gopher://127.0.0.1/'), /^connection: .*away from http/)
    assert.match(await through('http://admin:x@127.0.0.1/there'), /^connection: .*user name/)
    assert.match(await through('http://127.0.0.2/there'), /127\.0\.0\.2.*not one this server connects to/)
    assert.match(await through('http://2130706434/there'), /127\.0\.0\.2.*not one this server connects to/)
    assert.match(await through('http://169.254.169.254/latest'), /not one this server connects to/)
    assert.match(await through('http://[::1]/'), /not one this server connects to/)
    assert.match(await through('/loop'), /more than 5 redirects/)
  })

  it('fail/ an answer that is too long, has too many headers, or never ends', async () => {
    const long = await web((_request, answer) => answer.end('x'.repeat(5000)))
    assert.match(await prove({ httpPort: long }), /^incorrectResponse: .*more than 4096 octets/)
    const endless = await web((_request, answer) => {
      const timer = setInterval(() => answer.write('x'), 5)
      answer.on('close', () => clearInterval(timer))
    })
    const started = performance.now()
    assert.notEqual(await prove({ httpPort: endless, timeoutSeconds: 1 }), 'proved')
    assert.ok(performance.now() - started < 5_000)
    const headers = await web((_request, answer) => {
      answer.writeHead(200, { 'x-long': 'x'.repeat(20_000) }).end(KEY_AUTHORIZATION)
    })
    assert.match(await prove({ httpPort: headers }), /^connection/)
    const mute = await web(() => {})
    assert.match(await prove({ httpPort: mute, timeoutSeconds: 1 }), /^connection: .*in time/)
  })

  it('fail/ a name with one forbidden address among good ones, and one that answers otherwise the second time', async () => {
    let lookups = 0
    const reached: string[] = []
    const httpPort = await web((request, answer) => {
      reached.push(String(request.socket.localAddress))
      right(request, answer)
    }, '0.0.0.0')
    const resolver = await dnsServer((name, type) => {
      if (type !== 'A') return []
      if (name === 'mixed.test') return [{ data: '127.0.0.1' }, { data: '127.0.0.2' }]
      if (name !== 'rebind.test') return []
      lookups++
      return [{ data: lookups === 1 ? '127.0.0.1' : '127.0.0.2' }]
    })
    const settings = { httpPort, resolvers: [resolver] }
    assert.match(await prove(settings, 'mixed.test'), /127\.0\.0\.2.*not one this server connects to/)
    assert.deepEqual(reached, [])
    // Looked up once, and that very address connected to.
    assert.equal(await prove(settings, 'rebind.test'), 'proved')
    assert.deepEqual([reached, lookups], [['127.0.0.1'], 1])
    assert.match(await prove(settings, 'rebind.test'), /127\.0\.0\.2.*not one this server connects to/)
    assert.match(await prove(settings, 'nowhere.test'), /^dns: .*no address/)
    assert.deepEqual(reached, ['127.0.0.1'])
  })
})

describe('dns-01 and CAA', () => {
  it('ok/ the record; fail/ another one, none, no answer', async () => {
    const digest = hash('sha256', KEY_AUTHORIZATION, 'base64url')
    const resolver = await dnsServer((name, type) => {
      if (type !== 'TXT') return []
      if (name === '_acme-challenge.good.test')
        return [{ data: 'other' }, { data: [digest.slice(0, 20), digest.slice(20)] }]
      return name === '_acme-challenge.bad.test' ? [{ data: `${digest}x` }] : []
    })
    const dns = { resolvers: [resolver] }
    const how = { challenge: 'dns-01' } as const
    assert.equal(await prove(dns, 'good.test', how), 'proved')
    assert.match(await prove(dns, 'bad.test', how), /^incorrectResponse/)
    assert.match(await prove(dns, 'none.test', how), /^dns: .*no TXT record/)
    const silent = createSocket('udp4')
    await new Promise<void>((resolve) => silent.bind(0, '127.0.0.1', resolve))
    closers.push(() => silent.close())
    const dead = { resolvers: [`127.0.0.1:${silent.address().port}`], timeoutSeconds: 1 }
    assert.match(await prove(dead, 'good.test', how), /^(dns|connection)/)
  })

  it('ok/ named by CAA, or none there; fail/ another issuer, of the parent too, and a wildcard apart', async () => {
    const httpPort = await web(right)
    const CAA: Readonly<Record<string, readonly object[]>> = {
      'ours.test': [{ data: { flags: 0, tag: 'issue', value: 'ca.example.org; policy=x' } }],
      'theirs.test': [{ data: { flags: 0, tag: 'issue', value: 'letsencrypt.org' } }],
      'nobody.test': [{ data: { flags: 0, tag: 'issue', value: ';' } }],
      'mail.test': [{ data: { flags: 0, tag: 'iodef', value: 'mailto:a@example.org' } }],
    }
    const resolver = await dnsServer((name, type) => {
      if (type === 'A') return [{ data: '127.0.0.1' }]
      return type === 'CAA' ? (CAA[name] ?? []) : []
    })
    const settings = { httpPort, resolvers: [resolver], caaIssuer: 'ca.example.org' }
    for (const name of ['ours.test', 'www.ours.test', 'free.test', 'mail.test']) {
      assert.equal(await prove(settings, name), 'proved', name)
    }
    for (const name of ['theirs.test', 'a.b.theirs.test', 'nobody.test']) {
      assert.match(await prove(settings, name), /^caa: /, name)
    }
  })
})

async function tlsCredentials(authority: Awaited<ReturnType<typeof openAuthorityBench>>['authority']) {
  const { publicKey, privateKey } = generateKeyPairFor('p256')
  const issued = await authority.issue({
    ...{ kind: 'test', template: HTTPS_SERVER, subject: distinguishedName(['CN', 'x']), publicKey, days: 1 },
    san: [{ kind: 'ip', octets: ipOctets('127.0.0.1') }],
  })
  return {
    certificate: authority.chainPem(issued),
    key: privateKey.export({ format: 'pem', type: 'pkcs8' }) as string, // PEM is text
  }
}
