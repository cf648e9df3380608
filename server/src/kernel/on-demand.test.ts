import assert from 'node:assert/strict'
import { test } from 'node:test'
import { onDemand } from './on-demand.ts'

class Greeter {
  readonly #word: string

  constructor(word: string) {
    this.#word = word
  }

  async greet(name: string): Promise<string> {
    return `${this.#word} ${name}`
  }

  async fail(): Promise<never> {
    throw new RangeError('no')
  }
}

test('ok/is loaded by the first call, once, and keeps its state', async () => {
  let loads = 0
  const greeter = onDemand(async () => {
    loads++
    return new Greeter('hello')
  })
  assert.equal(loads, 0)
  assert.deepEqual(await Promise.all([greeter.greet('a'), greeter.greet('b')]), ['hello a', 'hello b'])
  assert.equal(await greeter.greet('c'), 'hello c')
  assert.equal(loads, 1)
  await assert.rejects(greeter.fail(), RangeError)
})

test('ok/is no promise itself', async () => {
  const greeter = onDemand(async () => new Greeter('hello'))
  assert.equal(await (async () => greeter)(), greeter)
})

test('fail/where loading fails the call does, and the next one tries again', async () => {
  let loads = 0
  const greeter = onDemand(async () => {
    if (++loads === 1) throw new TypeError('cannot be loaded')
    return new Greeter('hello')
  })
  await assert.rejects(greeter.greet('a'), TypeError)
  assert.equal(await greeter.greet('a'), 'hello a')
})
