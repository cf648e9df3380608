import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DirectoryChanges } from '../../identity/ldap/changes/directory-changes.ts'
import { PlayedController } from '../../identity/ldap/changes/test/played-directory.ts'
import { createDirectory } from '../../identity/ldap/directories.ts'
import type { DirectorySession } from '../../identity/ldap/directory.ts'
import { ScriptedServer } from '../../identity/ldap/test/scripted-server.ts'
import { ldapSettings } from '../../identity/ldap/test/settings.ts'
import { FakeClock } from '../../kernel/clock.ts'
import type { Logger } from '../../kernel/logging.ts'
import { DirectoryWatch, type DirectoryWatchParts } from './directory-watch.ts'

const SOURCE = ldapSettings({ name: 'ad', type: 'active-directory', baseDn: 'DC=example,DC=org' })

function house(parts: Pick<DirectoryWatchParts, 'open'> & Partial<DirectoryWatchParts>) {
  const told: string[] = []
  const lines: string[] = []
  const clock = new FakeClock()
  const watch = new DirectoryWatch({
    ...{ source: 'ad', seconds: 2, clock, hasOthers: () => false, live: async () => [] },
    changes: new DirectoryChanges(SOURCE, clock),
    tell: async (tidings) => {
      told.push(tidings.kind === 'concerned' ? tidings.concerned.concerned.users.join() : tidings.kind)
    },
    log: { warn: (_: unknown, line: string) => lines.push(line) } as unknown as Logger, // the one method it calls
    ...parts,
  })
  return { watch, told, lines, clock }
}

function change(controller: PlayedController, user: string): void {
  controller.usn++
  controller.changed = [controller.user(user, controller.usn)]
}

test('ok/at first logins ask anew; then whoever a change concerns; the state says until when', async () => {
  const controller = new PlayedController()
  const { watch, told, clock } = house({ open: async () => controller.session() })
  assert.equal(watch.state.state, 'starting')
  assert.equal(await watch.round(), 2000)
  assert.deepEqual(told, ['logins'])
  clock.advance(2000)
  change(controller, 'bob')
  await watch.round()
  assert.deepEqual(told, ['logins', 'bob'])
  const at = clock.now()
  assert.deepEqual(watch.state, {
    ...{ state: 'watching', by: 'uSNChanged', server: 'ldaps://dc1.example.org', askedAt: at, changedAt: at },
  })
})

test('ok/after everybody the directory is left alone for a while', async () => {
  const controller = new PlayedController()
  const { watch, told } = house({ open: async () => controller.session() })
  await watch.round()
  controller.usn += 50_000
  assert.equal(await watch.round(), 30_000)
  assert.equal(await watch.round(), 2000)
  assert.deepEqual(told, ['logins', 'everybody'])
})

test('ok/what was told is told once more: to who was logging in just then, and when other servers know', async () => {
  const controller = new PlayedController()
  const { watch, told, clock } = house({ open: async () => controller.session() })
  await watch.round()
  change(controller, 'bob')
  await watch.round()
  clock.advance(19_000)
  await watch.round()
  assert.deepEqual(told, ['logins', 'bob'])
  clock.advance(1000)
  await watch.round()
  await watch.round()
  assert.deepEqual(told, ['logins', 'bob', 'bob'])
})

test('fail/a directory that does not answer is told of once, and asked at growing intervals', async () => {
  const controller = new PlayedController()
  let isDown = false
  const open = async () =>
    isDown ? ({ kind: 'unavailable', why: 'nobody answers' } as const) : controller.session()
  const { watch, told, lines } = house({ open })
  await watch.round()
  isDown = true
  controller.answer = () => 'gone'
  const pauses: number[] = []
  for (let round = 0; round < 6; round++) pauses.push(await watch.round())
  assert.deepEqual(pauses, [4000, 8000, 16_000, 32_000, 60_000, 60_000])
  assert.equal(lines.length, 1)
  assert.match(lines[0] ?? '', /^What changes in directory "ad" is not seen at once: .*no answer/)
  assert.equal(watch.state.state, 'failed')
  assert.deepEqual(told, ['logins'])
})

