import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FakeClock } from '../../../kernel/clock.ts'
import { entry } from '../sync/test/entry.ts'
import { ldapSettings } from '../test/settings.ts'
import type { Concerned } from './concerned.ts'
import { DirectoryChanges } from './directory-changes.ts'
import type { LivePerson } from './presence.ts'
import { PlayedController, PlayedDirectory } from './test/played-directory.ts'

const SOURCE = ldapSettings({ name: 'ad', type: 'active-directory', baseDn: 'DC=example,DC=org' })
const clock = new FakeClock()

type Seen = Concerned | 'nobody' | 'everybody'

async function watching(controller: PlayedController, people: readonly LivePerson[] = []) {
  const changes = new DirectoryChanges(SOURCE, clock)
  const session = controller.session()
  assert.equal((await changes.meet(session)).met, 'first')
  const look = async (on = session): Promise<Seen> => {
    const { concerned } = await changes.look(on, async () => people)
    changes.told()
    if (concerned.isEverybody !== undefined) return 'everybody'
    return concerned.isNobody ? 'nobody' : concerned.concerned
  }
  return { changes, look, session }
}

const names = (seen: Seen) => (typeof seen === 'string' ? seen : { users: seen.users, groups: seen.groups })

test('ok/nothing changed: one question', async () => {
  const controller = new PlayedController()
  const { look } = await watching(controller)
  const before = controller.asked.length
  assert.equal(await look(), 'nobody')
  assert.equal(controller.asked.length, before + 1)
})

test('ok/a user is concerned by what matters, and not by what logins write', async () => {
  const controller = new PlayedController()
  const { look } = await watching(controller)
  const change = (usn: number, more: Record<string, readonly string[]>) => {
    controller.changed = [controller.user('bob', usn, more)]
    controller.usn = usn
    return look()
  }
  const first = await change(1001, { userAccountControl: ['512'], lastLogonTimestamp: ['1'] })
  assert.deepEqual(names(first), { users: ['bob'], groups: [] })
  assert.match(typeof first === 'string' ? '' : (first.ids[0] ?? ''), /^ad\/[0-9a-f-]{36}$/)
  assert.equal(await change(1002, { userAccountControl: ['512'], lastLogonTimestamp: ['2'] }), 'nobody')
  assert.deepEqual(names(await change(1003, { userAccountControl: ['514'] })), { users: ['bob'], groups: [] })
})

test('ok/an attribute the condition of the source looks at matters', async () => {
  const controller = new PlayedController()
  const changes = new DirectoryChanges(
    { ...SOURCE, userFilter: '(&(employeeType=staff)(!(title=guest)))' },
    clock,
  )
  const session = controller.session()
  await changes.meet(session)
  controller.changed = [controller.user('bob', 1001)]
  controller.usn = 1001
  await changes.look(session, async () => [])
  const question = controller.asked.find(({ filter }) => filter.includes('uSNChanged>=1001'))
  assert.ok(question?.attributes.includes('employeeType') && question.attributes.includes('title'))
})

test('ok/a group: everybody in it at first, then who joined and who left', async () => {
  // A member that is not known by its DN may be a group: its name is taken for both.
  const controller = new PlayedController()
  const [ann, bob, cid] = ['ann', 'bob', 'cid'].map((name) => controller.user(name, 1)) as [
    never,
    never,
    never,
  ]
  controller.frame = [controller.group('VPN', 1, [ann, bob])]
  const { look } = await watching(controller)
  const change = (usn: number, members: readonly never[]) => {
    controller.changed = [controller.group('VPN', usn, members)]
    controller.usn = usn
    return look()
  }
  assert.deepEqual(names(await change(1001, [bob])), { users: ['bob'], groups: ['VPN', 'bob'] })
  assert.deepEqual(names(await change(1002, [bob, cid])), { users: ['cid'], groups: ['cid'] })
  assert.deepEqual(names(await change(1003, [cid])), { users: ['bob'], groups: ['bob'] })
  assert.equal(await change(1004, [cid]), 'nobody')
})

