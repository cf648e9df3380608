import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FakeClock } from '../../../kernel/clock.ts'
import type { DirectorySearch, SearchAnswer } from '../directory.ts'
import { entry } from '../sync/test/entry.ts'
import { GroupNames } from './group-names.ts'

const DN = 'CN=VPN,DC=example,DC=org'

function house() {
  const answers: Promise<SearchAnswer>[] = []
  const names = new GroupNames(new FakeClock(), 'cn')
  const directory = { search: async () => await (answers.shift() ?? assert.fail('asked once too often')) }
  const find = async () => {
    const wanted = { sids: [], dns: [DN] }
    const found = await names.find(
      directory as unknown as DirectorySearch,
      wanted,
      'DC=example,DC=org',
      () => 1,
    )
    return 'kind' in found ? found.kind : found.map(({ name }) => name)
  }
  return { answers, names, find }
}

const called = (cn: string): SearchAnswer => ({
  ...{ kind: 'entries', server: 'ldaps://dc1.example.org' },
  entries: [entry(DN, { cn: [cn] })],
})

test('ok/a name is asked for once, and anew when all are forgotten', async () => {
  const { answers, names, find } = house()
  answers.push(Promise.resolve(called('VPN')), Promise.resolve(called('Former VPN')))
  assert.deepEqual([await find(), await find()], [['VPN'], ['VPN']])
  names.forget()
  assert.deepEqual(await find(), ['Former VPN'])
})

test('fail/a name that was asked for before all were forgotten is not kept', async () => {
  const { answers, names, find } = house()
  const later = Promise.withResolvers<SearchAnswer>()
  answers.push(later.promise, Promise.resolve(called('Former VPN')))
  const first = find()
  names.forget()
  later.resolve(called('VPN'))
  assert.deepEqual(await first, ['VPN'])
  assert.deepEqual(await find(), ['Former VPN'])
})
