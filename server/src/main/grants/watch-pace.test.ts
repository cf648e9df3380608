import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Configuration, configurationSchema } from '../../config/schema.ts'
import { keptMinutes, sweepSeconds } from './watch-pace.ts'

function configured(...minutes: readonly number[]): Pick<Configuration, 'settings' | 'sources'> {
  const sources = minutes.map((each, at) => ({
    ...{ name: `ad-${at}`, kind: 'ldap', servers: ['ldaps://dc1.example.org'], baseDn: 'dc=example,dc=org' },
    cache: { minutes: each },
  }))
  const { settings } = configurationSchema.parse({ sources })
  // The schema's defaults are what is looked at; secrets, which it leaves to be resolved, are not.
  return { settings, sources: configurationSchema.parse({ sources }).sources as Configuration['sources'] }
}

test('ok/look and memory together are as long as a directory is believed', () => {
  for (const minutes of [5, 1, 0.2, 60]) {
    const configuration = configured(minutes)
    const [source] = configuration.sources
    assert.ok(source?.kind === 'ldap')
    const sum = sweepSeconds(configuration) + 60 * keptMinutes(source, configuration)
    assert.ok(Math.abs(sum - 60 * minutes) < 0.001, `${minutes}: ${sum}`)
  }
})

test('ok/sessions are looked at as configured, sooner where a directory is believed for less, never in haste', () => {
  assert.equal(sweepSeconds(configured()), 60)
  assert.equal(sweepSeconds(configured(5, 60)), 60)
  assert.equal(sweepSeconds(configured(5, 1)), 30)
  assert.equal(sweepSeconds(configured(0.01)), 2)
  assert.equal(sweepSeconds(configured(0)), 60)
})