test('ok/a group in a group: whoever is in it; a member that is gone: whoever was in the group', async () => {
  const controller = new PlayedController()
  const inner = controller.group('Inner', 1, [])
  const gone = controller.user('gone', 1)
  controller.frame = [inner, controller.group('VPN', 1, [])]
  const { look } = await watching(controller)
  controller.changed = [controller.group('VPN', 1001, [inner, gone])]
  controller.usn = 1001
  await look()
  controller.byDn.delete(gone.dn)
  controller.changed = [controller.group('VPN', 1002, [])]
  controller.usn = 1002
  assert.deepEqual(names(await look()), { users: [], groups: ['Inner', 'VPN'] })
})

test('ok/a group that is renamed concerns those who know it by either name', async () => {
  const controller = new PlayedController()
  controller.frame = [controller.group('VPN', 1, [])]
  const { look } = await watching(controller)
  controller.changed = [controller.group('VPN of old', 1001, [], 'VPN')]
  controller.usn = 1001
  assert.deepEqual(names(await look()), { users: [], groups: ['VPN', 'VPN of old'] })
})

test('ok/a unit that moves concerns everybody, one that is changed otherwise nobody', async () => {
  const controller = new PlayedController()
  controller.frame = [controller.unit('Staff', 1)]
  const { look } = await watching(controller)
  controller.changed = [controller.unit('Staff', 1001), controller.unit('New', 1001)]
  controller.usn = 1001
  assert.equal(await look(), 'nobody')
  controller.changed = [controller.unit('Staff', 1002, 'OU=Staff,OU=Old,DC=example,DC=org')]
  controller.usn = 1002
  assert.equal(await look(), 'everybody')
})

test('ok/5,000 changed users are read in 5 questions, and only as names', async () => {
  const controller = new PlayedController()
  const { look } = await watching(controller)
  controller.changed = Array.from({ length: 5000 }, (_, at) => controller.user(`u${at}`, 1001 + at))
  controller.usn = 6000
  const before = controller.asked.length
  const seen = await look()
  assert.equal(typeof seen === 'string' ? seen : seen.users.length, 5000)
  // The mark and five windows; nobody is connected, so nobody is looked for.
  assert.equal(controller.asked.length - before, 6)
})

test('ok/more changes than are read, more groups, or a restored server: everybody, without a question more', async () => {
  const controller = new PlayedController()
  const { look } = await watching(controller)
  controller.usn = 1000 + 10_001
  let before = controller.asked.length
  assert.equal(await look(), 'everybody')
  assert.equal(controller.asked.length, before + 1)
  controller.usn = 500
  assert.equal(await look(), 'everybody')
  controller.changed = Array.from({ length: 51 }, (_, at) => controller.group(`g${at}`, 501 + at, []))
  controller.usn = 551
  before = controller.asked.length
  assert.equal(await look(), 'everybody')
  assert.equal(controller.asked.length, before + 2)
})

test('ok/who is connected and not there any more is concerned, once; so are members of a deleted group', async () => {
  const controller = new PlayedController()
  const people = [
    { name: 'ann', groups: ['VPN', 'S-1-5-21-1-2-3-500'] },
    { name: 'bob', groups: ['VPN'] },
  ]
  for (const name of ['ann', 'bob', 'VPN']) controller.names.add(name)
  const { look } = await watching(controller, people)
  const next = () => {
    controller.usn++
    return look()
  }
  // A group of another domain is missing from the first.
  assert.deepEqual(names(await next()), { users: [], groups: ['S-1-5-21-1-2-3-500'] })
  assert.equal(await next(), 'nobody')
  controller.names.delete('bob')
  assert.deepEqual(names(await next()), { users: ['bob'], groups: [] })
  assert.equal(await next(), 'nobody')
  controller.names.delete('VPN')
  assert.deepEqual(names(await next()), { users: [], groups: ['VPN'] })
  // Nothing changed: nobody is looked for.
  const before = controller.asked.length
  assert.equal(await look(), 'nobody')
  assert.equal(controller.asked.length, before + 1)
})

