import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { type TestContext, test } from 'node:test'
import { fromUtf8 } from '@sallyport/bytes'
import { issue, makeCa } from '../../../../lab/certificates.ts'
import { temporaryFolder } from '../../../../lab/process.ts'
import type { AuthenticationOutcome } from '../source.ts'
import { Directories } from './directories.ts'
import { genericDirectory } from './generic/generic-directory.ts'
import { LdapSource } from './ldap-source.ts'
import { type Asked, answerHonestly, type Script, ScriptedServer } from './test/scripted-server.ts'
import { ldapSettings } from './test/settings.ts'
import * as wire from './test/wire.ts'

/** What the issue asks for: a hostile server is dealt with in this time, all servers of the profile together. */
const AT_MOST = 3000
const STALL = 250

const hang = (): true => true
const on =
  (kind: Asked['kind'], act: (question: Asked) => void): NonNullable<Script['asked']> =>
  (question) => {
    if (question.kind !== kind) return false
    act(question)
    return true
  }

/** Declared after the servers of a test: they end only when nothing is connected any more, also where it fails. */
function openDirectories(): Directories & Disposable {
  const directories = new Directories()
  return Object.assign(directories, { [Symbol.dispose]: () => directories.close() })
}

/** One octet after another, each after a while. */
function drip(socket: Socket, octets: Uint8Array, milliseconds: number): void {
  let at = 0
  const timer = setInterval(() => {
    if (socket.destroyed || at >= octets.length) clearInterval(timer)
    else socket.write(octets.subarray(at, ++at))
  }, milliseconds)
}

/** As much as is taken, until the connection ends. */
function flood(socket: Socket, piece: Buffer): void {
  const more = (): void => {
    while (!socket.destroyed && socket.write(piece)) {
      // The kernel takes it.
    }
  }
  socket.on('drain', more)
  more()
}

/** Sequences in sequences, each with a length of four octets. */
function bomb(depth: number): Buffer {
  const octets = Buffer.alloc(6 * depth)
  for (let i = 0; i < depth; i++) {
    octets.writeUInt16BE(0x3084, 6 * i)
    octets.writeUInt32BE(6 * (depth - 1 - i), 6 * i + 2)
  }
  return octets
}

const entry = (id: number): Buffer => wire.searchEntry(id, 'uid=x,dc=test', { uid: ['x'.repeat(200)] })

