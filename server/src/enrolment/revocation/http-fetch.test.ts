import assert from 'node:assert/strict'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { type FetchRequest, fetchOctets } from './http-fetch.ts'

describe('fetching revocation data', () => {
  let server: Server
  let listener: RequestListener = () => {}
  before(async () => {
    server = createServer((request, response) => listener(request, response))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  })
  after(() => {
    server.closeAllConnections()
    server.close()
  })

  const wanted = (more: Partial<FetchRequest> = {}): FetchRequest => ({
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    ...{ accept: 'x/y', maximumOctets: 1000, timeoutMilliseconds: 2000, trusted: true },
    ...more,
  })
  const refused = (more: Partial<FetchRequest>, detail: RegExp) =>
    assert.rejects(fetchOctets(wanted(more)), (error: Error) => detail.test(error.message))

  it('ok/GET, and POST with a body', async () => {
    listener = (request, response) => {
      let text = `${request.method} ${request.headers['content-type'] ?? ''} `
      request.on('data', (chunk) => {
        text += chunk
      })
      request.on('end', () => response.end(text))
    }
    assert.equal(String(await fetchOctets(wanted())), 'GET  ')
    const body = { type: 'a/b', octets: Buffer.from('hello') }
    assert.equal(String(await fetchOctets(wanted({ body }))), 'POST a/b hello')
  })

  it('fail/other schemes, loopback that nobody wrote down, by number and by name', async () => {
    listener = (_, response) => response.end('reached')
    for (const url of ['https://127.0.0.1/', 'ldap://127.0.0.1/', 'file:///etc/passwd', 'gopher://x/', ''])
      await refused({ url }, /only http:\/\/ URLs/)
    const { port } = server.address() as AddressInfo
    for (const host of ['127.0.0.1', '2130706433', '0x7f.1', '[::ffff:7f00:1]', 'localhost'])
      await refused({ url: `http://${host}:${port}/`, trusted: false }, /is not allowed/)
  })

  it('fail/too much, too slow, redirects, other statuses', async () => {
    listener = (_, response) => response.end('x'.repeat(1001))
    await refused({}, /more than 1000 octets/)
    listener = (_, response) => response.writeHead(302, { location: '/elsewhere' }).end()
    await refused({}, /a redirect \(HTTP 302\), none is followed/)
    listener = (_, response) => response.writeHead(500).end()
    await refused({}, /HTTP 500/)
    listener = (_, response) => void response.write('one octet, and then nothing')
    await refused({ timeoutMilliseconds: 100 }, /no answer within 0\.1 s/)
    listener = () => {}
    await refused({ timeoutMilliseconds: 100 }, /no answer within 0\.1 s/)
  })
})