test('ok/2,500 people are looked for in three looks of ten questions, also where nothing changes any more', async () => {
  const controller = new PlayedController()
  const people = Array.from({ length: 2500 }, (_, at) => ({ name: `p${at}`, groups: [] }))
  for (const { name } of people) controller.names.add(name)
  controller.names.delete('p2499')
  const { look } = await watching(controller, people)
  controller.usn++
  const asked: number[] = []
  const seen: Seen[] = []
  for (let round = 0; round < 4; round++) {
    const before = controller.asked.length
    seen.push(await look())
    asked.push(controller.asked.length - before)
  }
  assert.deepEqual(asked, [1 + 1 + 10, 1 + 10, 1 + 5, 1])
  assert.deepEqual(seen.map(names), ['nobody', 'nobody', { users: ['p2499'], groups: [] }, 'nobody'])
})

test('ok/each server has its own mark, and goes on from it when it answers again', async () => {
  const [one, two] = [new PlayedController('dc1'), new PlayedController('dc2')]
  two.usn = 77
  const { changes, look } = await watching(one)
  const other = two.session('ldaps://dc2.example.org')
  assert.equal((await changes.meet(other)).met, 'stranger')
  two.changed = [two.user('bob', 78)]
  two.usn = 78
  assert.deepEqual(names(await look(other)), { users: ['bob'], groups: [] })
  one.changed = [one.user('ann', 1001)]
  one.usn = 1001
  const again = one.session()
  assert.equal((await changes.meet(again)).met, 'again')
  assert.deepEqual(names(await look(again)), { users: ['ann'], groups: [] })
})

test('ok/what was seen before a look broke off is told by the next', async () => {
  const controller = new PlayedController()
  const { changes, look, session } = await watching(controller)
  controller.changed = [controller.user('bob', 1001)]
  controller.usn = 1001
  const broken = changes.look(session, () => Promise.reject(new Error('the store is away')))
  await assert.rejects(broken, /the store is away/)
  assert.deepEqual(names(await look()), { users: ['bob'], groups: [] })
})

test('ok/a group that cannot be read means everybody, and hides no other change', async () => {
  const controller = new PlayedController()
  const { look } = await watching(controller)
  const group = controller.group('VPN', 1001, [])
  const honest = controller.answer
  controller.answer = (question) => (question.base === group.dn ? 'gone' : honest(question))
  controller.changed = [group]
  controller.usn = 1001
  assert.equal(await look(), 'everybody')
  controller.changed = [controller.user('bob', 1002)]
  controller.usn = 1002
  assert.deepEqual(names(await look()), { users: ['bob'], groups: [] })
})

test('fail/a member whose name cannot be asked for means everybody: it may have joined', async () => {
  const controller = new PlayedController()
  const eve = controller.user('eve', 1)
  const { look } = await watching(controller)
  controller.changed = [controller.group('Quarantine', 1001, [])]
  controller.usn = 1001
  await look()
  const honest = controller.answer
  controller.answer = (question) => (question.base === eve.dn ? 'gone' : honest(question))
  controller.changed = [controller.group('Quarantine', 1002, [eve])]
  controller.usn = 1002
  assert.equal(await look(), 'everybody')
})

test('fail/a server that could not be met whole is as strange the next time', async () => {
  const [one, two] = [new PlayedController('dc1'), new PlayedController('dc2')]
  const changes = new DirectoryChanges(SOURCE, clock)
  const honest = one.answer
  one.answer = (question) => {
    if (question.filter.startsWith('paged ')) throw new Error('it broke off')
    return honest(question)
  }
  await assert.rejects(changes.meet(one.session()), /it broke off/)
  assert.equal((await changes.meet(two.session('ldaps://dc2.example.org'))).met, 'first')
  one.answer = honest
  assert.equal((await changes.meet(one.session())).met, 'stranger')
})

