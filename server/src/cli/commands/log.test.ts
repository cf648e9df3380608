import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { runCli } from '../testing.ts'
import { Unseen } from './log.ts'

describe('log --follow', () => {
  it('ok/shows each receipt once, also one that arrives late between two others', () => {
    const unseen = new Unseen()
    const page = (...ids: string[]) => ids.map((id) => ({ id }))
    assert.deepEqual(unseen.of(page('1', '3')), page('1', '3'))
    assert.deepEqual(unseen.of(page('1', '3')), [])
    assert.deepEqual(unseen.of(page('1', '2', '3', '4')), page('2', '4'))
    assert.deepEqual(unseen.of(page('3', '4', '5')), page('5'), 'the page moves on')
  })
})

describe('log --outcome', () => {
  it('fail/a word that is no outcome is refused with the ones there are', async () => {
    const { code, err } = await runCli(['log', '--outcome', 'rejct'])
    assert.equal(code, 2)
    assert.equal(err, '--outcome takes accept, reject, drop, not "rejct". Did you mean reject?')
  })
})
