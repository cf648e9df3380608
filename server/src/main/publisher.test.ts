import assert from 'node:assert/strict'
import { test } from 'node:test'
import { EMPTY_CONFIGURATION } from '../config/schema.ts'
import { DAY } from '../enrolment/authority.ts'
import { ExpiryWatch } from '../enrolment/expiry-watch.ts'
import { ServerCertificates } from '../enrolment/server-certificates.ts'
import { openAuthorityBench } from '../enrolment/testing.ts'
import { Logging } from '../kernel/logging.ts'
import type { RadiusState } from '../threads/radius-services.ts'
import { Publisher } from './publisher.ts'

test('ok/certificates of the own CA are renewed and handed to the workers while they serve, without a change', async () => {
  const { parts, authority } = await openAuthorityBench()
  const { clock } = parts
  const log = new Logging({ clock, level: 'silent' }).for('config')
  const publisher = new Publisher({
    ...{ authority, certificates: new ServerCertificates(authority, parts), httpsNames: ['localhost'], log },
    expiry: new ExpiryWatch(clock, log),
    specialCertificates: { overdue: () => [] },
    trusted: () => {},
    anchored: () => {},
  })
  const served: RadiusState[] = []
  publisher.serveBy(
    async (state) => void served.push(state),
    () => {},
  )
  const lobby = { name: 'lobby', kind: 'own' as const, serverName: 'lobby.test', clients: [], realms: [] }
  const configuration = { ...EMPTY_CONFIGURATION, serverCertificates: [lobby] }
  await publisher.publish({ version: 1, revision: 1, configuration, clientAddresses: [] })
  clock.advance(350 * DAY)
  await publisher.refresh()
  clock.advance(10 * DAY)
  await publisher.refresh()
  const [first, before, after] = served.map(({ certificates }) =>
    certificates.map(({ name, certificates: pair }) => `${name} ${pair.map(({ chain }) => chain).join()}`),
  )
  assert.deepEqual(before, first)
  assert.equal(after?.length, 2)
  for (const [index, chains] of (after ?? []).entries()) assert.notEqual(chains, first?.[index])
  assert.deepEqual(
    publisher.serverCertificates.map(({ name }) => name),
    ['lobby', 'built-in'],
  )
  await publisher.close()
})
