import assert from 'node:assert/strict'
import { mock, test } from 'node:test'
import { FakeClock } from './clock.ts'
import { Logging } from './logging.ts'

function capture(): { lines: string[]; stream: { write(line: string): void } } {
  const lines: string[] = []
  return { lines, stream: { write: (line) => lines.push(line) } }
}

test('an override raises one component for a limited time and falls back by itself', () => {
  mock.timers.enable({ apis: ['setTimeout'] })
  const { lines, stream } = capture()
  const clock = new FakeClock()
  const logging = new Logging({ clock, stream })
  const radius = logging.for('radius')
  radius.debug('unseen')
  logging.override({ component: 'radius', level: 'debug', until: clock.now() + 60_000 })
  radius.debug('seen')
  logging.for('policy').debug('unseen')
  assert.equal(logging.levels().radius.level, 'debug')
  mock.timers.tick(60_000)
  radius.debug('unseen again')
  assert.deepEqual(
    lines.map((line) => JSON.parse(line).msg),
    ['seen'],
  )
  assert.equal(logging.levels().radius.level, 'info')
  mock.timers.reset()
})

test('a secret that slips into a log call is not written', () => {
  const { lines, stream } = capture()
  new Logging({ clock: new FakeClock(), stream })
    .for('api')
    .info({ password: 'hunter2', client: { secret: 's3cret' } }, 'x')
  assert.doesNotMatch(lines.join(), /hunter2|s3cret/)
})
