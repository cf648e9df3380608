import assert from 'node:assert/strict'
import { once } from 'node:events'
import { afterEach, describe, it } from 'node:test'
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads'
import { BugError, ConfigError, RequestError, UpstreamError } from './errors.ts'
import { expose, type Proxied, proxy } from './rpc.ts'

class Adder {
  readonly base = 10
  stuck = Promise.withResolvers<void>()

  async add(a: number, b: number): Promise<number> {
    return this.base + a + b
  }

  async fail(kind: string): Promise<never> {
    if (kind === 'config')
      throw new ConfigError('bad-value', 'Bad value.', { path: 'a/b' }, new Error('inner'))
    if (kind === 'request') throw new RequestError('version-conflict', 'Moved.')
    if (kind === 'upstream') throw new UpstreamError('down', 'Down.')
    throw new TypeError('oops')
  }

  async wait(): Promise<void> {
    await this.stuck.promise
  }

  async uncloneable(): Promise<unknown> {
    return () => 1
  }

  async take(value: unknown): Promise<unknown> {
    return value
  }
}

interface Events {
  moved: { version: number }
}

describe('rpc', () => {
  const ports: MessagePort[] = []
  afterEach(() => {
    for (const port of ports.splice(0)) port.close()
  })
  function connect(service = new Adder()) {
    const { port1, port2 } = new MessageChannel()
    ports.push(port1, port2)
    return {
      port1,
      service,
      exposed: expose<Adder, Events>(port1, service),
      proxied: proxy<Adder, Events>(port2) as Proxied<Adder, Events>,
    }
  }

  it('calls a method and gives its result back', async () => {
    const { remote } = connect().proxied
    assert.equal(await remote.add(1, 2), 13)
    assert.deepEqual(await remote.take(new Uint8Array([1, 2])), new Uint8Array([1, 2]))
  })

  it('keeps class, code, values and cause of an error', async () => {
    const { remote } = connect().proxied
    await assert.rejects(remote.fail('config'), (error) => {
      assert.ok(error instanceof ConfigError)
      assert.equal(error.name, 'ConfigError')
      assert.equal(error.code, 'bad-value')
      assert.equal(error.message, 'Bad value.')
      assert.deepEqual(error.values, { path: 'a/b' })
      assert.ok(error.cause instanceof Error)
      assert.equal(error.cause.message, 'inner')
      return true
    })
    await assert.rejects(remote.fail('request'), RequestError)
    await assert.rejects(remote.fail('upstream'), UpstreamError)
    await assert.rejects(remote.fail('bug'), (error) => {
      assert.ok(error instanceof BugError)
      assert.equal(error.code, 'unexpected-error')
      assert.match(error.stack ?? '', /rpc\.test\.ts/)
      return true
    })
  })

  it('sends all calls of one turn as one message', async () => {
    const { port1, proxied } = connect()
    let messages = 0
    port1.on('message', () => messages++)
    const results = await Promise.all(Array.from({ length: 50 }, (_, index) => proxied.remote.add(index, 0)))
    assert.equal(results[49], 59)
    assert.equal(messages, 1)
  })

  it('rejects pending and later calls when the port closes', async () => {
    const { proxied, exposed } = connect()
    const pending = proxied.remote.wait()
    exposed.close()
    await assert.rejects(pending, { name: 'UpstreamError', code: 'port-closed' })
    await assert.rejects(proxied.remote.add(1, 1), { code: 'port-closed' })
  })

  it('rejects pending calls when the thread dies', async () => {
    const worker = new Worker('setInterval(() => {}, 1000)', { eval: true })
    const { port1, port2 } = new MessageChannel()
    ports.push(port2)
    await once(worker, 'online')
    worker.postMessage(port1, [port1])
    const pending = assert.rejects(proxy<Adder>(port2).remote.wait(), { code: 'port-closed' })
    await worker.terminate()
    await pending
  })

  it('fails only the call that carries what cannot be cloned', async () => {
    const { remote } = connect().proxied
    const bad = assert.rejects(remote.take(Symbol('x')), { name: 'BugError', code: 'not-cloneable' })
    assert.equal(await remote.add(1, 1), 12)
    await bad
    await assert.rejects(remote.uncloneable(), { name: 'BugError', code: 'not-cloneable' })
  })

  it('calls nothing but methods of the service', async () => {
    const { remote } = connect().proxied
    const any = remote as unknown as Record<string, () => Promise<unknown>>
    for (const name of ['missing', 'base', 'hasOwnProperty', 'constructor', '__proto__', 'toString']) {
      await assert.rejects(any[name]?.() ?? Promise.reject(), { code: 'no-such-method' }, name)
    }
  })

  it('may be returned from an async function', async () => {
    const { remote } = connect().proxied
    const same = await Promise.resolve(remote)
    assert.equal(await same.add(0, 0), 10)
  })

  it('tells events to its listeners, in order, until they leave', async () => {
    const { exposed, proxied } = connect()
    const seen: number[] = []
    const leave = proxied.on('moved', ({ version }) => seen.push(version))
    exposed.emit('moved', { version: 1 })
    exposed.emit('moved', { version: 2 })
    await proxied.remote.add(0, 0)
    leave()
    exposed.emit('moved', { version: 3 })
    await proxied.remote.add(0, 0)
    assert.deepEqual(seen, [1, 2])
  })
})
