import assert from 'node:assert/strict'
import { test } from 'node:test'
import { timerUnits } from './timer-units.ts'

test('ok/a path with spaces, quotes, % and $ stays one argument', () => {
  const { name, service, cron } = timerUnits('/srv/my "cert"', ['/usr/bin/node', '/o p/%s$x', "it's"], 75)
  assert.equal(name, 'sallyport-enrol-my--cert-')
  assert.match(service, /^ExecStart=\/usr\/bin\/node "\/o p\/%%s\$\$x" "it's"$/m)
  assert.equal(cron, `15 3,15 * * * root /usr/bin/node '/o p/\\%s$x' 'it'\\''s'\n`)
})

test('fail/a folder name makes no lines of its own', () => {
  const { service, timer } = timerUnits('/a\nExecStart=/bin/evil', ['/bin/true'], 0)
  for (const unit of [service, timer]) assert.doesNotMatch(unit, /^ExecStart=\/bin\/evil/m)
})
