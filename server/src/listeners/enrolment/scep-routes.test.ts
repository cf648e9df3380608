import assert from 'node:assert/strict'
import { request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import type { ScepAnswer, ScepOrigin } from '../../enrolment/scep/scep-service.ts'
import { FakeClock } from '../../kernel/clock.ts'
import { Logging } from '../../kernel/logging.ts'
import { createEnrolmentApp } from './enrolment-app.ts'
import type { EnrolmentServices } from './enrolment-services.ts'
import { scepRoutes } from './scep-routes.ts'

interface Seen {
  readonly octets: string
  readonly origin: ScepOrigin
}

async function open(answer: ScepAnswer = { kind: 'message', octets: Uint8Array.of(1, 2) }, isEnabled = true) {
  const seen: Seen[] = []
  const scep: EnrolmentServices['scep'] = {
    isEnabled,
    capabilities: ['AES', 'SHA-256'],
    caCertificates: async () => Uint8Array.of(3),
    nextCaCertificates: async () => (isEnabled ? Uint8Array.of(4) : undefined),
    operate: async (octets, origin) => {
      seen.push({ octets: octets.toHex(), origin })
      return answer
    },
  }
  const log = new Logging({ clock: new FakeClock(), level: 'silent' }).for('pki')
  // The routes of SCEP take these two alone.
  const services = { log, scep } as unknown as EnrolmentServices
  return { app: await createEnrolmentApp(services, [scepRoutes]), seen }
}

const PATHS = [
  '/scep',
  '/cgi-bin/pkiclient.exe',
  '/certsrv/mscep/mscep.dll',
  '/certsrv/mscep/mscep.dll/pkiclient.exe',
]

test('ok/every path answers capabilities, certificates and messages; a template may stand in it', async () => {
  const { app, seen } = await open()
  for (const path of [...PATHS, '/scep/laptops', '/scep/laptops/pkiclient.exe']) {
    const caps = await app.inject(`${path}?operation=GetCACaps&message=0`)
    assert.equal(caps.body, 'AES\nSHA-256', path)
    const certificates = await app.inject(`${path}?operation=GetCACert`)
    assert.equal(certificates.headers['content-type'], 'application/x-x509-ca-ra-cert')
    const next = await app.inject(`${path}?operation=GetNextCACert`)
    assert.equal(next.headers['content-type'], 'application/x-x509-next-ca-cert')
    const answered = await app.inject({
      method: 'POST',
      url: `${path}?operation=PKIOperation`,
      body: Buffer.of(9),
    })
    assert.equal(answered.headers['content-type'], 'application/x-pki-message')
  }
  assert.deepEqual(
    seen.map(({ origin: { template } }) => template),
    [undefined, undefined, undefined, undefined, 'laptops', 'laptops'],
  )
  await app.close()
})

test('ok/a message in the address: escaped, with line breaks, with plus signs that became spaces', async () => {
  const { app, seen } = await open()
  const octets = Buffer.from('fbeffbeffb00', 'hex')
  const base64 = octets.toString('base64')
  assert.match(base64, /\+/)
  for (const message of [encodeURIComponent(base64), base64, `${base64.slice(0, 4)}%0A${base64.slice(4)}`]) {
    const { statusCode } = await app.inject(`/scep?operation=PKIOperation&message=${message}`)
    assert.equal(statusCode, 200)
  }
  assert.deepEqual(
    seen.map((each) => each.octets),
    Array(3).fill('fbeffbeffb00'),
  )
  await app.close()
})

test('ok/a body without any type, as strongSwan sends it', async () => {
  const { app, seen } = await open()
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  const status = await new Promise<number | undefined>((resolve, reject) => {
    const sent = request({ port, method: 'POST', path: '/scep?operation=PKIOperation' }, (reply) => {
      reply.resume()
      resolve(reply.statusCode)
    })
    sent.on('error', reject)
    sent.end(Buffer.of(7))
  })
  assert.equal(status, 200)
  assert.equal(seen[0]?.octets, '07')
  await app.close()
})

test('fail/unknown operations, nothing sent, no base64, too much', async () => {
  const { app, seen } = await open()
  for (const url of [
    '/scep',
    '/scep?operation=toString',
    '/scep?operation=PKIOperation',
    '/scep?operation=PKIOperation&message=%25',
  ]) {
    assert.equal((await app.inject(url)).statusCode, 400, url)
  }
  const body = Buffer.alloc(300_000)
  const { statusCode } = await app.inject({ method: 'POST', url: '/scep?operation=PKIOperation', body })
  assert.equal(statusCode, 413)
  assert.deepEqual(seen, [])
  await app.close()
})

test('fail/what is no message is 400, what cannot be said now 503, and switched off there is nothing', async () => {
  const post = { method: 'POST', url: '/scep?operation=PKIOperation', body: Buffer.of(1) } as const
  const broken = await open({ kind: 'undecodable', detail: 'x' })
  assert.equal((await broken.app.inject(post)).statusCode, 400)
  const busy = await open({ kind: 'unavailable' })
  const answer = await busy.app.inject(post)
  assert.deepEqual([answer.statusCode, answer.headers['retry-after']], [503, '30'])
  const off = await open(undefined, false)
  assert.equal((await off.app.inject(post)).statusCode, 404)
  for (const { app } of [broken, busy, off]) await app.close()
})
