import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LivePerson } from '../../access/session-grants/live-people.ts'
import { configurationSchema } from '../../config/schema.ts'
import { ConcernedSet } from '../../identity/ldap/changes/concerned.ts'
import { FakeClock } from '../../kernel/clock.ts'
import type { Logger } from '../../kernel/logging.ts'
import type { FactChange } from '../../store/fact-change.ts'
import { DirectoryTidings } from './directory-tidings.ts'

const { sources } = configurationSchema.parse({
  sources: [
    { name: 'ad', kind: 'ldap', servers: ['ldaps://dc1.example.org'], baseDn: 'dc=example,dc=org' },
    { name: 'domain', kind: 'winbind', directory: 'ad' },
    { name: 'local', kind: 'local' },
  ],
})

function person(name: string, source: string | undefined, ...groups: readonly string[]): LivePerson {
  return { subject: name, name, source, groups }
}

function house(live: readonly LivePerson[] | undefined) {
  const done: string[] = []
  const tidings = new DirectoryTidings({
    // Secrets of sources are not looked at.
    configuration: { snapshot: { version: 7, configuration: { sources: sources as never } } },
    sources: {
      forget: async (_, { users, groups }) => void done.push(`forget ${[...users, ...groups].length}`),
      refresh: async () => void done.push('refresh'),
    },
    store: {
      noteAll: async (changes: readonly FactChange[]) => {
        for (const { fact, key, config_version } of changes) done.push(`${fact} ${key} ${config_version}`)
      },
    },
    people: { all: async () => live },
    clock: new FakeClock(),
    log: { info: () => undefined } as unknown as Logger, // the one method it calls
  })
  const tell = async (fill: (set: ConcernedSet) => void): Promise<readonly string[]> => {
    const concerned = new ConcernedSet()
    fill(concerned)
    await tidings.tell('ad', { kind: 'concerned', concerned })
    return done
  }
  return { tidings, tell, done }
}

const LIVE = [
  person('ann', 'ad', 'VPN'),
  person('bob', 'domain', 'Staff'),
  person('cid', 'local', 'VPN'),
  person('Dan', undefined),
]

test('ok/those of the directory who are connected, by name or group, and whoever is not known to be of another', async () => {
  const { tell } = house(LIVE)
  assert.deepEqual(
    await tell((set) => {
      set.user(['BOB', 'dan', 'cid', 'somebody'])
      set.group('VPN')
    }),
    ['forget 5', 'user ann 7', 'user bob 7', 'user Dan 7'],
  )
})

test('ok/5,000 changed users of whom nobody is connected: logins ask anew, and nothing else is done', async () => {
  const { tell } = house(LIVE)
  const changed = Array.from({ length: 5000 }, (_, at) => `user${at}`)
  assert.deepEqual(await tell((set) => set.user(changed)), ['forget 5000'])
})

test('ok/more than 200 who are connected, or more than can be listed: one look at all', async () => {
  const many = Array.from({ length: 201 }, (_, at) => person(`p${at}`, 'ad', 'VPN'))
  assert.deepEqual(await house(many).tell((set) => set.group('VPN')), ['forget 1', 'all null 7'])
  assert.deepEqual(await house(undefined).tell((set) => set.group('VPN')), ['forget 1', 'all null 7'])
})

test('ok/everybody, and the first look of all', async () => {
  const { tidings, done } = house(LIVE)
  await tidings.tell('ad', { kind: 'logins' })
  await tidings.tell('ad', { kind: 'everybody', why: 'a test' })
  assert.deepEqual(done, ['refresh', 'refresh', 'all null 7'])
  assert.deepEqual(
    (await tidings.connected('ad')).map(({ name }) => name),
    ['ann', 'bob'],
  )
})
