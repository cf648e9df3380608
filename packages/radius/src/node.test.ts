import assert from 'node:assert/strict'
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { type TestContext, test } from 'node:test'
import { ReplyMessage, UserName, UserPassword } from './attributes/index.generated.ts'
import { attribute, encodeReply, inspect, PacketCode, RadiusError, Secret } from './index.ts'
import { RadiusClient } from './node.ts'

const secret = new Secret('testing123')

/** A server that answers as `answer` says, on a free port. */
async function serve(
  t: TestContext,
  answer: (datagram: Uint8Array, count: number) => Uint8Array | undefined,
) {
  const socket: Socket = createSocket('udp4')
  let count = 0
  socket.on('message', (datagram, { port, address }) => {
    const reply = answer(datagram, ++count)
    if (reply !== undefined) socket.send(reply, port, address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  t.after(() => new Promise<void>((resolve) => socket.close(() => resolve())))
  return socket.address().port
}

function acceptWith(key: Secret, datagram: Uint8Array): Uint8Array {
  const inspected = inspect(datagram)
  assert.ok(inspected.ok)
  const request = inspected.packet
  const name = request.get(UserName) ?? ''
  return encodeReply({
    code: PacketCode.AccessAccept,
    request,
    secret: key,
    attributes: [attribute(ReplyMessage, `hello ${name}`)],
  })
}

function client(
  t: TestContext,
  port: number,
  options: { timeoutMs?: number; retries?: number } = {},
): RadiusClient {
  const made = new RadiusClient({ host: '127.0.0.1', port, secret, ...options })
  t.after(() => made.close())
  return made
}

test('many requests at once, each with its own answer', async (t) => {
  const radius = client(t, await serve(t, (datagram) => acceptWith(secret, datagram)))
  const names = Array.from({ length: 100 }, (_, i) => `user${i}`)
  const replies = await Promise.all(
    names.map((name) =>
      radius.send(PacketCode.AccessRequest, [
        attribute(UserName, name),
        attribute(UserPassword, Buffer.from('password')),
      ]),
    ),
  )
  assert.deepEqual(
    replies.map(({ packet }) => packet.get(ReplyMessage)),
    names.map((name) => `hello ${name}`),
  )
})

test('a lost request is sent again with the same octets', async (t) => {
  const seen: string[] = []
  const port = await serve(t, (datagram, count) => {
    seen.push(Buffer.from(datagram).toString('hex'))
    return count < 3 ? undefined : acceptWith(secret, datagram)
  })
  const reply = await client(t, port, { timeoutMs: 10 }).send(PacketCode.AccessRequest, [
    attribute(UserName, 'a'),
  ])
  assert.equal(reply.attempts, 3)
  assert.equal(new Set(seen).size, 1)
})

test('silence ends in a timeout that says how often it tried', async (t) => {
  const port = await serve(t, () => undefined)
  await assert.rejects(
    client(t, port, { timeoutMs: 5, retries: 1 }).send(PacketCode.AccessRequest, []),
    (error) => error instanceof RadiusError && error.code === 'timeout' && error.values.attempts === 2,
  )
})

test('a wrong secret is told apart from silence', async (t) => {
  const port = await serve(t, (datagram) => acceptWith(new Secret('wrong'), datagram))
  await assert.rejects(
    client(t, port, { timeoutMs: 20, retries: 0 }).send(PacketCode.AccessRequest, [attribute(UserName, 'a')]),
    (error) =>
      error instanceof RadiusError &&
      error.code === 'timeout' &&
      error.values.ignored === 'response-authenticator-invalid',
  )
})

test('closing rejects what waits, and what comes after', async (t) => {
  const radius = client(t, await serve(t, () => undefined))
  const waiting = radius.send(PacketCode.AccessRequest, [])
  const rejected = assert.rejects(waiting, (error) => error instanceof RadiusError && error.code === 'closed')
  await new Promise((resolve) => setImmediate(resolve))
  await radius.close()
  await rejected
  await assert.rejects(
    radius.send(PacketCode.AccessRequest, []),
    (error) => error instanceof RadiusError && error.code === 'closed',
  )
})

test('what cannot be encoded is the caller’s error, and nothing is sent', async (t) => {
  const radius = client(t, await serve(t, () => undefined))
  await assert.rejects(
    radius.send(PacketCode.AccessRequest, [attribute(UserName, '')]),
    (error) => error instanceof RadiusError && error.code === 'value-not-representable',
  )
})

test('a name that does not resolve and a port that is none are network errors', async (t) => {
  for (const where of [
    { host: 'radius.invalid', port: 1812 },
    { host: '127.0.0.1', port: 70_000 },
  ]) {
    const radius = new RadiusClient({ ...where, secret })
    t.after(() => radius.close())
    await assert.rejects(
      radius.send(PacketCode.AccessRequest, []),
      (error) => error instanceof RadiusError && error.code === 'network',
    )
  }
})

test('a request leaves from the address asked for', async (t) => {
  const socket = createSocket('udp4')
  const senders: string[] = []
  socket.on('message', (datagram, { port, address }) => {
    senders.push(address)
    socket.send(acceptWith(secret, datagram), port, address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  t.after(() => new Promise<void>((resolve) => socket.close(() => resolve())))
  const { port } = socket.address()
  const radius = new RadiusClient({ host: '127.0.0.1', port, secret, localAddress: '127.0.0.7' })
  t.after(() => radius.close())
  await radius.send(PacketCode.AccessRequest, [])
  assert.deepEqual(senders, ['127.0.0.7'])
  const nowhere = new RadiusClient({ host: '127.0.0.1', port, secret, localAddress: '192.0.2.1' })
  t.after(() => nowhere.close())
  await assert.rejects(nowhere.send(PacketCode.AccessRequest, []), { code: 'network' })
})
