/** What every protocol at the enrolment port shares: bounds in time, and answers to what no route sees. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, connect } from 'node:net'
import { after, describe, it } from 'node:test'
import { connectRoutes } from './connect-routes.ts'
import { createEnrolmentApp } from './enrolment-app.ts'

const DRIP_MS = 500
/** Ten seconds, up to five until Node looks, and a machine with much to do. */
const MOST_MS = 25_000

const logged: string[] = []
const services = {
  connect: { links: {}, settings: () => ({ enabled: true, selfService: false }) },
  log: { error: (line: object) => logged.push(JSON.stringify(line)) },
  status: { answerInMemory: () => undefined },
} as never // what the cases below never reach is absent
const app = await createEnrolmentApp(services, [connectRoutes])
after(() => app.close())

describe('enrolment port', () => {
  it('fail/an address that cannot be read is not said again, and the answer is as guarded as others', async () => {
    for (const url of ['/connect/secret%ff', '/connect/secret%', '/connect/%c0%ae', '/connect/secret%zz']) {
      const reply = await app.inject({ url })
      assert.equal(reply.statusCode, 400)
      assert.equal(reply.body, 'This address cannot be read.\n')
      assert.deepEqual(
        [reply.headers['x-content-type-options'], reply.headers['cache-control']],
        ['nosniff', 'no-store'],
      )
    }
    assert.deepEqual(logged, [])
  })

  it('fail/the time for headers is shorter than that for a request, or Node would swap the two', () => {
    const { headersTimeout, requestTimeout } = app.server
    assert.deepEqual([headersTimeout, requestTimeout], [10_000, 30_000])
  })

  it('fail/headers that drip end the connection, whatever else goes on', async () => {
    await app.listen({ host: '127.0.0.1', port: 0 })
    const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1')
    let answer = ''
    socket.on('data', (octets) => {
      answer += octets
    })
    socket.on('error', () => {}) // what was dripped after the end
    const begun = performance.now()
    socket.write('GET /connect HTTP/1.1\r\nHost: localhost\r\n')
    const drip = setInterval(() => socket.write('X-A: a\r\n'), DRIP_MS)
    const limit = setTimeout(() => socket.destroy(), MOST_MS)
    await once(socket, 'close')
    clearInterval(drip)
    clearTimeout(limit)
    const took = performance.now() - begun
    assert.match(answer, /^HTTP\/1\.1 408/, `after ${took} ms: ${answer}`)
    assert.ok(took < MOST_MS, `${took} ms`)
  })
})
