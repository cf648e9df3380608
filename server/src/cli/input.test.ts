import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { CliError } from './cli-error.ts'
import { policy } from './commands/policy.ts'
import { serve } from './commands/serve.ts'
import { parseInput } from './input.ts'

describe('a flag without a value, by its environment variable', () => {
  const isOn = (value: string): boolean =>
    parseInput(serve, [], { SALLYPORT_OLD_PORTS: value }).has('old-ports')

  it('ok/the words for on and off', () => {
    for (const value of ['1', 'true', 'yes', 'on', 'TRUE']) assert.equal(isOn(value), true, value)
    for (const value of ['0', 'false', 'no', 'off', 'Off', '']) assert.equal(isOn(value), false, value)
  })

  it('ok/the flag wins', () => {
    assert.equal(parseInput(serve, ['--old-ports'], { SALLYPORT_OLD_PORTS: 'no' }).has('old-ports'), true)
  })

  it('fail/any other word', () => {
    for (const value of ['maybe', '2', 'constructor', ' 1']) {
      assert.throws(
        () => isOn(value),
        (error) =>
          error instanceof CliError &&
          error.exitCode === 2 &&
          error.message ===
            `SALLYPORT_OLD_PORTS takes one of 0, 1, true, yes, on, false, no, off, not "${value}".`,
      )
    }
  })
})

describe('a flag that may be repeated', () => {
  it('ok/all its values, in order; of another the last one', () => {
    const input = parseInput(
      policy,
      ['try', '--attr', 'A=1', '--user', 'x', '--attr', 'B=2', '--user', 'y'],
      {},
    )
    assert.deepEqual(input.all('attr'), ['A=1', 'B=2'])
    assert.equal(input.text('user'), 'y')
    assert.deepEqual(input.all('client'), [])
  })
})
