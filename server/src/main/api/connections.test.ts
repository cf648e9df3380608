import assert from 'node:assert/strict'
import { test } from 'node:test'
import { derOrPem, parseCertificate } from '@sallyport/pki'
import { configurationSchema } from '../../config/schema.ts'
import { EXAMPLE_ROOT_PEM } from '../../profiles/testing/example-input.ts'
import { connectionApi } from './connections.ts'

const CONNECTIONS = 30

test('ok/a list of many connections lets others have a turn', async () => {
  const connections = Array.from({ length: CONNECTIONS }, (_, number) => ({
    ...{ kind: 'vpn', name: `VPN ${number}`, gateways: [{ address: 'vpn.example.org' }] },
  }))
  const root = parseCertificate(derOrPem('CERTIFICATE', EXAMPLE_ROOT_PEM))
  const parts = {
    configuration: { snapshot: { configuration: configurationSchema.parse({ connections }) } },
    authority: { anchors: [root], caCertificates: [root] },
  }
  const api = connectionApi(parts as never, {} as never, {} as never) // what a list does not touch is absent
  let turns = 0
  let isOver = false
  const others = (): void => {
    turns++
    if (!isOver) setImmediate(others)
  }
  setImmediate(others)
  const items = await api.list()
  isOver = true
  assert.deepEqual([items.length, items.at(-1)?.name], [CONNECTIONS, `VPN ${CONNECTIONS - 1}`])
  assert.ok(turns >= CONNECTIONS - 1, `${turns} turns`)
})
