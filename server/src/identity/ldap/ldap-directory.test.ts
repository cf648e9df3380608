import assert from 'node:assert/strict'
import type { Socket } from 'node:net'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { fromUtf8 } from '@sallyport/bytes'
import { Directories } from './directories.ts'
import type { DirectoryQuery, PageAnswer } from './directory.ts'
import type { LdapDirectory } from './ldap-directory.ts'
import { type Asked, answerHonestly, type Script, ScriptedServer } from './test/scripted-server.ts'
import { ldapSettings } from './test/settings.ts'
import * as wire from './test/wire.ts'

const ADA: DirectoryQuery = {
  ...{ base: 'dc=test', scope: 'sub', filter: '(uid=ada)', attributes: ['uid'], limit: 5 },
}
const DN = 'uid=ada,dc=test'
const SECRET = fromUtf8('secret')

class House implements AsyncDisposable {
  readonly directories = new Directories()
  readonly servers: readonly ScriptedServer[]
  readonly directory: LdapDirectory

  private constructor(servers: readonly ScriptedServer[], settings: Record<string, unknown>) {
    this.servers = servers
    this.directory = this.directories.of(
      ldapSettings({ servers: servers.map(({ url }) => url), ...settings }),
    )
  }

  static async of(scripts: readonly Script[], settings: Record<string, unknown> = {}): Promise<House> {
    return new House(await Promise.all(scripts.map((script) => ScriptedServer.start(script))), settings)
  }

  async search(query: Partial<DirectoryQuery> = {}) {
    return await this.directory.search({ ...ADA, ...query })
  }

  async bind(password = SECRET) {
    return await this.directory.bind(DN, password)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.directories.close()
    for (const server of this.servers) await server[Symbol.asyncDispose]()
  }
}

async function timed<T>(act: () => Promise<T>): Promise<{ answer: T; took: number }> {
  const begun = performance.now()
  const answer = await act()
  return { answer, took: performance.now() - begun }
}

/** What came over each connection. */
function workOf(server: ScriptedServer): string[] {
  const sockets = new Map<Socket, Set<string>>()
  for (const { socket, kind } of server.asked)
    sockets.set(socket, (sockets.get(socket) ?? new Set()).add(kind))
  return [...sockets.values()].map((kinds) => [...kinds].sort().join('+')).sort()
}

const isUserBind = ({ kind, octets }: Asked): boolean => kind === 'bind' && Buffer.from(octets).includes(DN)
const isServiceBind = ({ kind, octets }: Asked): boolean =>
  kind === 'bind' && Buffer.from(octets).includes('cn=service')

/** Waits in turns of the event loop, not longer than it must. */
async function eventually(what: string, holds: () => boolean | Promise<boolean>, milliseconds = 5000) {
  const end = performance.now() + milliseconds
  while (!(await holds())) {
    assert.ok(performance.now() < end, `${what}: not within ${milliseconds} ms`)
    await delay(20)
  }
}

test('ok/searches share one connection, binds have theirs, and neither does the work of the other', async () => {
  await using house = await House.of([{}], { connections: 3 })
  const answers = await Promise.all(
    Array.from({ length: 40 }, async () => [(await house.search()).kind, (await house.bind()).kind]),
  )
  assert.ok(answers.every(([search, bind]) => search === 'entries' && bind === 'bound'))
  const [server] = house.servers as [ScriptedServer]
  assert.deepEqual(workOf(server), ['bind', 'bind', 'bind', 'bind+search'])
  assert.equal(server.count('bind'), 41)
})

test('ok/a bind is alone on its connection until it is answered', async () => {
  const waiting = new Map<Socket, number>()
  let most = 0
  const script: Script = {
    asked: (question) => {
      if (!isUserBind(question)) return false
      const under = (waiting.get(question.socket) ?? 0) + 1
      waiting.set(question.socket, under)
      most = Math.max(most, under)
      setTimeout(() => {
        waiting.set(question.socket, (waiting.get(question.socket) ?? 1) - 1)
        answerHonestly(question)
      }, 5)
      return true
    },
  }
  await using house = await House.of([script], { connections: 2 })
  await Promise.all(Array.from({ length: 20 }, () => house.bind()))
  assert.equal(most, 1)
})

test('fail/no bind without a name or a password is ever sent', async () => {
  await using house = await House.of([{}])
  const empty = new Uint8Array(0)
  for (const [dn, password] of [
    [DN, empty],
    ['', SECRET],
    ['', empty],
  ] as const) {
    assert.equal((await house.directory.bind(dn, password)).kind, 'unavailable')
    assert.equal((await house.directory.asUser(dn, password, async () => 1)).kind, 'unavailable')
  }
  assert.deepEqual(house.servers[0]?.asked, [])
})

