/** ACME over HTTP: headers, statuses and bounds around what enrolment/acme answers. */
import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import Fastify from 'fastify'
import { AcmeTestClient, openAcmeBench, webTemplate } from '../../enrolment/acme/testing.ts'
import { acmeRoutes } from './acme-routes.ts'

const bench = await openAcmeBench({ openTemplates: ['web'] }, webTemplate())

function openApp(httpsUrl?: string) {
  const app = Fastify()
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  // The rest of the services belong to other protocols.
  const services = { acme: bench.server, log: bench.parts.log, httpsUrl: () => httpsUrl } as never
  app.register((scope, _options, done) => {
    acmeRoutes(scope, services)
    done()
  })
  after(() => app.close())
  return app
}

const BASE = 'https://ca.example.org'
const app = openApp(BASE)
const post = (url: string, payload: object | string, type = 'application/jose+json') =>
  app.inject({
    ...{ method: 'POST', url, headers: { 'content-type': type } },
    payload: typeof payload === 'string' ? payload : JSON.stringify(payload),
  })

describe('ACME over HTTP', () => {
  it('ok/ the directory, by the configured address or that of the Host header', async () => {
    const url = '/acme/web/directory'
    const configured = await app.inject({ url, headers: { host: 'evil.example.org' } })
    assert.equal(configured.json().newNonce, `${BASE}/acme/web/new-nonce`)
    const asAsked = await openApp().inject({ url, headers: { host: 'nas.lab:8444' } })
    assert.equal(asAsked.json().newOrder, 'https://nas.lab:8444/acme/web/new-order')
    assert.equal((await openApp().inject({ url, headers: { host: '[::1]:8444' } })).statusCode, 200)
    for (const host of ['a/b', 'a@b', 'a b', '[x]', 'a:b', 'a?b', 'a#b']) {
      assert.equal((await openApp().inject({ url, headers: { host } })).statusCode, 400, host)
    }
    assert.equal((await app.inject({ url: '/acme/nothing/directory' })).statusCode, 404)
  })
  it('fail/ a template whose name cannot stand in a header is none', async () => {
    for (const name of ['%00', '%0d%0aset-cookie:a=b', '%E2%80%AE', 'a%20b%3e']) {
      const { statusCode, headers } = await app.inject({ url: `/acme/${name}/directory` })
      assert.equal(statusCode, 404, name)
      assert.match(
        String(headers.link),
        /^<https:\/\/ca\.example\.org\/acme\/[\w%.:=-]+\/directory>;rel="index"$/,
      )
      assert.equal(headers['set-cookie'], undefined)
    }
  })
  it('ok/ nonces: HEAD 200, GET 204, never kept, each another', async () => {
    const head = await app.inject({ method: 'HEAD', url: '/acme/web/new-nonce' })
    const get = await app.inject({ url: '/acme/web/new-nonce' })
    assert.deepEqual([head.statusCode, get.statusCode], [200, 204])
    assert.notEqual(head.headers['replay-nonce'], get.headers['replay-nonce'])
    assert.equal(get.headers['cache-control'], 'no-store')
    assert.equal(get.headers.link, `<${BASE}/acme/web/directory>;rel="index"`)
  })
  it('ok/ an account and an order, each answer with a nonce and the directory', async () => {
    const client = new AcmeTestClient(bench.server)
    const made = await post('/acme/web/new-account', client.jws('new-account', {}))
    assert.equal(made.statusCode, 201)
    client.kid = String(made.headers.location)
    assert.match(client.kid, /^https:\/\/ca\.example\.org\/acme\/web\/account\/\w+$/)
    const identifiers = [{ type: 'dns', value: 'www.example.org' }]
    const order = await post('/acme/web/new-order', client.jws('new-order', { identifiers }))
    assert.equal(order.statusCode, 201)
    assert.ok(order.headers['replay-nonce'])
    const [authorization] = order.json().authorizations as string[]
    const path = String(authorization).slice(BASE.length)
    const shown = await post(path, client.jws(path.slice('/acme/web/'.length), undefined))
    const { challenges } = shown.json() as { challenges: { url: string }[] }
    const challenge = String(challenges[0]?.url).slice(BASE.length)
    const tried = await post(challenge, client.jws(challenge.slice('/acme/web/'.length), {}))
    assert.deepEqual(tried.headers.link, [
      `<${BASE}/acme/web/directory>;rel="index"`,
      `<${authorization}>;rel="up"`,
    ])
  })
  it('fail/ another content type, a body that is too long, GET on a resource: each a problem with a nonce', async () => {
    const client = new AcmeTestClient(bench.server)
    const jws = client.jws('new-account', {})
    const typed = await post('/acme/web/new-account', jws, 'application/json')
    assert.equal(typed.statusCode, 415)
    assert.match(String(typed.headers['content-type']), /^application\/problem\+json/)
    assert.ok(typed.headers['replay-nonce'])
    assert.equal(
      (await post('/acme/web/new-account', jws, 'application/jose+json; charset=utf-8')).statusCode,
      201,
    )
    const long = await post('/acme/web/new-account', 'x'.repeat(65 * 1024))
    assert.equal(long.statusCode, 413)
    assert.equal(long.json().type, 'urn:ietf:params:acme:error:malformed')
    assert.equal((await app.inject({ url: '/acme/web/new-order' })).statusCode, 404)
    assert.equal(
      (await post('/acme/web/new-order', 'no json')).json().type,
      'urn:ietf:params:acme:error:malformed',
    )
  })
})