test('ok/what cannot be told is told by the next look', async () => {
  const controller = new PlayedController()
  const told: string[] = []
  let isDown = false
  const { watch } = house({
    open: async () => controller.session(),
    tell: async (tidings) => {
      if (isDown) throw new Error('the store is away')
      told.push(tidings.kind === 'concerned' ? tidings.concerned.concerned.users.join() : tidings.kind)
    },
  })
  await watch.round()
  change(controller, 'bob')
  isDown = true
  await watch.round()
  isDown = false
  await watch.round()
  assert.deepEqual(told, ['logins', 'bob'])
})

test('ok/another server answers: everybody is meant, unless its mark is known', async () => {
  const [one, two] = [new PlayedController('dc1'), new PlayedController('dc2')]
  let session: DirectorySession = one.session()
  const { watch, told, clock } = house({ open: async () => session })
  await watch.round()
  for (const next of [two.session('ldaps://dc2.example.org'), one.session()]) {
    session = next
    clock.advance(600_000)
    await watch.round()
  }
  change(one, 'bob')
  await watch.round()
  assert.deepEqual(told, ['logins', 'everybody', 'bob'])
})

test('ok/real connections: a server that goes away is followed by the next, and everybody is meant', async () => {
  await using one = await ScriptedServer.start()
  await using two = await ScriptedServer.start()
  const source = ldapSettings({ servers: [one.url, two.url] })
  const directory = createDirectory(source)
  const clock = new FakeClock()
  const { watch, told, lines } = house({
    open: () => directory.openSession(),
    changes: new DirectoryChanges(source, clock),
    clock,
  })
  await watch.round()
  assert.equal(watch.state.server, one.url)
  await one[Symbol.asyncDispose]()
  // The connection that broke, and then as many looks as it takes to find the other server.
  for (let round = 0; round < 5 && watch.state.server !== two.url; round++) await watch.round()
  assert.deepEqual([watch.state.state, watch.state.server], ['watching', two.url])
  assert.deepEqual(told, ['logins', 'everybody'])
  assert.equal(lines.length, 1)
  await watch.close()
  directory.close()
})

test('fail/what meeting a server means is told by the next look where it could not be, and so is what is told again', async () => {
  const [one, two] = [new PlayedController('dc1'), new PlayedController('dc2')]
  const told: string[] = []
  let isDown = true
  let session: DirectorySession = one.session()
  const { watch, clock } = house({
    open: async () => session,
    tell: async (tidings) => {
      if (isDown) throw new Error('the store is away')
      told.push(tidings.kind === 'concerned' ? tidings.concerned.concerned.users.join() : tidings.kind)
    },
  })
  const away = async (isAway: boolean) => {
    isDown = isAway
    await watch.round()
  }
  await away(true)
  await away(false)
  assert.deepEqual(told, ['logins'])
  session = two.session('ldaps://dc2.example.org')
  clock.advance(600_000)
  await away(true)
  await away(false)
  assert.deepEqual(told, ['logins', 'everybody'])
  change(two, 'bob')
  await watch.round()
  clock.advance(20_000)
  await away(true)
  await away(false)
  assert.deepEqual(told, ['logins', 'everybody', 'bob', 'bob'])
})

test('fail/a connection that was met while the watch ended is closed', async () => {
  const controller = new PlayedController()
  let closed = 0
  const asked = Promise.withResolvers<void>()
  const answered = Promise.withResolvers<void>()
  const { watch } = house({
    open: async () => ({ ...controller.session(), close: () => void closed++ }),
    tell: async () => {
      asked.resolve()
      await answered.promise
    },
  })
  watch.begin()
  await asked.promise
  const end = watch.close()
  answered.resolve()
  await end
  assert.equal(closed, 1)
})