test('fail/what cannot be told for long is bounded: then it is everybody', async () => {
  const controller = new PlayedController()
  const changes = new DirectoryChanges(SOURCE, clock)
  const session = controller.session()
  await changes.meet(session)
  const look = async (from: number) => {
    controller.changed = Array.from({ length: 7000 }, (_, at) =>
      controller.user(`u${from + at}`, 1 + from + at),
    )
    controller.usn += 7000
    return (await changes.look(session, async () => [])).concerned
  }
  const concerned = [await look(1000), await look(8000), await look(15_000)]
  assert.match(concerned.at(-1)?.isEverybody ?? '', /^more than 20000/)
  assert.ok((concerned.at(-1)?.concerned.users.length ?? 0) <= 20_000)
})

const GENERIC = ldapSettings({ name: 'ldap', baseDn: 'dc=example,dc=org' })

test('ok/contextCSN: what each server changed since, and nothing of what was read', async () => {
  let numbers = ['20260105090000.000000Z#000000#001#000000', '20260105080000.000000Z#000000#002#000000']
  const user = (name: string, entryCSN: string) =>
    entry(`uid=${name},dc=example,dc=org`, {
      ...{ uid: [name], entryUUID: [name], objectClass: ['person'] },
      entryCSN: [entryCSN],
    })
  let found = [user('old', numbers[0] ?? '')]
  const directory = new PlayedDirectory(({ base, scope, filter, attributes }) => {
    if (base === '') return [entry('', { namingContexts: ['dc=example,dc=org'] })]
    if (attributes.includes('contextCSN')) return [entry(base, { contextCSN: numbers })]
    return scope === 'sub' && filter.includes('entryCSN>=') ? found : []
  })
  const changes = new DirectoryChanges(GENERIC, clock)
  const session = directory.session()
  assert.equal((await changes.meet(session)).by, 'contextCSN')
  const late = '20260105083000.000000Z#000000#002#000000'
  numbers = [numbers[0] ?? '', late]
  found = [...found, user('bob', late)]
  const { concerned } = await changes.look(session, async () => [])
  assert.deepEqual(concerned.concerned.users, ['bob'])
  assert.equal(directory.count('(entryCSN>=20260105080000.000000Z#000000#002#000000)'), 1)
  changes.told()
  numbers = [numbers[0] ?? '', '20260105070000.000000Z#000000#002#000000']
  const restored = await changes.look(session, async () => [])
  assert.notEqual(restored.concerned.isEverybody, undefined, 'restored')
  changes.told()
  const stood = numbers
  numbers = []
  await assert.rejects(
    changes.look(session, async () => []),
    /tells no contextCSN any more/,
  )
  numbers = stood
  assert.equal((await changes.look(session, async () => [])).isMoved, false)
  numbers = [...numbers, '20260105083000.000000Z#000000#003#000000']
  assert.notEqual((await changes.look(session, async () => [])).concerned.isEverybody, undefined)
})

test('ok/modifyTimestamp: what is read again concerns nobody, and a time to come hides nothing', async () => {
  const user = (name: string, time: string) =>
    entry(`uid=${name},dc=example,dc=org`, {
      ...{ uid: [name], entryUUID: [name], objectClass: ['person'] },
      modifyTimestamp: [time],
    })
  const found = [user('ann', '20260105085900Z'), user('bob', '20990101000000Z')]
  const directory = new PlayedDirectory(({ base, scope, filter }) => {
    if (base === '') return [entry('', { namingContexts: ['dc=example,dc=org'] })]
    return scope === 'sub' && filter.includes('modifyTimestamp>=') ? found : []
  })
  const changes = new DirectoryChanges(GENERIC, clock)
  const session = directory.session()
  assert.equal((await changes.meet(session)).by, 'modifyTimestamp')
  const look = async () => {
    const { concerned } = await changes.look(session, async () => [])
    changes.told()
    return concerned.concerned.users
  }
  assert.deepEqual(await look(), ['ann', 'bob'])
  assert.deepEqual(await look(), [])
  // Five minutes behind our clock at first; then by what was read; a minute more each time.
  assert.equal(directory.count('(modifyTimestamp>=20260105085400Z)'), 1)
  assert.equal(directory.count('(modifyTimestamp>=20260105085800Z)'), 1)
})
