import assert from 'node:assert/strict'
import { test } from 'node:test'
import { enrolmentSchema } from '../../config/sections/enrolment.ts'
import { SpecialCertificates } from '../../enrolment/special-certificates.ts'
import { CrlStore } from '../../enrolment/status/crl-store.ts'
import { openAuthorityBench } from '../../enrolment/testing.ts'
import { Logging } from '../../kernel/logging.ts'
import { Metrics } from '../../kernel/metrics.ts'
import { Publication } from './publication.ts'

test('fail/health says which CRL could not be published and why, and which one ended', async () => {
  const { authority, parts, database } = await openAuthorityBench()
  const { clock } = parts
  const crls = new CrlStore(database)
  const publication = await Publication.open({
    authority,
    specialCertificates: new SpecialCertificates(authority, parts),
    reader: database,
    stores: { crls },
    settings: () => enrolmentSchema.parse({ revocation: {} }),
    log: new Logging({ clock, level: 'silent' }).for('pki'),
    ...{ clock, metrics: new Metrics() },
  })
  try {
    assert.deepEqual(publication.warnings(), [])
    clock.advance(200 * 3_600_000)
    crls.publish = () => Promise.reject(new Error('disk full'))
    await publication.upkeep()
    const warnings = publication.warnings().join('\n')
    assert.match(warnings, /The CRL of .*Sallyport Issuing CA.* could not be published: disk full\./)
    assert.match(warnings, /The CRL [0-9a-f]+ full ended 2026-01-12T.* and is not served\./)
  } finally {
    publication.close()
  }
})
