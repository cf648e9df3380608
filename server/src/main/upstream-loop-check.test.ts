import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Configuration, configurationSchema } from '../config/schema.ts'
import { checkUpstreamLoops } from './upstream-loop-check.ts'

test('fail/an upstream at an address and a port of our own; ok/another port, another address', () => {
  const upstream = (name: string, host: string, authenticationPort: number) => ({
    ...{ name, group: 'g', host, authenticationPort, accountingPort: authenticationPort + 1 },
    secret: 'secret between servers',
  })
  const upstreams = [
    upstream('self', '2001:DB8::1', 1812),
    upstream('other port', '2001:db8::1', 1645),
    upstream('other', '192.0.2.9', 1812),
  ]
  // Secrets here are plain text, as a Configuration has them.
  const configuration = configurationSchema.parse({ upstreams }) as Configuration
  const ports = { authenticationPorts: [1812], accountingPorts: [1813] }
  const problems = checkUpstreamLoops(configuration, ports, new Set(['2001:db8::1']))
  assert.deepEqual(
    problems.map(({ path, severity, code }) => `${severity} ${path} ${code}`),
    ['warning upstreams/self/host upstream-self'],
  )
})