/** What the server does, and what the sentence of its fault says. */
const HOSTILE: Readonly<Record<string, { script: Script; says: RegExp }>> = {
  'accepts and hangs': { script: { asked: hang }, says: /no answer within/ },
  'hangs after the bind': { script: { asked: on('search', hang) }, says: /no answer within/ },
  'hangs in the middle of an answer': {
    script: { asked: on('search', ({ socket, id }) => socket.write(entry(id).subarray(0, 20))) },
    says: /no answer within/,
  },
  'one octet a second': {
    script: { asked: on('bind', ({ socket, id }) => drip(socket, wire.bindResponse(id, 0), 1000)) },
    says: /no answer within/,
  },
  'resets at once': {
    script: { connected: (socket) => socket.resetAndDestroy() },
    says: /ECONNRESET|closed/,
  },
  'resets at a search': {
    script: { asked: on('search', ({ socket }) => socket.resetAndDestroy()) },
    says: /ECONNRESET|closed/,
  },
  'hangs up at a search': {
    script: { asked: on('search', ({ socket }) => socket.end()) },
    says: /closed the connection/,
  },
  'recursion bomb': {
    script: { asked: on('search', ({ socket }) => socket.write(bomb(20_000))) },
    says: /no LDAP message/,
  },
  'recursion bomb inside an entry': {
    script: {
      asked: on('search', ({ socket, id }) => socket.write(wire.message(id, wire.tlv(0x64, bomb(20_000))))),
    },
    says: /no LDAP message/,
  },
  garbage: {
    script: { asked: on('bind', ({ socket }) => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n')) },
    says: /no LDAP message: a message begins with 0x48/,
  },
  'garbage inside': {
    script: { asked: on('bind', ({ socket }) => socket.write(wire.tlv(0x30, Buffer.alloc(64, 0xff)))) },
    says: /no LDAP message/,
  },
  'an answer to another message': {
    script: { asked: on('bind', ({ socket, id }) => socket.write(wire.bindResponse(id + 7, 0))) },
    says: /to message \d+, which asked no such thing/,
  },
  'a bind answered by the success of something else': {
    script: { asked: on('bind', ({ socket, id }) => socket.write(wire.extendedResponse(id, 0))) },
    says: /an answer \(extended\)/,
  },
  'a bind answered by an entry': {
    script: { asked: on('bind', ({ socket, id }) => socket.write(entry(id))) },
    says: /an answer \(entry\)/,
  },
  'a message of 2 GiB': {
    script: { asked: on('bind', ({ socket }) => socket.write(Buffer.from('30847fffffff020101', 'hex'))) },
    says: /a message of \d+ octets; 1048576 are taken/,
  },
  'a length of five octets': {
    script: { asked: on('bind', ({ socket }) => socket.write(Buffer.from('30857fffffffff', 'hex'))) },
    says: /a length of 5 octets/,
  },
  'an indefinite length': {
    script: { asked: on('bind', ({ socket }) => socket.write(Buffer.from('30800201010000', 'hex'))) },
    says: /a length of 0 octets/,
  },
  'a flood nobody asked for': {
    script: { connected: (socket) => flood(socket, Buffer.concat(Array(1000).fill(wire.searchDone(99)))) },
    says: /asked no such thing/,
  },
  'search references without end': {
    script: {
      asked: on('search', ({ socket, id }) =>
        flood(socket, wire.searchReference(id, `ldap://169.254.169.254/${'x'.repeat(500)}`)),
      ),
    },
    says: /octets for one search|more than was asked/,
  },
  'notice of disconnection': {
    script: {
      asked: on('search', ({ socket }) => socket.end(wire.extendedResponse(0, 52, '1.3.6.1.4.1.1466.20036'))),
    },
    says: /the server ended the connection/,
  },
}

function sourceOf(directories: Directories, settings: Record<string, unknown>): LdapSource {
  const parsed = ldapSettings(settings)
  return new LdapSource({ settings: parsed, directory: directories.of(parsed), type: genericDirectory })
}

function login(source: LdapSource, user = 'ada'): Promise<AuthenticationOutcome> {
  const proof = { form: 'password', password: fromUtf8('secret') } as const
  return Promise.resolve(source.authenticate(user, proof, { wholeName: user }))
}

const descriptors = (): number => readdirSync('/proc/self/fd').length

/** The outcome, how long it took, and the longest time in which nothing else could run. */
async function watched<T>(act: () => Promise<T>): Promise<{ outcome: T; took: number; stalled: number }> {
  const delay = monitorEventLoopDelay({ resolution: 5 })
  delay.enable()
  const begun = performance.now()
  const outcome = await act()
  const took = performance.now() - begun
  delay.disable()
  return { outcome, took, stalled: delay.max / 1e6 }
}

async function settled(context: TestContext, before: number): Promise<void> {
  for (let i = 0; i < 100 && descriptors() > before; i++) await new Promise((r) => setTimeout(r, 10))
  context.assert.ok(descriptors() <= before, `${descriptors() - before} descriptors are left open`)
}

for (const [name, { script, says }] of Object.entries(HOSTILE)) {
  test(`fail/${name}: unavailable in time, and the next server is used`, async (context) => {
    const before = descriptors()
    const directories = new Directories()
    {
      await using hostile = await ScriptedServer.start(script)
      await using good = await ScriptedServer.start()
      const alone = sourceOf(directories, { name: 'alone', servers: [hostile.url] })
      const { outcome, took, stalled } = await watched(() => login(alone))
      assert.ok(outcome.kind === 'unavailable', JSON.stringify(outcome))
      assert.match(outcome.why, says)
      assert.ok(took < AT_MOST, `${took} ms`)
      assert.ok(stalled < STALL, `the event loop stood still for ${stalled} ms`)
      // The breaker is open: nobody waits again.
      const again = await watched(() => login(alone))
      assert.equal(again.outcome.kind, 'unavailable')
      assert.ok(again.took < 100, `${again.took} ms with the breaker open`)
      const both = sourceOf(directories, { name: 'both', servers: [hostile.url, good.url] })
      const over = await watched(() => login(both))
      assert.equal(over.outcome.kind, 'authenticated', JSON.stringify(over.outcome))
      assert.ok(over.took < AT_MOST, `${over.took} ms`)
      directories.close()
    }
    await settled(context, before)
  })
}

test('fail/a million entries: the search ends at its bound, and is no user', async (context) => {
  const before = descriptors()
  const directories = new Directories()
  {
    const script = { asked: on('search', ({ socket, id }) => flood(socket, entry(id))) }
    await using hostile = await ScriptedServer.start(script)
    const source = sourceOf(directories, { servers: [hostile.url] })
    const { outcome, took, stalled } = await watched(() => login(source))
    assert.ok(outcome.kind === 'ambiguous' || outcome.kind === 'unavailable', JSON.stringify(outcome))
    assert.ok(took < AT_MOST && stalled < STALL, `${took} ms, ${stalled} ms`)
    directories.close()
  }
  await settled(context, before)
})

test('fail/an entry that is too long keeps out its user and nobody else, and nothing stands in for it', async () => {
  const long = 'x'.repeat(1_200_000)
  await using server = await ScriptedServer.start({
    asked: on('search', (question) => {
      if (!Buffer.from(question.octets).includes('big')) return answerHonestly(question)
      question.socket.write(wire.searchEntry(question.id, 'uid=big,dc=test', { uid: ['big'], mail: [long] }))
      question.socket.write(wire.searchDone(question.id))
    }),
  })
  const directories = new Directories()
  try {
    const source = sourceOf(directories, { servers: [server.url] })
    for (let time = 0; time < 3; time++) {
      const [big, ada] = await Promise.all([login(source, 'big'), login(source)])
      assert.ok(big.kind === 'unavailable' && big.isUnasked === true, JSON.stringify(big))
      assert.match(big.why, /a message of 12\d{5} octets; 1048576 are taken/)
      assert.equal(ada.kind, 'authenticated', JSON.stringify(ada))
    }
    assert.ok(server.connections <= 3, `${server.connections} connections`)
  } finally {
    directories.close()
  }
})

test('ok/many logins at once: no more searches are under way than servers stand on one connection', async () => {
  const waiting: Asked[] = []
  let most = 0
  await using server = await ScriptedServer.start({
    asked: on('search', (question) => {
      waiting.push(question)
      most = Math.max(most, waiting.length)
      setTimeout(() => waiting.splice(0).forEach(answerHonestly), 2)
    }),
  })
  const directories = new Directories()
  try {
    const source = sourceOf(directories, { servers: [server.url], deadlineMilliseconds: 5000 })
    const outcomes = await Promise.all(Array.from({ length: 300 }, () => login(source)))
    assert.deepEqual(new Set(outcomes.map(({ kind }) => kind)), new Set(['authenticated']))
    assert.ok(most > 1 && most <= 64, `${most} at once`)
  } finally {
    directories.close()
  }
})

test('fail/referrals: nobody connects to where they point', async () => {
  await using decoy = await ScriptedServer.start()
  const referral = wire.tlv(0xa3, wire.text(`${decoy.url}/dc=test`), wire.text('ldap://169.254.169.254/'))
  const referring: Script = {
    asked: on('search', ({ socket, id }) => socket.write(wire.searchDone(id, 10, 'elsewhere', referral))),
  }
  const hinting: Script = {
    asked: (question) => {
      if (question.kind === 'search')
        question.socket.write(wire.searchReference(question.id, `${decoy.url}/ou=far,dc=test??sub`))
      return false
    },
  }
  await using one = await ScriptedServer.start(referring)
  await using other = await ScriptedServer.start(hinting)
  using directories = openDirectories()
  const referred = await login(sourceOf(directories, { servers: [one.url] }))
  assert.ok(
    referred.kind === 'unavailable' && /referrals are not followed/.test(referred.why),
    JSON.stringify(referred),
  )
  const hinted = await login(sourceOf(directories, { servers: [other.url] }))
  assert.equal(hinted.kind, 'authenticated')
  assert.equal(decoy.connections, 0)
})

test('fail/certificates: a foreign CA, another name, none at all', async () => {
  using folder = temporaryFolder('sallyport-hostile-ldap-')
  const ca = makeCa(join(folder.path, 'ca'), 'LDAP CA')
  const foreign = makeCa(join(folder.path, 'foreign'), 'Foreign CA')
  const tlsOf = (by: typeof ca, name: string, subjectAltName: string) => {
    const leaf = issue(by, name, { commonName: name, subjectAltName, extendedKeyUsage: 'serverAuth' })
    return { cert: readFileSync(leaf.certificate), key: readFileSync(leaf.key) }
  }
  const authorities = readFileSync(ca.certificate, 'utf8')
  await using good = await ScriptedServer.start({}, tlsOf(ca, 'good', 'IP:127.0.0.1'))
  await using strange = await ScriptedServer.start({}, tlsOf(foreign, 'strange', 'IP:127.0.0.1'))
  await using other = await ScriptedServer.start({}, tlsOf(ca, 'other', 'DNS:dc1.example.org'))
  await using old = await ScriptedServer.start(
    {},
    { ...tlsOf(ca, 'old', 'IP:127.0.0.1'), maxVersion: 'TLSv1.1', minVersion: 'TLSv1' },
  )
  await using plain = await ScriptedServer.start()
  using directories = openDirectories()
  const at = (url: string, more: Record<string, unknown> = {}) =>
    login(sourceOf(directories, { servers: [url], authorities, ...more }))
  const expected: readonly [Promise<AuthenticationOutcome>, RegExp][] = [
    [at(strange.url), /CA that is not trusted here/],
    [at(other.url), /carries another name than 127\.0\.0\.1/],
    [at(good.url, { serverName: 'dc1.example.org' }), /carries another name than dc1\.example\.org/],
    [login(sourceOf(directories, { servers: [good.url] })), /CA that is not trusted here/],
    [at(old.url), /encryption failed/],
    [at(plain.url.replace('ldap:', 'ldaps:')), /no TLS on this port|encryption failed|no encryption within/],
    // A server that has no StartTLS does not get the password in the clear.
    [at(plain.url, { startTls: true }), /no answer within|StartTLS/],
  ]
  for (const [asked, says] of expected) {
    const outcome = await asked
    assert.ok(outcome.kind === 'unavailable', JSON.stringify(outcome))
    assert.match(outcome.why, says)
  }
  assert.equal((await at(good.url)).kind, 'authenticated')
  assert.equal((await at(other.url, { serverName: 'dc1.example.org' })).kind, 'authenticated')
  const heard = [strange, other, old, plain].map(
    (server) => server.count('bind') - (server === other ? 2 : 0),
  )
  assert.deepEqual(heard, [0, 0, 0, 0], 'a password went to a server that is not the one')
})

test('fail/what is said in the clear behind the answer to StartTLS is not taken', async () => {
  const script: Script = {
    asked: on('extended', ({ socket, id }) =>
      socket.write(Buffer.concat([wire.extendedResponse(id, 0), wire.bindResponse(id + 1, 0)])),
    ),
  }
  await using hostile = await ScriptedServer.start(script)
  using directories = openDirectories()
  const outcome = await login(sourceOf(directories, { servers: [hostile.url], startTls: true }))
  assert.ok(
    outcome.kind === 'unavailable' && /StartTLS|asked no such thing/.test(outcome.why),
    JSON.stringify(outcome),
  )
  assert.equal(hostile.count('bind'), 0)
})

test('ok/the honest server of these tests lets ada in', async () => {
  await using good = await ScriptedServer.start()
  using directories = openDirectories()
  assert.equal((await login(sourceOf(directories, { servers: [good.url] }))).kind, 'authenticated')
})
