import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { generalizedTime, timestampMarks, USN_MARKS } from './sync-mark.ts'
import { entry } from './test/entry.ts'

const NOW = Date.UTC(2026, 0, 2, 12, 0, 0)
const controller = (mark: string | undefined) => ({ id: 'dc1', context: 'DC=example', mark })
const changed = (modifyTimestamp: string) => entry('uid=a', { modifyTimestamp: [modifyTimestamp] })

describe('marks of a sync', () => {
  it('ok/numbers: what came after, also beyond 2^53', () => {
    assert.equal(USN_MARKS.since('41', controller('41')), '(uSNChanged>=42)')
    const large = '9223372036854775000'
    assert.equal(USN_MARKS.since(large, controller(large)), '(uSNChanged>=9223372036854775001)')
  })
  it('fail/numbers: a controller that counts less than it did was restored', () => {
    assert.equal(USN_MARKS.since('41', controller('40')), undefined)
    assert.equal(USN_MARKS.since('41', controller(undefined)), undefined)
    assert.equal(USN_MARKS.since('41)(cn=*', controller('99')), undefined)
  })

  it('ok/times: with five minutes of overlap', () => {
    const filter = timestampMarks(NOW).since('20260102115959Z', controller(undefined))
    assert.equal(filter, '(|(modifyTimestamp>=20260102115459Z)(createTimestamp>=20260102115459Z))')
  })
  it('ok/times: the latest counts; one of a time to come does not', () => {
    const { later } = timestampMarks(NOW)
    assert.equal(later(undefined, changed('20260101000000.123Z')), '20260101000000Z')
    assert.equal(later('20260101000000Z', changed('20251231000000Z')), '20260101000000Z')
    assert.equal(later('20260101000000Z', changed('20990101000000Z')), '20260101000000Z')
    assert.equal(later('20260101000000Z', entry('uid=a', {})), '20260101000000Z')
  })
  it('fail/times: what is none is no mark', () => {
    for (const text of ['', '2026', '20260102115959', '20260102115959+0100', '20260102115959Z)(a=b'])
      assert.equal(timestampMarks(NOW).since(text, controller(undefined)), undefined, text)
    assert.equal(generalizedTime('20260102115959Z'), Date.UTC(2026, 0, 2, 11, 59, 59))
  })
})
