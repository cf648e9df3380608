/** What is refused at the ACME door (RFC 8555), each beside the request that differs in one thing and is taken. */
import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { describe, it } from 'node:test'
import { toHex } from '@sallyport/bytes'
import { createRootCertificate, decodePem, generateKeyPairFor, parseCertificate } from '@sallyport/pki'
import { ALICE, template } from '../registration/testing.ts'
import { ATTEMPT_MILLISECONDS, MOST_OPEN_ORDERS } from './acme-store.ts'
import { AcmeTestClient, type Answered, BASE, csr, openAcmeBench, signedJws, webTemplate } from './testing.ts'

const OPEN = { ...webTemplate(), name: 'open' }
const PEOPLE = template({ name: 'people', names: 'account', allowedNames: ['C02*'] })

const bench = await openAcmeBench({}, webTemplate(), OPEN, PEOPLE)
const client = new AcmeTestClient(bench.server)
await client.register(bench)

describe('ACME', () => {
  const issue = async (
    who: AcmeTestClient,
    ...dns: string[]
  ): Promise<{ order: Answered; pem: string; key: object }> => {
    const made = await who.order(...dns)
    await who.prove(made, dns.some((name) => name.startsWith('*')) ? 'dns-01' : 'http-01')
    const keys = generateKeyPairFor('p256')
    const order = await who.finalize(made, { dns, keys })
    assert.equal(order.body.status, 'valid', JSON.stringify(order))
    const { body } = await who.post(pathOf(who, order.body.certificate))
    return { order, pem: String(body.pem), key: keys.privateKey }
  }
  const certificateOf = (pem: string) =>
    parseCertificate(decodePem('CERTIFICATE', pem)[0] ?? new Uint8Array())
  const pathOf = (who: AcmeTestClient, url: unknown): string => String(url).slice(who.url('').length)

  describe('requests (RFC 8555 section 6)', () => {
    it('ok/ signed by the account, for this address, with a fresh nonce', async () => {
      assert.equal((await client.order('a.example.org')).status, 201)
    })
    it('fail/ a nonce twice, and one nobody gave out', async () => {
      const nonce = bench.server.newNonce()
      assert.equal((await client.post('new-order', { identifiers: [] }, { nonce })).type, 'malformed')
      assert.equal((await client.post('new-order', { identifiers: [] }, { nonce })).type, 'badNonce')
      const foreign = new AcmeTestClient((await openAcmeBench()).server)
      const theirs = foreign.server.newNonce()
      assert.equal((await client.post('new-order', {}, { nonce: theirs })).type, 'badNonce')
      assert.equal((await client.post('new-order', {}, { nonce: 'AAAA' })).type, 'badNonce')
    })
    it('fail/ signed for another address', async () => {
      const refused = await client.post('new-order', {}, { url: client.url('key-change') })
      assert.equal(refused.type, 'unauthorized')
      const elsewhere = `https://evil.example.org/acme/web/new-order`
      assert.equal((await client.post('new-order', {}, { url: elsewhere })).type, 'unauthorized')
    })
    it('fail/ alg none, a MAC, and one that is not that of the key', async () => {
      for (const alg of ['none', 'HS256', 'ES512', 'RS512']) {
        const refused = await client.post('new-order', {}, { alg })
        assert.equal(refused.type, 'badSignatureAlgorithm', alg)
        assert.deepEqual(refused.body.algorithms, ['ES256', 'ES384', 'RS256', 'EdDSA'])
      }
      for (const alg of ['ES384', 'RS256', 'EdDSA']) {
        assert.equal((await client.post('new-order', {}, { alg })).type, 'malformed', alg)
      }
    })
    it('fail/ the kid of another account, of another directory, and none', async () => {
      const other = new AcmeTestClient(bench.server)
      await other.register(bench)
      assert.equal((await client.post('new-order', {}, { kid: other.kid })).type, 'malformed')
      const open = new AcmeTestClient(bench.server, 'open')
      open.kid = String((await open.post('new-account', {})).headers.location)
      const moved = String(open.kid).replace('/open/', '/web/')
      assert.equal(
        (await client.post('new-order', {}, { kid: moved, key: open.keys.privateKey })).type,
        'accountDoesNotExist',
      )
      assert.equal((await client.post('new-order', {}, { kid: undefined })).type, 'malformed')
      assert.equal((await client.post('new-order', {}, { jwk: client.jwk })).type, 'malformed')
    })
    it('fail/ a signature by another key, an unprotected header, a critical extension, stray text in base64url', async () => {
      const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
      const good = { identifiers: [{ type: 'dns', value: 'a.example.org' }] }
      assert.equal((await client.post('new-order', {}, { key: privateKey })).type, 'malformed')
      assert.equal(
        (await client.post('new-order', good, { header: { crit: ['x'], x: 1 } })).type,
        'malformed',
      )
      assert.equal((await client.post('new-order', good, { header: { b64: false } })).type, 'malformed')
      assert.equal((await client.post('new-order', good, { header: { typ: 'x' } })).status, 201)
      const jws = client.jws('new-order', good)
      assert.equal(
        (await client.send('new-order', { ...jws, header: { kid: client.kid } })).type,
        'malformed',
      )
      assert.equal((await client.send('new-order', { ...jws, signatures: [] })).type, 'malformed')
      assert.equal((await client.send('new-order', { ...jws, payload: 'e30=' })).type, 'malformed')
      assert.equal((await client.send('new-order', { ...jws, signature: 'AAAA' })).type, 'malformed')
    })
    it('fail/ a template that does not exist, has no ACME, or takes names as requested', async () => {
      for (const name of ['nothing', '../web', 'WEB']) {
        assert.equal((await new AcmeTestClient(bench.server, name).post('new-account', {})).status, 404)
      }
      const asked = await openAcmeBench({}, webTemplate({ names: 'requested' }))
      assert.equal((await new AcmeTestClient(asked.server).post('new-account', {})).status, 404)
      const est = await openAcmeBench({}, webTemplate({ protocols: ['est'] }))
      assert.equal((await new AcmeTestClient(est.server).post('new-account', {})).status, 404)
      const off = await openAcmeBench({ enabled: false })
      assert.equal((await new AcmeTestClient(off.server).post('new-account', {})).status, 404)
    })
  })

  describe('accounts (section 7.3)', () => {
    it('ok/ made once, found again by its key', async () => {
      const who = new AcmeTestClient(bench.server, 'open')
      const missing = await who.post('new-account', { onlyReturnExisting: true })
      assert.equal(missing.type, 'accountDoesNotExist')
      const made = await who.post('new-account', { contact: ['mailto:a@example.org'] })
      assert.equal(made.status, 201)
      assert.deepEqual(made.body.contact, ['mailto:a@example.org'])
      const again = await who.post('new-account', { onlyReturnExisting: true })
      assert.equal(again.status, 200)
      assert.equal(again.headers.location, made.headers.location)
    })
    it('fail/ contacts that are no single mail address', async () => {
      const who = new AcmeTestClient(bench.server, 'open')
      const refusal = async (...contact: string[]) => (await who.post('new-account', { contact })).type
      assert.equal(await refusal('tel:+123'), 'unsupportedContact')
      assert.equal(await refusal('mailto:a@example.org,b@example.org'), 'invalidContact')
      assert.equal(await refusal('mailto:a@example.org?subject=x'), 'invalidContact')
      assert.equal(
        await refusal(...Array.from({ length: 11 }, () => 'mailto:a@example.org')),
        'invalidContact',
      )
    })
    it('fail/ without a key of an external account', async () => {
      assert.equal(
        (await new AcmeTestClient(bench.server).post('new-account', {})).type,
        'externalAccountRequired',
      )
    })
    it('fail/ a key of an external account with a wrong MAC, for another key, address or template, used, or over', async () => {
      const who = new AcmeTestClient(bench.server)
      const macKey = await bench.addKey('eab-1')
      const attempt = async (binding: object) =>
        await who.post('new-account', { externalAccountBinding: binding })
      const wrong = Buffer.alloc(32, 9).toString('base64url')
      const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' })
      assert.equal((await attempt(who.binding('eab-1', wrong))).type, 'unauthorized')
      assert.equal(
        (await attempt(who.binding('nobody', Buffer.alloc(32).toString('base64url')))).type,
        'unauthorized',
      )
      assert.equal((await attempt(who.binding('eab-1', macKey, { jwk: other }))).type, 'unauthorized')
      assert.equal((await attempt(who.binding('eab-1', macKey, { alg: 'none' }))).type, 'unauthorized')
      assert.equal(
        (await attempt(who.binding('eab-1', macKey, { url: who.url('new-order') }))).type,
        'unauthorized',
      )
      const elsewhere = await bench.addKey('eab-2', { template: 'open' })
      assert.equal((await attempt(who.binding('eab-2', elsewhere))).type, 'unauthorized')
      const over = await bench.addKey('eab-3', { expires_at: bench.clock.now() })
      assert.equal((await attempt(who.binding('eab-3', over))).type, 'unauthorized')
      assert.equal((await attempt(who.binding('eab-1', macKey))).status, 201)
      const second = new AcmeTestClient(bench.server)
      const reused = { externalAccountBinding: second.binding('eab-1', macKey) }
      assert.equal((await second.post('new-account', reused)).type, 'unauthorized')
    })
    it('fail/ one key of an external account by 20 clients at a time makes one account', async () => {
      const macKey = await bench.addKey('raced')
      const all = Array.from({ length: 20 }, () => new AcmeTestClient(bench.server))
      const made = await Promise.all(
        all.map((who) => who.post('new-account', { externalAccountBinding: who.binding('raced', macKey) })),
      )
      assert.equal(made.filter(({ status }) => status === 201).length, 1)
    })
    it('ok/ the key is changed; fail/ to that of another account, or without its proof', async () => {
      const who = new AcmeTestClient(bench.server, 'open')
      who.kid = String((await who.post('new-account', {})).headers.location)
      const next = generateKeyPairSync('ec', { namedCurve: 'P-256' })
      const change = (keys: typeof next, signer = keys.privateKey, oldKey = who.jwk, account = who.kid) => {
        const header = {
          alg: 'ES256',
          jwk: keys.publicKey.export({ format: 'jwk' }),
          url: who.url('key-change'),
        }
        return who.post('key-change', signedJws(header, { account, oldKey }, signer))
      }
      const taken = new AcmeTestClient(bench.server, 'open')
      const location = String((await taken.post('new-account', {})).headers.location)
      const conflict = await change(taken.keys)
      assert.equal(conflict.status, 409)
      assert.equal((await change(next, who.keys.privateKey)).type, 'malformed')
      assert.equal((await change(next, next.privateKey, taken.jwk)).type, 'malformed')
      assert.equal((await change(next, next.privateKey, who.jwk, location)).type, 'malformed')
      assert.equal((await change(next)).status, 200)
      assert.equal((await who.post('new-order', {})).type, 'malformed')
      const order = { identifiers: [{ type: 'dns', value: 'k.example.org' }] }
      assert.equal((await who.post('new-order', order, { key: next.privateKey })).status, 201)
    })
    it('fail/ a deactivated account does nothing any more, and its orders end', async () => {
      const who = new AcmeTestClient(bench.server)
      await who.register(bench)
      const order = await who.order('gone.example.org')
      await who.prove(order)
      const id = pathOf(who, who.kid)
      assert.equal((await who.post(id, { status: 'revoked' })).type, 'malformed')
      assert.equal((await who.post(id, { status: 'valid', contact: [] })).body.status, 'valid')
      assert.equal((await who.post(id, { status: 'deactivated' })).body.status, 'deactivated')
      const refused = await who.finalize(order, { dns: ['gone.example.org'] })
      assert.deepEqual([refused.status, refused.type], [401, 'unauthorized'])
      assert.equal((await who.post('new-account', {}, { kid: undefined, jwk: who.jwk })).status, 401)
      const stored = await bench.store.order(String(order.headers.location).split('/').at(-1) ?? '')
      assert.equal(stored?.status, 'invalid')
    })
    it('fail/ deleting its external key deactivates an account', async () => {
      const who = new AcmeTestClient(bench.server)
      await who.register(bench)
      assert.equal(await bench.store.deleteKey(`key-${who.thumbprint.slice(0, 12)}`), true)
      assert.equal((await who.order('a.example.org')).status, 401)
    })
  })

  describe('orders (section 7.4)', () => {
    it('ok/ http-01, a wildcard by dns-01, and an address', async () => {
      const { pem } = await issue(client, 'www.example.org', 'api.example.org')
      assert.deepEqual(
        certificateOf(pem).extensions.subjectAltName?.map((name) => 'name' in name && name.name),
        ['www.example.org', 'api.example.org'],
      )
      assert.equal(decodePem('CERTIFICATE', pem).length, 2)
      await issue(client, '*.lab.example.org')
      const order = await client.order('10.1.2.3')
      await client.prove(order, 'tls-alpn-01')
      const done = await client.finalize(order, {
        names: [{ kind: 'ip', octets: Uint8Array.from([10, 1, 2, 3]) }],
      })
      assert.equal(done.body.status, 'valid')
    })
    it('ok/ the name may stand in the common name alone', async () => {
      const order = await client.order('cn.example.org')
      await client.prove(order)
      assert.equal((await client.finalize(order, { commonName: 'CN.example.org' })).body.status, 'valid')
    })
    it('ok/ an alternate chain has the root too', async () => {
      const { order } = await issue(client, 'chain.example.org')
      const path = pathOf(client, order.body.certificate)
      assert.equal(decodePem('CERTIFICATE', String((await client.post(path)).body.pem)).length, 2)
      assert.equal(decodePem('CERTIFICATE', String((await client.post(`${path}/1`)).body.pem)).length, 3)
      assert.equal((await client.post(`${path}/2`)).status, 404)
    })
    it('fail/ names the template or the external account does not allow', async () => {
      assert.equal((await client.order('www.example.com')).type, 'rejectedIdentifier')
      assert.equal((await client.order('example.org')).type, 'rejectedIdentifier')
      assert.equal((await client.order('192.168.0.1')).type, 'rejectedIdentifier')
      const narrow = new AcmeTestClient(bench.server)
      await narrow.register(bench, { names: '["*.lab.example.org"]' })
      assert.equal((await narrow.order('www.example.org')).type, 'rejectedIdentifier')
      assert.equal((await narrow.order('nas.lab.example.org')).status, 201)
    })
    it('fail/ names that are none', async () => {
      for (const value of [
        '',
        'a..example.org',
        '-a.example.org',
        'a_b.example.org',
        'a.example.org.',
        '127.1',
        '0x7f.1',
        '*.*.example.org',
        'a.*.example.org',
        `${'a'.repeat(64)}.example.org`,
      ]) {
        const refused = await client.post('new-order', { identifiers: [{ type: 'dns', value }] })
        assert.equal(refused.type, 'rejectedIdentifier', value)
      }
      const uri = await client.post('new-order', { identifiers: [{ type: 'uri', value: 'urn:x' }] })
      assert.equal(uri.type, 'unsupportedIdentifier')
      const many = Array.from({ length: 101 }, (_, at) => ({ type: 'dns', value: `h${at}.example.org` }))
      assert.equal((await client.post('new-order', { identifiers: many })).type, 'malformed')
      assert.equal((await client.post('new-order', { identifiers: many.slice(1) })).status, 201)
    })
    it('fail/ one name of a hundred that is not allowed: no order', async () => {
      const names = Array.from({ length: 99 }, (_, at) => `h${at}.example.org`)
      const refused = await client.order(...names, 'www.example.com')
      assert.equal(refused.type, 'rejectedIdentifier')
      assert.deepEqual(refused.body.identifier, { type: 'dns', value: 'www.example.com' })
      const two = await client.order(...names, 'www.example.com', 'example.net').then((each) => each)
      assert.equal(two.type, 'malformed')
      const some = await client.order('a.example.org', 'www.example.com', 'example.net')
      assert.equal((some.body.subproblems as unknown as unknown[]).length, 2)
    })
    it('fail/ one name of a hundred that is not proved: none is issued', async () => {
      bench.validator.failing.add('h57.example.org')
      const names = Array.from({ length: 100 }, (_, at) => `h${at}.example.org`)
      const order = await client.order(...names)
      await client.prove(order)
      const refused = await client.finalize(order, { dns: names })
      assert.deepEqual([refused.status, refused.type], [403, 'orderNotReady'])
      const now = await client.post(pathOf(client, order.headers.location))
      assert.equal(now.body.status, 'invalid')
      bench.validator.failing.clear()
      const good = await client.order(...names)
      await client.prove(good)
      assert.equal((await client.finalize(good, { dns: names })).body.status, 'valid')
    })
    it('fail/ a wildcard by http-01', async () => {
      const order = await client.order('*.lab.example.org')
      const [url] = order.body.authorizations as unknown as string[]
      const { body } = await client.post(pathOf(client, url))
      assert.deepEqual(
        (body.challenges as unknown as { type: string }[]).map(({ type }) => type),
        ['dns-01'],
      )
      assert.equal(body.wildcard, true)
      const path = pathOf(client, url).replace('authorization', 'challenge')
      assert.equal((await client.post(`${path}/http-01`, {})).status, 404)
      assert.equal((await client.post(`${path}/dns-01`, {})).status, 200)
    })
    it('fail/ finalize before every name is proved, and twice', async () => {
      const order = await client.order('a.example.org')
      assert.equal((await client.finalize(order, { dns: ['a.example.org'] })).type, 'orderNotReady')
      await client.prove(order)
      const both = await Promise.all([1, 2].map(() => client.finalize(order, { dns: ['a.example.org'] })))
      assert.equal(both.filter(({ body }) => body.status === 'valid').length, 1)
      assert.equal((await client.finalize(order, { dns: ['a.example.org'] })).type, 'orderNotReady')
    })
    it('fail/ a request with a name more, a name less, another kind of name, or the key of the account', async () => {
      const order = await client.order('a.example.org', 'b.example.org')
      await client.prove(order)
      const dns = ['a.example.org', 'b.example.org']
      const refusal = async (...wish: Parameters<AcmeTestClient['finalize']>) =>
        (await client.finalize(...wish)).type
      assert.equal(await refusal(order, { dns: [...dns, 'c.example.org'] }), 'badCSR')
      assert.equal(await refusal(order, { dns: ['a.example.org'] }), 'badCSR')
      assert.equal(await refusal(order, { dns, commonName: 'c.example.org' }), 'badCSR')
      assert.equal(
        await refusal(order, { dns, names: [{ kind: 'email', address: 'a@example.org' }] }),
        'badCSR',
      )
      assert.equal(
        await refusal(order, { dns, names: [{ kind: 'upn', name: 'admin@example.org' }] }),
        'badCSR',
      )
      assert.equal(await refusal(order, { dns, keys: client.keys }), 'badCSR')
      const path = pathOf(client, order.body.finalize)
      assert.equal((await client.post(path, { csr: 'AAAA' })).type, 'badCSR')
      assert.equal((await client.post(path, {})).type, 'malformed')
      assert.equal((await client.finalize(order, { dns })).body.status, 'valid')
    })
    it('fail/ a request whose proof of possession is broken', async () => {
      const order = await client.order('a.example.org')
      await client.prove(order)
      const octets = Buffer.from(csr({ dns: ['a.example.org'] }))
      octets[octets.length - 5] = (octets[octets.length - 5] ?? 0) ^ 1
      const refused = await client.post(pathOf(client, order.body.finalize), {
        csr: octets.toString('base64url'),
      })
      assert.equal(refused.type, 'badCSR')
    })
    it('fail/ an expired order', async () => {
      const own = await openAcmeBench({ orderHours: 1 })
      const who = new AcmeTestClient(own.server)
      await who.register(own)
      const order = await who.order('a.example.org')
      await who.prove(order)
      own.clock.advance(3_600_000)
      const refused = await who.finalize(order, { dns: ['a.example.org'] })
      assert.equal(refused.status, 403)
      assert.match(String(refused.body.detail), /expired/)
      assert.equal((await who.post(pathOf(who, order.headers.location))).body.status, 'invalid')
      own.clock.advance(-1)
      assert.equal((await who.finalize(order, { dns: ['a.example.org'] })).body.status, 'valid')
    })
    it('fail/ more open orders than an account may have', async () => {
      const who = new AcmeTestClient(bench.server)
      await who.register(bench)
      for (let made = 0; made < MOST_OPEN_ORDERS; made++)
        assert.equal((await who.order('a.example.org')).status, 201)
      assert.equal((await who.order('a.example.org')).type, 'rateLimited')
    })
    it('fail/ orders, authorizations, challenges, certificates and accounts of another account', async () => {
      const { order } = await issue(client, 'mine.example.org')
      const waiting = await client.order('waiting.example.org')
      const [authorization] = waiting.body.authorizations as unknown as string[]
      const thief = new AcmeTestClient(bench.server)
      await thief.register(bench)
      for (const url of [order.headers.location, authorization, order.body.certificate, client.kid]) {
        assert.equal((await thief.post(pathOf(client, url))).type, 'unauthorized', String(url))
        assert.equal((await client.post(pathOf(client, url))).status, 200, String(url))
      }
      const challenge = `${pathOf(client, authorization).replace('authorization', 'challenge')}/http-01`
      assert.equal((await thief.post(challenge, {})).type, 'unauthorized')
      assert.equal(
        (await thief.post(pathOf(client, authorization), { status: 'deactivated' })).type,
        'unauthorized',
      )
      assert.equal((await thief.finalize(waiting, { dns: ['waiting.example.org'] })).type, 'unauthorized')
      assert.equal((await thief.post(`${pathOf(client, client.kid)}/orders`)).type, 'unauthorized')
      assert.equal((await client.post(`${pathOf(client, client.kid)}/orders`)).status, 200)
    })
    it('ok/ an authorization can be given up, and the order with it', async () => {
      const order = await client.order('a.example.org')
      const [url] = order.body.authorizations as unknown as string[]
      const given = await client.post(pathOf(client, url), { status: 'deactivated' })
      assert.equal(given.body.status, 'deactivated')
      assert.equal((await client.post(pathOf(client, order.headers.location))).body.status, 'invalid')
    })
    it('ok/ a challenge whose look was broken off is looked at again when the client asks', async () => {
      const own = await openAcmeBench()
      const who = new AcmeTestClient(own.server)
      await who.register(own)
      const made = await who.order('crash.example.org')
      const [url] = made.body.authorizations as unknown as string[]
      const id = String(url).split('/').at(-1) ?? ''
      assert.equal(await own.store.beginAttempt(id, 'http-01', own.clock.now()), true)
      await who.post(`authorization/${id}`)
      assert.equal(own.validator.proofs.length, 0)
      own.clock.advance(ATTEMPT_MILLISECONDS + 1)
      await who.post(`authorization/${id}`)
      assert.equal(own.validator.proofs.length, 1)
      await new Promise((resolve) => setImmediate(resolve))
      assert.equal((await who.post(`authorization/${id}`)).body.status, 'valid')
    })
    it('ok/ an order whose finalize was broken off goes on when it is asked for', async () => {
      const order = await client.order('crash.example.org')
      await client.prove(order)
      const id = String(order.headers.location).split('/').at(-1) ?? ''
      assert.equal(await bench.store.beginFinalize(id, csr({ dns: ['crash.example.org'] })), true)
      assert.equal((await client.post(`order/${id}`)).body.status, 'valid')
    })
  })

  describe('revocation (section 7.6) and renewal (RFC 9773)', () => {
    const shown = (pem: string) => Buffer.from(certificateOf(pem).der).toString('base64url')
    const idOf = (pem: string) => {
      const { extensions, serial } = certificateOf(pem)
      const issuer = Buffer.from(extensions.authorityKeyIdentifier?.keyIdentifier ?? []).toString('base64url')
      return `${issuer}.${Buffer.from(serial).toString('base64url')}`
    }

    it('ok/ by the account that ordered it; fail/ twice, for a reason of CAs, by another account', async () => {
      const { pem } = await issue(client, 'r.example.org')
      const thief = new AcmeTestClient(bench.server)
      await thief.register(bench)
      const certificate = shown(pem)
      assert.equal((await thief.post('revoke-certificate', { certificate })).type, 'unauthorized')
      assert.equal(
        (await client.post('revoke-certificate', { certificate, reason: 2 })).type,
        'badRevocationReason',
      )
      assert.equal(
        (await client.post('revoke-certificate', { certificate, reason: 6 })).type,
        'badRevocationReason',
      )
      assert.equal((await client.post('revoke-certificate', { certificate, reason: 1 })).status, 200)
      assert.equal((await client.post('revoke-certificate', { certificate })).type, 'alreadyRevoked')
      const record = await bench.certificates.find(toHex(certificateOf(pem).serial))
      assert.deepEqual([record?.status, record?.revocation_reason], ['revoked', 'keyCompromise'])
    })
    it('ok/ by an account that proved all its names', async () => {
      const { pem } = await issue(client, 'shared.example.org')
      const heir = new AcmeTestClient(bench.server)
      await heir.register(bench)
      await issue(heir, 'shared.example.org')
      assert.equal((await heir.post('revoke-certificate', { certificate: shown(pem) })).status, 200)
    })
    it('ok/ by the key of the certificate; fail/ by another key, and of a certificate of somebody else', async () => {
      const order = await client.order('k.example.org')
      await client.prove(order)
      const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' })
      const done = await client.finalize(order, { dns: ['k.example.org'], keys })
      const { body } = await client.post(pathOf(client, done.body.certificate))
      const certificate = shown(String(body.pem))
      const other = generateKeyPairSync('ec', { namedCurve: 'P-256' })
      const by = (pair: typeof keys, payload: object) =>
        client.post('revoke-certificate', payload, {
          kid: undefined,
          jwk: pair.publicKey.export({ format: 'jwk' }),
          key: pair.privateKey,
        })
      assert.equal((await by(other, { certificate })).type, 'unauthorized')
      const root = Buffer.from(bench.authority.root.der)
      assert.equal(
        (await by(keys, { certificate: root.subarray(1).toString('base64url') })).type,
        'malformed',
      )
      assert.equal((await by(keys, { certificate })).status, 200)
    })
    it('fail/ a certificate of somebody else with the serial of ours, by its own key', async () => {
      const { pem } = await issue(client, 'serial.example.org')
      const { serial, subject, notBefore, notAfter } = certificateOf(pem)
      const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' })
      const forged = createRootCertificate({ ...keys, subject, serial, notBefore, notAfter })
      const certificate = Buffer.from(forged.der).toString('base64url')
      const signing = { kid: undefined, jwk: keys.publicKey.export({ format: 'jwk' }), key: keys.privateKey }
      assert.equal((await client.post('revoke-certificate', { certificate }, signing)).status, 404)
      assert.equal((await bench.certificates.find(toHex(serial)))?.status, 'issued')
    })
    it('fail/ the certificate of the CA by whoever asks', async () => {
      const certificate = Buffer.from(bench.authority.issuing.der).toString('base64url')
      assert.equal((await client.post('revoke-certificate', { certificate })).type, 'unauthorized')
    })
    it('ok/ the window follows the template, and is past for a revoked certificate', async () => {
      const { pem } = await issue(client, 'ari.example.org')
      const certificate = certificateOf(pem)
      const window = async () => {
        const found = await bench.server.renewalInformation('web', idOf(pem))
        assert.ok('body' in found, JSON.stringify(found))
        const { suggestedWindow } = found.body as { suggestedWindow: { start: string; end: string } }
        return [Date.parse(suggestedWindow.start), Date.parse(suggestedWindow.end)] as const
      }
      const [start, end] = await window()
      assert.equal(certificate.notAfter - start, 42 * 86_400_000)
      assert.ok(end < certificate.notAfter && end > start)
      await bench.change(toHex(certificate.serial), 'revoked', 'superseded')
      assert.ok((await window())[1] < bench.clock.now())
    })
    it('fail/ a window of what is not ours, or of another issuer', async () => {
      const { pem } = await issue(client, 'ari2.example.org')
      const [, serial] = idOf(pem).split('.')
      for (const id of ['', 'x', 'AAAA.AAAA', `AAAA.${serial}`, `${idOf(pem)}.AA`, `${idOf(pem)}=`]) {
        const found = await bench.server.renewalInformation('web', id)
        assert.equal('type' in found ? found.status : 200, 404, id)
      }
    })
    it('ok/ an order replaces a certificate of the account once; fail/ that of another, or of other names', async () => {
      const { pem } = await issue(client, 'rep.example.org')
      const replaces = idOf(pem)
      const order = (who: AcmeTestClient, value: string) =>
        who.post('new-order', { identifiers: [{ type: 'dns', value }], replaces })
      const thief = new AcmeTestClient(bench.server)
      await thief.register(bench)
      assert.equal((await order(thief, 'rep.example.org')).type, 'malformed')
      assert.equal((await order(client, 'other.example.org')).type, 'malformed')
      const made = await order(client, 'rep.example.org')
      assert.deepEqual([made.status, made.body.replaces], [201, replaces])
      const again = await order(client, 'rep.example.org')
      assert.deepEqual([again.status, again.type], [409, 'alreadyReplaced'])
    })
  })

  describe('people and devices', () => {
    it('fail/ names of hosts at a template whose names come from an account', async () => {
      const who = new AcmeTestClient(bench.server, 'people')
      await who.register(bench, { account_name: 'alice', holder_id: ALICE.id })
      assert.equal((await who.order('www.example.org')).type, 'rejectedIdentifier')
    })
    it('fail/ the person a key is bound to is gone, and ok/ is back', async () => {
      const who = new AcmeTestClient(bench.server)
      await who.register(bench, { account_name: 'alice', holder_id: ALICE.id })
      const order = await who.order('a.example.org')
      await who.prove(order)
      const answer = bench.identities.answers.get(ALICE.id)
      bench.identities.answers.set(ALICE.id, {
        kind: 'unavailable',
        reason: { code: 'source-unavailable', values: { source: 'corp' } } as never, // only passed on
      })
      bench.identities.answers.delete(ALICE.id)
      const refused = await who.finalize(order, { dns: ['a.example.org'] })
      assert.equal(refused.type, 'unauthorized')
      assert.ok(answer)
      bench.identities.answers.set(ALICE.id, answer)
      const next = await who.order('a.example.org')
      await who.prove(next)
      assert.equal((await who.finalize(next, { dns: ['a.example.org'] })).body.status, 'valid')
    })
    it('fail/ the name of the person a key is bound to was given to somebody else', async () => {
      const who = new AcmeTestClient(bench.server)
      await who.register(bench, { account_name: 'alice', holder_id: 'corp/former-alice' })
      const order = await who.order('former.example.org')
      await who.prove(order)
      const refused = await who.finalize(order, { dns: ['former.example.org'] })
      assert.equal(refused.type, 'unauthorized')
    })
  })

  it('ok/ the directory names every resource and says that a key is needed', () => {
    const web = bench.server.directory('web', BASE)
    assert.ok('body' in web)
    assert.deepEqual((web.body as { meta: object }).meta, { externalAccountRequired: true })
    const open = bench.server.directory('open', BASE)
    assert.ok('body' in open)
    assert.deepEqual((open.body as { meta: object }).meta, { externalAccountRequired: false })
  })
})
