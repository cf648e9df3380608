import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PATH_REASONS } from '@sallyport/pki'
import { definitionOf, render } from '../reasons/index.ts'
import { certificateReason } from './certificate-reason.ts'
import { openAuthorityBench } from './testing.ts'

test('every path reason has a reason that refuses, with the values it may carry', async () => {
  const { authority } = await openAuthorityBench()
  for (const reason of PATH_REASONS) {
    for (const offender of [authority.issuing, undefined]) {
      const problem = { reason, certificate: 0, detail: 'seen', ...(offender && { offender }) }
      const told = certificateReason(problem, 0)
      const { outcome, values } = definitionOf(told.code)
      assert.equal(outcome, 'reject', reason)
      for (const name of Object.keys(told.values)) assert.ok(name in values, `${told.code}: ${name}`)
      assert.ok(render(told).sentence.length > 0)
    }
  }
})