test('ok/idle connections the server let go are replaced, also where it says so only when asked', async () => {
  await using house = await House.of([{}])
  const [server] = house.servers as [ScriptedServer]
  await Promise.all([house.search(), house.bind(), house.bind()])
  server.drop()
  assert.deepEqual([(await house.search()).kind, (await house.bind()).kind], ['entries', 'bound'])
  await using tired = await House.of([tiring(2)])
  for (let i = 0; i < 4; i++)
    assert.deepEqual([(await tired.search()).kind, (await tired.bind()).kind], ['entries', 'bound'])
  assert.equal(tired.directory.state.servers[0]?.breaker, 'closed')
})

/** Ends each connection with a notice of disconnection, at its question number `at`, unanswered. */
function tiring(at: number): Script {
  const asked = new Map<Socket, number>()
  return {
    asked: ({ socket, kind }) => {
      const count = (asked.get(socket) ?? 0) + 1
      asked.set(socket, count)
      if (count <= at || kind === 'unbind') return false
      socket.end(wire.extendedResponse(0, 52, '1.3.6.1.4.1.1466.20036'))
      return true
    },
  }
}

test('ok/failover, and back to the preferred server when it is well', async () => {
  let isDown = true
  const flaky: Script = { connected: (socket) => isDown && socket.destroy() }
  await using house = await House.of([flaky, {}])
  const [first, second] = house.servers as [ScriptedServer, ScriptedServer]
  const answer = await house.search()
  assert.ok(answer.kind === 'entries' && answer.server === second.url, JSON.stringify(answer))
  assert.equal(house.directory.state.servers[0]?.breaker, 'open')
  const before = first.connections
  await house.search()
  assert.ok(first.connections - before <= 1, 'logins are not what tries it')
  isDown = false
  await eventually('the preferred server', () => house.directory.state.servers[0]?.breaker === 'closed')
  const back = await house.search()
  assert.ok(back.kind === 'entries' && back.server === first.url, JSON.stringify(back))
})

test('fail/hung: who waits fails over in time, and nobody waits after that', async () => {
  let isHung = false
  const hanging: Script = { asked: () => isHung }
  await using house = await House.of([hanging, {}], { deadlineMilliseconds: 1000 })
  assert.equal((await house.bind()).kind, 'bound')
  await house.search()
  isHung = true
  const caught = await Promise.all(
    Array.from({ length: 20 }, (_, i) =>
      timed(async () => (await (i % 2 ? house.search() : house.bind())).kind),
    ),
  )
  for (const { answer, took } of caught) {
    assert.notEqual(answer, 'unavailable')
    assert.ok(took < 1000, `${took} ms`)
  }
  const later = await timed(() => house.search())
  assert.equal(later.answer.kind, 'entries')
  assert.ok(later.took < 100, `${later.took} ms`)
  isHung = false
  await eventually('the hung one', () => house.directory.state.servers[0]?.breaker === 'closed')
})

test('fail/three servers that hang: still one deadline', async () => {
  const hang: Script = { asked: () => true }
  await using house = await House.of([hang, hang, hang], { deadlineMilliseconds: 1000 })
  const { answer, took } = await timed(() => house.search())
  assert.ok(answer.kind === 'unavailable', JSON.stringify(answer))
  assert.equal(answer.servers?.length, 3)
  assert.ok(took < 1000, `${took} ms`)
  const later = await timed(() => house.search())
  assert.ok(later.answer.kind === 'unavailable' && later.answer.servers?.length === 0)
  assert.ok(later.took < 50, `${later.took} ms`)
})

test('fail/a refused service account is unavailable, says so, and is not tried until it locks', async () => {
  const script: Script = {
    asked: (question) => {
      if (!isServiceBind(question)) return false
      question.socket.write(wire.bindResponse(question.id, 49, 'data 52e'))
      return true
    },
  }
  await using house = await House.of([script])
  for (let i = 0; i < 10; i++) {
    const answer = await house.search()
    assert.ok(
      answer.kind === 'unavailable' && answer.cause === 'service-account-refused',
      JSON.stringify(answer),
    )
    assert.match(
      answer.why,
      /bind of cn=service,dc=test was refused with invalidCredentials \(49\): data 52e/,
    )
  }
  await delay(700)
  assert.equal(house.servers[0]?.count('bind'), 1)
})

