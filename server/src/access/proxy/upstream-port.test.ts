import assert from 'node:assert/strict'
import { test } from 'node:test'
import { attribute, PacketCode } from '@sallyport/radius'
import { UserName } from '@sallyport/radius/attributes'
import { configurationSchema, type UpstreamConfiguration } from '../../config/schema.ts'
import { UpstreamPort } from './upstream-port.ts'

function silentPort(): {
  port: UpstreamPort
  sockets: { open: number; closed: number; sent: number }
  at: (ms: number) => void
} {
  const [parsed] = configurationSchema.parse({
    upstreams: [
      {
        name: 'one',
        group: 'g',
        host: '192.0.2.50',
        secret: 'secret between',
        statusServer: false,
        retries: 0,
      },
    ],
  }).upstreams
  const sockets = { open: 0, closed: 0, sent: 0 }
  let now = 0
  const platform = {
    open: async () => {
      sockets.open++
      return {
        send: () => {
          sockets.sent++
        },
        close: () => {
          sockets.closed++
        },
      }
    },
    monotonic: () => now,
    random: () => 0.5,
  }
  const upstream = { ...parsed, secret: 'secret between' } as UpstreamConfiguration // one was given
  return {
    port: new UpstreamPort('authentication', upstream, platform, () => {}),
    sockets,
    at: (ms) => {
      now = ms
    },
  }
}

const ask = (port: UpstreamPort) => port.ask(PacketCode.AccessRequest, [attribute(UserName, 'bob')])

test('ok/more than 256 requests wait at a time, over several source ports; a dead server lets go of each once', async () => {
  const { port, sockets, at } = silentPort()
  const asked = Array.from({ length: 600 }, () => ask(port))
  for (let turn = 0; turn < 10; turn++) await Promise.resolve()
  assert.deepEqual(sockets, { open: 3, closed: 0, sent: 600 })
  assert.equal(port.waiting, 600)
  at(1001)
  port.tick(1001)
  const answers = await Promise.all(asked)
  assert.ok(answers.every((answer) => answer.kind === 'silent' && answer.why === 'timeout'))
  assert.equal(port.health.state, 'dead')
  assert.equal(sockets.closed, 3)
})

test('fail/more than can be told apart: full, at once; and nobody waits for a removed server', async () => {
  const { port } = silentPort()
  const asked = Array.from({ length: 32 * 256 }, () => ask(port))
  for (let turn = 0; turn < 40; turn++) await Promise.resolve()
  assert.deepEqual(await ask(port), { kind: 'silent', why: 'full' })
  port.close()
  assert.ok(
    (await Promise.all(asked)).every((answer) => answer.kind === 'silent' && answer.why === 'removed'),
  )
  assert.deepEqual(await ask(port), { kind: 'silent', why: 'removed' })
})
