import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { connect, createServer, type TLSSocket } from 'node:tls'
import { decodePem, encodePem, validatePath } from '@sallyport/pki'
import { DAY } from './authority.ts'
import { ServerCertificates } from './server-certificates.ts'
import { openAuthorityBench } from './testing.ts'

const names = {
  radius: 'radius.example.org',
  https: ['sallyport.example.org', 'localhost', '127.0.0.1', '::1'],
}

test('makes an ECDSA and an RSA certificate for RADIUS and one for HTTPS, and keeps them', async () => {
  const { parts, authority } = await openAuthorityBench()
  const certificates = new ServerCertificates(authority, parts)
  const first = await certificates.ensure(names)
  for (const credential of [first.radius.ecdsa, first.radius.rsa, first.https]) {
    const verdict = validatePath(decodePem('CERTIFICATE', credential.cert), {
      anchors: [authority.root],
      at: parts.clock.now(),
      purpose: 'server-auth',
    })
    assert.equal(verdict.ok, true)
  }
  assert.deepEqual(await certificates.ensure(names), first)
})

test('renews six weeks before the end, and when the name or the CA changes', async () => {
  const { parts, authority } = await openAuthorityBench()
  const certificates = new ServerCertificates(authority, parts)
  const first = await certificates.ensure(names)
  parts.clock.advance(354 * DAY)
  assert.equal((await certificates.ensure(names)).https.fingerprint, first.https.fingerprint)
  parts.clock.advance(2 * DAY)
  const renewed = await certificates.ensure(names)
  for (const [old, now] of [
    [first.radius.ecdsa, renewed.radius.ecdsa],
    [first.radius.rsa, renewed.radius.rsa],
    [first.https, renewed.https],
  ] as const) {
    assert.notEqual(now.fingerprint, old.fingerprint)
    assert.ok(now.notAfter > old.notAfter)
  }
  const renamed = await certificates.ensure({ ...names, radius: 'aaa.example.org' })
  assert.notEqual(renamed.radius.ecdsa.fingerprint, renewed.radius.ecdsa.fingerprint)
  assert.equal(renamed.https.fingerprint, renewed.https.fingerprint)
})

test('Node serves TLS with them and picks by what the client can verify', async () => {
  const { parts, authority } = await openAuthorityBench()
  parts.clock.advance(Date.now() - parts.clock.now())
  const { radius } = await new ServerCertificates(authority, parts).ensure(names)
  const ca = encodePem('CERTIFICATE', authority.root.der)
  const both = { cert: [radius.ecdsa.cert, radius.rsa.cert], key: [radius.ecdsa.key, radius.rsa.key] }
  const server = createServer({ ...both, maxVersion: 'TLSv1.2' }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo // a TCP server has no path
  try {
    const presented = async (ciphers: string): Promise<string> => {
      const options = { port, host: '127.0.0.1', ca, servername: names.radius, ciphers }
      const socket: TLSSocket = connect({ ...options, maxVersion: 'TLSv1.2' })
      await once(socket, 'secureConnect')
      assert.equal(socket.authorized, true)
      const fingerprint = socket.getPeerCertificate().fingerprint256.replaceAll(':', '').toLowerCase()
      socket.destroy()
      return fingerprint
    }
    assert.equal(await presented('ECDHE-ECDSA-AES128-GCM-SHA256'), radius.ecdsa.fingerprint)
    assert.equal(await presented('ECDHE-RSA-AES128-GCM-SHA256'), radius.rsa.fingerprint)
  } finally {
    server.close()
    await once(server, 'close')
  }
})

test('a name that cannot stand in a certificate is refused', async () => {
  const { parts, authority } = await openAuthorityBench()
  const certificates = new ServerCertificates(authority, parts)
  for (const radius of ['', 'bücher.example', '192.0.2.1']) {
    await assert.rejects(certificates.ensure({ ...names, radius }), {
      name: 'ConfigError',
      code: 'server-name-invalid',
    })
  }
  assert.deepEqual(await parts.store.issuedOfKind('radius-server-ecdsa'), [])
})