test('fail/a list the server cut short is no list', async () => {
  const short: Script = {
    asked: (question) => {
      if (question.kind !== 'search') return false
      question.socket.write(wire.searchEntry(question.id, DN, { uid: ['ada'] }))
      question.socket.write(wire.searchDone(question.id, 4))
      return true
    },
  }
  await using house = await House.of([short])
  assert.equal((await house.search()).kind, 'too-many')
  const many: Script = {
    asked: (question) => {
      if (question.kind !== 'search') return false
      for (let i = 0; i < 9; i++) question.socket.write(wire.searchEntry(question.id, `uid=${i}`, {}))
      question.socket.write(wire.searchDone(question.id))
      return true
    },
  }
  await using wide = await House.of([many])
  assert.equal((await wide.search({ limit: 8 })).kind, 'too-many')
  const all = await wide.search({ limit: 9 })
  assert.ok(all.kind === 'entries' && all.entries.length === 9)
})

test('ok/a server that is busy is passed over, and what it says stands where no other is', async () => {
  const busy: Script = {
    asked: ({ socket, id, kind }) => {
      if (kind !== 'search') return false
      socket.write(wire.searchDone(id, 51, 'later'))
      return true
    },
  }
  await using house = await House.of([busy, {}])
  assert.equal((await house.search()).kind, 'entries')
  await using alone = await House.of([busy])
  const answer = await alone.search()
  assert.ok(answer.kind === 'refused' && answer.code === 51, JSON.stringify(answer))
})

test('ok/a search given up does not disturb the others when its answer comes late', async () => {
  let late: Asked | undefined
  const script: Script = {
    asked: (question) => {
      if (question.kind !== 'search' || late !== undefined) return false
      late = question
      return true
    },
  }
  await using house = await House.of([script])
  const [server] = house.servers as [ScriptedServer]
  const slow = house.search({ deadlineMilliseconds: 100 })
  await eventually('the first search', () => late !== undefined)
  // Others are answered meanwhile: the server is slow, and well.
  assert.equal((await house.search()).kind, 'entries')
  assert.equal((await slow).kind, 'unavailable')
  assert.equal(house.directory.state.servers[0]?.breaker, 'closed')
  await eventually('the word that nobody waits', () => server.count('abandon') === 1)
  if (late !== undefined) answerHonestly(late)
  assert.equal((await house.search()).kind, 'entries')
  assert.equal(server.connections, 1)
})

test('ok/pages, one after another on one connection', async () => {
  const cookies: number[] = []
  const script: Script = {
    asked: ({ socket, id, kind, octets }) => {
      if (kind !== 'search') return false
      const page = cookies.length
      cookies.push(page)
      assert.ok(Buffer.from(octets).includes('1.2.840.113556.1.4.319'))
      for (let i = 0; i < 2; i++) socket.write(wire.searchEntry(id, `uid=${page}${i}`, {}))
      const value = wire.tlv(0x30, wire.int(0), wire.text(page < 2 ? `c${page}` : ''))
      const control = wire.tlv(0x30, wire.text('1.2.840.113556.1.4.319'), wire.tlv(0x04, value))
      socket.write(wire.tlv(0x30, wire.int(id), wire.result(0x65, 0), wire.tlv(0xa0, control)))
      return true
    },
  }
  await using house = await House.of([script])
  const session = await house.directory.openSession()
  assert.ok(session.kind === 'session', JSON.stringify(session))
  const { limit: _, ...query } = ADA
  const pages: PageAnswer[] = []
  for await (const page of session.searchPaged({ ...query, pageSize: 2 })) pages.push(page)
  const dns = pages.flatMap((page) =>
    page.kind === 'entries' ? page.entries.map(({ dn }) => dn) : [page.kind],
  )
  assert.deepEqual(dns, ['uid=00', 'uid=01', 'uid=10', 'uid=11', 'uid=20', 'uid=21'])
  cookies.length = 0
  const [cut] = await Array.fromAsync(session.searchPaged({ ...query, pageSize: 1 }))
  assert.ok(cut?.kind === 'refused' && cut.code === 4, JSON.stringify(cut))
  session.close()
})

test('ok/a directory outlives configuration versions that do not change it', async () => {
  await using server = await ScriptedServer.start()
  const directories = new Directories()
  const settings = ldapSettings({ servers: [server.url] })
  const directory = directories.of(settings)
  assert.equal((await directory.search(ADA)).kind, 'entries')
  const filtered = ldapSettings({ servers: [server.url], userFilter: '(a=b)' })
  assert.equal(directories.of(filtered), directory)
  const changed = ldapSettings({ servers: [server.url], bindPassword: 'new' })
  assert.notEqual(directories.of(changed), directory)
  directories.keepOnly([changed])
  // Who began on the old version may end on it.
  assert.equal((await directory.search(ADA)).kind, 'entries')
  directories.close()
  assert.equal((await directory.search(ADA)).kind, 'unavailable')
  await eventually('all connections ended', () => server.open === 0)
})
